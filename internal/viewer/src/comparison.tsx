// One comparison: the score, what it has to be read against, its histogram, and its items.
import { api, type Comparison } from "./api";
import { count, counted, meanCount, percent, score } from "./format";
import { Histogram } from "./histogram";
import { Items } from "./items";
import { useLoad } from "./load";
import { Maps } from "./maps";
import { Measures } from "./measures";
import { Failure, Section, Waiting } from "./parts";
import { fragmentOf } from "./route";

/** The page of one comparison. */
export function ComparisonPage({ comparison: key }: { comparison: string }) {
  const { value: c, error, again } = useLoad(() => api.comparison(key), [key]);
  if (error) {
    return <Failure error={error} again={again} />;
  }
  if (!c) {
    return <Waiting what="the comparison" />;
  }
  return (
    <>
      <nav aria-label="breadcrumb">
        <a href={fragmentOf({ page: "catalogue" })}>← What is tracked</a>
      </nav>
      <h1 class="pair">
        <span class="space-a">{c.a}</span> <span class="versus">↔</span> <span class="space-b">{c.b}</span>
      </h1>
      <p class="muted">
        {counted(c.rows, "item")}, k = {c.k}, {metrics(c)},{" "}
        {c.sampled_rows === null ? "exact" : `from a sample of ${count(c.sampled_rows)}`}
        {c.preset && `, preset ${c.preset}`}
      </p>
      <Headline c={c} />
      <Section title="Both spaces side by side">
        <Maps key={c.key} c={c} />
      </Section>
      <Section title="How many neighbours agree, item by item">
        <Histogram c={c} />
      </Section>
      <Items key={c.key} c={c} />
      <Measures c={c} />
    </>
  );
}

function metrics(c: Comparison): string {
  return c.metric_a === c.metric_b ? c.metric_a : `${c.metric_a} in ${c.a}, ${c.metric_b} in ${c.b}`;
}

function Headline({ c }: { c: Comparison }) {
  const ci = c.jaccard.ci95;
  return (
    <div class="headline">
      <div class="figure">
        <p class="score" data-mean={c.jaccard.mean}>
          {score(c.jaccard.mean)}
        </p>
        <p class="muted">mean Jaccard at {c.k}</p>
      </div>
      <div class="reading">
        <p class="lead">
          Of each item's {c.k} nearest neighbours in <b>{c.a}</b>, on average{" "}
          <b>{meanCount(c.k * c.overlap.mean)}</b> are also among its {c.k} nearest in <b>{c.b}</b>. Chance
          would give {meanCount(c.k * c.overlap.chance)}.
        </p>
        <Scale c={c} />
        <dl class="numbers">
          <div>
            <dt>95 % interval</dt>
            <dd>{ci ? `${score(ci[0])} to ${score(ci[1])}` : "too few items"}</dd>
          </div>
          <div>
            <dt>Chance</dt>
            <dd>{score(c.jaccard.chance)}</dd>
          </div>
          <div>
            <dt>Adjusted for chance</dt>
            <dd>{c.jaccard.adjusted === null ? "–" : score(c.jaccard.adjusted)}</dd>
          </div>
          <div>
            <dt>Overlap</dt>
            <dd>{score(c.overlap.mean)}</dd>
          </div>
        </dl>
        <Notes c={c} />
      </div>
    </div>
  );
}

/** The score on a line from 0 to 1, with chance as a mark. */
function Scale({ c }: { c: Comparison }) {
  const ci = c.jaccard.ci95;
  return (
    <div class="scale" aria-hidden="true">
      <div class="scale-fill" style={{ width: `${100 * c.jaccard.mean}%` }} />
      {ci && (
        <div class="scale-interval" style={{ left: `${100 * ci[0]}%`, width: `${100 * (ci[1] - ci[0])}%` }} />
      )}
      <div class="scale-chance" style={{ left: `${100 * c.jaccard.chance}%` }} />
    </div>
  );
}

/** What the score leaves out or depends on. */
function Notes({ c }: { c: Comparison }) {
  const notes: string[] = [...c.warnings];
  if (c.preset === "vectory") {
    notes.push(
      "As the original tool scored: each item counts as its own nearest neighbour, which raises the score.",
    );
  }
  if (c.sampled_rows !== null) {
    notes.push(
      `Scored from ${count(c.sampled_rows)} of ${count(c.rows)} items drawn at random, each with its exact neighbours among all; the interval is for the score of all.`,
    );
  }
  if (c.coverage < 1) {
    notes.push(
      `Matched by id: ${percent(c.coverage)} of all ids are in both spaces (${count(c.excluded.missing_in_a)} missing in ${c.a}, ${count(c.excluded.missing_in_b)} in ${c.b}).`,
    );
  }
  const [zeroA, zeroB] = c.excluded.zero_rows;
  if (zeroA + zeroB > 0) {
    notes.push(
      `Left out: rows that are all zeros have no direction (${count(zeroA)} in ${c.a}, ${count(zeroB)} in ${c.b}).`,
    );
  }
  if (c.ties.share_of_rows > 0) {
    notes.push(
      `${percent(c.ties.share_of_rows)} of the items tie at place ${c.k}; the lower row counts as nearer.`,
    );
  }
  if (notes.length === 0) {
    return null;
  }
  return (
    <ul class="notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
