// The further measures of a comparison, each beside chance, with a line of meaning.
import { api, type Comparison } from "./api";
import { score } from "./format";
import { useLoad } from "./load";
import { Section } from "./parts";

/** A table in the order in which the daemon lists its measures. */
export function Measures({ c }: { c: Comparison }) {
  const { value: known } = useLoad(() => api.measures(), []);
  const shown = (known ?? []).flatMap((info) => {
    const measure = c.measures[info.name];
    return measure ? [{ info, measure }] : [];
  });
  if (shown.length === 0) {
    return null;
  }
  return (
    <Section title="What other measures say">
      <div class="scroll">
        <table class="measures">
          <thead>
            <tr>
              <th scope="col">measure</th>
              <th scope="col" class="number">
                value
              </th>
              <th scope="col" class="number">
                chance
              </th>
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
                <td class="number">{numberOr(measure.chance)}</td>
                <td>{measure.reason ?? info.meaning}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function numberOr(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : score(value);
}
