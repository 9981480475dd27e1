// What the maps share with what they stand in, a notebook or the page's address: values that both sides set.
import { useEffect, useMemo, useState } from "preact/hooks";

/** Shared values by name: k, colour, item (a row of A, -1: none), selection (rows of A), hovered (a row or null), … */
export interface Link {
  /** A value; undefined where nobody has set it. */
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  /** Takes the last change back, where that is known. */
  undo?(): void;
  /** Calls back when a value changes, from either side; gives what ends that. */
  on(name: string, changed: () => void): () => void;
  /** Takes a picture (PNG) of what is looked at, where there is somebody to keep it. */
  keep?(picture: Blob): void;
}

/** A state that is the other side's too, where there is one. */
export function useShared<T>(link: Link | null, name: string, start: T): [T, (value: T) => void] {
  const now = () => (link?.get(name) as T | undefined) ?? start;
  const [value, setValue] = useState<T>(now);
  useEffect(() => link?.on(name, () => setValue(now())), [link, name, start]);
  const set = (next: T) => {
    setValue(next);
    link?.set(name, next);
  };
  return [value, set];
}

const nobody: number[] = [];

/** The open item and the selection: kept as rows of A, which mean the same on every map; told as ids of this one. */
export function useSelection(link: Link | null, rows: Int32Array | null) {
  const [item, setItem] = useShared(link, "item", -1);
  const [selected, setSelected] = useShared(link, "selection", nobody);
  const place = useMemo(() => placeOf(rows), [rows]);
  const selection = useMemo(() => {
    const ids: number[] = []; // a plain loop: these may be a million
    for (const row of selected) {
      const id = place(row);
      if (id >= 0) {
        ids.push(id);
      }
    }
    return ids;
  }, [selected, place]);
  const rowOf = (id: number) => rows?.[id] ?? -1;
  return {
    chosen: place(item),
    selection,
    /** The same as rows of A, those that are not on this map too. */
    rows: selected,
    /** Opens an item, or none. */
    open: setItem,
    choose: (id: number) => setItem(rowOf(id)),
    selectRows: setSelected,
    select: (ids: number[]) => setSelected(ids.map(rowOf).sort((a, b) => a - b)),
    hover: (id: number) => link?.set("hovered", id < 0 ? null : rowOf(id)),
  };
}

const known = new WeakMap<Int32Array, Int32Array>();

/** Where the rows stand on a map: gives the id of a row, -1 for one that is not on it. */
export function placeOf(rows: Int32Array | null): (row: number) => number {
  if (!rows) {
    return () => -1;
  }
  let ids = known.get(rows);
  if (!ids) {
    let most = -1;
    for (let id = 0; id < rows.length; id++) {
      most = Math.max(most, rows[id] ?? -1);
    }
    ids = new Int32Array(most + 1).fill(-1);
    for (let id = 0; id < rows.length; id++) {
      ids[rows[id] ?? 0] = id;
    }
    known.set(rows, ids);
  }
  const found = ids;
  return (row) => found[row] ?? -1;
}
