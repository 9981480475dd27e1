// The two spaces of a comparison as maps that are looked at together: a click shows an item's neighbours in both.
import { useEffect, useMemo, useState } from "preact/hooks";
import { type ApiError, api, asApiError, type Comparison, type ComparisonItem, type Layout } from "./api";
import { byColumn, byNumber, ink, type Painted, plain, type Rgb } from "./colours";
import { count, counted, percent, score } from "./format";
import { Legend, OneItem, type Side } from "./items";
import { fitted, settle } from "./layout";
import { type Link, useLinkedSelection, useShared } from "./link";
import { useLoad } from "./load";
import { Failure, Waiting } from "./parts";
import { Plot } from "./plot";
import { type Camera, type Mark, wholePlot } from "./points";

const methods = {
  "joint-umap": "together (joint UMAP)",
  umap: "each by itself (UMAP)",
  pca: "principal components",
} as const;
type Method = keyof typeof methods;

/** Places of both spaces in [0, 1]², on one scale, and the rows that they are of. */
interface Map2 {
  a: Float32Array<ArrayBuffer>;
  b: Float32Array<ArrayBuffer>;
}

interface Rows {
  a: Int32Array;
  b: Int32Array;
  moved: Float32Array;
}

/** Both maps, what colours them, and the item that was clicked. */
export function Maps({ c, link = null }: { c: Comparison; link?: Link | null }) {
  const [method, setMethod] = useState<Method>("joint-umap");
  const [colour, setColour] = useShared(link, "colour", "");
  const [camera, setCamera] = useState<Camera>(wholePlot);
  const [chosen, setChosen] = useState(-1);
  const [hovered, setHovered] = useState(-1);
  const [selection, setSelection] = useState<number[]>([]);
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set());
  const [wanted, setK] = useShared(link, "k", c.k);
  const k = Math.min(wanted, c.k);
  const { map, rows, layout, progress, error } = useLayout(c, method);
  const said = useLinkedSelection(link, rows?.a ?? null, setChosen, setSelection);
  const sides = useLoad(() => Promise.all([api.space(c.a), api.space(c.b)]), [c.a, c.b]);
  const dataset = sides.value?.[0].dataset ?? null;
  const columns = useLoad(async () => (dataset ? (await api.dataset(dataset)).columns : []), [dataset]);
  const painted = usePaint(c, rows, dataset, colour, shown, selection);
  const item = useItem(c, rows, chosen);
  const marks = useMemo(() => marksOf(item, rows, chosen, k), [item, rows, chosen, k]);
  useEffect(() => setChosen(-1), [method]);
  if (error) {
    return <Failure error={error} />;
  }
  const choose = (id: number) => {
    setChosen(id);
    said.select(id < 0 ? [] : [id]);
  };
  const lasso = (ids: number[]) => {
    setSelection(ids);
    said.select(ids);
  };
  const hover = (id: number) => {
    setHovered(id);
    said.hover(id);
  };
  const plot = { camera, setCamera, chosen, choose, hover, lasso };
  return (
    <div class="maps">
      <div class="tools">
        <label>
          <span>Laid out</span>
          <select value={method} onChange={(event) => setMethod(event.currentTarget.value as Method)}>
            {Object.entries(methods).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <Controls
          colour={colour}
          setColour={(name) => {
            setShown(new Set());
            setColour(name);
          }}
          colours={[...measured, ...named(columns.value)]}
          k={k}
          most={c.k}
          setK={setK}
          whole={() => setCamera(wholePlot)}
        />
      </div>
      <div class="pair-of-plots">
        <Plot
          name={c.a}
          side="a"
          places={map?.a ?? null}
          colours={painted?.colours ?? null}
          marks={marks.a}
          {...plot}
        />
        <Plot
          name={c.b}
          side="b"
          places={map?.b ?? null}
          colours={painted?.colours ?? null}
          marks={marks.b}
          {...plot}
        />
      </div>
      <p id="map-help" class="muted help">
        Click an item: its neighbours in both spaces. Drag to move, wheel to zoom (click a map first), Shift
        and drag for a lasso; keys: arrows, + − 0, B for the other map, Esc.
      </p>
      {progress && <Progress {...progress} />}
      {painted && <Keys painted={painted} shown={shown} setShown={setShown} />}
      <p class="status" aria-live="polite">
        {statusLine(rows, chosen, hovered, selection, item, k)}
      </p>
      {layout && <Honesty layout={layout} />}
      {selection.length > 0 && (
        <p>
          {counted(selection.length, "item")} selected{" "}
          <button type="button" class="link" onClick={() => lasso([])}>
            clear
          </button>
        </p>
      )}
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
      {!map && !progress && <Waiting what="the maps" />}
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
];

/** Columns as choices of a colour. */
export function named(columns: readonly string[] | null): { value: string; text: string }[] {
  return (columns ?? []).map((name) => ({ value: name, text: name }));
}

/** What is set above a map, or above two. */
export function Controls(props: {
  colour: string;
  setColour: (name: string) => void;
  colours: { value: string; text: string }[];
  k: number;
  most: number;
  setK: (k: number) => void;
  whole: () => void;
}) {
  return (
    <>
      <label>
        <span>Colour</span>
        <select value={props.colour} onChange={(event) => props.setColour(event.currentTarget.value)}>
          <option value="">none</option>
          {props.colours.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label class="slider">
        <span>
          Neighbours: <b>{props.k}</b>
        </span>
        <input
          type="range"
          min="1"
          max={props.most}
          value={props.k}
          onInput={(event) => props.setK(Number(event.currentTarget.value))}
        />
      </label>
      <button type="button" onClick={props.whole}>
        Whole map
      </button>
    </>
  );
}

/** How far a layout is. */
export function Progress({ share, stage }: { share: number; stage: string }) {
  return (
    <p class="progress" role="status">
      <progress value={share} /> {stage}
    </p>
  );
}

/** What a layout gets wrong, in a line. */
export function Honesty({ layout }: { layout: Layout }) {
  if (layout.state !== "done" || !layout.quality) {
    return null;
  }
  return (
    <p class="muted honesty">
      {layout.quality.map((q, i) => (
        <span key={layout.spaces[i]}>
          {layout.spaces[i]}: {percent(q.recall_15)} of the 15 nearest are near on the map, trustworthiness{" "}
          {score(q.trustworthiness)}.{" "}
        </span>
      ))}
      {layout.null_band !== null && layout.displacement !== null && (
        <span>
          The median item moved by {layout.displacement.toFixed(3)} of the map's radius; below{" "}
          {layout.null_band.toFixed(3)} movement means nothing.
        </span>
      )}
    </p>
  );
}

/** The legend: counts, and a click filters. */
export function Keys({
  painted,
  shown,
  setShown,
}: {
  painted: Painted;
  shown: ReadonlySet<string>;
  setShown: (shown: ReadonlySet<string>) => void;
}) {
  const toggle = (name: string) => {
    const next = new Set(shown);
    if (!next.delete(name)) {
      next.add(name);
    }
    setShown(next);
  };
  return (
    <div class="keys">
      {painted.range && (
        <span>
          {painted.range[0].toPrecision(3)} <span class="ramp" aria-hidden="true" />{" "}
          {painted.range[1].toPrecision(3)}
        </span>
      )}
      {painted.keys.map((key) => (
        <button
          key={key.name}
          type="button"
          class="key"
          aria-pressed={shown.has(key.name)}
          onClick={() => toggle(key.name)}
        >
          <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true" fill={`rgb(${key.colour.join(" ")})`}>
            <circle cx="5" cy="5" r="5" />
          </svg>
          {key.name} <span class="muted">{count(key.count)}</span>
        </button>
      ))}
    </div>
  );
}

function statusLine(
  rows: Rows | null,
  chosen: number,
  hovered: number,
  selection: number[],
  item: ComparisonItem | null,
  k: number,
): string {
  if (!rows) {
    return "";
  }
  if (item && chosen >= 0) {
    const cut = cutTo(item, k);
    return `${item.id}: ${cut.shared} of ${k} neighbours shared, Jaccard ${score(cut.jaccard)}`;
  }
  if (hovered >= 0) {
    return `row ${rows.a[hovered]}`;
  }
  return selection.length > 0 ? "" : `${counted(rows.a.length, "item")} on both maps`;
}

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

/** Neighbours in both maps: shared ones red circles, those of A triangles, those of B squares; the item a ring. */
function marksOf(
  item: ComparisonItem | null,
  rows: Rows | null,
  chosen: number,
  k: number,
): { a: Mark[]; b: Mark[] } {
  if (!item || !rows || chosen < 0) {
    return { a: [], b: [] };
  }
  const placeA = new Map([...rows.a].map((row, i) => [row, i]));
  const placeB = new Map([...rows.b].map((row, i) => [row, i]));
  const cut = cutTo(item, k);
  const marks: Mark[] = [];
  for (const n of cut.a ?? []) {
    marks.push({
      id: placeA.get(n.row) ?? -1,
      shape: n.shared ? "circle" : "triangle",
      colour: n.shared ? red : amber,
      size: n.shared ? 11 : 13,
    });
  }
  for (const n of cut.b ?? []) {
    if (!n.shared) {
      marks.push({ id: placeB.get(n.row) ?? -1, shape: "square", colour: plum, size: 12 });
    }
  }
  marks.sort((m, n) => Number(m.shape === "circle") - Number(n.shape === "circle")); // shared ones on top
  marks.push({ id: chosen, shape: "ring", colour: ink(), size: 20 });
  return { a: marks, b: marks };
}

/** The item that was clicked, with both lists from the tables that made the score. */
function useItem(c: Comparison, rows: Rows | null, chosen: number): ComparisonItem | null {
  const row = chosen >= 0 ? (rows?.a[chosen] ?? -1) : -1;
  const [item, setItem] = useState<{ row: number; item: ComparisonItem | null }>({ row: -1, item: null });
  useEffect(() => {
    let current = true;
    if (row >= 0) {
      api.item(c.key, row).then(
        (found) => current && setItem({ row, item: found ?? null }),
        () => current && setItem({ row, item: null }),
      );
    }
    return () => {
      current = false;
    };
  }, [c.key, row]);
  return row >= 0 && item.row === row ? item.item : null;
}

/** The colours of the points. */
function usePaint(
  c: Comparison,
  rows: Rows | null,
  dataset: string | null,
  colour: string,
  shown: ReadonlySet<string>,
  selection: number[],
): Painted | null {
  const source = useLoad(async () => {
    if (colour === "=jaccard") {
      const [values, scored] = await Promise.all([api.values(c.key, "jaccard"), api.values(c.key, "row_a")]);
      return { numbers: new Map([...scored.data].map((row, i) => [row, values.data[i] ?? Number.NaN])) };
    }
    return colour && !colour.startsWith("=") && dataset ? { column: await api.column(dataset, colour) } : {};
  }, [c.key, dataset, colour]);
  return useMemo(() => {
    if (!rows) {
      return null;
    }
    const n = rows.a.length;
    let painted: Painted;
    const from = source.value as {
      numbers?: Map<number, number>;
      column?: Awaited<ReturnType<typeof api.column>>;
    };
    if (colour === "=moved") {
      painted = byNumber(rows.moved);
    } else if (from?.numbers && colour === "=jaccard") {
      painted = byNumber(Array.from(rows.a, (row) => from.numbers?.get(row) ?? Number.NaN));
    } else if (from?.column && from.column.column === colour) {
      painted = byColumn(from.column, rows.a, shown);
    } else {
      painted = plain(n);
    }
    return selection.length > 0 ? { ...painted, colours: dimmed(painted.colours, selection) } : painted;
  }, [rows, source.value, colour, shown, selection]);
}

/** All but the selection fade. */
export function dimmed(colours: Uint8Array<ArrayBuffer>, selection: number[]): Uint8Array<ArrayBuffer> {
  const out = colours.slice();
  const kept = new Set(selection);
  for (let i = 0; i < out.length / 4; i++) {
    if (!kept.has(i)) {
      out[4 * i + 3] = Math.min(out[4 * i + 3] ?? 0, 25);
    }
  }
  return out;
}

interface Running {
  map: Map2 | null;
  rows: Rows | null;
  layout: Layout | null;
  progress: { share: number; stage: string } | null;
  error: ApiError | null;
}

/** Asks for the layout and shows it while it settles. */
function useLayout(c: Comparison, method: Method): Running {
  const none: Running = { map: null, rows: null, layout: null, progress: null, error: null };
  const [state, setState] = useState<Running>(none);
  useEffect(() => {
    let current = true;
    const set = (next: Partial<Running>) => current && setState((last) => ({ ...last, ...next }));
    setState(none);
    follow(c, method, () => current, set).catch((error: unknown) =>
      set({ error: asApiError(error), progress: null }),
    );
    return () => {
      current = false;
    };
  }, [c.key, method]);
  return state;
}

async function follow(
  c: Comparison,
  method: Method,
  wanted: () => boolean,
  set: (next: Partial<Running>) => void,
): Promise<void> {
  const request = {
    spaces: [c.a, c.b],
    method,
    ...(c.metric_a === c.metric_b ? { metric: c.metric_a } : {}),
  };
  const settled = await settle(request, {
    wanted,
    progress: (share, stage) => set({ progress: { share, stage } }),
    frame: (places) => set({ map: mapOf(places) }),
  });
  if (!settled) {
    return;
  }
  const { layout, places } = settled;
  const [rowA, rowB, moved] = await Promise.all(
    ["row_a", "row_b", "displacement"].map((column) => api.frame(layout.id, column)),
  );
  if (rowA && rowB && moved) {
    set({
      map: mapOf(places),
      rows: { a: rowA.data as Int32Array, b: rowB.data as Int32Array, moved: moved.data as Float32Array },
      layout,
      progress: null,
    });
  }
}

function mapOf(places: readonly Float32Array[]): Map2 | null {
  const [a, b] = fitted(places);
  return a && b ? { a, b } : null;
}
