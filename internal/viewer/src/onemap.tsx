// One space as a map: a click shows an item's neighbours.
import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import { type ApiError, api, asApiError, type Layout, type ListedNeighbour, type Selection } from "./api";
import { byColumn, byLabel, dimmed, type Painted, plain } from "./colours";
import { tellColumns } from "./columns";
import { Honesty, Keys, named, Progress, Selected, ToolBar, useMethod, useTools } from "./controls";
import { columnsOf, Exports, type Figure, Still } from "./exports";
import { clip, counted } from "./format";
import { useHover } from "./hover";
import { Neighbours } from "./items";
import { fitted, settleSoon } from "./layout";
import { type Link, useSelection } from "./link";
import { Listing } from "./listing";
import { useLoad } from "./load";
import type { KeptMaps } from "./maps";
import { marksOfOne } from "./marks";
import { Failure, Failures, Waiting } from "./parts";
import { Plot } from "./plot";
import { labelsOf, Saved, savedColour, useSaved } from "./saved";
import { useTip } from "./tip";
import { useTurn } from "./turn";

const methods = { umap: "UMAP", tsne: "t-SNE", pacmap: "PaCMAP", pca: "principal components" } as const;
type Method = keyof typeof methods;

export const mostNeighbours = 50;

interface OneMapProps {
  space: string;
  link?: Link | null;
  kept?: KeptMaps | null;
}

/** The map of a space, what colours it, and the neighbours of the item that was clicked. */
export function OneMap({ space, link = null, kept = null }: OneMapProps) {
  const about = useLoad(() => api.space(space), [space]);
  const { method, choice } = useMethod(link, methods, {
    kept: kept?.methods,
    rows: about.value?.rows ?? 0,
  });
  const tools = useTools(link, { colour: kept?.colour ?? "", k: 10, most: mostNeighbours, deep: !kept });
  const { colour, only, k, dims, camera } = tools;
  const { laid, layout, progress, error } = useOneLayout(
    space,
    kept ? 1 : (about.value?.rows ?? 0),
    method,
    dims,
  );
  const { flat, turn } = useTurn([laid?.places ?? null], laid?.dims ?? 2);
  const places = flat[0] ?? null;
  const dataset = about.value?.dataset ?? null;
  const columns = useLoad(async () => (dataset ? (await api.dataset(dataset)).columns : []), [dataset]);
  const n = places ? places.length / 2 : 0;
  const rows = useMemo(() => Int32Array.from({ length: n }, (_, i) => i), [n]);
  const { chosen, selection, ...says } = useSelection(link, n > 0 ? rows : null);
  const owner = { space };
  const saved = useSaved(owner);
  const { painted, paint } = usePaint({ dataset, colour, rows, only, selection, saved: saved.list });
  const found = useLoad(
    async () => (chosen < 0 ? null : await neighboursOf(space, dataset, chosen, k)),
    [space, dataset, chosen, k],
  );
  const list = found.value && found.value.row === chosen ? found.value : null;
  const around = useMemo(() => marksOfOne(list?.list ?? [], chosen), [list, chosen]);
  const { pointed, marks, hover, walk } = useHover(around, says.hover);
  const ofColour = colour === "=saved" ? "saved selections" : "";
  const { tip, line } = useTip({ pointed, dataset, rows, painted, colour: ofColour });
  const figure = (): Figure => ({
    file: space,
    title: `${space}: ${methods[method]}`,
    panels: [
      {
        side: "a",
        name: list ? `${counted(list.list.length, "neighbour")} of ${clip(list.id, 80).text}` : "",
      },
    ],
    painted,
    colour: ofColour || colour,
    shapes: list ? [{ shape: "circle", text: `neighbours of ${clip(list.id, 80).text}` }] : [],
  });
  return (
    <div class="maps">
      <ToolBar
        tools={tools}
        colours={[...savedColour(saved.list), ...named(columns.value)]}
        dataset={dataset}
        says={says}
      >
        {choice}
      </ToolBar>
      <div class="one">
        <Plot
          name={space}
          side="a"
          places={places}
          colours={painted.colours}
          {...{ tip, tools, walk, turn: dims === 3 ? turn : undefined, chosen, hover, marks }}
          choose={says.choose}
          lasso={says.select}
        />
        <div class="beside">
          <Keys painted={painted} only={only} setOnly={tools.setOnly} />
          <p class="status" aria-live="polite">
            {list
              ? `${clip(list.id, 80).text}: ${counted(list.list.length, "neighbour")}`
              : line || (n > 0 && counted(n, "item"))}
          </p>
          <Failures of={[found, columns, paint, saved]} />
          {list && (
            <div class="chosen">
              <Neighbours
                side={{ name: `Neighbours of ${list.id}`, which: "a", dataset }}
                list={list.list}
                shown={tellOf(list.list)}
              />
            </div>
          )}
        </div>
      </div>
      <p id="map-help" class="muted help">
        Click an item: its neighbours. Drag to move, wheel to zoom (click the map first), Shift and drag for a
        lasso; keys: arrows, + − 0, L for the lasso, ? for all of them, Esc.
      </p>
      {(error ?? about.error) && <Failure error={(error ?? about.error) as ApiError} />}
      {progress && <Progress {...progress} />}
      {layout && <Honesty layout={layout} />}
      <Selected count={selection.length} clear={() => says.select([])} />
      {n > 0 && <Saved link={link} of={owner} saved={saved} rows={says.rows} select={says.selectRows} />}
      {layout?.state === "done" && (
        <Exports
          figure={figure}
          table={() => tableOf(dataset, rows, selection, places)}
          rows={selection.length || n}
        />
      )}
      {layout?.state === "done" && (
        <Still link={link} figure={figure} looked={[places, painted, around, camera]} />
      )}
      {layout?.state === "done" && (
        <Listing
          table={() => tableOf(dataset, rows, selection, places)}
          of={`${layout.id} ${selection.length} ${selection[0]} ${selection.at(-1)}`}
          open={(i) => says.choose(selection.length > 0 ? (selection[i] ?? -1) : i)}
        />
      )}
      {!places && !progress && !error && <Waiting what="the map" />}
    </div>
  );
}

/** The columns of a dataset that tell the items of a list apart. */
export function tellOf(list: readonly ListedNeighbour[]) {
  return tellColumns(
    list.map((item) => item.columns),
    list.map((item) => item.id),
  );
}

/** The neighbours of a row, each with what its dataset says of it. */
export async function neighboursOf(space: string, dataset: string | null, row: number, k: number) {
  const found = await api.neighbours(space, row, k);
  return { row, id: found.id ?? String(row), list: await told(dataset, found.neighbours) };
}

type Near = Omit<ListedNeighbour, "shared" | "columns">;

/** Neighbours, each with what its dataset says of it. */
export function told(dataset: string | null, neighbours: readonly Near[]): Promise<ListedNeighbour[]> {
  return Promise.all(
    neighbours.map(async (n): Promise<ListedNeighbour> => {
      const said = dataset ? await api.row(dataset, n.row) : null;
      const columns = Object.fromEntries((said?.columns ?? []).map((c, i) => [c, said?.rows[0]?.[i] ?? ""]));
      return { ...n, shared: true, columns };
    }),
  );
}

/** The selection (else all) as a table: what the dataset says, and the places. */
export async function tableOf(
  dataset: string | null,
  rows: Int32Array,
  selection: readonly number[],
  places: Float32Array | null,
) {
  const ids = selection.length > 0 ? Int32Array.from(selection) : rows;
  const columns = [
    ...(await columnsOf(dataset, ids)),
    { name: "row", value: (i: number) => ids[i] ?? "" },
    { name: "x", value: (i: number) => places?.[2 * (ids[i] ?? 0)] ?? "" },
    { name: "y", value: (i: number) => places?.[2 * (ids[i] ?? 0) + 1] ?? "" },
  ];
  return { columns, rows: ids.length };
}

interface PaintOf {
  dataset: string | null;
  colour: string;
  rows: Int32Array;
  only: readonly string[];
  selection: readonly number[];
  saved?: readonly Selection[];
}

const noSelections: readonly Selection[] = [];

/** The colours of the points, and how what they are of came. */
export function usePaint({ dataset, colour, rows, only, selection, saved = noSelections }: PaintOf) {
  const paint = useLoad(
    async () => (dataset && colour && !colour.startsWith("=") ? await api.column(dataset, colour) : null),
    [dataset, colour],
  );
  const column = paint.value;
  const painted = useMemo((): Painted => {
    if (colour === "=saved") {
      const { codes, values } = labelsOf(saved, rows);
      return dimmed(byLabel(codes, values, new Set(only)), selection);
    }
    const known = column && column.column === colour;
    return dimmed(known ? byColumn(column, rows, new Set(only)) : plain(rows.length), selection);
  }, [column, colour, rows, only, selection, saved]);
  return { painted, paint };
}

interface Running {
  laid: { places: Float32Array<ArrayBuffer>; dims: number } | null;
  layout: Layout | null;
  progress: { share: number; stage: string; job: string } | null;
  error: ApiError | null;
}

function useOneLayout(space: string, rows: number, method: Method, dims: number): Running {
  const none: Running = { laid: null, layout: null, progress: null, error: null };
  const [state, setState] = useState(none);
  useLayoutEffect(() => {
    let current = true;
    const set = (next: Partial<Running>) => current && setState((last) => ({ ...last, ...next }));
    setState(none);
    if (rows === 0) {
      return; // it is not known yet
    }
    settleSoon({ spaces: [space], method, ...(dims === 2 ? {} : { dims }) }, rows, {
      wanted: () => current,
      progress: (share, stage, job) => set({ progress: { share, stage, job } }),
      frame: (places) => set({ laid: laidOf(places, dims) }),
    }).then(
      (done) => done && set({ laid: laidOf(done.places, dims), layout: done.layout, progress: null }),
      (error: unknown) => set({ error: asApiError(error), progress: null }),
    );
    return () => {
      current = false;
    };
  }, [space, rows, method, dims]);
  return state;
}

function laidOf(all: readonly Float32Array[], dims: number): Running["laid"] {
  const [places] = fitted(all, dims);
  return places ? { places, dims } : null;
}
