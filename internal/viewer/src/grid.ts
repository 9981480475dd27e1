// The points of a plot by cell: finds the nearest one, and those within a polygon, without a look at each.

const cells = 256;

/** Points of a plane by cell of [0, 1]²; what lies outside stands in the cells at the edge. */
export class Grid {
  private start = new Uint32Array(cells * cells + 1);
  private ids: Uint32Array;

  constructor(private places: Float32Array) {
    const n = places.length / 2;
    this.ids = new Uint32Array(n);
    const of = new Uint32Array(n);
    for (let i = 0; i < n; i++) {
      const at = cell(places[2 * i + 1] ?? 0) * cells + cell(places[2 * i] ?? 0);
      of[i] = at;
      this.start[at + 1] = (this.start[at + 1] ?? 0) + 1;
    }
    for (let c = 0; c < cells * cells; c++) {
      this.start[c + 1] = (this.start[c + 1] ?? 0) + (this.start[c] ?? 0);
    }
    const next = this.start.slice(0, -1);
    for (let i = 0; i < n; i++) {
      const at = of[i] ?? 0;
      this.ids[next[at] ?? 0] = i;
      next[at] = (next[at] ?? 0) + 1;
    }
  }

  /** The point nearest to a place, within a reach; -1: none. */
  nearest(x: number, y: number, reach: number): number {
    let best = -1;
    let least = reach * reach;
    for (let row = cell(y - reach); row <= cell(y + reach); row++) {
      for (let column = cell(x - reach); column <= cell(x + reach); column++) {
        const at = row * cells + column;
        for (let k = this.start[at] ?? 0; k < (this.start[at + 1] ?? 0); k++) {
          const id = this.ids[k] ?? 0;
          const gap = ((this.places[2 * id] ?? 0) - x) ** 2 + ((this.places[2 * id + 1] ?? 0) - y) ** 2;
          if (gap <= least) {
            best = id;
            least = gap;
          }
        }
      }
    }
    return best;
  }

  /** The points within a polygon (even-odd rule), ascending: cells that none of its edges crosses are taken or left as a whole. */
  within(polygon: Polygon): number[] {
    const crossed = crossings(polygon);
    const found = new Uint8Array(this.ids.length);
    for (let row = 0; row < cells; row++) {
      const cuts = cutsAt(polygon, (row + 0.5) / cells);
      for (let column = 0; column < cells; column++) {
        const at = row * cells + column;
        const end = this.start[at + 1] ?? 0;
        let k = this.start[at] ?? 0;
        if (crossed[at]) {
          for (; k < end; k++) {
            const id = this.ids[k] ?? 0;
            found[id] = inside(polygon, this.places[2 * id] ?? 0, this.places[2 * id + 1] ?? 0) ? 1 : 0;
          }
        } else if (isWithin(cuts, (column + 0.5) / cells)) {
          for (; k < end; k++) {
            found[this.ids[k] ?? 0] = 1;
          }
        }
      }
    }
    const ids: number[] = [];
    for (let id = 0; id < found.length; id++) {
      if (found[id]) {
        ids.push(id);
      }
    }
    return ids;
  }
}

export type Polygon = readonly (readonly [number, number])[];

/** Whether a point lies within a polygon, by the even-odd rule. */
export function inside(polygon: Polygon, x: number, y: number): boolean {
  let is = false;
  let [xj, yj] = polygon.at(-1) ?? [0, 0];
  for (const [xi, yi] of polygon) {
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) {
      is = !is;
    }
    [xj, yj] = [xi, yi];
  }
  return is;
}

/** Where the edges of a polygon cross a level. */
function cutsAt(polygon: Polygon, y: number): number[] {
  const cuts: number[] = [];
  let [xj, yj] = polygon.at(-1) ?? [0, 0];
  for (const [xi, yi] of polygon) {
    if (yi > y !== yj > y) {
      cuts.push(((xj - xi) * (y - yi)) / (yj - yi) + xi);
    }
    [xj, yj] = [xi, yi];
  }
  return cuts;
}

function isWithin(cuts: readonly number[], x: number): boolean {
  return cuts.reduce((is, cut) => (x < cut ? !is : is), false);
}

/** The cells that an edge may cross, and those at the rim, which hold what lies beyond it. */
function crossings(polygon: Polygon): Uint8Array {
  const crossed = new Uint8Array(cells * cells);
  for (let c = 0; c < cells; c++) {
    for (const at of [c, c + cells * (cells - 1), c * cells, (c + 1) * cells - 1]) {
      crossed[at] = 1;
    }
  }
  let [xj, yj] = polygon.at(-1) ?? [0, 0];
  for (const [xi, yi] of polygon) {
    const [low, high] = [Math.min(yi, yj), Math.max(yi, yj)];
    const slope = high > low ? (xj - xi) / (yj - yi) : 0;
    const along = (y: number) => xi + slope * (y - yi);
    for (let row = cell(low - hair); row <= cell(high + hair); row++) {
      const from = high > low ? along(Math.max(low, row / cells)) : xi;
      const to = high > low ? along(Math.min(high, (row + 1) / cells)) : xj;
      const last = cell(Math.max(from, to) + hair);
      for (let column = cell(Math.min(from, to) - hair); column <= last; column++) {
        crossed[row * cells + column] = 1;
      }
    }
    [xj, yj] = [xi, yi];
  }
  return crossed;
}

const hair = 1e-6; // floats of places are coarser than numbers: a cell too many costs nothing

function cell(v: number): number {
  return Math.max(0, Math.min(cells - 1, Math.floor(v * cells)));
}
