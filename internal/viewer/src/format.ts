// Numbers and texts as people read them. Nothing here touches the page.

/** A count with thousands separated: 1797 → "1,797". */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ","); // what a browser has for it takes 70 ms at its first use
}

/** A count with its noun: (1, "row") → "1 row", (2, "row") → "2 rows". */
export function counted(n: number, noun: string, plural = `${noun}s`): string {
  return `${count(n)} ${n === 1 ? noun : plural}`;
}

interface Norms {
  zero_rows: number;
  norm_min: number;
  norm_mean: number;
  norm_max: number;
}

/** Whether one of so many rows is far longer or shorter than the others; the rule is that of the daemon's catalog. */
export function oddNorms(h: Norms, rows: number): boolean {
  const n = rows - h.zero_rows;
  const others = (h.norm_mean * n - h.norm_max) / (n - 1);
  return n > 1 && (h.norm_max > 100 * others || h.norm_min < 1e-6 * h.norm_mean);
}

interface Spread {
  share: number;
  weak_dims: number;
  rows: number;
  columns: number;
  rank: number;
  effective_rank: number;
}

/** In how far the rows of so many columns differ less than they could, in words; the rules are those of the daemon's catalog. */
export function littleSpread(h: { spread: Spread | null }, dims: number): string[] {
  const s = h.spread;
  if (!s) {
    return []; // added before this was looked at
  }
  const could = Math.min(s.columns, s.rows - 1);
  const tell = s.rank > 0 && could >= 4;
  const collapsed = tell && s.rank < 0.9 * could;
  const few = tell && s.effective_rank < Math.max(1.2, could / 30);
  return [
    s.weak_dims > 0 && counted(s.weak_dims, "hardly varying dimension"),
    s.share > 0 && s.share < 0.01 && "all rows nearly the same",
    collapsed && `${counted(s.rank, "direction")} only, of ${count(dims)}`,
    few && !collapsed && `an effective rank of ${s.effective_rank.toPrecision(2)}, of ${count(dims)}`,
  ].filter((text) => text !== false);
}

/** A score on [0, 1] with three places; a tiny one keeps its size: 0.00004 → "4.0e-5". */
export function score(x: number): string {
  return x !== 0 && Math.abs(x) < 0.0005 ? x.toExponential(1) : x.toFixed(3);
}

/** A mean count of neighbours: one place, two below one half, tiny ones keep their size. */
export function meanCount(x: number): string {
  if (x !== 0 && Math.abs(x) < 0.005) {
    return x.toExponential(1);
  }
  return x.toFixed(x < 0.5 ? 2 : 1);
}

/** A share on [0, 1] as per cent: 0.1313 → "13.1 %". */
export function percent(x: number): string {
  return `${(100 * x).toFixed(1)} %`;
}

/** A distance with four significant digits. */
export function distance(x: number): string {
  if (!Number.isFinite(x)) {
    return "–";
  }
  const size = Math.abs(x);
  return size !== 0 && (size < 1e-4 || size >= 1e6) ? x.toExponential(3) : x.toPrecision(4);
}

/** The first `limit` characters of a text, never half a character, and whether that was all of it. */
export function clip(text: string, limit: number): { text: string; whole: boolean } {
  const characters = Array.from(text.length > 4 * limit ? text.slice(0, 4 * limit) : text);
  if (characters.length <= limit) {
    return { text, whole: true };
  }
  return { text: `${characters.slice(0, limit).join("").trimEnd()}…`, whole: false };
}

/** A time as the reader's clock and calendar show it. */
export function when(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime())
    ? ""
    : time.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** The same in few letters: without the year where it is this one. */
export function shortly(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) {
    return "";
  }
  const year = time.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" as const };
  return time.toLocaleString(undefined, {
    ...year,
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
  });
}

/** Jaccard of two lists of k that share some: shared / (2k − shared). */
export function jaccardOf(shared: number, k: number): number {
  return shared / (2 * k - shared);
}

/** Which of the bars 0..k get a label, so that about twelve do. */
export function labelStep(k: number): number {
  return [1, 2, 5, 10, 20, 50].find((step) => k / step <= 12) ?? 100;
}
