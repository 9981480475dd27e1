// Agreement against the number of neighbours: near things may agree where far ones do not.
import { useState } from "preact/hooks";
import type { Comparison } from "./api";
import { alike } from "./comparing";
import { score } from "./format";
import { useLoad } from "./load";
import { Failure, Section, Waiting } from "./parts";

const depths = [1, 2, 5, 10, 20, 50];

interface Point {
  k: number;
  mean: number;
  chance: number;
}

/** The mean Jaccard at other numbers of neighbours, beside chance. */
export function Curve({ c }: { c: Comparison }) {
  const [wanted, setWanted] = useState(false);
  const { value, error, again } = useLoad(async () => (wanted ? curveOf(c) : null), [c.key, wanted]);
  return (
    <Section title="Agreement at other numbers of neighbours">
      {!wanted && (
        <button type="button" onClick={() => setWanted(true)}>
          Compare at {depths.filter((k) => k < c.rows).join(", ")}
        </button>
      )}
      {error && <Failure error={error} again={again} />}
      {wanted && !value && !error && <Waiting what="the curve" />}
      {value && <Drawn points={value} at={c.k} />}
    </Section>
  );
}

async function curveOf(c: Comparison): Promise<Point[]> {
  const points: Point[] = [];
  for (const k of [...new Set([...depths, c.k])].sort((a, b) => b - a)) {
    // the largest first: its neighbour tables serve the others
    if (k < c.rows) {
      const { jaccard } = k === c.k ? c : await alike(c, { k });
      points.unshift({ k, mean: jaccard.mean, chance: jaccard.chance });
    }
  }
  return points;
}

const [width, height, left, foot] = [520, 200, 44, 28];

function Drawn({ points, at }: { points: Point[]; at: number }) {
  const most = Math.max(...points.map(({ k }) => k));
  const top = Math.max(0.05, ...points.map(({ mean }) => mean)) * 1.1;
  const x = (k: number) => left + ((width - left - 16) * Math.log(k)) / Math.max(Math.log(most), 1e-9);
  const y = (v: number) => height - foot - ((height - foot - 10) * v) / top;
  const path = (value: (p: Point) => number) => points.map((p) => `${x(p.k)},${y(value(p))}`).join(" ");
  return (
    <figure class="curve">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label="Mean Jaccard by number of neighbours; the table beneath has the numbers"
      >
        {[0, top / 2.2, top / 1.1].map((v) => (
          <g key={v}>
            <line class="rule" x1={left} x2={width - 16} y1={y(v)} y2={y(v)} />
            <text x={left - 6} y={y(v) + 4} text-anchor="end">
              {v.toFixed(2)}
            </text>
          </g>
        ))}
        <polyline class="chance" points={path((p) => p.chance)} />
        <polyline class="mean" points={path((p) => p.mean)} />
        {points.map((p) => (
          <g key={p.k}>
            <circle class={p.k === at ? "here" : ""} cx={x(p.k)} cy={y(p.mean)} r="4">
              <title>
                k = {p.k}: {score(p.mean)}
              </title>
            </circle>
            <text x={x(p.k)} y={height - 8} text-anchor="middle">
              {p.k}
            </text>
          </g>
        ))}
      </svg>
      <figcaption>
        mean Jaccard at k neighbours <span class="chance-key">dashed: chance</span>
      </figcaption>
      <details>
        <summary>As a table</summary>
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">
                k
              </th>
              <th scope="col" class="number">
                Jaccard
              </th>
              <th scope="col" class="number">
                Chance
              </th>
            </tr>
          </thead>
          <tbody>
            {points.map((p) => (
              <tr key={p.k}>
                <td class="number">{p.k}</td>
                <td class="number">{score(p.mean)}</td>
                <td class="number">{score(p.chance)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
