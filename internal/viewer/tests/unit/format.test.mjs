import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../load.mjs";

const {
  clip,
  count,
  counted,
  distance,
  jaccardOf,
  labelStep,
  littleSpread,
  meanCount,
  oddNorms,
  percent,
  score,
  shortly,
  when,
} = await load("format.ts");

test("numbers read as people write them", () => {
  assert.equal(count(1234567), "1,234,567");
  assert.equal(count(100000), "100,000");
  assert.equal(count(-1000), "-1,000");
  assert.equal(count(999), "999");
  assert.equal(counted(1, "item"), "1 item");
  assert.equal(counted(1797, "item"), "1,797 items");
  assert.equal(score(0.37586), "0.376");
  assert.equal(score(0), "0.000");
  assert.equal(score(0.00004), "4.0e-5");
  assert.equal(meanCount(5.25), "5.3");
  assert.equal(meanCount(0.0557), "0.06");
  assert.equal(meanCount(0.0001), "1.0e-4");
  assert.equal(percent(0.1313), "13.1 %");
});

test("distances keep four digits, whatever their size", () => {
  assert.equal(distance(0.465), "0.4650");
  assert.equal(distance(1234.5678), "1235");
  assert.equal(distance(0), "0.000");
  assert.equal(distance(-1.5), "-1.500");
  assert.equal(distance(3e-9), "3.000e-9");
  assert.equal(distance(1.2e12), "1.200e+12");
  assert.equal(distance(Number.NaN), "–");
});

test("what a space lacks is told with thousands separated", () => {
  const spread = { share: 0.5, weak_dims: 1200, rows: 5000, columns: 1536, rank: 300, effective_rank: 100 };
  assert.deepEqual(littleSpread({ spread }, 1536), [
    "1,200 hardly varying dimensions",
    "300 directions only, of 1,536",
  ]);
});

test("texts are cut between characters", () => {
  assert.deepEqual(clip("short", 10), { text: "short", whole: true });
  assert.deepEqual(clip("one two three", 8), { text: "one two…", whole: false });
  assert.deepEqual(clip("👩👩👩👩", 2), { text: "👩👩…", whole: false });
  const long = clip("x".repeat(1_000_000), 5);
  assert.equal(long.text, "xxxxx…");
});

test("Jaccard of two lists", () => {
  assert.equal(jaccardOf(0, 10), 0);
  assert.equal(jaccardOf(10, 10), 1);
  assert.equal(jaccardOf(5, 10), 1 / 3);
});

test("about a dozen bars are labelled", () => {
  for (const k of [1, 5, 10, 15, 25, 50, 100, 256]) {
    const labels = Math.floor(k / labelStep(k)) + 1;
    assert.ok(labels >= 2 && labels <= 14, `${labels} labels for k = ${k}`);
  }
});

test("a time that is none shows nothing", () => {
  assert.equal(when("nonsense"), "");
  assert.match(when("2026-11-24T10:00:00Z"), /2026/);
});

test("a length that is far off is told, as the daemon tells it", () => {
  const norms = (norm_min, norm_mean, norm_max, zero_rows = 0) => ({
    zero_rows,
    norm_min,
    norm_mean,
    norm_max,
  });
  assert.equal(oddNorms(norms(2, 4, 9), 1000), false);
  assert.equal(oddNorms(norms(2, 5.996, 2000), 1000), true);
  assert.equal(oddNorms(norms(1e-9, 4, 9), 1000), true);
  assert.equal(oddNorms(norms(1, 100.5, 200, 1), 3), true);
  assert.equal(oddNorms(norms(3, 3, 3), 1), false);
});

test("rows that differ in few directions are told, as the daemon tells it", () => {
  const health = (spread) => ({ spread });
  const sound = { share: 1, weak_dims: 0, rows: 512, columns: 64, rank: 64, effective_rank: 20 };
  assert.deepEqual(littleSpread(health(null), 64), []);
  assert.deepEqual(littleSpread(health(sound), 64), []);
  assert.deepEqual(littleSpread(health({ ...sound, rank: 4, columns: 4 }), 64), []);
  assert.deepEqual(littleSpread(health({ ...sound, rank: 30 }), 64), ["30 directions only, of 64"]);
  assert.deepEqual(littleSpread(health({ ...sound, effective_rank: 1.5 }), 64), [
    "an effective rank of 1.5, of 64",
  ]);
  assert.deepEqual(littleSpread(health({ ...sound, weak_dims: 1, rank: 63, share: 0.001 }), 64), [
    "1 hardly varying dimension",
    "all rows nearly the same",
  ]);
});

test("a time in few letters has its year where that is another", () => {
  const now = new Date();
  const year = now.getFullYear();
  assert.ok(!shortly(now.toISOString()).includes(String(year)));
  assert.ok(shortly(`${year - 1}-06-15T12:00:00Z`).includes(String(year - 1)));
  assert.equal(shortly("never"), "");
});
