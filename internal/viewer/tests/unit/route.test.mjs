import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../load.mjs";

const { readFragment, fragmentOf, sameRoute } = await load("route.ts");
const { readRanges, writeRanges } = await load("address.ts");

test("the fragment tells ticket and page", () => {
  const read = (text) => {
    const { ticket, route } = readFragment(text);
    return { ticket, route };
  };
  assert.deepEqual(read(""), { ticket: null, route: { page: "catalogue" } });
  assert.deepEqual(read("#ticket=ABC"), { ticket: "ABC", route: { page: "catalogue" } });
  assert.deepEqual(read("#ticket=ABC&compare=k%2B1"), {
    ticket: "ABC",
    route: { page: "comparison", key: "k+1" },
  });
  assert.deepEqual(read("#compare="), { ticket: null, route: { page: "catalogue" } });
  assert.deepEqual(read("#/spaces/digits/pixels?k=3").route, { page: "space", name: "digits/pixels" });
  assert.deepEqual(read("#/experiments/run%2F1?step=-3").route, { page: "experiment", name: "run/1" });
  assert.deepEqual(read("#/spaces/50%").route, { page: "space", name: "50%" });
  assert.deepEqual(read("#/else/where").route, { page: "catalogue" });
});

test("a route and its state survive the address", () => {
  for (const name of ["abc", "a&b=c#d", "ü /?", "50%", "a/b@2"]) {
    for (const route of [
      { page: "comparison", key: name },
      { page: "space", name },
    ]) {
      const state = new URLSearchParams([
        ["colour", name],
        ["only", "x,y"],
        ["only", name],
      ]);
      const back = readFragment(fragmentOf(route, state));
      assert.deepEqual(back.route, route);
      assert.deepEqual([...back.state], [...state]);
      assert.ok(sameRoute(back.route, route));
    }
  }
  assert.deepEqual(readFragment(fragmentOf({ page: "catalogue" })).route, { page: "catalogue" });
});

test("a selection survives the address, and nothing else is read as one", () => {
  for (const rows of [[0], [1, 2, 3, 7], [5, 6], [0, 2, 4, 5, 6, 1_000_000]]) {
    assert.deepEqual(readRanges(writeRanges(rows)), rows);
  }
  assert.equal(writeRanges([1, 2, 3, 7]), "1-3,7");
  for (const text of ["", "x", "1-", "-3", "1,,2", "0-999999999", "1;2"]) {
    assert.equal(readRanges(text), undefined, text);
  }
});
