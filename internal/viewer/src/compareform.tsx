// The form that starts a comparison, shows how far it is, and can cancel it.
import { useRef, useState } from "preact/hooks";
import { ApiError, api, asApiError, type Job, type Space } from "./api";
import { count } from "./format";
import { Cancel, Failure } from "./parts";
import { fragmentOf } from "./route";

/** Follows a job to its end; `tell` hears of every step. */
async function follow(job: Job, tell: (job: Job) => void): Promise<Job> {
  let last = job;
  while (!last.ended_at) {
    tell(last);
    last = await api.job(last.id, 20);
  }
  return last;
}

/** Two spaces, k, and a button. */
export function CompareForm({ spaces }: { spaces: Space[] }) {
  const [a, setA] = useState(spaces[0]?.name ?? "");
  const [b, setB] = useState(partner(spaces)?.name ?? "");
  const [k, setK] = useState("10");
  const [job, setJob] = useState<Job | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const busy = useRef(false);

  async function start(event: Event) {
    event.preventDefault();
    if (busy.current) {
      return;
    }
    busy.current = true;
    setError(null);
    try {
      const reply = await api.compare(a, b, Number(k));
      const key = reply.comparison?.key ?? (reply.job ? await finish(reply.job) : null);
      if (key) {
        location.hash = fragmentOf({ page: "comparison", key });
      }
    } catch (problem) {
      setError(asApiError(problem));
    } finally {
      busy.current = false;
      setJob(null);
    }
  }

  async function finish(started: Job): Promise<string | null> {
    const end = await follow(started, setJob);
    if (end.state === "failed" && end.error) {
      setError(ApiError.of(end.error));
    }
    return end.result ?? null;
  }

  return (
    <form class="compare" onSubmit={start} aria-label="Compare two spaces">
      <SpaceChoice label="Compare" spaces={spaces} value={a} choose={setA} />
      <SpaceChoice label="with" spaces={spaces} value={b} choose={setB} />
      <label>
        <span>neighbours</span>
        <input
          type="number"
          name="k"
          min="1"
          max="256"
          required
          value={k}
          onInput={(event) => setK(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary" disabled={job !== null}>
        Compare
      </button>
      {job && <Progress job={job} />}
      {error && <Failure error={error} />}
    </form>
  );
}

/** The space to compare the first with: another of the same dataset where there is one. */
function partner(spaces: Space[]): Space | undefined {
  const [first, ...others] = spaces;
  return others.findLast((space) => space.dataset === first?.dataset) ?? others[0] ?? first;
}

interface Choice {
  label: string;
  spaces: Space[];
  value: string;
  choose: (name: string) => void;
}

/** Which space. */
export function SpaceChoice({ label, spaces, value, choose }: Choice) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {spaces.map((space) => (
          <option key={space.name} value={space.name}>
            {space.name} · {count(space.rows)} × {count(space.dims)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Progress({ job }: { job: Job }) {
  return (
    <div class="progress" role="status">
      <progress max="1" value={job.progress} aria-label="progress of the comparison" />
      <span>
        {job.stage || job.state}
        {job.left_s && job.left_s >= 2 ? `, about ${count(Math.round(job.left_s))} s left` : ""}
      </span>
      <Cancel job={job.id} />
    </div>
  );
}
