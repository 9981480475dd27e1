// The item under the pointer, or under [ and ]: marked on every map.
import { useMemo, useState } from "preact/hooks";
import { hoverMark } from "./marks";
import type { Mark } from "./points";

/** Marks with that of the item which is pointed at, and what points at another. */
export function useHover(around: readonly Mark[], tell: (id: number) => void) {
  const [hovered, setHovered] = useState(-1);
  const marks = useMemo(() => [...around, ...hoverMark(hovered)], [around, hovered]);
  const hover = (id: number) => {
    if (id !== hovered) {
      setHovered(id);
      tell(id);
    }
  };
  /** To the next neighbour of the open item, or the one before. */
  const walk = (by: number) => {
    const ids = around.filter(({ shape }) => shape !== "ring").map(({ id }) => id);
    const at = ids.indexOf(hovered);
    const next = at < 0 ? (by > 0 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length;
    hover(ids[next] ?? -1);
  };
  return { hovered, marks, hover, walk };
}
