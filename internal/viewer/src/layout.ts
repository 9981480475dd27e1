// A layout as it settles: asked for, seen in between, and what it has come to.
import { ApiError, api, type Job, type Layout } from "./api";
import type { NpyArray } from "./npy";
import { line, type Places } from "./socket";

type Request = Parameters<typeof api.layout>[0];
type OfSpaces = Request & { spaces: string[] };
type OfSteps = Request & { timeline: string };

/** Told of while a layout is made. */
export interface Settling {
  /** Whether anybody still wants it. */
  wanted: () => boolean;
  progress: (share: number, stage: string, job: string) => void;
  /** Coordinates as they are now, of each space, and the layout that they are of. */
  frame: (places: Places[], layout: string) => void;
}

/** Follows a layout to its end, and gives it with the last coordinates; null when nobody wants it any more. */
export async function settle(
  request: OfSpaces,
  told: Settling,
): Promise<{ layout: Layout; places: Places[] } | null> {
  const look = (id: string) =>
    Promise.all(
      request.spaces.map(
        async (_, i) => (await api.frame(id, i === 0 ? "coords_a" : "coords_b")).data as Places,
      ),
    );
  return following(request, told, await api.layout(request), look);
}

/**
 * Follows the map of an experiment's steps to its end, and gives it with the places at each step and the rows that they are
 * of; null when it is the one that is known already, or nobody wants it.
 */
export async function settleSteps(request: OfSteps, known: string, told: Settling) {
  const first = await api.layout(request);
  if (!first.job && first.layout?.id === known) {
    return null;
  }
  const done = await following(request, told, first, async (id) => beside(await api.frame(id, "coords")));
  if (!done) {
    return null;
  }
  const { columns, id, rows: n } = done.layout;
  const rows = columns.includes("row_a")
    ? ((await api.frame(id, "row_a")).data as Int32Array)
    : Int32Array.from({ length: n }, (_, row) => row);
  return { ...done, rows };
}

/** Takes places that stand beside each other in each row apart: x and y of each step. */
function beside({ data, shape: [rows = 0, width = 0] }: NpyArray): Places[] {
  return Array.from({ length: width / 2 }, (_, step) => {
    const places = new Float32Array(2 * rows);
    for (let i = 0; i < rows; i++) {
      places[2 * i] = data[i * width + 2 * step] ?? 0;
      places[2 * i + 1] = data[i * width + 2 * step + 1] ?? 0;
    }
    return places;
  });
}

async function following(
  request: Request,
  told: Settling,
  first: Awaited<ReturnType<typeof api.layout>>,
  look: (id: string) => Promise<Places[]>,
): Promise<{ layout: Layout; places: Places[] } | null> {
  let reply = first;
  while (reply.job && told.wanted()) {
    const layout = reply.layout?.id ?? "";
    const byLine = await line().open();
    const job = byLine ? await watched(layout, reply.job, told) : await asked(layout, reply.job, told, look);
    if (job.state === "failed" || job.state === "canceled") {
      throw ApiError.of(job.error ?? { code: "canceled", message: "the layout was canceled", hint: "" });
    }
    if (job.state === "done") {
      reply = await api.layout(request);
    }
  }
  return reply.layout && told.wanted() ? { layout: reply.layout, places: await look(reply.layout.id) } : null;
}

function stageOf(job: Job): string {
  return job.state === "queued" ? "waits for other maps" : job.stage;
}

const instant = 20_000; // rows: larger maps take a while, in which there is a coarse one to look at

/** Settles as `settle` does; where that takes a while, principal components stand for it until it has places. */
export async function settleSoon(request: OfSpaces, rows: number, told: Settling): ReturnType<typeof settle> {
  if (rows > instant && request.method !== "pca" && !(await isKept(request))) {
    await settle({ ...request, method: "pca" }, told).then(
      (coarse) => coarse && told.frame(coarse.places, coarse.layout.id),
      () => {}, // the wanted map tells what is wrong
    );
  }
  return told.wanted() ? settle(request, told) : null;
}

async function isKept({ spaces, method, dims = 2 }: OfSpaces): Promise<boolean> {
  const same = (layout: Layout) =>
    layout.state === "done" &&
    layout.method === method &&
    layout.dims === dims &&
    layout.spaces.join("\n") === spaces.join("\n");
  return (await api.layouts().catch(() => [])).some(same);
}

/** Follows by the websocket until the job has ended or nobody wants it. */
function watched(layout: string, job: Job, told: Settling): Promise<Job> {
  return new Promise((resolve, reject) => {
    const ends = [
      line().watch(`layout:${layout}`, {
        frame: ({ places }) => told.wanted() && told.frame(places, layout),
      }),
      line().watch(`job:${job.id}`, {
        event: ({ job: now, error }) => {
          if (now) {
            told.progress(now.progress, stageOf(now), now.id);
          }
          const lost = error?.code === "unavailable"; // it is asked for then, which tells how things are
          if (error || now?.ended_at || !told.wanted()) {
            for (const end of ends) {
              end();
            }
            error && !lost ? reject(ApiError.of(error)) : resolve(now ?? job);
          }
        },
      }),
    ];
  });
}

/** Asks once, where there is no websocket. */
async function asked(
  layout: string,
  job: Job,
  told: Settling,
  look: (id: string) => Promise<Places[]>,
): Promise<Job> {
  // A layout that has its first places says of how many epochs. It may end between the two questions.
  const now = await api.layoutNow(layout).catch(() => null);
  const places = now && now.of > 0 ? await look(now.id).catch(() => null) : null;
  if (places && told.wanted()) {
    told.frame(places, layout);
  }
  const moved = await api.job(job.id, 1);
  told.progress(moved.progress, stageOf(moved), moved.id);
  return moved;
}

/** Places into [0, 1]², or [0, 1]³, by one scale for all, with a margin. */
export function fitted(sides: readonly Float32Array[], dims = 2): Places[] {
  const low = new Float64Array(dims).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(dims).fill(Number.NEGATIVE_INFINITY);
  // Plain loops: these are some millions of numbers at each frame.
  for (const side of sides) {
    for (let axis = 0; axis < dims; axis++) {
      let [least, most] = [low[axis] ?? 0, high[axis] ?? 0];
      for (let i = axis; i < side.length; i += dims) {
        const v = side[i] ?? 0;
        least = Math.min(v, least);
        most = Math.max(v, most);
      }
      low[axis] = least;
      high[axis] = most;
    }
  }
  const span = low.reduce((widest, v, axis) => Math.max(widest, (high[axis] ?? 0) - v), 1e-9) / 0.94;
  return sides.map((side) => {
    const places = new Float32Array(side.length);
    for (let axis = 0; axis < dims; axis++) {
      const shift = 0.5 - ((low[axis] ?? 0) + (high[axis] ?? 0)) / 2 / span;
      for (let i = axis; i < side.length; i += dims) {
        places[i] = (side[i] ?? 0) / span + shift;
      }
    }
    return places;
  });
}
