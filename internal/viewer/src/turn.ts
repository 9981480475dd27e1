// Maps in three dimensions: the points as they are seen from an angle. The plots themselves know a plane only.
import { useMemo, useState } from "preact/hooks";

type Places = Float32Array<ArrayBuffer>;

/** Where a map is seen from, in radians: around it, and above it. */
export interface Angle {
  around: number;
  above: number;
}

const start: Angle = { around: 0.5, above: 0.35 };

/** Points of [0, 1]³ as they are seen, in [0, 1]². */
export function seenFrom(places: Float32Array, { around, above }: Angle): Places {
  const seen = new Float32Array((places.length / 3) * 2);
  const [sin, cos, up, level] = [Math.sin(around), Math.cos(around), Math.sin(above), Math.cos(above)];
  const shrink = 1 / Math.sqrt(2); // a corner stays in sight
  for (let i = 0, j = 0; i < places.length; i += 3, j += 2) {
    const x = (places[i] ?? 0) - 0.5;
    const y = (places[i + 1] ?? 0) - 0.5;
    const z = (places[i + 2] ?? 0) - 0.5;
    seen[j] = 0.5 + shrink * (x * cos + z * sin);
    seen[j + 1] = 0.5 + shrink * (y * level + (x * sin - z * cos) * up);
  }
  return seen;
}

/** Turns maps of three dimensions; those of two stay as they are. */
export function useTurn(maps: readonly (Places | null)[], dims: number) {
  const [angle, setAngle] = useState(start);
  const flat = useMemo(
    () => maps.map((places) => (places && dims === 3 ? seenFrom(places, angle) : places)),
    [...maps, dims, angle],
  );
  return {
    flat,
    turn: (around: number, above: number) =>
      setAngle((last) => ({
        around: last.around + around,
        above: Math.max(-Math.PI / 2, Math.min(Math.PI / 2, last.above + above)),
      })),
  };
}
