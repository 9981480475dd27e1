// A layout as it settles: asked for, seen in between, and what it has come to.
import { api, asApiError, type Layout } from "./api";

type Request = Parameters<typeof api.layout>[0] & { spaces: string[] };
type Places = Float32Array<ArrayBuffer>;

/** Told of while a layout is made. */
export interface Settling {
  /** Whether anybody still wants it. */
  wanted: () => boolean;
  progress: (share: number, stage: string) => void;
  /** Coordinates as they are now, of each space. */
  frame: (places: Places[]) => void;
}

/** Follows a layout to its end, and gives it with the last coordinates; null when nobody wants it any more. */
export async function settle(
  request: Request,
  told: Settling,
): Promise<{ layout: Layout; places: Places[] } | null> {
  let reply = await api.layout(request);
  const look = (id: string) =>
    Promise.all(
      request.spaces.map(
        async (_, i) => (await api.frame(id, i === 0 ? "coords_a" : "coords_b")).data as Places,
      ),
    );
  while (reply.job && told.wanted()) {
    // A layout that has its first places says of how many epochs. It may end between the two questions.
    const now = reply.layout && (await api.layoutNow(reply.layout.id).catch(() => null));
    const places = now && now.of > 0 ? await look(now.id).catch(() => null) : null;
    if (places && told.wanted()) {
      told.frame(places);
    }
    const job = await api.job(reply.job.id, 1);
    told.progress(job.progress, job.stage);
    if (job.state === "failed" || job.state === "canceled") {
      throw asApiError(
        job.error ? Object.assign(new Error(job.error.message), job.error) : "the layout was canceled",
      );
    }
    if (job.state === "done") {
      reply = await api.layout(request);
    }
  }
  return reply.layout && told.wanted() ? { layout: reply.layout, places: await look(reply.layout.id) } : null;
}

/** Places into [0, 1]² by one scale for all, with a margin. */
export function fitted(sides: readonly Float32Array[]): Places[] {
  const low: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high: [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const side of sides) {
    side.forEach((v, i) => {
      const axis = (i % 2) as 0 | 1;
      low[axis] = Math.min(low[axis], v);
      high[axis] = Math.max(high[axis], v);
    });
  }
  const span = Math.max(high[0] - low[0], high[1] - low[1], 1e-9) / 0.94;
  return sides.map((side) =>
    Float32Array.from(side, (v, i) => {
      const axis = (i % 2) as 0 | 1;
      return 0.5 + (v - (low[axis] + high[axis]) / 2) / span;
    }),
  );
}
