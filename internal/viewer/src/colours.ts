// What the colours of points mean: labels in ten colours that everybody can tell apart, numbers along a ramp.

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
}

/** Colours of the points, and what they mean. */
export interface Painted {
  colours: Uint8Array<ArrayBuffer>;
  keys: Key[];
  /** Ends of the ramp, when numbers are shown. */
  range: [number, number] | null;
}

const opacity = 190;

/** Colours by label: the most frequent have a colour of their own, the rest is grey. */
export function byLabel(
  codes: readonly number[],
  values: readonly string[],
  shown: ReadonlySet<string>,
): Painted {
  const counts = new Array<number>(values.length).fill(0);
  for (const code of codes) {
    counts[code] = (counts[code] ?? 0) + 1;
  }
  const order = values.map((_, i) => i).filter((i) => (counts[i] ?? 0) > 0);
  const many = order.length > palette.length;
  if (many) {
    order.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  }
  const own = order.slice(0, palette.length);
  const colourOf = new Map(own.map((code, i) => [code, palette[i] ?? rest]));
  const colours = new Uint8Array(4 * codes.length);
  codes.forEach((code, i) => {
    const visible = shown.size === 0 || shown.has(values[code] ?? "");
    colours.set([...(colourOf.get(code) ?? rest), visible ? opacity : 20], 4 * i);
  });
  const keys = own.map((code) => ({
    name: values[code] ?? "",
    colour: colourOf.get(code) ?? rest,
    count: counts[code] ?? 0,
  }));
  const others = order.slice(palette.length).reduce((sum, code) => sum + (counts[code] ?? 0), 0);
  if (others > 0) {
    keys.push({ name: `${order.length - palette.length} others`, colour: rest, count: others });
  }
  return { colours, keys, range: null };
}

/** Colours by number, from the least to the greatest; what is no number is grey. */
export function byNumber(values: ArrayLike<number>): Painted {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] ?? Number.NaN;
    if (Number.isFinite(v)) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
  }
  const colours = new Uint8Array(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    const v = values[i] ?? Number.NaN;
    const colour = Number.isFinite(v) ? along(high > low ? (v - low) / (high - low) : 0.5) : rest;
    colours.set([...colour, opacity], 4 * i);
  }
  return { colours, keys: [], range: low <= high ? [low, high] : null };
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
  const own = Array.from(rows, (row) => codes[row] ?? 0);
  return isNumeric(values)
    ? byNumber(own.map((code) => (values[code] === "" ? Number.NaN : Number(values[code]))))
    : byLabel(own, values, shown);
}

/** One colour for all of n points. */
export function plain(n: number): Painted {
  const colours = new Uint8Array(4 * n);
  for (let i = 0; i < n; i++) {
    colours.set([91, 143, 201, 150], 4 * i);
  }
  return { colours, keys: [], range: null };
}
