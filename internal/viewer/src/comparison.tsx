// One comparison: the score, what it has to be read against, its histogram, and its items.
import { useState } from "preact/hooks";
import { type ApiError, api, asApiError, type Comparison, reportAddress } from "./api";
import { alike, exactness } from "./comparing";
import { Curve } from "./curve";
import { count, counted, meanCount, percent, score } from "./format";
import { Groups } from "./groups";
import { Histogram } from "./histogram";
import { Items } from "./items";
import type { Link } from "./link";
import { useLoad } from "./load";
import { type KeptMaps, Maps } from "./maps";
import { Measures } from "./measures";
import { Failure, Name, Section, Waiting } from "./parts";
import { fragmentOf } from "./route";

/** What a report holds: the maps that were kept, and when it was made. */
export interface Kept extends KeptMaps {
  made: string;
}

/** The page of one comparison; in a report, with no daemon behind it. */
export function ComparisonPage({
  comparison: key,
  link,
  kept,
}: {
  comparison: string;
  link: Link;
  kept?: Kept;
}) {
  const { value: c, error, again } = useLoad(() => api.comparison(key), [key]);
  const mapless = kept?.methods.length === 0;
  const [begun, setBegun] = useState(false); // the maps, which come before what costs as much and is farther down
  if (error) {
    return <Failure error={error} again={again} />;
  }
  if (!c) {
    return <Waiting what="the comparison" />;
  }
  return (
    <>
      {kept ? (
        <p class="muted">A report of Vectory, made {kept.made}. It asks nobody for anything.</p>
      ) : (
        <nav aria-label="breadcrumb" class="above">
          <a href={fragmentOf({ page: "catalogue" })}>← What is tracked</a>
          <a href={reportAddress(c.key)} download>
            Save as one file
          </a>
        </nav>
      )}
      <h1 class="pair">
        <SpaceName name={c.a} side="a" linked={!kept} /> <span class="versus">↔</span>{" "}
        <SpaceName name={c.b} side="b" linked={!kept} />
      </h1>
      <p class="muted">
        {counted(c.rows, "item")}, k = {c.k}, {kept ? metrics(c) : <MetricChoice c={c} />}, {exactness(c)}
        {c.preset && `, preset ${c.preset}`}
      </p>
      <Headline c={c} />
      <Section title="Both spaces side by side">
        {mapless ? (
          <p class="muted">No map was kept when this report was made.</p>
        ) : (
          <Maps key={c.key} c={c} link={link} kept={kept ?? null} begun={() => setBegun(true)} />
        )}
      </Section>
      <Section title="How many neighbours agree, item by item">
        <Histogram c={c} link={link} />
      </Section>
      {(begun || mapless) && (
        <>
          {!kept && <Curve key={c.key} c={c} />}
          <Groups c={c} link={link} kept={kept !== undefined} />
          <Items key={c.key} c={c} />
          <Measures c={c} />
        </>
      )}
    </>
  );
}

const known = ["euclidean", "cosine", "dot"] as const;

/** The metric of both spaces; another leads to the comparison by that one. */
function MetricChoice({ c }: { c: Comparison }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const same = c.metric_a === c.metric_b;
  const change = (metric: string) => {
    setBusy(true);
    setError(null);
    alike(c, { metric })
      .then(
        ({ key }) => {
          location.hash = fragmentOf({ page: "comparison", key });
        },
        (failed: unknown) => setError(asApiError(failed)),
      )
      .finally(() => setBusy(false));
  };
  return (
    <>
      <select
        class="inline"
        aria-label="Metric"
        value={same ? c.metric_a : ""}
        disabled={busy}
        onChange={(event) => change(event.currentTarget.value)}
      >
        {!same && <option value="">{metrics(c)}</option>}
        {known.map((metric) => (
          <option key={metric}>{metric}</option>
        ))}
      </select>
      {busy && <span role="status"> comparing …</span>}
      {error && <Failure error={error} />}
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

function SpaceName({ name, side, linked }: { name: string; side: "a" | "b"; linked: boolean }) {
  const shown = (
    <span class={`space-${side}`}>
      <Name of={name} />
    </span>
  );
  return linked ? <a href={fragmentOf({ page: "space", name })}>{shown}</a> : shown;
}
