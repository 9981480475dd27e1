import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../load.mjs";

const { alike, askedOf, exactness } = await load("comparing.ts");

const plain = { engine: "local", exact: true, sampled_rows: null, preset: null, groups: [], measures: {} };
const groups = ["label", "label", "split"].map((column, i) => ({ column, value: String(i) }));

test("what was asked beside tells comparisons of the same spaces apart", () => {
  assert.equal(askedOf(plain), "");
  assert.equal(askedOf({ ...plain, groups }), "by label, split");
  assert.equal(askedOf({ ...plain, measures: { rbo: {}, cka: {} } }), "measured: cka, rbo");
  assert.equal(askedOf({ ...plain, measures: { rbo: {}, cka: {}, rsa: {} } }), "3 measures");
  assert.equal(
    askedOf({ ...plain, preset: "vectory", sampled_rows: 10_000, engine: "elasticsearch", groups }),
    "preset vectory; a sample of 10,000; elasticsearch; by label, split",
  );
  const searched = { ...plain, engine: "elasticsearch", index_a: "flat", index_b: "tables" };
  assert.equal(askedOf(searched), "elasticsearch flat tables");
});

test("a score is called exact only where it is of the true neighbours of all items", () => {
  assert.equal(exactness(plain), "exact");
  assert.equal(exactness({ ...plain, exact: false, sampled_rows: 1000 }), "from a sample of 1,000");
  const searched = { ...plain, engine: "elasticsearch" };
  assert.equal(exactness(searched), "exact, by elasticsearch");
  assert.equal(exactness({ ...searched, exact: false }), "approximate, by elasticsearch");
});

test("a comparison like another is asked of the same indices", async (t) => {
  const asked = [];
  t.mock.method(globalThis, "fetch", async (_, { body }) => {
    asked.push(JSON.parse(body));
    return Response.json({ comparison: plain });
  });
  const c = { ...plain, a: "x", b: "y", k: 10, metric_a: "cosine", metric_b: "cosine" };
  await alike({ ...c, engine: "elasticsearch", index_a: "flat", index_b: "tables" }, { k: 5 });
  await alike(c, { k: 5 });
  assert.deepEqual(
    asked.map(({ k, engine, index_a, index_b }) => [k, engine, index_a, index_b]),
    [
      [5, "elasticsearch", "flat", "tables"],
      [5, "local", "", ""],
    ],
  );
});
