import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../load.mjs";

const { readFragment, fragmentOf } = await load("route.ts");

test("the fragment tells ticket and page", () => {
  assert.deepEqual(readFragment(""), { ticket: null, route: { page: "catalogue" } });
  assert.deepEqual(readFragment("#ticket=ABC"), { ticket: "ABC", route: { page: "catalogue" } });
  assert.deepEqual(readFragment("#ticket=ABC&compare=k%2B1"), {
    ticket: "ABC",
    route: { page: "comparison", key: "k+1" },
  });
  assert.deepEqual(readFragment("#compare="), { ticket: null, route: { page: "catalogue" } });
});

test("a route survives the address", () => {
  for (const key of ["abc", "a&b=c#d", "ü /?"]) {
    assert.deepEqual(readFragment(fragmentOf({ page: "comparison", key })).route, {
      page: "comparison",
      key,
    });
  }
  assert.deepEqual(readFragment(fragmentOf({ page: "catalogue" })).route, { page: "catalogue" });
});
