import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../load.mjs";

const { Grid, inside } = await load("grid.ts");
const { byGain, byLabel, byMovement, byNumber, dimmed, isNumeric, along } = await load("colours.ts");
const { setDots } = await load("dots.ts");
const { readNpy } = await load("npy.ts");
const { cutTo } = await load("marks.ts");
const { fitted } = await load("layout.ts");
const { seenFrom } = await load("turn.ts");
const { between, moversOf } = await load("morph.tsx");
const { csv } = await load("exports.tsx");
const { placeOf } = await load("link.ts");

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

test("a lasso over cells takes what a look at each point takes", () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const places = Float32Array.from({ length: 2 * 20_000 }, () => 1.2 * random() - 0.1); // some beyond the plot
  const grid = new Grid(places);
  for (const corners of [0, 1, 3, 4, 12, 80]) {
    const polygon = Array.from({ length: corners }, () => [1.4 * random() - 0.2, 1.4 * random() - 0.2]);
    const expected = [...Array(20_000).keys()].filter((i) =>
      inside(polygon, places[2 * i], places[2 * i + 1]),
    );
    assert.ok(corners < 3 || expected.length > 100);
    assert.deepEqual(grid.within(polygon), expected);
  }
  const level = 128 / 256; // edges along the lines between cells
  const box = [
    [0.25, 0.25],
    [level, 0.25],
    [level, level],
    [0.25, level],
  ];
  const expected = [...Array(20_000).keys()].filter((i) => inside(box, places[2 * i], places[2 * i + 1]));
  assert.deepEqual(grid.within(box), expected);
});

test("dots lie over each other by their opacity, and are cut off at the edges", () => {
  const [width, height] = [5, 4];
  const drawn = (places, colours, more = {}) => {
    const pixels = new Uint8ClampedArray(4 * width * height);
    const dots = { step: 1, edge: 2, left: 0, top: height, scale: 1, ...more };
    setDots(pixels, width, height, {
      places: Float32Array.from(places),
      colours: Uint8Array.from(colours),
      ...dots,
    });
    return Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_, x) => [
        ...pixels.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
      ]),
    );
  };
  const covered = (rows) => rows.map((row) => row.map((pixel) => (pixel[3] > 0 ? "#" : ".")).join(""));
  const red = [200, 0, 0, 254];
  const half = [0, 100, 0, 128];
  assert.deepEqual(covered(drawn([1, 3, 5, 0, 9, 9], [...red, ...red, ...red])), [
    "##...",
    "##...",
    ".....",
    "....#",
  ]);
  assert.deepEqual(covered(drawn([1, 3, 4, 1], [...red, ...red], { step: 2 })), [
    "##...",
    "##...",
    ".....",
    ".....",
  ]);
  assert.deepEqual(covered(drawn([2, 2], [200, 0, 0, 255], { edge: 4 })), [
    "...#.",
    "..#..",
    ".#...",
    "#....",
  ]);
  const [[pixel]] = drawn([1, 3, 1, 3], [...red, ...half]);
  assert.deepEqual(pixel, [99, 50, 0, 255]);
  const [[thin]] = drawn([1, 3], half);
  assert.deepEqual(thin, half);
  const [[twice]] = drawn([1, 3, 1, 3], [...half, ...half]);
  assert.deepEqual(twice, [0, 100, 0, 192]);
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

test("a hundred thousand categories have a legend that can be read", () => {
  const n = 100_000;
  const values = Array.from({ length: n }, (_, i) => `category ${i}`);
  const codes = Uint32Array.from({ length: 3 * n }, (_, i) => i % n);
  const { keys, colours } = byLabel(codes, values, new Set(["category 99999"]));
  assert.equal(keys.length, 11);
  assert.equal(keys.at(-1).name, "99,990 others");
  assert.equal(keys.at(-1).count, 3 * (n - 10));
  assert.ok(keys.at(-1).fixed, "a click on it would fade every item");
  assert.equal(colours[4 * 99_999 + 3], 190);
  assert.equal(colours[3], 20);
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

test("a few items that moved very far do not wash out the others", () => {
  const moved = Float32Array.from({ length: 1000 }, (_, i) => (i < 10 ? 100 : 1 + i / 1000));
  const { colours, range, more } = byMovement(moved, 0.5);
  assert.ok(range[1] < 2.001 && more);
  assert.deepEqual([...colours.slice(0, 3)], [...along(1)], "beyond the ramp: the colour of its end");
  assert.notDeepEqual([...colours.slice(4 * 100, 4 * 100 + 3)], [...colours.slice(4 * 900, 4 * 900 + 3)]);
});

test("what moved within the band is grey, and told so", () => {
  const { colours, keys, range } = byMovement([0.1, 0.5, 0.9, 0.2], 0.2);
  assert.equal(colours[0], 150);
  assert.equal(colours[12], 150);
  assert.deepEqual([...colours.slice(4, 7)], along(0));
  assert.deepEqual(
    range?.map((v) => Math.round(10 * v)),
    [5, 9],
  );
  assert.equal(keys.length, 1);
  assert.equal(keys[0].count, 2);
  // Told by shape too: an odd opacity is drawn as a stroke, also where the selection makes it faint.
  const odd = (painted) => [0, 1, 2, 3].map((i) => painted.colours[4 * i + 3] % 2);
  const painted = byMovement([0.1, 0.5, 0.9, 0.2], 0.2);
  assert.deepEqual(odd(painted), [1, 0, 0, 1]);
  assert.deepEqual(odd(dimmed(painted, [2, 3])), [1, 0, 0, 1]);
  assert.ok(dimmed(painted, [2, 3]).colours[3] < 30);
  assert.deepEqual(byMovement([0.1, 0.5], 0).keys, []);
});

test("gains and losses have colours of their own, nought has neither", () => {
  const { colours, keys } = byGain([-4, 0, 4, Number.NaN]);
  assert.deepEqual(
    keys.map((key) => key.count),
    [1, 2, 1],
  );
  assert.deepEqual([...colours.slice(0, 3)], keys[0].colour);
  assert.deepEqual([...colours.slice(4, 7)], keys[1].colour);
  assert.deepEqual([...colours.slice(8, 11)], keys[2].colour);
});

test("maps of three dimensions fit, and stay in sight however they are turned", () => {
  const corners = Float32Array.from({ length: 24 }, (_, i) => (((i / 3) >> (i % 3)) & 1 ? 7 : -3));
  const [places] = fitted([corners], 3);
  assert.ok(places.every((v) => v >= 0 && v <= 1));
  for (let around = 0; around < 6.3; around += 0.7) {
    for (const above of [-1.5, -0.4, 0, 0.9]) {
      const seen = seenFrom(places, { around, above });
      assert.equal(seen.length, 16);
      assert.ok(
        seen.every((v) => v > -0.12 && v < 1.12),
        `${around} ${above}`,
      );
    }
  }
  const front = seenFrom(places, { around: 0, above: 0 });
  assert.ok(Math.abs((front[2] - front[0]) * Math.SQRT2 - (places[3] - places[0])) < 1e-6);
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

test("a morph begins at one map and ends at the other", () => {
  const a = Float32Array.of(0, 0, 1, 0.25);
  const b = Float32Array.of(1, 0.5, 0, 0.75);
  assert.deepEqual(between(a, b, 0), a);
  assert.deepEqual(between(a, b, 1), b);
  assert.deepEqual(between(a, b, 0.5), Float32Array.of(0.5, 0.25, 0.5, 0.5));
});

test("movers are those beyond the band, the farthest first, of the selection where there is one", () => {
  const moved = Float32Array.of(0.5, 0.1, 0.9, 0.5, 0.2);
  assert.deepEqual(moversOf(moved, 0.15, []), [2, 0, 3, 4]);
  assert.deepEqual(moversOf(moved, 0.15, [1, 3, 4]), [3, 4]);
  assert.deepEqual(moversOf(null, 0, []), []);
  assert.equal(moversOf(new Float32Array(1000).fill(1), 0, []).length, 300);
});

test("cells that hold commas, quotes and lines are quoted", () => {
  const columns = [
    { name: "a,b", value: (i) => ['x"y', "plain"][i] },
    { name: "n", value: (i) => i / 2 },
  ];
  assert.equal(csv(columns, 2), '"a,b",n\r\n"x""y",0\r\nplain,0.5\r\n');
});

test("rows that are not on a map have no place on it", () => {
  const place = placeOf(Int32Array.of(7, 3, 5));
  assert.deepEqual([3, 5, 7, 0, 4, 8, -1].map(place), [1, 2, 0, -1, -1, -1, -1]);
  assert.equal(placeOf(null)(0), -1);
});
