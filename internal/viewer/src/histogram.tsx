// The histogram of a comparison: items by how many of their k neighbours are shared. A score takes only
// these k + 1 values, so they are the bars; the ten bins of the interface stand in the table beneath.
import type { Comparison } from "./api";
import { count, counted, jaccardOf, labelStep, meanCount, percent, score } from "./format";

/** Bars for 0..k shared neighbours, with the mean and chance marked. */
export function Histogram({ c }: { c: Comparison }) {
  const most = Math.max(1, ...c.values);
  const total = Math.max(
    1,
    c.values.reduce((sum, n) => sum + n, 0),
  );
  const step = labelStep(c.k);
  const place = (shared: number) => `${(100 * (shared + 0.5)) / (c.k + 1)}%`;
  const mean = c.k * c.overlap.mean;
  return (
    <figure class="histogram">
      <div
        class="plot"
        role="img"
        aria-label={`Histogram of ${counted(c.rows, "item")}: ${meanCount(mean)} of ${c.k} neighbours shared on average. The table beneath has the counts.`}
      >
        <div class={c.k > 40 ? "bars dense" : "bars"}>
          {c.values.map((n, shared) => (
            <div
              key={`${shared}`}
              class="bar"
              data-count={n}
              title={`${shared} of ${c.k} shared (Jaccard ${score(jaccardOf(shared, c.k))}): ${counted(n, "item")}, ${percent(n / total)}`}
            >
              <div class="bar-fill" style={{ height: `${(100 * n) / most}%` }}>
                {c.k <= 20 && n > 0 && <span class="bar-count">{count(n)}</span>}
              </div>
            </div>
          ))}
          <div class="mark mean" style={{ left: place(mean) }}>
            <span>mean {meanCount(mean)}</span>
          </div>
          <div
            class="mark chance"
            style={{ left: place(c.k * c.overlap.chance) }}
            title="what chance would give"
          />
        </div>
        <div class={c.k > 40 ? "axis dense" : "axis"}>
          {c.values.map((_, shared) => (
            <span key={`${shared}`}>{shared % step === 0 ? shared : ""}</span>
          ))}
        </div>
      </div>
      <figcaption>
        neighbours shared, of {c.k} <span class="chance-key">dashed: chance</span>
      </figcaption>
      <details>
        <summary>As a table</summary>
        <div class="tables">
          <table>
            <thead>
              <tr>
                <th class="number">Shared</th>
                <th class="number">Jaccard</th>
                <th class="number">Items</th>
              </tr>
            </thead>
            <tbody>
              {c.values.map((n, shared) => (
                <tr key={`${shared}`}>
                  <td class="number">{shared}</td>
                  <td class="number">{score(jaccardOf(shared, c.k))}</td>
                  <td class="number">{count(n)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <table>
            <thead>
              <tr>
                <th>Jaccard</th>
                <th class="number">Items</th>
              </tr>
            </thead>
            <tbody>
              {c.histogram.counts.map((n, i) => (
                <tr key={`${i}`}>
                  <td>
                    {c.histogram.edges[i]?.toFixed(1)} to {c.histogram.edges[i + 1]?.toFixed(1)}
                  </td>
                  <td class="number">{count(n)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
