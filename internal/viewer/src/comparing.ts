// What was asked of a comparison; one like another, with something changed: asked for, and waited for.
import { ApiError, api, asApiError, type CompareReply, type Comparison } from "./api";
import { count, counted } from "./format";

const few = 2; // measures, told by name

/** What else was asked of a comparison: what tells it from another of the same spaces, neighbours and metrics. */
export function askedOf(c: Comparison): string {
  const columns = [...new Set(c.groups.map(({ column }) => column))];
  const measures = Object.keys(c.measures).sort();
  return [
    c.preset && `preset ${c.preset}`,
    c.sampled_rows !== null && `a sample of ${count(c.sampled_rows)}`,
    c.engine !== "local" && [c.engine, c.index_a, c.index_b].filter(Boolean).join(" "),
    columns.length > 0 && `by ${columns.join(", ")}`,
    measures.length > few && counted(measures.length, "measure"),
    measures.length > 0 && measures.length <= few && `measured: ${measures.join(", ")}`,
  ]
    .filter(Boolean)
    .join("; ");
}

/** Whether the score is of all items, and of their true neighbours. */
export function exactness(c: Comparison): string {
  const of = c.sampled_rows === null ? "" : `from a sample of ${count(c.sampled_rows)}`;
  const by = c.engine === "local" ? "" : `by ${c.engine}`;
  const told = of || (c.exact ? "exact" : "approximate");
  return by ? `${told}, ${by}` : told;
}

/** Gives the comparison of two spaces; the daemon makes it where it is not kept. */
export function compared(a: string, b: string, k: number): Promise<Comparison> {
  return made(() => api.compare(a, b, k));
}

/** Gives the comparison of the same spaces with other neighbours, metrics or groups; the daemon makes it where it is not kept. */
export async function alike(
  c: Comparison,
  changed: { k?: number; by?: string[]; metric?: string },
): Promise<Comparison> {
  return made(() =>
    api.compare(c.a, c.b, changed.k ?? c.k, {
      metric_a: changed.metric ?? c.metric_a,
      metric_b: changed.metric ?? c.metric_b,
      preset: c.preset ?? "",
      sample: c.sampled_rows ?? 0,
      exact: c.exact,
      engine: c.engine,
      index_a: c.index_a ?? "",
      index_b: c.index_b ?? "",
      by: changed.by ?? [],
    }),
  );
}

async function made(ask: () => Promise<CompareReply>): Promise<Comparison> {
  let reply = await ask();
  while (!reply.comparison && reply.job) {
    const job = await api.job(reply.job.id, 10);
    if (job.error) {
      throw ApiError.of(job.error);
    }
    if (job.state === "done") {
      reply = { comparison: await api.comparison(job.result ?? "") };
    }
  }
  if (!reply.comparison) {
    throw asApiError("the comparison was canceled");
  }
  return reply.comparison;
}
