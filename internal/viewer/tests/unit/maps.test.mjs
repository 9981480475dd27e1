import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../load.mjs";

const { inside } = await load("points.ts");
const { byLabel, byNumber, isNumeric, along } = await load("colours.ts");
const { readNpy } = await load("npy.ts");
const { cutTo } = await load("maps.tsx");
const { fitted } = await load("layout.ts");

test("a polygon holds what the even-odd rule says", () => {
  const star = [
    [0, 0],
    [4, 0],
    [4, 4],
    [2, 1],
    [0, 4],
  ];
  assert.ok(inside(star, 0.5, 1));
  assert.ok(inside(star, 3.5, 2));
  assert.ok(!inside(star, 2, 3));
  assert.ok(!inside(star, 5, 1));
  assert.ok(!inside([], 1, 1));
});

test("labels have colours of their own as far as these go, and those left out fade", () => {
  const two = byLabel([0, 1, 1, 0], ["cat", "dog"], new Set(["dog"]));
  assert.deepEqual(
    two.keys.map((k) => [k.name, k.count]),
    [
      ["cat", 2],
      ["dog", 2],
    ],
  );
  assert.ok(two.colours[3] < two.colours[7]);
  const values = Array.from({ length: 30 }, (_, i) => `v${i}`);
  const many = byLabel([...values.keys(), 7, 7], values, new Set());
  assert.equal(many.keys[0].name, "v7");
  assert.equal(many.keys.at(-1).name, "20 others");
  assert.equal(
    many.keys.reduce((sum, k) => sum + k.count, 0),
    32,
  );
});

test("numbers lie along the ramp, and what is none is grey", () => {
  const { colours, range } = byNumber([1, 3, Number.NaN, 2]);
  assert.deepEqual(range, [1, 3]);
  assert.deepEqual([...colours.slice(0, 3)], along(0));
  assert.deepEqual([...colours.slice(4, 7)], along(1));
  assert.equal(colours[8], 150);
  assert.equal(byNumber([]).range, null);
  assert.ok(isNumeric(Array.from({ length: 20 }, (_, i) => `${i / 3}`)));
  assert.ok(!isNumeric(["1", "2"]));
  assert.ok(!isNumeric(Array.from({ length: 20 }, (_, i) => `v${i}`)));
});

test("an .npy is read with its shape and type", () => {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".padEnd(117);
  const bytes = Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"),
    Buffer.from(`${header}\n`, "latin1"),
    Buffer.from(Float32Array.from([1, 2, 3, 4, 5, 6.5]).buffer),
  ]);
  const array = readNpy(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  assert.deepEqual(array.shape, [2, 3]);
  assert.deepEqual([...array.data], [1, 2, 3, 4, 5, 6.5]);
});

test("both maps fit, on one scale", () => {
  const [a, b] = fitted([Float32Array.from([0, 0, 10, 5]), Float32Array.from([0, 0, 20, 5])]);
  for (const v of [...a, ...b]) {
    assert.ok(v >= 0 && v <= 1, `${v}`);
  }
  assert.ok(Math.abs((a[2] - a[0]) * 2 - (b[2] - b[0])) < 1e-6);
  assert.ok([...fitted([Float32Array.from([3, 3]), Float32Array.from([3, 3])])[0]].every(Number.isFinite));
});

test("shorter lists share what they share", () => {
  const list = (ids) => ids.map((id, i) => ({ id, row: i, distance: i, shared: false, columns: {} }));
  const item = { id: "x", a: list(["p", "q", "r"]), b: list(["q", "p", "s"]), shared: 2, jaccard: 0.5 };
  assert.equal(cutTo(item, 1).shared, 0);
  const two = cutTo(item, 2);
  assert.equal(two.shared, 2);
  assert.equal(two.jaccard, 1);
  assert.deepEqual(
    cutTo(item, 3).b.map((n) => n.shared),
    [true, true, false],
  );
});
