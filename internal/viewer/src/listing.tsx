// What a map shows as a table: for whoever does not see it, and for reading numbers.
import { useState } from "preact/hooks";
import type { Table } from "./exports";
import { count, counted } from "./format";
import { useLoad } from "./load";
import { Failure, Name, Waiting } from "./parts";

const pageLength = 50;

interface ListingProps {
  table: () => Promise<{ columns: Table; rows: number }>;
  /** Changes when the table does. */
  of: unknown;
  /** Of a row of the table. */
  open: (i: number) => void;
}

/** The items of the maps (those that are selected, else all), behind a button. */
export function Listing({ table, of, open }: ListingProps) {
  const [wanted, setWanted] = useState(false);
  return (
    <div class="listing">
      <button type="button" class="link" aria-expanded={wanted} onClick={() => setWanted(!wanted)}>
        {wanted ? "Close the table" : "The items as a table"}
      </button>
      {wanted && <Rows table={table} of={of} open={open} />}
    </div>
  );
}

function Rows({ table, of, open }: ListingProps) {
  const [shown, setShown] = useState(pageLength);
  const { value, error } = useLoad(table, [of]);
  if (error) {
    return <Failure error={error} />;
  }
  if (!value) {
    return <Waiting what="the items" />;
  }
  const cell = (said: string | number) =>
    typeof said === "number" && !Number.isInteger(said) ? said.toFixed(3) : said;
  return (
    <>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              {value.columns.map(({ name }) => (
                <th key={name} scope="col">
                  <Name of={name} limit={40} />
                </th>
              ))}
              <th scope="col">
                <span class="hidden">What can be done</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: Math.min(shown, value.rows) }, (_, i) => (
              <tr key={i}>
                {value.columns.map((column) => (
                  <td key={column.name}>
                    <Name of={String(cell(column.value(i)))} limit={80} />
                  </td>
                ))}
                <td>
                  <button
                    type="button"
                    class="link"
                    aria-label={`Open item ${i + 1} of the table`}
                    onClick={() => open(i)}
                  >
                    Open
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {value.rows > shown && (
        <button type="button" onClick={() => setShown(shown + 4 * pageLength)}>
          Show more of {counted(value.rows, "item")} <span class="hidden">({count(shown)} are shown)</span>
        </button>
      )}
    </>
  );
}
