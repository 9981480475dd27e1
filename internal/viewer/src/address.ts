// The state of a page in its address: what is looked at can be reloaded, left and come back to, and sent to others.
import type { Link } from "./link";
import { fragmentOf, type Route, readFragment, sameRoute } from "./route";

interface Kind {
  read: (texts: string[]) => unknown;
  write: (value: never) => string[];
}

const number: Kind = {
  read: ([text]) => (/^\d{1,9}$/.test(text ?? "") ? Number(text) : undefined),
  write: (value: number) => (value < 0 ? [] : [String(value)]),
};
const text: Kind = { read: ([value]) => value, write: (value: string) => [value] };
const kinds: Record<string, Kind> = {
  k: number,
  dims: number,
  item: number,
  step: {
    read: ([value]) => (/^-?\d{1,15}$/.test(value ?? "") ? Number(value) : undefined),
    write: (value: number | null) => (value === null ? [] : [String(value)]),
  },
  colour: text,
  method: text,
  saved: { read: ([value]) => value, write: (value: string) => (value === "" ? [] : [value]) },
  only: { read: (texts) => (texts.length > 0 ? texts : undefined), write: (values: string[]) => values },
  selection: {
    read: ([ranges]) => (ranges === undefined ? history.state?.selection : readRanges(ranges)),
    write: (rows: number[]) =>
      [writeRanges(rows, longest)].filter((ranges) => ranges !== "" && ranges.length <= longest),
  },
};

const longest = 8000; // characters of a selection in the address; longer ones stay in this browser's history
const together = 50; // ms within which changes are one step back
const repeated = 1000; // and those of one value, such as the steps of an arrow key

/** A link between the maps of a page and its address. */
export function addressOf(route: Route): Link {
  let last = { name: "", at: Number.NEGATIVE_INFINITY };
  let changes = 0; // that the back button takes back
  const heard = new Set<{ name: string; changed: () => void }>();
  const state = () => readFragment(location.hash).state;
  return {
    get: (name) => kinds[name]?.read(state().getAll(name)),
    set: (name, value) => {
      const kind = kinds[name];
      if (!kind) {
        return;
      }
      const next = state();
      next.delete(name);
      if (name === "selection") {
        next.delete("saved"); // another one has no name yet
      }
      for (const part of kind.write(value as never)) {
        next.append(name, part);
      }
      const kept = name === "selection" && !next.has(name) ? { selection: value } : {};
      const same = name === "selection" ? kept : { selection: history.state?.selection };
      const since = performance.now() - last.at;
      const again =
        since < together || (name === last.name && (name === "k" || name === "step" || since < repeated));
      last = { name, at: performance.now() };
      changes += again ? 0 : 1;
      history[again ? "replaceState" : "pushState"](same, "", fragmentOf(route, next));
      for (const one of heard) {
        if (one.name === name || (name === "selection" && one.name === "saved")) {
          one.changed();
        }
      }
    },
    undo: () => {
      if (changes > 0) {
        changes--;
        history.back();
      }
    },
    on: (name, changed) => {
      const look = () => sameRoute(readFragment(location.hash).route, route) && changed();
      const one = { name, changed };
      addEventListener("popstate", look);
      heard.add(one);
      return () => {
        removeEventListener("popstate", look);
        heard.delete(one);
      };
    },
  };
}

/** Rows, ascending, as text: 1, 2, 3, 7 → "1-3,7". Of what is longer than a limit only the beginning. */
export function writeRanges(rows: readonly number[], limit = Number.POSITIVE_INFINITY): string {
  const parts: string[] = [];
  for (let i = 0; i < rows.length && parts.length <= limit; i++) {
    const from = rows[i] ?? 0;
    while (i + 1 < rows.length && rows[i + 1] === (rows[i] ?? 0) + 1) {
      i++;
    }
    parts.push(rows[i] === from ? `${from}` : `${from}-${rows[i]}`);
  }
  return parts.join(",");
}

const most = 5_000_000; // rows: an address is not to be trusted

/** Reads what writeRanges wrote; undefined for anything else. */
export function readRanges(ranges: string): number[] | undefined {
  const rows: number[] = [];
  for (const part of ranges.split(",")) {
    const [, from, to] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? [];
    if (from === undefined || rows.length + Number(to ?? from) - Number(from) > most) {
      return undefined;
    }
    for (let row = Number(from); row <= Number(to ?? from); row++) {
      rows.push(row);
    }
  }
  return rows;
}
