// The item under the pointer, or under [ and ]: marked on every map, and told on the one that is pointed at.
import { useMemo, useState } from "preact/hooks";
import { hoverMark } from "./marks";
import type { Mark } from "./points";

/** A point of one of the maps; id -1: none. */
export interface Pointed {
  id: number;
  side: "a" | "b";
}

/** Marks with that of the item which is pointed at, and what points at another. */
export function useHover(around: readonly Mark[], tell: (id: number) => void) {
  const [pointed, setPointed] = useState<Pointed>({ id: -1, side: "a" });
  const hovered = pointed.id;
  const marks = useMemo(() => [...around, ...hoverMark(hovered)], [around, hovered]);
  const hover = (id: number, side: Pointed["side"]) => {
    if (id !== hovered || (id >= 0 && side !== pointed.side)) {
      setPointed({ id, side });
      tell(id);
    }
  };
  /** To the next neighbour of the open item, or the one before. */
  const walk = (by: number, side: Pointed["side"]) => {
    const ids = around.filter(({ shape }) => shape !== "ring").map(({ id }) => id);
    const at = ids.indexOf(hovered);
    const next = at < 0 ? (by > 0 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length;
    hover(ids[next] ?? -1, side);
  };
  return { pointed, hovered, marks, hover, walk };
}
