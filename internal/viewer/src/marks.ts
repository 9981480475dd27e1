// The clicked item and its neighbours, as they are marked on the maps.
import type { ComparisonItem, ListedNeighbour } from "./api";
import { ink, type Rgb } from "./colours";
import { placeOf } from "./link";
import type { Mark } from "./points";

/** The item with lists of k neighbours, and what they share. */
export function cutTo(item: ComparisonItem, k: number): ComparisonItem {
  const a = (item.a ?? []).slice(0, k);
  const b = (item.b ?? []).slice(0, k);
  const inA = new Set(a.map((n) => n.id));
  const inB = new Set(b.map((n) => n.id));
  const shared = a.filter((n) => inB.has(n.id)).length;
  return {
    ...item,
    a: a.map((n) => ({ ...n, shared: inB.has(n.id) })),
    b: b.map((n) => ({ ...n, shared: inA.has(n.id) })),
    shared,
    jaccard: shared / (2 * k - shared),
  };
}

// The colours of the lists beneath, and one that stands out from the ground.
const red: Rgb = [194, 24, 31];
const amber: Rgb = [176, 104, 0];
const plum: Rgb = [151, 71, 122];

const ring = (id: number): Mark => ({ id, shape: "ring", colour: ink(), size: 20 });

/** The item under the pointer, on both maps. */
export function hoverMark(id: number): Mark[] {
  return id < 0 ? [] : [{ id, shape: "ring", colour: ink(), size: 15 }];
}

/** Neighbours on both maps: shared ones red circles, those of A triangles, those of B squares; the item a ring. */
export function marksOfTwo(
  item: ComparisonItem | null,
  rows: { a: Int32Array; b: Int32Array } | null,
  chosen: number,
  k: number,
): { a: Mark[]; b: Mark[] } {
  if (!item || !rows || chosen < 0) {
    return { a: [], b: [] };
  }
  const placeA = placeOf(rows.a);
  const placeB = placeOf(rows.b);
  const cut = cutTo(item, k);
  const marks = [
    ...(cut.a ?? [])
      .filter((n) => !n.shared)
      .map((n): Mark => ({ id: placeA(n.row), shape: "triangle", colour: amber, size: 13 })),
    ...(cut.b ?? [])
      .filter((n) => !n.shared)
      .map((n): Mark => ({ id: placeB(n.row), shape: "square", colour: plum, size: 12 })),
    ...(cut.a ?? [])
      .filter((n) => n.shared) // on top
      .map((n): Mark => ({ id: placeA(n.row), shape: "circle", colour: red, size: 11 })),
    ring(chosen),
  ];
  return { a: marks, b: marks };
}

/** Neighbours on the map of one space. */
export function marksOfOne(list: readonly ListedNeighbour[], chosen: number): Mark[] {
  const marks = list.map((n): Mark => ({ id: n.row, shape: "circle", colour: red, size: 11 }));
  return chosen < 0 ? [] : [...marks, ring(chosen)];
}

/** What the shapes mean, for legends. */
export const meanings = { circle: red, triangle: amber, square: plum } as const;
