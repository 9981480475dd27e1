// The steps of an experiment on one map: a slider goes through them, a line tells how many neighbours each step kept.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type ApiError, api, asApiError, type Layout } from "./api";
import { compared } from "./comparing";
import { Keys, named, Progress, Selected, ToolBar, useTools } from "./controls";
import { Exports, type Figure, Still } from "./exports";
import { clip, count, counted, score } from "./format";
import { useHover } from "./hover";
import { Neighbours } from "./items";
import { fitted, settleSteps } from "./layout";
import { type Link, useSelection, useShared } from "./link";
import { useLoad } from "./load";
import { marksOfOne } from "./marks";
import { between, still } from "./morph";
import { mostNeighbours, neighboursOf, tableOf, tellOf, usePaint } from "./onemap";
import { Failure, Failures, Section, Waiting } from "./parts";
import { Plot } from "./plot";
import { fragmentOf } from "./route";
import { Saved, savedColour, useSaved } from "./saved";
import type { Places } from "./socket";
import { useTip } from "./tip";

/** The page of an experiment. */
export function ExperimentPage({ experiment, link }: { experiment: string; link: Link }) {
  return (
    <>
      <nav aria-label="breadcrumb" class="above">
        <a href={fragmentOf({ page: "catalogue" })}>← What is tracked</a>
      </nav>
      <h1>{experiment}</h1>
      <Section title="Its steps on one map">
        <StepsMap experiment={experiment} link={link} />
      </Section>
    </>
  );
}

const newest = null;
const pace = 900; // ms a step, when it plays

interface StepsProps {
  experiment: string;
  /** A dataset: only the spaces in this one. */
  within?: string;
  link?: Link | null;
}

/** One map for all steps. Where no step is chosen it shows the newest, also when a further one is logged. */
export function StepsMap({ experiment, within = "", link = null }: StepsProps) {
  const tools = useTools(link, { k: 10, most: mostNeighbours, deep: false });
  const { colour, only, k, camera } = tools;
  const [step, setStep] = useShared<number | null>(link, "step", newest);
  const [reference] = useShared(link, "reference", "");
  const { frames, rows, layout, progress, error } = useSteps(experiment, within);
  const steps = layout?.steps ?? [];
  const last = frames.length - 1;
  const found = step === newest ? -1 : steps.indexOf(step);
  const at = found < 0 ? last : Math.min(found, last);
  const goTo = (i: number) => setStep(i >= last ? newest : (steps[i] ?? newest));
  const playing = usePlay(at, last, goTo);
  const places = useGlide(frames, at);
  const space = layout?.spaces[at] ?? "";
  const dataset = useLoad(async () => (space ? (await api.space(space)).dataset : null), [space]).value;
  const columns = useLoad(async () => (dataset ? (await api.dataset(dataset)).columns : []), [dataset]);
  const { chosen, selection, ...says } = useSelection(link, rows);
  const owner = { space, among: layout?.spaces ?? noSpaces };
  const saved = useSaved(owner);
  const { painted, paint } = usePaint({
    dataset,
    colour,
    rows: rows ?? noRows,
    only,
    selection,
    saved: saved.list,
  });
  const row = chosen < 0 ? -1 : (rows?.[chosen] ?? -1);
  const near = useLoad(
    async () => (row < 0 || !space ? null : { space, ...(await neighboursOf(space, dataset, row, k)) }),
    [space, dataset, row, k],
  );
  const list = near.value?.row === row && near.value.space === space ? near.value : null;
  const around = useMemo(() => marksOfOne(list?.list ?? [], chosen), [list, chosen]);
  const { pointed, marks, hover, walk } = useHover(around, says.hover);
  const ofColour = colour === "=saved" ? "saved selections" : "";
  const { tip, line } = useTip({ pointed, dataset, rows, painted, colour: ofColour });
  const told = useAgreement(layout, reference, 10);
  const figure = (): Figure => ({
    file: `${experiment} step ${steps[at] ?? at}`,
    title: `${experiment}, step ${steps[at] ?? at}`,
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
  const show = frames.length > 0 && layout;
  return (
    <div class="maps">
      <ToolBar
        tools={tools}
        colours={[...savedColour(saved.list), ...named(columns.value)]}
        dataset={dataset}
        says={says}
      />
      {show && (
        <div class="scrub">
          <button type="button" onClick={playing.toggle} disabled={last < 1}>
            {playing.on ? "Stop" : "Play"}
          </button>
          <input
            type="range"
            min="0"
            max={Math.max(last, 0)}
            step="1"
            value={at}
            disabled={last < 1}
            aria-label={`Steps of ${experiment}`}
            aria-valuetext={`step ${steps[at] ?? at}`}
            onInput={(event) => {
              playing.stop();
              goTo(Number(event.currentTarget.value));
            }}
          />
          <output>
            step {count(steps[at] ?? at)}
            {at === last && ", the newest"}
          </output>
        </div>
      )}
      {show && last > 0 && <Agreement steps={steps} lines={told} at={at} goTo={goTo} />}
      <div class="one">
        <Plot
          name={space}
          side="a"
          places={places}
          colours={painted.colours}
          {...{ tip, tools, walk, chosen, hover, marks }}
          choose={says.choose}
          lasso={says.select}
        />
        <div class="beside">
          <Keys painted={painted} only={only} setOnly={tools.setOnly} />
          <p class="status" aria-live="polite">
            {list
              ? `${clip(list.id, 80).text} at step ${steps[at] ?? at}: ${counted(list.list.length, "neighbour")}`
              : line || (rows && `${counted(rows.length, "item")}, ${counted(frames.length, "step")}`)}
          </p>
          <Failures of={[near, columns, paint, saved]} />
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
        Every step begins where the one before it ended and is held to it where neighbours stayed: what moves
        really changed. Click an item: its neighbours at this step. Drag to move, wheel to zoom (click the map
        first), Shift and drag for a lasso; keys: arrows, + − 0, L for the lasso, ? for all of them, Esc.
      </p>
      {error && <Failure error={error} />}
      {progress && <Progress {...progress} />}
      <Selected count={selection.length} clear={() => says.select([])} />
      {show && rows && (
        <Saved link={link} of={owner} saved={saved} rows={says.rows} select={says.selectRows} />
      )}
      {layout?.state === "done" && rows && (
        <>
          <Exports
            figure={figure}
            table={() => tableOf(dataset, rows, selection, places)}
            rows={selection.length || rows.length}
          />
          <Still link={link} figure={figure} looked={[places, painted, around, camera]} />
        </>
      )}
      {!show && !progress && !error && <Waiting what="the map" />}
    </div>
  );
}

const noRows = new Int32Array();
const noSpaces: string[] = [];

/** Places that glide from the step that was shown to the one that is, through those between. */
function useGlide(frames: readonly Places[], to: number): Places | null {
  const [at, setAt] = useState(to);
  const now = useRef(to);
  useEffect(() => {
    const from = now.current;
    if (still() || from < 0 || Math.abs(to - from) < 1e-6) {
      now.current = to;
      setAt(to);
      return;
    }
    const began = performance.now();
    const glide = (time: number) => {
      const part = Math.min(1, Math.max(0, time - began) / 500);
      now.current = part < 1 ? from + (to - from) * part * part * (3 - 2 * part) : to;
      setAt(now.current);
      if (part < 1) {
        timer = requestAnimationFrame(glide);
      }
    };
    let timer = requestAnimationFrame(glide);
    return () => cancelAnimationFrame(timer);
  }, [to]);
  return useMemo(() => {
    const before = frames[Math.floor(at)] ?? frames.at(-1) ?? null;
    const after = frames[Math.ceil(at)];
    return before && after && at % 1 > 0 ? between(before, after, at % 1) : before;
  }, [frames, at]);
}

/** Goes through the steps by itself. */
function usePlay(at: number, last: number, goTo: (i: number) => void) {
  const [on, setOn] = useState(false);
  useEffect(() => {
    if (!on) {
      return;
    }
    const next = setTimeout(() => (at < last ? goTo(at + 1) : setOn(false)), pace);
    return () => clearTimeout(next);
  }, [on, at, last]);
  const toggle = () => {
    if (!on && at >= last) {
      goTo(0);
    }
    setOn(!on);
  };
  return { on, toggle, stop: () => setOn(false) };
}

interface Line {
  name: string;
  /** Mean Jaccard of each step; null: not known (yet). */
  values: (number | null)[];
}

/** How well each step agrees with the one before it, and with a space of reference where one is named. */
function useAgreement(layout: Layout | null, reference: string, k: number): Line[] {
  const [known, setKnown] = useState<Record<string, number>>({});
  const spaces = layout?.spaces ?? [];
  useEffect(() => {
    let current = true;
    const fill = async () => {
      for (const space of reference ? spaces : []) {
        if (current && known[`${reference}\n${space}`] === undefined) {
          const { jaccard } = await compared(reference, space, k);
          setKnown((all) => ({ ...all, [`${reference}\n${space}`]: jaccard.mean }));
        }
      }
    };
    fill().catch(() => {}); // the line stays empty: the map is what was asked for
    return () => {
      current = false;
    };
  }, [reference, spaces.join("\n")]);
  const lines: Line[] = [
    { name: "the step before", values: [null, ...(layout?.moves ?? []).map((move) => move.jaccard)] },
  ];
  if (reference) {
    lines.push({ name: reference, values: spaces.map((space) => known[`${reference}\n${space}`] ?? null) });
  }
  return lines;
}

const wide = 600;
const tall = 90;

/** Agreement along the steps; a click goes to a step. */
function Agreement({
  steps,
  lines,
  at,
  goTo,
}: {
  steps: readonly (number | null)[];
  lines: Line[];
  at: number;
  goTo: (i: number) => void;
}) {
  const x = (i: number) => 8 + (i * (wide - 16)) / Math.max(1, steps.length - 1);
  const y = (v: number) => tall - 6 - v * (tall - 12);
  const here = lines
    .map(({ name, values }) => {
      const value = values[at];
      return value === null || value === undefined ? "" : `${score(value)} with ${name}`;
    })
    .filter(Boolean)
    .join(", ");
  return (
    <figure class="agreement">
      <figcaption class="muted">
        Agreement of the neighbours (Jaccard at 10)
        {here && `: ${here}`}
      </figcaption>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the slider above does the same by keys */}
      <svg
        viewBox={`0 0 ${wide} ${tall}`}
        role="img"
        aria-label={`Agreement along ${counted(steps.length, "step")}. ${here}`}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const share = ((event.clientX - box.left) * wide) / box.width;
          goTo(Math.round(((share - 8) / (wide - 16)) * (steps.length - 1)));
        }}
      >
        <line class="grid" x1="0" x2={wide} y1={y(0)} y2={y(0)} />
        <line class="grid" x1="0" x2={wide} y1={y(1)} y2={y(1)} />
        <line class="now" x1={x(at)} x2={x(at)} y1="0" y2={tall} />
        {lines.map(({ name, values }, nth) => (
          <g key={name} class={nth === 0 ? "with-before" : "with-reference"}>
            <polyline
              points={values
                .flatMap((v, i) => (v === null ? [] : [`${x(i).toFixed(1)},${y(v).toFixed(1)}`]))
                .join(" ")}
            />
            {values.map(
              (v, i) =>
                v !== null && (
                  <circle key={steps[i]} cx={x(i)} cy={y(v)} r={i === at ? 4 : 2.5}>
                    <title>{`step ${steps[i]}: ${score(v)} with ${name}`}</title>
                  </circle>
                ),
            )}
          </g>
        ))}
      </svg>
    </figure>
  );
}

interface Running {
  frames: Places[];
  rows: Int32Array | null;
  layout: Layout | null;
  progress: { share: number; stage: string; job: string } | null;
  error: ApiError | null;
}

const look = 4000; // ms between two looks for a further step, while the page is seen

/** Asks for the map and shows it while it settles; a step that is logged later is added. */
function useSteps(experiment: string, dataset: string): Running {
  const none: Running = { frames: [], rows: null, layout: null, progress: null, error: null };
  const [state, setState] = useState(none);
  useEffect(() => {
    let current = true;
    let timer = 0;
    let id = "";
    const set = (next: Partial<Running>) => current && setState((last) => ({ ...last, ...next }));
    setState(none);
    const settle = async () => {
      const done = await settleSteps({ timeline: experiment, dataset }, id, {
        wanted: () => current,
        progress: (share, stage, job) => set({ progress: { share, stage, job } }),
        frame: (places) => id === "" && set({ frames: fitted(places) }),
      });
      if (done) {
        id = done.layout.id;
        set({
          layout: done.layout,
          frames: fitted(done.places),
          rows: done.rows,
          progress: null,
          error: null,
        });
      }
    };
    const follow = () => {
      const work = document.hidden ? Promise.resolve() : settle();
      work
        .catch((error: unknown) => set({ error: asApiError(error), progress: null }))
        .then(() => {
          timer = window.setTimeout(() => current && follow(), look);
        });
    };
    follow();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [experiment, dataset]);
  return state;
}
