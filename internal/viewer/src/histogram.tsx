// The histogram of a comparison: items by how many of their k neighbours are shared. A score takes only
// these k + 1 values, so they are the bars; the ten bins of the interface stand in the table beneath.
import { useEffect, useRef, useState } from "preact/hooks";
import { api, type Comparison } from "./api";
import { count, counted, jaccardOf, labelStep, meanCount, percent, score } from "./format";
import type { Link } from "./link";

/** Bars for 0..k shared neighbours, with the mean and chance marked. A click on a bar, or a drag over some, selects their items. */
export function Histogram({ c, link }: { c: Comparison; link: Link | null }) {
  const { brushed, begin, pass, end, press } = useBrush(c, link);
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
      <fieldset
        class="plot"
        aria-label={`Histogram of ${counted(c.rows, "item")}: ${meanCount(mean)} of ${c.k} neighbours shared on average. The table beneath has the counts.`}
        onPointerUp={end}
        onPointerLeave={end}
      >
        <div class={c.k > 40 ? "bars dense" : "bars"}>
          {c.values.map((n, shared) => (
            <button
              type="button"
              key={`${shared}`}
              class="bar"
              data-count={n}
              disabled={n === 0}
              aria-pressed={brushed !== null && shared >= brushed[0] && shared <= brushed[1]}
              aria-label={`select ${counted(n, "item")} with ${shared} of ${c.k} shared`}
              title={`${shared} of ${c.k} shared (Jaccard ${score(jaccardOf(shared, c.k))}): ${counted(n, "item")}, ${percent(n / total)}`}
              onPointerDown={() => begin(shared)}
              onPointerEnter={() => pass(shared)}
              onKeyDown={(event) => press(event, shared)}
            >
              <div class="bar-fill" style={{ height: `${(100 * n) / most}%` }}>
                {c.k <= 20 && n > 0 && <span class="bar-count">{count(n)}</span>}
              </div>
            </button>
          ))}
          <div class={mean > c.k / 2 ? "mark mean high" : "mark mean"} style={{ left: place(mean) }}>
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
      </fieldset>
      <figcaption>
        neighbours shared, of {c.k} <span class="chance-key">dashed: chance</span>{" "}
        <span class="chance-key">click or drag: select on the maps</span>
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

/** A range of bars, drawn with the pointer or with Enter and Shift+Enter; its items become the selection. */
function useBrush(c: Comparison, link: Link | null) {
  const [brushed, setBrushed] = useState<Range | null>(null);
  const anchor = useRef(0);
  const drawing = useRef(false);
  useEffect(() => link?.on("selection", () => setBrushed(null)), [link]);
  const reach = (to: number): Range => [Math.min(anchor.current, to), Math.max(anchor.current, to)];
  const select = async (range: Range) => {
    const [shared, rows] = await Promise.all([api.values(c.key, "shared"), api.values(c.key, "row_a")]);
    const within = (_: number, i: number) => {
      const n = shared.data[i] ?? -1;
      return n >= range[0] && n <= range[1];
    };
    link?.set(
      "selection",
      Array.from(rows.data)
        .filter(within)
        .sort((a, b) => a - b),
    );
    setBrushed(range);
  };
  return {
    brushed,
    begin: (at: number) => {
      anchor.current = at;
      drawing.current = true;
      setBrushed([at, at]);
    },
    pass: (at: number) => drawing.current && setBrushed(reach(at)),
    end: () => {
      if (drawing.current && brushed) {
        select(brushed);
      }
      drawing.current = false;
    },
    press: (event: KeyboardEvent, at: number) => {
      if (event.key !== "Enter" && event.key !== " ") {
        return;
      }
      event.preventDefault();
      if (!event.shiftKey) {
        anchor.current = at;
      }
      select(reach(at));
    },
  };
}

type Range = [number, number];
