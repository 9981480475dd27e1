// The score per value of a column: which kinds of items agree, and which do not.
import { useState } from "preact/hooks";
import { type ApiError, api, asApiError, type Comparison } from "./api";
import { alike } from "./comparing";
import { clip, count, score } from "./format";
import type { Link } from "./link";
import { useLoad } from "./load";
import { Failure, Failures, Name, Section, Waiting } from "./parts";

type Group = Comparison["groups"][number];

/** A group of fewer rows is shown in grey. */
const fewRows = 30;

const orders = {
  value: (a: Group, b: Group) => a.value.localeCompare(b.value, "en", { numeric: true }),
  rows: (a: Group, b: Group) => b.rows - a.rows,
  jaccard: (a: Group, b: Group) => a.jaccard - b.jaccard,
} as const;
type Order = keyof typeof orders;

const pageLength = 30;

interface GroupsProps {
  c: Comparison;
  link: Link;
  /** Nobody can be asked for further groups. */
  kept: boolean;
}

/** Groups by a column that is chosen here; a click on one selects its items on the maps. */
export function Groups({ c, link, kept }: GroupsProps) {
  const known = [...new Set(c.groups.map((group) => group.column))];
  const [column, setColumn] = useState(known[0] ?? "");
  const listed = useLoad(async () => {
    const { dataset } = await api.space(c.a);
    return { dataset, columns: dataset && !kept ? (await api.dataset(dataset)).columns : known };
  }, [c.key, kept]);
  const { value, error, again } = useLoad(
    async () => (column === "" ? null : { column, groups: await groupsOf(c, column) }),
    [c.key, column],
  );
  const [unselected, setUnselected] = useState<ApiError | null>(null);
  const all = listed.value?.columns ?? [];
  if (all.length === 0 && !listed.error) {
    return null;
  }
  const rowsOf = async (group: Group) => {
    const { values, codes } = await api.column(listed.value?.dataset ?? "", group.column);
    const code = values.indexOf(group.value);
    return codes.flatMap((of, row) => (of === code ? [row] : []));
  };
  const select = (group: Group) => {
    setUnselected(null);
    rowsOf(group).then(
      (rows) => {
        link.set("selection", rows);
        document.querySelector(".maps")?.scrollIntoView();
      },
      (failed: unknown) => setUnselected(asApiError(failed)),
    );
  };
  return (
    <Section
      title="How kinds of items agree"
      note={
        <label class="by">
          by{" "}
          <select value={column} onChange={(event) => setColumn(event.currentTarget.value)}>
            <option value="">choose a column</option>
            {all.map((name) => (
              <option key={name} value={name}>
                {clip(name, 60).text}
              </option>
            ))}
          </select>
        </label>
      }
    >
      <Failures of={[listed, { error, again }]} />
      {unselected && <Failure error={unselected} />}
      {column !== "" && value?.column !== column && !error && <Waiting what="the groups" />}
      {value && value.column === column && <Table groups={value.groups} select={select} />}
    </Section>
  );
}

async function groupsOf(c: Comparison, column: string): Promise<Group[]> {
  const of = (found: Comparison) => found.groups.filter((group) => group.column === column);
  return of(c).length > 0 ? of(c) : of(await alike(c, { by: [column] }));
}

function Table({ groups, select }: { groups: Group[]; select: (group: Group) => void }) {
  const [order, setOrder] = useState<Order>("jaccard");
  const [shown, setShown] = useState(pageLength);
  const sorted = groups.toSorted(orders[order]);
  const head = (name: Order, text: string) => (
    <th scope="col" class={name === "value" ? "" : "number"} aria-sort={order === name ? "other" : "none"}>
      <button type="button" class="link" aria-pressed={order === name} onClick={() => setOrder(name)}>
        {text}
      </button>
    </th>
  );
  return (
    <>
      <div class="scroll">
        <table class="groups">
          <thead>
            <tr>
              {head("value", "Value")}
              {head("rows", "Items")}
              {head("jaccard", "Jaccard")}
              <th scope="col" class="number">
                95 % interval
              </th>
              <th scope="col" class="number" title="What lists drawn from within the group would share">
                Chance within
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, shown).map((group) => (
              <tr
                key={group.value}
                class={group.rows < fewRows ? "few" : undefined}
                title={group.rows < fewRows ? `${group.rows} rows say little` : undefined}
              >
                <th scope="row">
                  <button type="button" class="link" onClick={() => select(group)}>
                    <Name of={group.value === "" ? "(empty)" : group.value} limit={80} />
                  </button>
                </th>
                <td class="number">{count(group.rows)}</td>
                <td class="number">{score(group.jaccard)}</td>
                <td class="number">{group.ci95 ? group.ci95.map(score).join(" to ") : "–"}</td>
                <td class="number">{group.chance_within === null ? "–" : score(group.chance_within)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sorted.length > shown && (
        <button type="button" onClick={() => setShown(shown + 10 * pageLength)}>
          Show more of {count(sorted.length)}
        </button>
      )}
    </>
  );
}
