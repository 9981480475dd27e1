// The two spaces of a comparison as maps that are looked at together: a click shows an item's neighbours in both.
import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import {
  type ApiError,
  api,
  asApiError,
  type Comparison,
  type ComparisonItem,
  type Layout,
  type Selection,
} from "./api";
import { byColumn, byGain, byLabel, byMovement, byNumber, dimmed, type Painted, plain } from "./colours";
import { Honesty, Keys, named, Progress, Selected, ToolBar, useMethod, useTools } from "./controls";
import { columnsOf, Exports, type Figure, Still } from "./exports";
import { clip, counted, score } from "./format";
import { useHover } from "./hover";
import { Legend, OneItem, type Side } from "./items";
import { fitted, settleSoon } from "./layout";
import { type Link, useSelection } from "./link";
import { Listing } from "./listing";
import { useLoad } from "./load";
import { cutTo, marksOfTwo } from "./marks";
import { Morph, useMorph } from "./morph";
import { Failure, Failures, Waiting } from "./parts";
import { Plot } from "./plot";
import { afterPaint } from "./points";
import { labelsOf, Saved, savedColour, useSaved } from "./saved";
import { useTip } from "./tip";
import { useTurn } from "./turn";

const methods = {
  "joint-umap": "together (joint UMAP)",
  umap: "each by itself (UMAP)",
  tsne: "each by itself (t-SNE)",
  pacmap: "each by itself (PaCMAP)",
  pca: "principal components",
} as const;
type Method = keyof typeof methods;

/** Places of both spaces in [0, 1]², on one scale, and the rows that they are of. */
interface Map2 {
  a: Float32Array<ArrayBuffer>;
  b: Float32Array<ArrayBuffer>;
}

/** Such places as they come, in two or three dimensions. */
interface Laid extends Map2 {
  dims: number;
}

interface Rows {
  a: Int32Array;
  b: Int32Array;
  /** How far each item moved; empty while the maps settle. */
  moved: Float32Array;
  /** How well each item's neighbourhood on the map can be trusted, on the worse of both maps; not while it is laid out. */
  trust: Float32Array | null;
}

interface MapsProps {
  c: Comparison;
  link?: Link | null;
  kept?: KeptMaps | null;
  /** Told when there is something to look at: points, how far they are, or why there are none. */
  begun?: () => void;
}

/** The layouts there are, where no other can be made, and what colours them at first. */
export interface KeptMaps {
  methods: readonly string[];
  colour: string;
}

/** Both maps, what colours them, and the item that was clicked. */
export function Maps({ c, link = null, kept = null, begun }: MapsProps) {
  const { method, choice } = useMethod(link, methods, { kept: kept?.methods, rows: c.rows });
  const tools = useTools(link, { colour: kept?.colour ?? "", k: c.k, most: c.k, deep: !kept });
  const { colour, only, k, dims, camera } = tools;
  const { map, rows, layout, progress, error } = useLayout({
    c,
    method,
    dims,
    kept: kept !== null,
  });
  const shown = Boolean(map || progress || error);
  useEffect(() => (shown && begun ? afterPaint(begun) : undefined), [shown]);
  const { chosen, selection, ...says } = useSelection(link, rows?.a ?? null);
  const sides = useLoad(() => Promise.all([api.space(c.a), api.space(c.b)]), [c.a, c.b]);
  const dataset = sides.value?.[0].dataset ?? null;
  const columns = useLoad(async () => (dataset ? (await api.dataset(dataset)).columns : []), [dataset]);
  const band = layout?.null_band ?? 0;
  const owner = { comparison: c.key };
  const saved = useSaved(owner);
  const { painted, paint } = usePaint({ c, rows, dataset, colour, only, selection, band, saved: saved.list });
  const { item, opened } = useItem(c, rows, chosen);
  const lists = useMemo(() => marksOfTwo(item, rows, chosen, k), [item, rows, chosen, k]);
  const { pointed, marks, hover, walk } = useHover(lists.a, says.hover);
  const { flat, turn } = useTurn([map?.a ?? null, map?.b ?? null], map?.dims ?? 2);
  const [flatA = null, flatB = null] = flat;
  const morph = useMorph({
    a: flatA,
    b: flatB,
    moved: rows?.moved ?? null,
    band,
    selection,
  });
  const colours = [...measured, ...savedColour(saved.list), ...named(columns.value)];
  const ofColour = colour.startsWith("=") ? (colours.find(({ value }) => value === colour)?.text ?? "") : "";
  const { tip, line } = useTip({ pointed, dataset, rows: rows?.a ?? null, painted, colour: ofColour });
  const plot = {
    ...{ tip, tools, walk, turn: dims === 3 ? turn : undefined, chosen, hover, marks },
    ...{ choose: says.choose, lasso: says.select, colours: painted?.colours ?? null },
  };
  const table = () =>
    tableOf({ c, rows: rows as Rows, map: flatA && flatB && { a: flatA, b: flatB }, dataset, selection });
  const figure = (): Figure => ({
    file: `${c.a} ${c.b}`,
    title: `${c.a} ↔ ${c.b}: ${methods[method]}, Jaccard ${score(c.jaccard.mean)} at k = ${c.k}`,
    panels: [
      { side: "a", name: morph.t > 0 ? `${c.a}, ${Math.round(100 * morph.t)} % of the way to ${c.b}` : c.a },
      { side: "b", name: c.b },
    ],
    painted,
    colour: colours.find(({ value }) => value === colour)?.text ?? "",
    shapes: item
      ? [
          { shape: "circle", text: `of ${clip(item.id, 80).text} in both` },
          { shape: "triangle", text: `only in ${c.a}` },
          { shape: "square", text: `only in ${c.b}` },
        ]
      : [],
  });
  return (
    <div class="maps">
      <ToolBar tools={tools} colours={colours} dataset={dataset} says={says}>
        {choice}
      </ToolBar>
      <div class="pair-of-plots">
        <Plot name={c.a} side="a" places={morph.places} trails={morph.trails} {...plot} />
        <Plot name={c.b} side="b" places={flatB} {...plot} />
      </div>
      {layout && rows && <Morph a={c.a} b={c.b} morph={morph} />}
      <p id="map-help" class="muted help">
        Click an item: its neighbours in both spaces. Drag to move, wheel to zoom (click a map first), Shift
        and drag for a lasso; keys: arrows, + − 0, L for the lasso, B for the other map, ? for all of them,
        Esc.
      </p>
      {error && <Failure error={error} />}
      <Failures of={[opened, sides, columns, paint, saved]} />
      {progress && <Progress {...progress} />}
      {painted && <Keys painted={painted} only={only} setOnly={tools.setOnly} />}
      <p class="status" aria-live="polite">
        {statusLine({ rows, chosen, line, selection, item, k })}
      </p>
      {layout && <Honesty layout={layout} />}
      <Selected count={selection.length} clear={() => says.select([])} />
      {rows && <Saved link={link} of={owner} saved={saved} rows={says.rows} select={says.selectRows} />}
      {layout && rows && <Exports figure={figure} table={table} rows={selection.length || rows.a.length} />}
      {rows && (
        <Listing
          table={table}
          of={`${layout?.id} ${selection.length} ${selection[0]} ${selection.at(-1)}`}
          open={(i) => says.choose(selection.length > 0 ? (selection[i] ?? -1) : i)}
        />
      )}
      {layout && <Still link={link} figure={figure} looked={[flatA, morph.t, painted, lists, camera]} />}
      {item && sides.value && (
        <div class="chosen">
          <Legend c={c} />
          <OneItem
            item={cutTo(item, k)}
            a={sideOf(c.a, "a", sides.value[0].dataset)}
            b={sideOf(c.b, "b", sides.value[1].dataset)}
            k={k}
          />
        </div>
      )}
      {!map && !progress && !error && <Waiting what="the maps" />}
    </div>
  );
}

function sideOf(name: string, which: "a" | "b", dataset: string | null): Side {
  return { name, which, dataset };
}

/** What colours a map beside the columns of its dataset. */
const measured = [
  { value: "=jaccard", text: "agreement (Jaccard)" },
  { value: "=moved", text: "how far it moved" },
  { value: "=gained", text: "neighbour of more or fewer items in B" },
  { value: "=trust", text: "how far the maps can be trusted there" },
];

interface Status {
  rows: Rows | null;
  chosen: number;
  /** Of the item that is pointed at. */
  line: string;
  selection: readonly number[];
  item: ComparisonItem | null;
  k: number;
}

function statusLine({ rows, chosen, line, selection, item, k }: Status): string {
  if (!rows) {
    return "";
  }
  if (item && chosen >= 0) {
    const cut = cutTo(item, k);
    return `${clip(item.id, 80).text}: ${cut.shared} of ${k} neighbours shared, Jaccard ${score(cut.jaccard)}`;
  }
  if (line) {
    return line;
  }
  return selection.length > 0 ? "" : `${counted(rows.a.length, "item")} on both maps`;
}

interface TableOf {
  c: Comparison;
  rows: Rows;
  map: Map2 | null;
  dataset: string | null;
  selection: readonly number[];
}

/** The selection (else all) as a table: what the dataset says, the score, and the places on both maps. */
async function tableOf({ c, rows, map, dataset, selection }: TableOf) {
  const ids = selection.length > 0 ? selection : Array.from(rows.a, (_, id) => id);
  const pick = (from: ArrayLike<number> | undefined, i: number, stride = 1, at = 0) =>
    from?.[stride * (ids[i] ?? 0) + at] ?? "";
  const jaccard = await scores(c);
  const scoreOf = (row: number) => {
    const value = jaccard[row] ?? Number.NaN;
    return Number.isNaN(value) ? "" : value;
  };
  const said = await columnsOf(
    dataset,
    Int32Array.from(ids, (id) => rows.a[id] ?? -1),
  );
  const columns = [
    ...said,
    { name: "row_a", value: (i: number) => pick(rows.a, i) },
    { name: "row_b", value: (i: number) => pick(rows.b, i) },
    { name: "jaccard", value: (i: number) => scoreOf(rows.a[ids[i] ?? 0] ?? -1) },
    { name: "moved", value: (i: number) => pick(rows.moved, i) },
    { name: "x_a", value: (i: number) => pick(map?.a, i, 2) },
    { name: "y_a", value: (i: number) => pick(map?.a, i, 2, 1) },
    { name: "x_b", value: (i: number) => pick(map?.b, i, 2) },
    { name: "y_b", value: (i: number) => pick(map?.b, i, 2, 1) },
  ];
  return { columns, rows: ids.length };
}

/** The score of each row of A. */
function scores(c: Comparison): Promise<Float32Array> {
  return perRow(c, ["jaccard"], ([jaccard], i) => jaccard?.[i] ?? Number.NaN);
}

/** In how many more lists of neighbours each row of A stands in B. */
function gains(c: Comparison): Promise<Float32Array> {
  return perRow(c, ["occurrences_a", "occurrences_b"], ([a, b], i) => (b?.[i] ?? 0) - (a?.[i] ?? 0));
}

/** What columns of the comparison come to, by row of A; NaN of those that were not scored. */
async function perRow(
  c: Comparison,
  columns: string[],
  value: (of: ArrayLike<number>[], i: number) => number,
): Promise<Float32Array> {
  const [scored, ...told] = await Promise.all(["row_a", ...columns].map((name) => api.values(c.key, name)));
  if (!scored) {
    return new Float32Array(0);
  }
  // Plain loops, here and below: an array for each of a million rows costs seconds.
  const data = told.map((column) => column.data);
  let most = -1;
  for (let i = 0; i < scored.data.length; i++) {
    most = Math.max(most, scored.data[i] ?? -1);
  }
  const byRow = new Float32Array(most + 1).fill(Number.NaN);
  for (let i = 0; i < scored.data.length; i++) {
    byRow[scored.data[i] ?? 0] = value(data, i);
  }
  return byRow;
}

/**
 * The item that was clicked, with both lists from the tables that made the score, and how it came. A row that was not
 * compared, of a sample, has none: nothing is said of that.
 */
function useItem(c: Comparison, rows: Rows | null, chosen: number) {
  const row = chosen >= 0 ? (rows?.a[chosen] ?? -1) : -1;
  const opened = useLoad(
    async () => (row < 0 ? null : { row, item: await api.item(c.key, row).catch(unlessGone) }),
    [c.key, row],
  );
  return { item: opened.value?.row === row ? (opened.value.item ?? null) : null, opened };
}

function unlessGone(error: unknown): undefined {
  if (asApiError(error).code === "unavailable") {
    throw error;
  }
}

interface PaintOf {
  c: Comparison;
  rows: Rows | null;
  dataset: string | null;
  colour: string;
  only: readonly string[];
  selection: readonly number[];
  /** How far an item has to move for it to mean something. */
  band: number;
  saved: readonly Selection[];
}

/** The colours of the points, and how what they are of came. */
function usePaint({ c, rows, dataset, colour, only, selection, band, saved }: PaintOf) {
  const paint = useLoad(async () => {
    if (colour === "=jaccard") {
      return { colour, numbers: await scores(c) };
    }
    if (colour === "=gained") {
      return { colour, numbers: await gains(c) };
    }
    const isColumn = colour !== "" && !colour.startsWith("=") && dataset;
    return { colour, column: isColumn ? await api.column(dataset, colour) : null };
  }, [c.key, dataset, colour]);
  const source = paint.value;
  const painted = useMemo((): Painted | null => {
    if (!rows) {
      return null;
    }
    const from = source?.colour === colour ? source : null;
    let painted = plain(rows.a.length);
    if (colour === "=moved" && rows.moved.length > 0) {
      painted = byMovement(rows.moved, band);
    } else if (colour === "=trust" && rows.trust) {
      painted = byNumber(rows.trust);
    } else if (colour === "=saved") {
      const { codes, values } = labelsOf(saved, rows.a);
      painted = byLabel(codes, values, new Set(only));
    } else if (from?.numbers) {
      const own = new Float32Array(rows.a.length);
      for (let i = 0; i < own.length; i++) {
        own[i] = from.numbers[rows.a[i] ?? -1] ?? Number.NaN;
      }
      painted = colour === "=gained" ? byGain(own) : byNumber(own);
    } else if (from?.column) {
      painted = byColumn(from.column, rows.a, new Set(only));
    }
    return dimmed(painted, selection);
  }, [rows, source, colour, only, selection, band, saved]);
  return { painted, paint };
}

interface Running {
  map: Laid | null;
  rows: Rows | null;
  layout: Layout | null;
  progress: { share: number; stage: string; job: string } | null;
  error: ApiError | null;
}

/** Asks for the layout and shows it while it settles. */
interface Wanted {
  c: Comparison;
  method: Method;
  dims: number;
  kept: boolean;
}

function useLayout({ c, method, dims, kept }: Wanted): Running {
  const none: Running = { map: null, rows: null, layout: null, progress: null, error: null };
  const [state, setState] = useState<Running>(none);
  useLayoutEffect(() => {
    let current = true;
    const set = (next: Partial<Running>) => current && setState((last) => ({ ...last, ...next }));
    setState(none);
    follow({ c, method, dims, kept }, () => current, set).catch((error: unknown) =>
      set({ error: asApiError(error), progress: null }),
    );
    return () => {
      current = false;
    };
  }, [c.key, method, dims]);
  return state;
}

async function follow(
  { c, method, dims, kept }: Wanted,
  wanted: () => boolean,
  set: (next: Partial<Running>) => void,
): Promise<void> {
  const request = {
    spaces: [c.a, c.b],
    method,
    ...(dims === 2 ? {} : { dims }),
    ...(c.metric_a === c.metric_b ? { metric: c.metric_a } : {}),
  };
  let [known, over] = ["", false];
  const settled = await settleSoon(request, kept ? 0 : c.rows, {
    wanted,
    progress: (share, stage, job) => set({ progress: { share, stage, job } }),
    frame: (places, id) => {
      set({ map: mapOf(places, dims) });
      if (known === "") {
        known = id; // which item is which is the same in every layout of the two
        rowsOf(id).then(
          ([a, b]) => over || set({ rows: { a, b, moved: new Float32Array(0), trust: null } }),
          () => {}, // it will be known when the layout has settled
        );
      }
    },
  });
  over = true;
  if (!settled) {
    return;
  }
  const { layout, places } = settled;
  set({ map: mapOf(places, dims) }); // what else is asked for takes as long again in a notebook
  const [[a, b], moved] = await Promise.all([rowsOf(layout.id), api.frame(layout.id, "displacement")]);
  const trust = await worse(layout);
  set({ rows: { a, b, moved: moved.data as Float32Array, trust }, layout, progress: null });
}

/** The row of each item in both spaces. */
async function rowsOf(layout: string): Promise<[Int32Array, Int32Array]> {
  const [a, b] = await Promise.all(["row_a", "row_b"].map((column) => api.frame(layout, column)));
  return [a?.data as Int32Array, b?.data as Int32Array];
}

/** The local trust of each item, on the map where it is less. */
async function worse(layout: Layout): Promise<Float32Array> {
  const [a, b] = await Promise.all(
    ["local_trust_a", "local_trust_b"].map((name) => api.frame(layout.id, name)),
  );
  const least = (a?.data ?? new Float32Array(0)).slice() as Float32Array;
  for (let i = 0; i < least.length; i++) {
    least[i] = Math.min(least[i] ?? 0, b?.data[i] ?? 1);
  }
  return least;
}

function mapOf(places: readonly Float32Array[], dims: number): Laid | null {
  const [a, b] = fitted(places, dims);
  return a && b ? { a, b, dims } : null;
}
