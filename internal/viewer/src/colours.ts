// What the colours of points mean: labels in ten colours that everybody can tell apart, numbers along a ramp.
import { counted } from "./format";

export type Rgb = [number, number, number];

// Okabe and Ito 2008, without vermilion (too near the red of neighbours) and with a darker yellow; grey for the rest.
export const palette: Rgb[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [86, 180, 233],
  [150, 140, 20],
  [110, 80, 160],
  [120, 85, 60],
  [15, 135, 145],
  [190, 150, 220],
];
export const rest: Rgb = [150, 155, 163];

let ground: "light" | "dark" | null = null;

/** Says what the ground is like where it is not the system that decides: in a notebook. */
export function standOn(theme: "light" | "dark" | null): void {
  ground = theme;
}

/** The colour of what must stand out from the ground. */
export function ink(): Rgb {
  const dark = ground ? ground === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  return dark ? [240, 243, 248] : [20, 23, 28];
}

const ramp: Rgb[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
]; // viridis

/** A colour of the ramp; t from 0 to 1. */
export function along(t: number): Rgb {
  const at = Math.max(0, Math.min(1, t)) * (ramp.length - 1);
  const low = ramp[Math.floor(at)] ?? rest;
  const high = ramp[Math.ceil(at)] ?? rest;
  const part = at - Math.floor(at);
  return [0, 1, 2].map((c) => Math.round((low[c] ?? 0) * (1 - part) + (high[c] ?? 0) * part)) as Rgb;
}

/** What a colour stands for. */
export interface Key {
  name: string;
  colour: Rgb;
  count: number;
  /** It names no value of a column: nothing can be filtered by it. */
  fixed?: boolean;
  /** Its points are strokes. */
  hatched?: boolean;
}

/** Colours of the points, and what they mean. */
export interface Painted {
  colours: Uint8Array<ArrayBuffer>;
  keys: Key[];
  /** Ends of the ramp, when numbers are shown. */
  range: [number, number] | null;
  /** Whether some lie beyond the range, in the colour of its end. */
  more?: boolean;
  /** What the colour of a point stands for. */
  tell?: (id: number) => string;
}

const opacity = 190;
/** Of an opacity, which is even elsewhere: the point is drawn as a stroke, so that many of them are a hatching. */
export const hatched = 1;

/** Colours by label: the most frequent have a colour of their own, the rest is grey. */
export function byLabel(
  codes: ArrayLike<number>,
  values: readonly string[],
  shown: ReadonlySet<string>,
): Painted {
  const counts = new Array<number>(values.length).fill(0);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  const order = values.map((_, i) => i).filter((i) => (counts[i] ?? 0) > 0);
  const many = order.length > palette.length;
  if (many) {
    order.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  }
  const own = order.slice(0, palette.length);
  const colourOf = new Map(own.map((code, i) => [code, palette[i] ?? rest]));
  const looks = Uint32Array.from(values, (value, code) =>
    packed(colourOf.get(code) ?? rest, shown.size === 0 || shown.has(value) ? opacity : 20),
  );
  const colours = new Uint32Array(codes.length);
  for (let i = 0; i < colours.length; i++) {
    colours[i] = looks[codes[i] ?? 0] ?? 0;
  }
  const keys: Key[] = own.map((code) => ({
    name: values[code] ?? "",
    colour: colourOf.get(code) ?? rest,
    count: counts[code] ?? 0,
  }));
  const others = order.slice(palette.length).reduce((sum, code) => sum + (counts[code] ?? 0), 0);
  if (others > 0) {
    const name = counted(order.length - palette.length, "other");
    keys.push({ name, colour: rest, count: others, fixed: true }); // no value that a click could show alone
  }
  const tell = (id: number) => values[codes[id] ?? -1] ?? "";
  return { colours: new Uint8Array(colours.buffer), keys, range: null, tell };
}

/** A colour as the four bytes of one number: a million of them are set in some milliseconds. */
function packed([r, g, b]: Rgb, alpha: number): number {
  return new Uint32Array(Uint8Array.of(r, g, b, alpha).buffer)[0] ?? 0;
}

/** The number that this share of the numbers does not exceed. */
function atShare(values: ArrayLike<number>, share: number): number | undefined {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  return sorted[Math.floor(share * sorted.length)];
}

/** Colours by number, from the least to the greatest, or to `end`; what is no number is grey. */
export function byNumber(values: ArrayLike<number>, end?: number): Painted {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] ?? Number.NaN;
    if (Number.isFinite(v)) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
  }
  const more = end !== undefined && end < high;
  high = more ? end : high;
  const steps = 1024; // of the ramp
  const looks = Uint32Array.from({ length: steps + 1 }, (_, i) => packed(along(i / steps), opacity));
  const none = packed(rest, opacity);
  const colours = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const v = values[i] ?? Number.NaN;
    const t = high > low ? Math.min(1, (v - low) / (high - low)) : 0.5;
    colours[i] = Number.isFinite(v) ? (looks[Math.round(t * steps)] ?? none) : none;
  }
  const range: Painted["range"] = low <= high ? [low, high] : null;
  const tell = (id: number) => numberOf(values[id]);
  return { colours: new Uint8Array(colours.buffer), keys: [], range, more, tell };
}

function numberOf(v = Number.NaN): string {
  return Number.isFinite(v) ? String(Number(v.toPrecision(3))) : "–";
}

/** Colours by movement: what moved no farther than the band is grey and hatched, because the map moved it and not the model. */
export function byMovement(moved: ArrayLike<number>, band: number): Painted {
  const far = Float32Array.from(moved, (v) => (v > band ? v : Number.NaN));
  const within = far.reduce((n, v) => n + (Number.isNaN(v) ? 1 : 0), 0);
  const painted = byNumber(far, atShare(far, 0.98)); // a few extremes do not wash out the rest
  for (let i = 0; i < far.length; i++) {
    if (band > 0 && Number.isNaN(far[i])) {
      painted.colours[4 * i + 3] = opacity | hatched;
    }
  }
  const key = {
    name: `moved by the map, not the model (≤ ${band.toPrecision(2)})`,
    colour: rest,
    count: within,
  };
  const keys = band > 0 && within > 0 ? [{ ...key, fixed: true, hatched: true }] : [];
  return { ...painted, keys, tell: (id) => numberOf(moved[id]) };
}

const lostColour: Rgb = [213, 120, 0];
const evenColour: Rgb = [165, 168, 174];
const gainedColour: Rgb = [0, 114, 178];

/** Colours of numbers that lie on both sides of nought: lost, about even, gained. */
export function byGain(values: ArrayLike<number>): Painted {
  const much = Math.max(1, atShare(Array.from(values, Math.abs), 0.98) ?? 1);
  const colours = new Uint32Array(values.length);
  const counts = [0, 0, 0];
  for (let i = 0; i < colours.length; i++) {
    const t = Math.max(-1, Math.min(1, (values[i] ?? 0) / much)) || 0;
    const end = t < 0 ? lostColour : gainedColour;
    const part = Math.abs(t);
    const mix = evenColour.map((v, c) => Math.round(v + ((end[c] ?? v) - v) * part)) as Rgb;
    colours[i] = packed(mix, opacity);
    counts[Math.sign(t) + 1] = (counts[Math.sign(t) + 1] ?? 0) + 1;
  }
  const names = ["in fewer lists", "in as many", "in more lists"];
  const keys = [lostColour, evenColour, gainedColour].map((colour, i) => ({
    ...{ name: names[i] ?? "", colour, count: counts[i] ?? 0, fixed: true },
  }));
  const tell = (id: number) => `${(values[id] ?? 0) > 0 ? "+" : ""}${numberOf(values[id])}`;
  return { colours: new Uint8Array(colours.buffer), keys, range: null, tell };
}

/** Whether a column reads as numbers: all its values do, and there are too many for labels. */
export function isNumeric(values: readonly string[]): boolean {
  return (
    values.length > 12 && values.every((v) => v === "" || (v.trim() !== "" && Number.isFinite(Number(v))))
  );
}

/** Colours of rows by a column of their dataset: along a ramp where it holds numbers, else by label. */
export function byColumn(
  column: { values: readonly string[]; codes: readonly number[] },
  rows: Int32Array,
  shown: ReadonlySet<string>,
): Painted {
  const { codes, values } = column;
  if (!isNumeric(values)) {
    const own = new Uint32Array(rows.length);
    for (let i = 0; i < own.length; i++) {
      own[i] = codes[rows[i] ?? 0] ?? 0;
    }
    return byLabel(own, values, shown);
  }
  const numbers = values.map((value) => (value === "" ? Number.NaN : Number(value)));
  const own = new Float64Array(rows.length);
  for (let i = 0; i < own.length; i++) {
    own[i] = numbers[codes[rows[i] ?? 0] ?? 0] ?? Number.NaN;
  }
  return byNumber(own);
}

/** All but the selection fade. */
export function dimmed(painted: Painted, selection: readonly number[]): Painted {
  if (selection.length === 0) {
    return painted;
  }
  const colours = painted.colours.slice();
  const kept = new Uint8Array(colours.length / 4);
  for (const id of selection) {
    kept[id] = 1;
  }
  for (let i = 0; i < kept.length; i++) {
    if (!kept[i]) {
      const alpha = colours[4 * i + 3] ?? 0;
      colours[4 * i + 3] = Math.min(alpha, 24) | (alpha & hatched);
    }
  }
  return { ...painted, colours };
}

/** One colour for all of n points. */
export function plain(n: number): Painted {
  const colours = new Uint32Array(n).fill(packed([91, 143, 201], 150));
  return { colours: new Uint8Array(colours.buffer), keys: [], range: null };
}
