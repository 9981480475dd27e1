// What is set above a map or above two, and what is told beneath.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api, type Layout } from "./api";
import type { Painted } from "./colours";
import { clip, count, counted, percent, score } from "./format";
import { KeysList } from "./keyslist";
import { type Link, type useSelection, useShared } from "./link";
import { useLoad } from "./load";
import { Cancel, Failure, Name } from "./parts";
import { type Camera, wholePlot } from "./points";

/** Columns as choices of a colour. */
export function named(columns: readonly string[] | null): { value: string; text: string }[] {
  return (columns ?? []).map((name) => ({ value: name, text: clip(name, 60).text }));
}

/** What a drag does: with Shift it is a lasso in any case. */
type Gesture = "move" | "turn" | "box" | "lasso";

const gestures: Record<Gesture, string> = {
  move: "move",
  turn: "turn",
  box: "select a box",
  lasso: "lasso",
};

/** What is set above maps: shared with what they stand in, but for the camera and what a drag does. */
export interface Tools {
  colour: string;
  setColour: (name: string) => void;
  /** The values of the colour that are shown; none: all. */
  only: readonly string[];
  setOnly: (only: string[]) => void;
  k: number;
  most: number;
  setK: (k: number) => void;
  camera: Camera;
  setCamera: (camera: Camera) => void;
  gesture: Gesture;
  setGesture: (gesture: Gesture) => void;
  dims: number;
  /** Left out where no other can be made. */
  setDims: ((dims: number) => void) | undefined;
  helped: boolean;
  help: (open?: boolean) => void;
  undo: (() => void) | undefined;
}

interface Start {
  colour?: string;
  k: number;
  most: number;
  /** Whether maps of three dimensions can be made. */
  deep: boolean;
}

const everything: string[] = [];

/** The state of the tool bar. */
export function useTools(link: Link | null, start: Start): Tools {
  const [colour, setColour] = useShared(link, "colour", start.colour ?? "");
  const [only, setOnly] = useShared(link, "only", everything);
  const [k, setK] = useShared(link, "k", start.k);
  const [dims, setDims] = useShared(link, "dims", 2);
  const [camera, setCamera] = useState<Camera>(wholePlot);
  const [gesture, setGesture] = useState<Gesture>(dims === 3 && start.deep ? "turn" : "move");
  const [helped, setHelped] = useState(false);
  return {
    ...{ colour, only, setOnly, setK, camera, setCamera, gesture, setGesture, helped },
    setColour: (name) => {
      setOnly(everything);
      setColour(name);
    },
    k: Math.min(Math.max(k, 1), start.most),
    most: start.most,
    dims: start.deep ? dims : 2,
    setDims: start.deep ? setDims : undefined,
    help: (open = true) => setHelped(open),
    undo: link?.undo?.bind(link),
  };
}

interface ToolBarProps {
  tools: Tools;
  /** What can colour the maps, beside nothing. */
  colours: readonly { value: string; text: string }[];
  dataset: string | null;
  says: Pick<ReturnType<typeof useSelection>, "selectRows" | "open">;
  /** What stands first. */
  children?: ComponentChildren;
}

/** What is set above a map, or above two. */
export function ToolBar({ tools, colours, dataset, says, children }: ToolBarProps) {
  return (
    <div class="tools">
      {children}
      <label>
        <span>Colour</span>
        <select value={tools.colour} onChange={(event) => tools.setColour(event.currentTarget.value)}>
          <option value="">none</option>
          {colours.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label class="slider">
        <span>
          Neighbours: <b>{tools.k}</b>
        </span>
        <input
          type="range"
          min="1"
          max={tools.most}
          value={tools.k}
          onInput={(event) => tools.setK(Number(event.currentTarget.value))}
        />
      </label>
      <div class="field">
        <span>Drag to</span>
        <fieldset class="segments">
          <legend class="hidden">What a drag on a map does</legend>
          {Object.entries(gestures)
            .filter(([value]) => value !== "turn" || tools.dims === 3)
            .map(([value, text]) => (
              <label key={value}>
                <input
                  type="radio"
                  checked={tools.gesture === value}
                  onChange={() => tools.setGesture(value as Gesture)}
                />
                <span>{text}</span>
              </label>
            ))}
        </fieldset>
      </div>
      <button type="button" onClick={() => tools.setCamera(wholePlot)}>
        Whole map
      </button>
      {tools.setDims && (
        <label class="check">
          <input
            type="checkbox"
            checked={tools.dims === 3}
            onChange={(event) => {
              const deep = event.currentTarget.checked;
              tools.setDims?.(deep ? 3 : 2);
              tools.setGesture(deep ? "turn" : "move");
            }}
          />
          <span>3-D</span>
        </label>
      )}
      {tools.undo && (
        <button type="button" title="the state before (Z)" onClick={tools.undo}>
          Undo
        </button>
      )}
      <button type="button" title="the keys of the maps (?)" onClick={() => tools.help()}>
        Keys
      </button>
      {dataset && <Find dataset={dataset} select={says.selectRows} open={says.open} />}
      <KeysList open={tools.helped} close={() => tools.help(false)} />
    </div>
  );
}

const mostAtOnce = 200_000; // items: of more, only a map that is made in seconds is made unasked

/** The method that lays out, of those there are, and what chooses another. */
export function useMethod<Method extends string>(
  link: Link | null,
  methods: Record<Method, string>,
  { kept, rows }: { kept: readonly string[] | undefined; rows: number },
) {
  const all = Object.entries(methods) as [Method, string][];
  const offered = all.filter(([value]) => !kept || kept.includes(value));
  const first = rows > mostAtOnce && !kept ? "pca" : (offered[0] ?? all[0])?.[0];
  const [wanted, setMethod] = useShared<string>(link, "method", "");
  const method = (offered.find(([value]) => value === wanted)?.[0] ?? first) as Method;
  return { method, choice: <MethodChoice method={method} setMethod={setMethod} methods={offered} /> };
}

/** Which layout, of those there are. */
function MethodChoice(props: {
  method: string;
  setMethod: (method: string) => void;
  methods: readonly (readonly [string, string])[];
}) {
  return (
    <label>
      <span>Laid out</span>
      <select value={props.method} onChange={(event) => props.setMethod(event.currentTarget.value)}>
        {props.methods.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

interface FindProps {
  dataset: string;
  /** Selects rows, and opens one of them. */
  select: (rows: number[]) => void;
  open: (row: number) => void;
}

const listed = 12;

/** Finds items by a text in any column of their dataset, and selects them. */
function Find({ dataset, select, open }: FindProps) {
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  const { value, error } = useLoad(
    async () => (asked === "" ? null : { asked, found: await api.find(dataset, asked, listed) }),
    [dataset, asked],
  );
  const hits = value && value.asked === asked ? value.found : null;
  useEffect(() => {
    if (hits) {
      select(hits.matches);
    }
  }, [hits]);
  return (
    <search class="find">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(text.trim());
          if (text.trim() === "") {
            select([]);
          }
        }}
      >
        <input
          type="search"
          value={text}
          placeholder="Find a text or an id"
          aria-label={`Find items of ${dataset} by a text in any column`}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit">Find</button>
      </form>
      {error && <Failure error={error} />}
      {hits && (
        <div class="hits" role="status">
          <span>
            {hits.matches.length === 0 ? "Nothing holds" : `${counted(hits.matches.length, "item")} with`} “
            {clip(asked, 40).text}”{hits.matches.length > 1 && ": "}
          </span>
          {hits.ids.map((id, i) => (
            <button key={id} type="button" class="link" onClick={() => open(hits.matches[i] ?? -1)}>
              <Name of={id} limit={40} />
            </button>
          ))}
          {hits.matches.length > hits.ids.length && <span class="muted">…</span>}
        </div>
      )}
    </search>
  );
}

/** How many items are selected, and the end of that. */
export function Selected({ count: n, clear }: { count: number; clear: () => void }) {
  if (n === 0) {
    return null;
  }
  return (
    <p>
      {counted(n, "item")} selected{" "}
      <button type="button" class="link" onClick={clear}>
        clear
      </button>
    </p>
  );
}

/** How far a layout is. */
export function Progress({ share, stage, job }: { share: number; stage: string; job: string }) {
  return (
    <div class="progress" role="status">
      <progress value={share} aria-label="progress of the map" /> {stage} <Cancel job={job} />
    </div>
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
  only,
  setOnly,
}: {
  painted: Painted;
  only: readonly string[];
  setOnly: (only: string[]) => void;
}) {
  const toggle = (name: string) =>
    setOnly(only.includes(name) ? only.filter((other) => other !== name) : [...only, name]);
  return (
    <div class="keys">
      {painted.range && (
        <span>
          {painted.range[0].toPrecision(3)} <span class="ramp" aria-hidden="true" />{" "}
          {painted.range[1].toPrecision(3)}
          {painted.more && " and more"}
        </span>
      )}
      {painted.keys.map((key) => (
        <button
          key={key.name}
          type="button"
          class={key.fixed ? "key fixed" : "key"}
          disabled={key.fixed}
          aria-pressed={only.includes(key.name)}
          onClick={() => toggle(key.name)}
        >
          <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true" fill={`rgb(${key.colour.join(" ")})`}>
            {key.hatched ? <path d="M0 8.5 8.5 0 10 1.5 1.5 10Z" /> : <circle cx="5" cy="5" r="5" />}
          </svg>
          <span>
            <Name of={key.name} limit={60} /> <span class="muted">{count(key.count)}</span>
          </span>
        </button>
      ))}
    </div>
  );
}
