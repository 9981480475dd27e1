// The first page: what is tracked, and the start of a comparison.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import {
  api,
  type Comparison,
  type Dataset,
  type Experiment,
  type Index,
  type Job,
  type Space,
  type Thing,
} from "./api";
import { CompareForm } from "./compareform";
import { askedOf } from "./comparing";
import { clip, count, counted, littleSpread, oddNorms, score, shortly, when } from "./format";
import { Jobs } from "./jobs";
import { useLoad } from "./load";
import { Failure, Name, Section, Waiting } from "./parts";
import { type Gone, Names, Remove } from "./remove";
import { fragmentOf } from "./route";

interface Tracked {
  spaces: Space[];
  comparisons: Comparison[];
  datasets: Dataset[];
  experiments: Experiment[];
  indices: Index[];
  jobs: Job[];
}

async function loadTracked(): Promise<Tracked> {
  const [spaces, comparisons, datasets, experiments, indices, jobs] = await Promise.all([
    api.spaces(),
    api.comparisons(),
    api.datasets(),
    api.experiments(),
    api.indices(),
    api.jobs(),
  ]);
  return { spaces, comparisons, datasets, experiments, indices, jobs };
}

/** The list of everything that is tracked. */
export function Catalogue() {
  const { value: tracked, error, again } = useLoad(loadTracked, []);
  const [text, setText] = useState("");
  const [notes, setNotes] = useState<string[]>([]);
  const gone: Gone = (warnings) => {
    setNotes(warnings);
    again();
  };
  useEffect(() => {
    addEventListener("focus", again); // what was tracked from a terminal meanwhile
    return () => removeEventListener("focus", again);
  }, [again]);
  if (error) {
    return <Failure error={error} again={again} />;
  }
  if (!tracked) {
    return <Waiting what="what is tracked" />;
  }
  if (tracked.spaces.length + tracked.datasets.length + tracked.experiments.length === 0) {
    return <Empty />;
  }
  const found = narrowed(tracked, text);
  const jobs = found.jobs.slice().reverse(); // the last first
  const busy = jobs.some((job) => !job.ended_at);
  const some = Object.values(found).some((list) => list.length > 0);
  return (
    <Names.Provider value={(thing) => nameOf(thing, tracked.comparisons)}>
      <h1>What is tracked</h1>
      {tracked.spaces.length > 0 && <CompareForm spaces={tracked.spaces} />}
      <search class="narrow">
        <input
          type="search"
          value={text}
          placeholder="Search names, columns, models and parameters"
          aria-label="Search what is tracked"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </search>
      {notes.map((note) => (
        <p key={note} role="status">
          {note}
        </p>
      ))}
      {!some && <p role="status">Nothing holds “{clip(text, 60).text}”.</p>}
      {busy && <Jobs list={jobs} over={again} />}
      <Spaces list={found.spaces} look={setText} gone={gone} />
      <Comparisons list={found.comparisons} gone={gone} />
      <Datasets list={found.datasets} spaces={tracked.spaces} look={setText} gone={gone} />
      <Experiments list={found.experiments} spaces={tracked.spaces} look={setText} gone={gone} />
      <Indices list={found.indices} gone={gone} />
      {!busy && <Jobs list={jobs} over={again} />}
    </Names.Provider>
  );
}

/** A comparison goes by the names of its spaces, not by its key; what was asked tells it from others of the same. */
function nameOf({ kind, name }: Thing, comparisons: Comparison[]): string {
  const found = kind === "comparison" ? comparisons.find((c) => c.key === name) : undefined;
  return found ? `${found.a} ↔ ${found.b} (${toldApart(found)})` : name;
}

function toldApart(c: Comparison): string {
  return [`k = ${c.k}`, metricsOf(c), askedOf(c)].filter(Boolean).join("; ");
}

function metricsOf(c: Comparison): string {
  return c.metric_a === c.metric_b ? c.metric_a : `${c.metric_a}, ${c.metric_b}`;
}

/** The things whose names, or what is said of them, hold each word of a text. */
function narrowed(tracked: Tracked, text: string): Tracked {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (...said: unknown[]) => {
    const all = said.map((one) => (typeof one === "string" ? one : JSON.stringify(one ?? ""))).join("\n");
    return words.every((word) => all.toLowerCase().includes(word));
  };
  return {
    spaces: tracked.spaces.filter((s) => holds(s.name, s.dataset, s.experiment, s.metric)),
    comparisons: tracked.comparisons.filter((c) => holds(c.a, c.b, c.metric_a, c.metric_b, askedOf(c))),
    datasets: tracked.datasets.filter((d) => holds(d.name, d.columns)),
    experiments: tracked.experiments.filter((e) =>
      holds(e.name, e.model, e.train_dataset, e.params, e.git_commit),
    ),
    indices: tracked.indices.filter((i) => holds(i.name, i.space, i.model, i.similarity)),
    jobs: tracked.jobs.filter((j) => holds(j.kind, j.title, j.state)),
  };
}

function Empty() {
  return (
    <section class="empty">
      <h1>Nothing is tracked yet</h1>
      <p>
        An embedding space is a matrix with one vector for each row of a dataset. Track the first one from a
        terminal
      </p>
      <pre>
        <code>vectory demo{"\n"}vectory add -i items.csv -e vectors.npy</code>
      </pre>
      <p>or from Python</p>
      <pre>
        <code>
          import vectory as vy{"\n"}vy.add_dataset("items", "items.csv"){"\n"}vy.log("model-a", X,
          dataset="items")
        </code>
      </pre>
    </section>
  );
}

/** A cell: text, or a number set to the right. */
type Cell = ComponentChildren | { number: string };

const pageLength = 100;

function Table({ columns, rows }: { columns: string[]; rows: Cell[][] }) {
  const [shown, setShown] = useState(pageLength);
  const isNumber = (cell: Cell | undefined): cell is { number: string } =>
    typeof cell === "object" && cell !== null && "number" in cell;
  return (
    <>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              {columns.map((name, i) => (
                <th key={name} scope="col" class={rows.some((row) => isNumber(row[i])) ? "number" : ""}>
                  {name || <span class="hidden">What can be done</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row, i) => (
              <tr key={keyOf(row) ?? i}>
                {row.map((cell, j) => (
                  <td key={columns[j]} class={isNumber(cell) ? "number" : ""}>
                    {isNumber(cell) ? cell.number : cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown && (
        <button type="button" onClick={() => setShown(shown + 10 * pageLength)}>
          Show more of {count(rows.length)}
        </button>
      )}
    </>
  );
}

/** The key of a row: that of its last cell, the button that deletes what it is of. */
function keyOf(row: Cell[]): string | null {
  const last = row.at(-1);
  return last && typeof last === "object" && "key" in last ? String(last.key) : null;
}

/** A time on one line; that of another year has its year, and all is told where it is pointed at. */
function When({ iso }: { iso: string }) {
  return (
    <time class="whole" dateTime={iso} title={when(iso)}>
      {shortly(iso)}
    </time>
  );
}

const absent = <span class="muted">–</span>;

interface Listed<T> {
  list: T[];
  gone: Gone;
}

/** A name that narrows the page to what belongs to it. */
function Belongs({ name, look }: { name: string | null; look: (text: string) => void }) {
  return name === null ? (
    absent
  ) : (
    <button type="button" class="link" title={`what belongs to ${name}`} onClick={() => look(name)}>
      <Name of={name} />
    </button>
  );
}

interface SpacesProps extends Listed<Space> {
  look: (text: string) => void;
}

function Spaces({ list, look, gone }: SpacesProps) {
  if (list.length === 0) {
    return null;
  }
  return (
    <Section title="Embedding spaces">
      <Table
        columns={["Space", "Health", "Dataset", "Experiment", "Step", "Rows", "Dims", "Metric", "Added", ""]}
        rows={list.map((s) => [
          <a key="name" href={fragmentOf({ page: "space", name: s.name })}>
            <strong>
              <Name of={s.name} />
            </strong>
          </a>,
          <Badge key={s.sha256} space={s} />,
          <Belongs key="dataset" name={s.dataset} look={look} />,
          <Belongs key="experiment" name={s.experiment} look={look} />,
          { number: s.step === null ? "–" : count(s.step) },
          { number: count(s.rows) },
          { number: count(s.dims) },
          s.metric,
          <When key="added" iso={s.created_at} />,
          <Remove key={s.name} kind="space" name={s.name} label={s.name} gone={gone}>
            <a href={fragmentOf({ page: "space", name: s.name })} aria-label={`Map of ${s.name}`}>
              Map
            </a>
          </Remove>,
        ])}
      />
    </Section>
  );
}

/** Whether a space's numbers are sound, in a word; the page of the space has all of it. */
function Badge({ space: { health, rows, dims } }: { space: Space }) {
  const found = [
    [health.nonfinite, "not finite"],
    [health.zero_rows, counted(health.zero_rows, "zero row")],
    [health.duplicate_rows, counted(health.duplicate_rows, "duplicate")],
    [health.constant_dims, counted(health.constant_dims, "dead dimension")],
    [oddNorms(health, rows), "a length far off"],
    ...littleSpread(health, dims).map((text) => [true, text] as const),
  ].flatMap(([n, text]) => (Number(n) > 0 ? [String(text)] : []));
  return found.length === 0 ? (
    <span class="badge good">sound</span>
  ) : (
    <span class="badge doubtful" title={found.join(", ")}>
      {found[0]}
      {found.length > 1 && ` +${found.length - 1}`}
    </span>
  );
}

function Comparisons({ list, gone }: Listed<Comparison>) {
  if (list.length === 0) {
    return null;
  }
  return (
    <Section title="Comparisons">
      <Table
        columns={["Spaces", "Jaccard", "Chance", "k", "Rows", "Metrics", "Made", ""]}
        rows={list.map((c) => [
          <a key="link" href={fragmentOf({ page: "comparison", key: c.key })}>
            <Name of={c.a} /> <span class="versus">↔</span> <Name of={c.b} />
            {askedOf(c) && (
              <>
                {" "}
                <span class="asked">{askedOf(c)}</span>
              </>
            )}
          </a>,
          { number: score(c.jaccard.mean) },
          { number: score(c.jaccard.chance) },
          { number: String(c.k) },
          { number: count(c.rows) },
          metricsOf(c),
          <When key="made" iso={c.created_at} />,
          <Remove
            key={c.key}
            kind="comparison"
            name={c.key}
            label={`${c.a} with ${c.b}, ${toldApart(c)}`}
            gone={gone}
          />,
        ])}
      />
    </Section>
  );
}

type Lineage = { spaces: Space[]; look: (text: string) => void };

function Datasets({ list, spaces, look, gone }: Listed<Dataset> & Lineage) {
  if (list.length === 0) {
    return null;
  }
  return (
    <Section title="Datasets">
      <Table
        columns={["Dataset", "Rows", "Id", "Columns", "Spaces", "Added", ""]}
        rows={list.map((d) => [
          <strong key="name">
            <Name of={d.name} />
          </strong>,
          { number: count(d.rows) },
          d.id_field ? <Name key="id" of={d.id_field} limit={60} /> : <span class="muted">row number</span>,
          d.columns.length <= 6 ? (
            <Name key="columns" of={d.columns.join(", ")} />
          ) : (
            counted(d.columns.length, "column")
          ),
          <SpacesOf
            key="spaces"
            list={spaces.filter((s) => s.dataset === d.name)}
            name={d.name}
            look={look}
          />,
          <When key="added" iso={d.created_at} />,
          <Remove key={d.name} kind="dataset" name={d.name} label={d.name} gone={gone} />,
        ])}
      />
    </Section>
  );
}

/** How many spaces came from a thing; a click shows them. */
function SpacesOf({ list, name, look }: { list: Space[]; name: string; look: (text: string) => void }) {
  return list.length === 0 ? (
    absent
  ) : (
    <button type="button" class="link whole" title={`what belongs to ${name}`} onClick={() => look(name)}>
      {counted(list.length, "space")}
    </button>
  );
}

function Experiments({ list, spaces, look, gone }: Listed<Experiment> & Lineage) {
  if (list.length === 0) {
    return null;
  }
  return (
    <Section title="Experiments">
      <Table
        columns={["Experiment", "Model", "Trained on", "Parameters", "Made by", "Spaces", "Added", ""]}
        rows={list.map((e) => [
          spaces.some((s) => s.experiment === e.name && s.step !== null) ? (
            <a key="name" href={fragmentOf({ page: "experiment", name: e.name })}>
              <strong>
                <Name of={e.name} />
              </strong>
            </a>
          ) : (
            <strong key="name">
              <Name of={e.name} />
            </strong>
          ),
          e.model && <Name key="model" of={e.model} />,
          <Belongs key="trained" name={e.train_dataset} look={look} />,
          pairs(e.params),
          <Made key="made" experiment={e} />,
          <SpacesOf
            key="spaces"
            list={spaces.filter((s) => s.experiment === e.name)}
            name={e.name}
            look={look}
          />,
          <When key="added" iso={e.created_at} />,
          <Remove key={e.name} kind="experiment" name={e.name} label={e.name} gone={gone} />,
        ])}
      />
    </Section>
  );
}

/** The commit that made an experiment, and where it ran. */
function Made({ experiment: { git_commit: commit, environment } }: { experiment: Experiment }) {
  const known = Object.keys(environment).length > 0;
  return (
    <>
      {commit && <code title={commit}>{commit.slice(0, 8)}</code>}
      {known && (
        <details>
          <summary>environment</summary>
          <dl class="environment">
            {Object.entries(environment).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <Name of={typeof value === "string" ? value : JSON.stringify(value)} limit={400} />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {!commit && !known && absent}
    </>
  );
}

function pairs(values: Record<string, unknown>): ComponentChildren {
  const all = Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return all.length === 0 ? absent : <Name of={all.join(", ")} limit={400} />;
}

function Indices({ list, gone }: Listed<Index>) {
  if (list.length === 0) {
    return null;
  }
  return (
    <Section title="Indices in Elasticsearch">
      <Table
        columns={["Index", "Space", "Model", "Similarity", "Rows", "State", "Loaded", ""]}
        rows={list.map((i) => [
          <strong key="name">
            <Name of={i.name} />
          </strong>,
          <a key="space" href={fragmentOf({ page: "space", name: i.space })}>
            <Name of={i.space} />
          </a>,
          i.model,
          i.similarity,
          { number: count(i.rows) },
          i.reason ? `${i.state}: ${i.reason}` : i.state,
          <When key="loaded" iso={i.created_at} />,
          <Remove key={i.name} kind="index" name={i.name} label={i.name} gone={gone} />,
        ])}
      />
    </Section>
  );
}
