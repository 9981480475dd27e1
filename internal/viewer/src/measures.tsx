// The further measures of a comparison, each beside chance, with a line of meaning.
import { api, type Comparison } from "./api";
import { score } from "./format";
import { useLoad } from "./load";
import { Failure, Section } from "./parts";

/** What other measures say of a comparison. */
export function Measures({ c }: { c: Comparison }) {
  if (Object.keys(c.measures).length === 0) {
    return null;
  }
  return (
    <Section title="What other measures say">
      <MeasureTable measures={c.measures} />
    </Section>
  );
}

/** Measures in the order in which the daemon lists them. */
export function MeasureTable({ measures }: { measures: Comparison["measures"] }) {
  const { value: known, error, again } = useLoad(() => api.measures(), []);
  if (error) {
    return <Failure error={error} again={again} />;
  }
  const shown = (known ?? []).flatMap((info) => {
    const measure = measures[info.name];
    return measure ? [{ info, measure }] : [];
  });
  const byChance = shown.some(({ measure }) => measure.chance !== null && measure.chance !== undefined);
  return (
    <div class="scroll">
      <table class="measures">
        <thead>
          <tr>
            <th scope="col">measure</th>
            <th scope="col" class="number">
              value
            </th>
            {byChance && (
              <>
                <th scope="col" class="number">
                  chance
                </th>
                <th
                  scope="col"
                  class="number"
                  title="0 at chance, 1 at best: (value − chance) / (best − chance)"
                >
                  adjusted
                </th>
              </>
            )}
            <th scope="col">meaning</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ info, measure }) => (
            <tr key={info.name}>
              <th scope="row" title={info.source}>
                {info.name.replaceAll("_", " ")}
              </th>
              <td class="number">{numberOr(measure.value)}</td>
              {byChance && <td class="number">{numberOr(measure.chance)}</td>}
              {byChance && <td class="number">{numberOr(measure.adjusted)}</td>}
              <td>{measure.reason ?? info.meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function numberOr(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : score(value);
}
