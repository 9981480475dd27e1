// Deleting: what depends on a thing is shown first, and goes with it.
import { type ComponentChildren, createContext } from "preact";
import { useContext, useState } from "preact/hooks";
import { type ApiError, api, asApiError, type Kind, type Thing } from "./api";
import { count, counted } from "./format";
import { Failure } from "./parts";

const named = 12; // dependants that are told by name

/** What things are called on the page. */
export const Names = createContext((thing: Thing) => thing.name);

/** Is called with what is to be known of a deletion, once it is done. */
export type Gone = (warnings: string[]) => void;

interface RemoveProps {
  kind: Kind;
  name: string;
  label: string;
  gone: Gone;
  /** What else can be done. */
  children?: ComponentChildren;
}

/** A button that tells what would go, and takes it when that is confirmed. */
export function Remove({ kind, name, label, gone, children }: RemoveProps) {
  const called = useContext(Names);
  const [plan, setPlan] = useState<Thing[] | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const ask = () => {
    setError(null);
    api.wouldGo(kind, name).then(setPlan, (failed: unknown) => setError(asApiError(failed)));
  };
  const take = () => {
    setPlan(null);
    api.remove(kind, name).then(gone, (failed: unknown) => setError(asApiError(failed)));
  };
  const others = (plan ?? []).filter((thing) => thing.kind !== kind || thing.name !== name);
  return (
    <div class="remove">
      {!plan && (
        <>
          {children}
          <button type="button" class="link" aria-label={`Delete ${kind} ${label}`} onClick={ask}>
            Delete
          </button>
        </>
      )}
      {plan && (
        <div role="alertdialog" aria-label={`Delete ${label}?`}>
          <p>
            {others.length === 0
              ? "Nothing depends on it."
              : `With it ${others.length === 1 ? "goes" : "go"} ${counted(others.length, "thing")}:`}
          </p>
          {others.length > 0 && (
            <ul>
              {others.slice(0, named).map((thing) => (
                <li key={`${thing.kind} ${thing.name}`}>
                  {thing.kind} {called(thing)}
                </li>
              ))}
              {others.length > named && <li>and {count(others.length - named)} more</li>}
            </ul>
          )}
          {kind !== "index" && <p class="muted">It lies in the trash for seven days.</p>}
          <button type="button" class="danger" onClick={take}>
            Delete {others.length > 0 ? "all of it" : ""}
          </button>{" "}
          <button type="button" onClick={() => setPlan(null)}>
            Keep
          </button>
        </div>
      )}
      {error && <Failure error={error} />}
    </div>
  );
}
