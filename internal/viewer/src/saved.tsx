// Selections with a name and a note, kept by the daemon: saved, shown again, and as colours.
import { useEffect, useState } from "preact/hooks";
import { readRanges, writeRanges } from "./address";
import { type ApiError, api, asApiError, isPage, type Selection } from "./api";
import { count } from "./format";
import { type Link, useShared } from "./link";
import { useLoad } from "./load";
import { Failure, LongText } from "./parts";

/** What a selection is of: one more is kept with a space, where those of several (the steps of a run) are shown. */
export type Owner = { space: string; among?: readonly string[] } | { comparison: string };

const none: Selection[] = [];

/** The saved selections, and what loads them anew. Where there is nobody to ask there are none. */
export function useSaved(of: Owner) {
  const among = "space" in of ? of.among : undefined;
  const key = among?.join("\n") ?? ("space" in of ? of.space : of.comparison);
  const load = async () =>
    among ? (await api.selections()).filter(({ space }) => among.includes(space)) : api.selections(of);
  const { value, error, again } = useLoad(load, [key]);
  return { list: value ?? none, known: value !== null, again, error: isPage() ? error : null };
}

/** The choice of a colour that they are. */
export function savedColour(list: readonly Selection[]) {
  return list.length > 0 ? [{ value: "=saved", text: "saved selections" }] : [];
}

/** For each row the selection that it is in: of several the smallest. The last value is of rows in none. */
export function labelsOf(list: readonly Selection[], rows: Int32Array) {
  const byRow = new Map<number, number>();
  const order = list.map((_, i) => i).sort((i, j) => (list[j]?.count ?? 0) - (list[i]?.count ?? 0));
  for (const i of order) {
    for (const row of readRanges(list[i]?.rows ?? "") ?? []) {
      byRow.set(row, i);
    }
  }
  const values = [...list.map(({ name }) => name), "in none of them"];
  return { values, codes: Uint32Array.from(rows, (row) => byRow.get(row) ?? list.length) };
}

interface SavedProps {
  link: Link | null;
  of: Owner;
  saved: ReturnType<typeof useSaved>;
  /** The rows that are selected, ascending. */
  rows: readonly number[];
  select: (rows: number[]) => void;
}

/** The list of them, and a form that saves what is selected. */
export function Saved({ link, of, saved: { list, known, again }, rows, select }: SavedProps) {
  const [named, setNamed] = useShared(link, "saved", "");
  const wanted = list.find(({ name }) => name === named);
  useEffect(() => {
    if (wanted && rows.length === 0) {
      show(wanted); // an address may name one whose rows it does not hold
    }
  }, [wanted?.id]);
  const show = (one: Selection) => {
    select(readRanges(one.rows) ?? []);
    if (isPage()) {
      setNamed(one.name);
    }
  };
  if (!isPage() && list.length === 0) {
    return null;
  }
  const owner = "space" in of ? { space: of.space } : of;
  return (
    <div class="saved">
      {rows.length > 0 && isPage() && (
        <Words
          key={list.length}
          label={`Save ${rows.length === 1 ? "it" : "them"} as`}
          act="Save"
          send={({ name, note }) => api.saveSelection({ ...owner, name, note, rows: writeRanges(rows) })}
          done={({ name }) => {
            again();
            setNamed(name);
          }}
        />
      )}
      {named !== "" && known && !wanted && <p role="status">No selection called “{named}” is kept here.</p>}
      {list.length > 0 && (
        <>
          <h3>Saved selections</h3>
          <ul>
            {list.map((one) => (
              <One
                key={one.id}
                one={one}
                from={"space" in of && of.among ? one.space : ""}
                shown={one === wanted}
                show={() => show(one)}
                again={again}
              />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

interface OneProps {
  one: Selection;
  /** The space that it was made on, where there are several. */
  from: string;
  shown: boolean;
  show: () => void;
  again: () => void;
}

function One({ one, from, shown, show, again }: OneProps) {
  const [doing, setDoing] = useState<"edit" | "delete" | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const remove = () =>
    api.removeSelection(one.id).then(again, (failed: unknown) => setError(asApiError(failed)));
  return (
    <li>
      <button type="button" class="link" aria-pressed={shown} onClick={show}>
        {one.name}
      </button>{" "}
      <span class="muted">
        {count(one.count)}
        {from && `, of ${from}`}
      </span>
      {one.note && (
        <p class="note">
          <LongText text={one.note} limit={300} />
        </p>
      )}
      {isPage() && doing === null && (
        <span class="acts">
          <button
            type="button"
            class="link"
            aria-label={`Change ${one.name}`}
            onClick={() => setDoing("edit")}
          >
            Change
          </button>{" "}
          <button
            type="button"
            class="link"
            aria-label={`Delete ${one.name}`}
            onClick={() => setDoing("delete")}
          >
            Delete
          </button>
        </span>
      )}
      {doing === "delete" && (
        <span role="alertdialog" aria-label={`Delete ${one.name}?`}>
          Its name and note go for good; the items stay.{" "}
          <button type="button" class="danger" onClick={remove}>
            Delete
          </button>{" "}
          <button type="button" onClick={() => setDoing(null)}>
            Keep
          </button>
        </span>
      )}
      {doing === "edit" && (
        <Words
          label="Name"
          act="Change"
          start={one}
          send={({ name, note }) => api.changeSelection(one.id, { name, note })}
          done={() => {
            setDoing(null);
            again();
          }}
          cancel={() => setDoing(null)}
        />
      )}
      {error && <Failure error={error} />}
    </li>
  );
}

interface WordsProps {
  label: string;
  act: string;
  start?: Pick<Selection, "name" | "note">;
  send: (words: Pick<Selection, "name" | "note">) => Promise<Selection>;
  done: (kept: Selection) => void;
  cancel?: () => void;
}

/** A form for a name and a note. */
function Words({ label, act, start, send, done, cancel }: WordsProps) {
  const [name, setName] = useState(start?.name ?? "");
  const [note, setNote] = useState(start?.note ?? "");
  const [error, setError] = useState<ApiError | null>(null);
  return (
    <form
      class="words"
      onSubmit={(event) => {
        event.preventDefault();
        setError(null);
        send({ name: name.trim(), note: note.trim() }).then(done, (failed: unknown) =>
          setError(asApiError(failed)),
        );
      }}
    >
      <label>
        {label}{" "}
        <input
          value={name}
          required
          maxLength={200}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>{" "}
      <label>
        with a note <textarea rows={1} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>{" "}
      <button type="submit">{act}</button>{" "}
      {cancel && (
        <button type="button" onClick={cancel}>
          Cancel
        </button>
      )}
      {error && <Failure error={error} />}
    </form>
  );
}
