// Long work of the daemon: what runs, how far it is, and what became of the rest.
import { useEffect, useState } from "preact/hooks";
import type { Job } from "./api";
import { counted, percent, when } from "./format";
import { Cancel, Section } from "./parts";
import { line } from "./socket";

const shown = 8; // of those that ended

/** The jobs, those that run first; `over` is called when one ends. */
export function Jobs({ list, over }: { list: Job[]; over: () => void }) {
  const running = list.filter((job) => !job.ended_at);
  const rest = list.filter((job) => job.ended_at);
  const [all, setAll] = useState(false);
  if (list.length === 0) {
    return null;
  }
  return (
    <Section title="Jobs">
      <ul class="jobs">
        {running.map((job) => (
          <Running key={job.id} job={job} over={over} />
        ))}
        {(all ? rest : rest.slice(0, shown)).map((job) => (
          <li key={job.id}>
            <span>
              {job.kind} {job.title}
            </span>
            <span class={job.state === "failed" ? "doubtful" : "muted"}>
              {job.state} {when(job.ended_at ?? "")}
            </span>
            {job.error && <span class="muted">{job.error.message}</span>}
          </li>
        ))}
      </ul>
      {rest.length > shown && !all && (
        <button type="button" onClick={() => setAll(true)}>
          Show all of {counted(list.length, "job")}
        </button>
      )}
    </Section>
  );
}

function Running({ job: first, over }: { job: Job; over: () => void }) {
  const [job, setJob] = useState(first);
  useEffect(
    () =>
      line().watch(`job:${first.id}`, {
        event: ({ job: now }) => {
          if (now) {
            setJob(now);
          }
          if (now?.ended_at) {
            over();
          }
        },
      }),
    [first.id],
  );
  return (
    <li>
      <span>
        {job.kind} <strong>{job.title}</strong>
      </span>
      <progress max="1" value={job.progress} aria-label={`progress of ${job.title}`} />
      <span class="muted">
        {job.state === "queued" ? "waits for others" : `${percent(job.progress)} ${job.stage}`}
        {job.left_s && job.left_s >= 2 ? `, about ${Math.round(job.left_s)} s left` : ""}
      </span>
      <Cancel job={job.id} />
    </li>
  );
}
