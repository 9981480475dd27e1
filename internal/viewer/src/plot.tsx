// One plot with its gestures: drag to move, wheel to zoom (when the plot has the focus, or with Ctrl), Shift and drag for
// a lasso, click for a point, arrow keys for the nearest point in a direction.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Tools } from "./controls";
import { type Camera, type Mark, Points, wholePlot } from "./points";
import type { Tip } from "./tip";

/** Points that moved, and where they come from. */
export interface Trails {
  ids: number[];
  from: Float32Array | null;
}

type Pixel = [number, number];

interface PlotProps {
  name: string;
  side: "a" | "b";
  places: Float32Array<ArrayBuffer> | null;
  colours: Uint8Array<ArrayBuffer> | null;
  marks: Mark[];
  tools: Tools;
  chosen: number;
  choose: (id: number) => void;
  hover: (id: number, side: "a" | "b") => void;
  /** What is told of the point that is pointed at, on whichever map that is. */
  tip?: Tip | null;
  lasso: (ids: number[]) => void;
  trails?: Trails;
  /** Turns the map, in radians: around it and above it; only where it has three dimensions. */
  turn?: ((around: number, above: number) => void) | undefined;
  /** To the next neighbour of the open item, or the one before. */
  walk?: (by: number, side: "a" | "b") => void;
}

/** A canvas of points. */
export function Plot(props: PlotProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const points = useRef<Points | null>(null);
  const [trace, setTrace] = useState<Pixel[]>([]);
  const latest = useRef(props);
  latest.current = props;
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) {
      return;
    }
    const plot = new Points(element);
    points.current = plot;
    exposed.set(props.side, plot);
    const watch = new ResizeObserver(() => plot.draw());
    watch.observe(element);
    const forget = gestures(element, plot, latest, setTrace);
    return () => {
      watch.disconnect();
      forget();
      plot.close();
      if (exposed.get(props.side) === plot) {
        exposed.delete(props.side);
      }
    };
  }, []);
  useLayoutEffect(() => {
    if (props.places) {
      points.current?.move(props.places);
    }
    if (props.colours) {
      points.current?.paint(props.colours);
    }
  }, [props.places, props.colours]);
  useLayoutEffect(() => points.current?.mark(props.marks), [props.marks, props.places]);
  useLayoutEffect(() => points.current?.look(props.tools.camera), [props.tools.camera]);
  useLayoutEffect(
    () => points.current?.trail(props.trails?.ids ?? [], props.trails?.from ?? null),
    [props.trails],
  );
  return (
    <figure class={`plot-frame side-${props.side}`}>
      <figcaption>
        <span class={`space-${props.side}`}>{props.name}</span>
      </figcaption>
      <div class="board">
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: the plot takes arrow keys and letters itself */}
        <canvas
          ref={canvas}
          class={`points gesture-${props.tools.gesture}`}
          data-side={props.side}
          tabIndex={0}
          role="application"
          aria-label={`Map of ${props.name}`}
          aria-describedby="map-help"
          onKeyDown={(event) => points.current && press(event, points.current, latest.current)}
        />
        {trace.length > 0 && (
          <svg class="trace" aria-hidden="true">
            <polygon points={trace.map((place) => place.join(",")).join(" ")} />
          </svg>
        )}
        {props.tip?.side === props.side && points.current && <Beside tip={props.tip} plot={points.current} />}
      </div>
    </figure>
  );
}

/** A card beside its point, towards the middle of the plot. */
function Beside({ tip: { id, card }, plot }: { tip: Tip; plot: Points }) {
  const [x, y] = plot.toPixel(id);
  const { clientWidth: w, clientHeight: h } = plot.canvas;
  const gap = 14;
  const style = {
    ...(x < w / 2 ? { left: `${x + gap}px` } : { right: `${w - x + gap}px` }),
    ...(y < h / 2 ? { top: `${y + gap}px` } : { bottom: `${h - y + gap}px` }),
  };
  return (
    <div class="tip" role="tooltip" style={style}>
      {card}
    </div>
  );
}

/** The plots of the page by side: tests look at what is drawn. */
export const exposed = new Map<string, Points>();
Object.assign(globalThis, { vectoryPlots: exposed });

const reach = 10;
const perPixel = 0.01; // radians of a turn
const perKey = 0.15;

function gestures(
  element: HTMLCanvasElement,
  plot: Points,
  latest: { current: PlotProps },
  setTrace: (trace: Pixel[]) => void,
): () => void {
  let from: { x: number; y: number; camera: Camera } | null = null;
  let path: Pixel[] | null = null;
  let start: Pixel | null = null; // of a box
  let moved = false;
  const place = (event: PointerEvent | WheelEvent): Pixel => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const down = (event: PointerEvent) => {
    element.setPointerCapture(event.pointerId);
    const [x, y] = place(event);
    moved = false;
    if (event.shiftKey || ["box", "lasso"].includes(latest.current.tools.gesture)) {
      path = [[x, y]];
      start = !event.shiftKey && latest.current.tools.gesture === "box" ? [x, y] : null;
    } else {
      from = { x, y, camera: latest.current.tools.camera };
    }
  };
  const move = (event: PointerEvent) => {
    const [x, y] = place(event);
    if (path || from) {
      leave(); // what is beneath is not what is meant
    }
    if (path) {
      path = start ? corners(start, [x, y]) : [...path, [x, y]];
      setTrace(path);
      return;
    }
    if (!from) {
      latest.current.hover(plot.pick(x, y, reach), latest.current.side);
      return;
    }
    moved ||= Math.hypot(x - from.x, y - from.y) > 3;
    if (moved && latest.current.tools.gesture === "turn") {
      latest.current.turn?.((x - from.x) * perPixel, (y - from.y) * perPixel);
      from = { ...from, x, y };
    } else if (moved) {
      const s = Math.min(element.clientWidth, element.clientHeight) * from.camera.zoom;
      latest.current.tools.setCamera({
        ...from.camera,
        x: from.camera.x - (x - from.x) / s,
        y: from.camera.y + (y - from.y) / s,
      });
    }
  };
  const up = (event: PointerEvent) => {
    const [x, y] = place(event);
    if (path && extent(path) > 3) {
      latest.current.lasso(plot.within(path.map(([u, v]) => plot.toPlot(u, v))));
    } else if (!moved && (from || path)) {
      latest.current.choose(plot.pick(x, y, reach));
    }
    forget();
  };
  const forget = () => {
    path = null;
    from = null;
    setTrace([]);
  };
  const wheel = (event: WheelEvent) => {
    if (!element.matches(":focus") && !event.ctrlKey) {
      return; // the page scrolls
    }
    event.preventDefault();
    leave();
    const [x, y] = place(event);
    latest.current.tools.setCamera(
      zoomed(plot, latest.current.tools.camera, Math.exp(-event.deltaY * 0.0015), x, y),
    );
  };
  const leave = () => latest.current.hover(-1, latest.current.side);
  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", forget);
  element.addEventListener("pointerleave", leave);
  element.addEventListener("wheel", wheel, { passive: false });
  return () => {
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", up);
    element.removeEventListener("pointercancel", forget);
    element.removeEventListener("pointerleave", leave);
    element.removeEventListener("wheel", wheel);
  };
}

function corners([x, y]: Pixel, [u, v]: Pixel): Pixel[] {
  return [
    [x, y],
    [u, y],
    [u, v],
    [x, v],
  ];
}

/** The longer side of what a path goes around, in pixels: a click is none. */
function extent(path: Pixel[]): number {
  const side = (axis: 0 | 1) => {
    const values = path.map((place) => place[axis]);
    return values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
  };
  return Math.max(side(0), side(1));
}

/** The camera after a zoom that keeps what is under a pixel where it is. */
function zoomed(plot: Points, camera: Camera, factor: number, x: number, y: number): Camera {
  const zoom = Math.max(0.5, Math.min(400, camera.zoom * factor));
  const [px, py] = plot.toPlot(x, y);
  const part = camera.zoom / zoom;
  return { zoom, x: px + (camera.x - px) * part, y: py + (camera.y - py) * part };
}

const turns: Record<string, [number, number]> = { a: [-1, 0], d: [1, 0], w: [0, -1], s: [0, 1] };

function press(event: KeyboardEvent, plot: Points, props: PlotProps): void {
  const { camera } = props.tools;
  const arrows: Record<string, [number, number]> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, 1],
    ArrowDown: [0, -1],
  };
  const arrow = arrows[event.key];
  const middle: [number, number] = [plot.canvas.clientWidth / 2, plot.canvas.clientHeight / 2];
  if (arrow && event.shiftKey) {
    props.tools.setCamera({
      ...camera,
      x: camera.x + (0.1 * arrow[0]) / camera.zoom,
      y: camera.y + (0.1 * arrow[1]) / camera.zoom,
    });
  } else if (arrow) {
    const next =
      props.chosen < 0
        ? plot.pick(...middle, plot.canvas.clientWidth)
        : plot.next(props.chosen, arrow[0], arrow[1]);
    if (next >= 0) {
      props.choose(next);
    }
  } else if (event.key === "+" || event.key === "=") {
    props.tools.setCamera(zoomed(plot, camera, 1.4, ...middle));
  } else if (event.key === "-") {
    props.tools.setCamera(zoomed(plot, camera, 1 / 1.4, ...middle));
  } else if (event.key === "0") {
    props.tools.setCamera(wholePlot);
  } else if (event.key === "Escape") {
    props.choose(-1);
    props.lasso([]);
  } else if (event.key === "?") {
    props.tools.help();
  } else if (event.key === "[" || event.key === "]") {
    props.walk?.(event.key === "]" ? 1 : -1, props.side);
  } else if (props.turn && event.key.toLowerCase() in turns && !event.ctrlKey && !event.metaKey) {
    const [around = 0, above = 0] = turns[event.key.toLowerCase()] ?? [];
    props.turn(around * perKey, above * perKey);
  } else if (event.key.toLowerCase() === "z") {
    props.tools.undo?.();
  } else if (event.key.toLowerCase() === "l") {
    props.tools.setGesture(props.tools.gesture === "lasso" ? "move" : "lasso");
  } else if (event.key.toLowerCase() === "b") {
    const root = plot.canvas.getRootNode() as Document | ShadowRoot;
    const other = root.querySelector<HTMLCanvasElement>(
      `canvas.points[data-side="${props.side === "a" ? "b" : "a"}"]`,
    );
    other?.focus();
  } else {
    return;
  }
  event.preventDefault();
}
