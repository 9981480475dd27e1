// What is told of the item that is pointed at, beside its point: what its dataset says, its picture, its sound.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "./api";
import type { Painted } from "./colours";
import { tellColumns } from "./columns";
import { clip } from "./format";
import type { Pointed } from "./hover";
import { Facts, Picture, useSound } from "./items";
import { Name } from "./parts";

/** A card, and the point that it is of. */
export interface Tip extends Pointed {
  card: ComponentChildren;
}

interface Item {
  row: number;
  id: string;
  columns: Record<string, string>;
}

interface TipOf {
  pointed: Pointed;
  dataset: string | null;
  /** The row of each point in that dataset. */
  rows: Int32Array | null;
  painted: Painted | null;
  /** What the colours are of; "" where the columns of the dataset say it already. */
  colour: string;
}

/** The card of the item that is pointed at, and what is said of it in a line; null while that is not known. */
export function useTip({ pointed, dataset, rows, painted, colour }: TipOf) {
  const row = pointed.id < 0 ? -1 : (rows?.[pointed.id] ?? -1);
  const item = useItem(dataset, row);
  if (!item || !dataset) {
    return { tip: null, line: row < 0 ? "" : `row ${row}` };
  }
  const value = colour && painted?.tell ? `${colour}: ${painted.tell(pointed.id)}` : "";
  const card = <Card key={row} item={item} dataset={dataset} value={value} />;
  const { facts, text } = tellColumns([item.columns], [item.id]);
  const said = [...(text ? [text] : []), ...facts.slice(0, 3)].map((name) => item.columns[name]);
  const line = [item.id, ...said, value].filter(Boolean).map((part) => clip(String(part), 80).text);
  return { tip: { ...pointed, card }, line: line.join(", ") };
}

const rest = 40; // ms that the pointer stays before anybody is asked

/** What the dataset says of a row. */
function useItem(dataset: string | null, row: number): Item | null {
  const [known, setKnown] = useState<Item | null>(null);
  useEffect(() => {
    if (row < 0 || dataset === null) {
      return;
    }
    let current = true;
    const ask = () =>
      api.row(dataset, row).then(
        ({ columns, rows: [values = []], ids: [id = String(row)] }) => {
          const said = Object.fromEntries(columns.map((name, i) => [name, values[i] ?? ""]));
          return current && setKnown({ row, id, columns: said });
        },
        () => {}, // the row's number stands in its place
      );
    const late = setTimeout(ask, rest);
    return () => {
      current = false;
      clearTimeout(late);
    };
  }, [dataset, row]);
  return known?.row === row ? known : null;
}

function Card({ item, dataset, value }: { item: Item; dataset: string; value: string }) {
  const { row, id, columns } = item;
  const shown = tellColumns([columns], [id]);
  const sound = useSound(dataset, row, shown.sound);
  useEffect(() => {
    if (!shown.sound) {
      return;
    }
    // The card follows the pointer, which so never reaches a button in it.
    const press = (event: KeyboardEvent) => {
      const typed = event.composedPath()[0] as Element;
      if (event.key.toLowerCase() === "p" && !typed.matches?.("input, textarea, select")) {
        event.preventDefault();
        event.stopPropagation();
        sound.toggle();
      }
    };
    addEventListener("keydown", press, true);
    return () => removeEventListener("keydown", press, true);
  }, [shown.sound, sound.toggle]);
  return (
    <>
      <Picture dataset={dataset} row={row} columns={columns} shown={shown} />
      <div>
        <b>
          <Name of={id} limit={60} />
        </b>
        {shown.text && <p class="text">{clip(columns[shown.text] ?? "", 160).text}</p>}
        <Facts columns={columns} shown={shown} />
        {value && <p>{value}</p>}
        {shown.sound && (
          <p class="muted">
            {sound.state === "failed" ? (
              `${columns[shown.sound]} cannot be played`
            ) : (
              <>
                <kbd>P</kbd> {sound.state === "plays" ? "stops" : "plays"} {columns[shown.sound]}
              </>
            )}
          </p>
        )}
      </div>
    </>
  );
}
