// What the maps share with a notebook: values that both sides set and are told of.
import { useEffect, useState } from "preact/hooks";

/** Shared values by name: k, colour, selection (rows of A), hovered (a row of A or null), … */
export interface Link {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  /** Calls back when a value changes, from either side; gives what ends that. */
  on(name: string, changed: () => void): () => void;
}

/** A state that is the notebook's too, where there is one. */
export function useShared<T>(link: Link | null, name: string, start: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(link ? (link.get(name) as T) : start);
  useEffect(() => link?.on(name, () => setValue(link.get(name) as T)), [link, name]);
  const set = (next: T) => {
    setValue(next);
    link?.set(name, next);
  };
  return [value, set];
}

/** Tells the notebook what is selected and hovered, as rows; shows what it selects: one row as if clicked, else as a lasso. */
export function useLinkedSelection(
  link: Link | null,
  rows: Int32Array | null,
  choose: (id: number) => void,
  lasso: (ids: number[]) => void,
) {
  useEffect(() => {
    if (!link || !rows) {
      return;
    }
    const place = new Map([...rows].map((row, id) => [row, id]));
    const show = () => {
      const selected = link.get("selection") as number[];
      const ids = selected.map((row) => place.get(row) ?? -1).filter((id) => id >= 0);
      choose(ids.length === 1 ? (ids[0] ?? -1) : -1);
      lasso(ids.length === 1 ? [] : ids);
    };
    show();
    return link.on("selection", show);
  }, [link, rows]);
  return {
    select: (ids: number[]) =>
      rows &&
      link?.set(
        "selection",
        ids.map((id) => rows[id] ?? -1).sort((a, b) => a - b),
      ),
    hover: (id: number) => rows && link?.set("hovered", id < 0 ? null : (rows[id] ?? null)),
  };
}
