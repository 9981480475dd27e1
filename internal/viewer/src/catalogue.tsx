// The first page: what is tracked, and the start of a comparison.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { api, type Comparison, type Dataset, type Experiment, type Space } from "./api";
import { CompareForm } from "./compareform";
import { count, counted, score, when } from "./format";
import { useLoad } from "./load";
import { Failure, Section, Waiting } from "./parts";
import { fragmentOf } from "./route";

interface Tracked {
  spaces: Space[];
  comparisons: Comparison[];
  datasets: Dataset[];
  experiments: Experiment[];
}

async function loadTracked(): Promise<Tracked> {
  const [spaces, comparisons, datasets, experiments] = await Promise.all([
    api.spaces(),
    api.comparisons(),
    api.datasets(),
    api.experiments(),
  ]);
  return { spaces, comparisons, datasets, experiments };
}

/** The list of everything that is tracked. */
export function Catalogue() {
  const { value: tracked, error, again } = useLoad(loadTracked, []);
  if (error) {
    return <Failure error={error} again={again} />;
  }
  if (!tracked) {
    return <Waiting what="what is tracked" />;
  }
  if (tracked.spaces.length === 0) {
    return <Empty />;
  }
  return (
    <>
      <h1>What is tracked</h1>
      <CompareForm spaces={tracked.spaces} />
      <Spaces list={tracked.spaces} />
      <Comparisons list={tracked.comparisons} />
      <Datasets list={tracked.datasets} />
      <Experiments list={tracked.experiments} />
    </>
  );
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
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row, i) => (
              <tr key={`${i}`}>
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

const absent = <span class="muted">–</span>;

function Spaces({ list }: { list: Space[] }) {
  return (
    <Section title="Embedding spaces">
      <Table
        columns={["Space", "Dataset", "Experiment", "Step", "Rows", "Dims", "Metric", "Added"]}
        rows={list.map((s) => [
          <strong key="name">{s.name}</strong>,
          s.dataset ?? absent,
          s.experiment ?? absent,
          { number: s.step === null ? "–" : count(s.step) },
          { number: count(s.rows) },
          { number: count(s.dims) },
          s.metric,
          when(s.created_at),
        ])}
      />
    </Section>
  );
}

function Comparisons({ list }: { list: Comparison[] }) {
  if (list.length === 0) {
    return null;
  }
  return (
    <Section title="Comparisons">
      <Table
        columns={["Spaces", "Jaccard", "Chance", "k", "Rows", "Metrics", "Made"]}
        rows={list.map((c) => [
          <a key="link" href={fragmentOf({ page: "comparison", key: c.key })}>
            {c.a} <span class="versus">↔</span> {c.b}
          </a>,
          { number: score(c.jaccard.mean) },
          { number: score(c.jaccard.chance) },
          { number: String(c.k) },
          { number: count(c.rows) },
          c.metric_a === c.metric_b ? c.metric_a : `${c.metric_a}, ${c.metric_b}`,
          when(c.created_at),
        ])}
      />
    </Section>
  );
}

function Datasets({ list }: { list: Dataset[] }) {
  if (list.length === 0) {
    return null;
  }
  return (
    <Section title="Datasets">
      <Table
        columns={["Dataset", "Rows", "Id", "Columns", "Added"]}
        rows={list.map((d) => [
          <strong key="name">{d.name}</strong>,
          { number: count(d.rows) },
          d.id_field ?? <span class="muted">row number</span>,
          d.columns.length <= 6 ? d.columns.join(", ") : counted(d.columns.length, "column"),
          when(d.created_at),
        ])}
      />
    </Section>
  );
}

function Experiments({ list }: { list: Experiment[] }) {
  if (list.length === 0) {
    return null;
  }
  return (
    <Section title="Experiments">
      <Table
        columns={["Experiment", "Model", "Trained on", "Parameters", "Added"]}
        rows={list.map((e) => [
          <strong key="name">{e.name}</strong>,
          e.model,
          e.train_dataset ?? absent,
          parameters(e.params),
          when(e.created_at),
        ])}
      />
    </Section>
  );
}

function parameters(params: Record<string, unknown>): ComponentChildren {
  const pairs = Object.entries(params).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return pairs.length === 0 ? absent : pairs.join(", ");
}
