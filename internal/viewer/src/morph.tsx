// One map turned into the other: the points go from where A has them to where B has them, and the movers leave a trail.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { counted } from "./format";
import type { Trails } from "./plot";

type Places = Float32Array<ArrayBuffer>;

const duration = 1800; // ms
const mostTrails = 300;

/** What a morph needs to know of the maps. */
export interface Morphing {
  a: Places | null;
  b: Places | null;
  /** How far each point moves, and from where on that means something. */
  moved: Float32Array | null;
  band: number;
  selection: readonly number[];
}

/** The places of A on their way to B: t = 0 is A, t = 1 is B. */
export function useMorph({ a, b, moved, band, selection }: Morphing) {
  const [t, setT] = useState(0);
  const timer = useRef(0);
  const stop = () => cancelAnimationFrame(timer.current);
  useEffect(() => stop, []);
  const movers = useMemo(() => moversOf(moved, band, selection), [moved, band, selection]);
  const places = useMemo(() => (t > 0 && a && b ? between(a, b, t) : a), [a, b, t]);
  const trails = useMemo(
    (): Trails => (t > 0 && !still() ? { ids: movers, from: a } : { ids: [], from: null }),
    [t > 0, movers, a],
  );
  const play = () => {
    const [from, to] = t < 0.5 ? [t, 1] : [t, 0];
    stop();
    if (still()) {
      setT(to);
      return;
    }
    const began = performance.now();
    const step = (now: number) => {
      const part = Math.min(1, Math.max(0, now - began) / duration);
      setT(from + (to - from) * part * part * (3 - 2 * part));
      if (part < 1) {
        timer.current = requestAnimationFrame(step);
      }
    };
    timer.current = requestAnimationFrame(step);
  };
  const set = (next: number) => {
    stop();
    setT(next);
  };
  return { t, set, play, places, trails, movers: movers.length };
}

/** The reader wants nothing to move by itself. */
export function still(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Places a part of the way from one map to another. */
export function between(a: Places, b: Places, t: number): Places {
  const out = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) {
    const from = a[i] ?? 0;
    out[i] = from + ((b[i] ?? from) - from) * t;
  }
  return out;
}

/** Those of the selection (else of all) that move farther than the band, the farthest first. */
export function moversOf(moved: Float32Array | null, band: number, selection: readonly number[]): number[] {
  if (!moved) {
    return [];
  }
  const far = (id: number) => moved[id] ?? 0;
  const farthest = (ids: number[]) => ids.sort((i, j) => far(j) - far(i) || i - j).slice(0, mostTrails);
  let kept: number[] = [];
  let least = band;
  const n = selection.length || moved.length;
  for (let i = 0; i < n; i++) {
    const id = selection[i] ?? i;
    if (far(id) > least) {
      kept.push(id);
    }
    if (kept.length >= 8 * mostTrails) {
      kept = farthest(kept); // of a million only some are ever sorted
      least = far(kept.at(-1) ?? 0);
    }
  }
  return farthest(kept);
}

/** The button and the slider of a morph. */
export function Morph({ a, b, morph }: { a: string; b: string; morph: ReturnType<typeof useMorph> }) {
  return (
    <div class="morph">
      <button type="button" onClick={morph.play}>
        {morph.t < 0.5 ? `Morph ${a} into ${b}` : `Morph back to ${a}`}
      </button>
      <input
        type="range"
        min="0"
        max="100"
        value={Math.round(100 * morph.t)}
        aria-label={`The first map, from ${a} to ${b}`}
        aria-valuetext={`${Math.round(100 * morph.t)} % of the way to ${b}`}
        onInput={(event) => morph.set(Number(event.currentTarget.value) / 100)}
      />
      <span class="muted">
        {morph.movers === 0
          ? "no item moved farther than means something"
          : `${morph.t > 0 && !still() ? "trails of " : ""}${morph.movers === mostTrails ? `the ${mostTrails} farthest movers` : counted(morph.movers, "mover")}`}
      </span>
    </div>
  );
}
