// One space as a map: a click shows an item's neighbours.
import { useEffect, useMemo, useState } from "preact/hooks";
import { type ApiError, api, asApiError, type Layout, type ListedNeighbour } from "./api";
import { byColumn, ink, type Painted, plain, type Rgb } from "./colours";
import { tellColumns } from "./columns";
import { counted } from "./format";
import { Neighbours } from "./items";
import { fitted, settle } from "./layout";
import { type Link, useLinkedSelection, useShared } from "./link";
import { useLoad } from "./load";
import { Controls, dimmed, Honesty, Keys, named, Progress } from "./maps";
import { Failure, Waiting } from "./parts";
import { Plot } from "./plot";
import { type Camera, type Mark, wholePlot } from "./points";

const red: Rgb = [194, 24, 31];
const most = 50;

/** The map of a space, what colours it, and the neighbours of the item that was clicked. */
export function OneMap({ space, link = null }: { space: string; link?: Link | null }) {
  const [colour, setColour] = useShared(link, "colour", "");
  const [k, setK] = useShared(link, "k", 10);
  const [camera, setCamera] = useState<Camera>(wholePlot);
  const [chosen, setChosen] = useState(-1);
  const [selection, setSelection] = useState<number[]>([]);
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set());
  const { places, layout, progress, error } = useOneLayout(space);
  const dataset = useLoad(async () => (await api.space(space)).dataset, [space]).value;
  const columns = useLoad(async () => (dataset ? (await api.dataset(dataset)).columns : []), [dataset]);
  const n = places ? places.length / 2 : 0;
  const rows = useMemo(() => Int32Array.from({ length: n }, (_, i) => i), [n]);
  const said = useLinkedSelection(link, n > 0 ? rows : null, setChosen, setSelection);
  const painted = usePaint(dataset, colour, rows, shown, selection);
  const found = useLoad(
    () => (chosen < 0 ? Promise.resolve(null) : neighboursOf(space, dataset, chosen, Math.min(k, most))),
    [space, dataset, chosen, k],
  ).value;
  const list = found && found.row === chosen ? found : null;
  const marks = useMemo(() => marksOf(list?.list ?? [], chosen), [list, chosen]);
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
  return (
    <div class="maps">
      <div class="tools">
        <Controls
          colour={colour}
          setColour={(name) => {
            setShown(new Set());
            setColour(name);
          }}
          colours={named(columns.value)}
          k={k}
          most={most}
          setK={setK}
          whole={() => setCamera(wholePlot)}
        />
      </div>
      <Plot
        name={space}
        side="a"
        places={places}
        colours={painted.colours}
        marks={marks}
        camera={camera}
        chosen={chosen}
        setCamera={setCamera}
        choose={choose}
        hover={said.hover}
        lasso={lasso}
      />
      <p id="map-help" class="muted help">
        Click an item for its neighbours. Drag to move, wheel to zoom (click the map first), Shift and drag
        for a lasso; keys: arrows, + − 0, Esc.
      </p>
      {progress && <Progress {...progress} />}
      <Keys painted={painted} shown={shown} setShown={setShown} />
      <p class="status" aria-live="polite">
        {list
          ? `${list.id}: ${counted(list.list.length, "neighbour")}`
          : selection.length > 0
            ? `${counted(selection.length, "item")} selected`
            : n > 0 && counted(n, "item")}
      </p>
      {layout && <Honesty layout={layout} />}
      {list && (
        <div class="chosen">
          <Neighbours
            side={{ name: `Neighbours of ${list.id}`, which: "a", dataset }}
            list={list.list}
            shown={tellColumns(
              list.list.map((item) => item.columns),
              list.list.map((item) => item.id),
            )}
          />
        </div>
      )}
      {!places && !progress && <Waiting what="the map" />}
    </div>
  );
}

function marksOf(list: ListedNeighbour[], chosen: number): Mark[] {
  const marks: Mark[] = list.map((n) => ({ id: n.row, shape: "circle", colour: red, size: 11 }));
  return chosen < 0 ? [] : [...marks, { id: chosen, shape: "ring", colour: ink(), size: 20 }];
}

/** The neighbours of a row, each with what its dataset says of it. */
async function neighboursOf(space: string, dataset: string | null, row: number, k: number) {
  const found = await api.neighbours(space, row, k);
  const list = await Promise.all(
    found.neighbours.map(async (n): Promise<ListedNeighbour> => {
      const told = dataset ? await api.row(dataset, n.row) : null;
      const columns = Object.fromEntries((told?.columns ?? []).map((c, i) => [c, told?.rows[0]?.[i] ?? ""]));
      return { ...n, shared: true, columns };
    }),
  );
  return { row, id: found.id ?? String(row), list };
}

function usePaint(
  dataset: string | null,
  colour: string,
  rows: Int32Array,
  shown: ReadonlySet<string>,
  selection: number[],
): Painted {
  const column = useLoad(
    async () => (dataset && colour ? await api.column(dataset, colour) : null),
    [dataset, colour],
  ).value;
  return useMemo(() => {
    const painted = column && column.column === colour ? byColumn(column, rows, shown) : plain(rows.length);
    return selection.length > 0 ? { ...painted, colours: dimmed(painted.colours, selection) } : painted;
  }, [column, colour, rows, shown, selection]);
}

interface Running {
  places: Float32Array<ArrayBuffer> | null;
  layout: Layout | null;
  progress: { share: number; stage: string } | null;
  error: ApiError | null;
}

function useOneLayout(space: string): Running {
  const none: Running = { places: null, layout: null, progress: null, error: null };
  const [state, setState] = useState(none);
  useEffect(() => {
    let current = true;
    const set = (next: Partial<Running>) => current && setState((last) => ({ ...last, ...next }));
    setState(none);
    settle(
      { spaces: [space], method: "umap" },
      {
        wanted: () => current,
        progress: (share, stage) => set({ progress: { share, stage } }),
        frame: (places) => set({ places: fitted(places)[0] ?? null }),
      },
    ).then(
      (done) => done && set({ places: fitted(done.places)[0] ?? null, layout: done.layout, progress: null }),
      (error: unknown) => set({ error: asApiError(error), progress: null }),
    );
    return () => {
      current = false;
    };
  }, [space]);
  return state;
}
