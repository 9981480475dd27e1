// One plot with its gestures: drag to move, wheel to zoom (when the plot has the focus, or with Ctrl), Shift and drag for
// a lasso, click for a point, arrow keys for the nearest point in a direction.
import { useEffect, useRef } from "preact/hooks";
import { type Camera, type Mark, Points, wholePlot } from "./points";

interface PlotProps {
  name: string;
  side: "a" | "b";
  places: Float32Array<ArrayBuffer> | null;
  colours: Uint8Array<ArrayBuffer> | null;
  marks: Mark[];
  camera: Camera;
  chosen: number;
  setCamera: (camera: Camera) => void;
  choose: (id: number) => void;
  hover: (id: number) => void;
  lasso: (ids: number[]) => void;
}

/** A canvas of points. */
export function Plot(props: PlotProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const points = useRef<Points | null>(null);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    const element = canvas.current;
    if (!element) {
      return;
    }
    const plot = new Points(element);
    points.current = plot;
    exposed.set(props.side, plot);
    const watch = new ResizeObserver(() => plot.draw());
    watch.observe(element);
    const forget = gestures(element, plot, latest);
    return () => {
      watch.disconnect();
      forget();
      exposed.delete(props.side);
    };
  }, []);
  useEffect(() => {
    if (props.places) {
      points.current?.move(props.places);
    }
    if (props.colours) {
      points.current?.paint(props.colours);
    }
  }, [props.places, props.colours]);
  useEffect(() => points.current?.mark(props.marks), [props.marks, props.places]);
  useEffect(() => points.current?.look(props.camera), [props.camera]);
  return (
    <figure class={`plot-frame side-${props.side}`}>
      <figcaption>
        <span class={`space-${props.side}`}>{props.name}</span>
      </figcaption>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: the plot takes arrow keys and letters itself */}
      <canvas
        ref={canvas}
        class="points"
        data-side={props.side}
        tabIndex={0}
        role="application"
        aria-label={`Map of ${props.name}`}
        aria-describedby="map-help"
        onKeyDown={(event) => points.current && press(event, points.current, latest.current)}
      />
    </figure>
  );
}

/** The plots of the page by side: tests look at what is drawn. */
export const exposed = new Map<string, Points>();
Object.assign(globalThis, { vectoryPlots: exposed });

const reach = 10;

function gestures(element: HTMLCanvasElement, plot: Points, latest: { current: PlotProps }): () => void {
  let from: { x: number; y: number; camera: Camera } | null = null;
  let path: [number, number][] | null = null;
  let moved = false;
  const place = (event: PointerEvent | WheelEvent): [number, number] => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const down = (event: PointerEvent) => {
    element.setPointerCapture(event.pointerId);
    const [x, y] = place(event);
    moved = false;
    if (event.shiftKey) {
      path = [plot.toPlot(x, y)];
    } else {
      from = { x, y, camera: latest.current.camera };
    }
  };
  const move = (event: PointerEvent) => {
    const [x, y] = place(event);
    if (path) {
      path.push(plot.toPlot(x, y));
      return;
    }
    if (!from) {
      latest.current.hover(plot.pick(x, y, reach));
      return;
    }
    moved ||= Math.hypot(x - from.x, y - from.y) > 3;
    if (moved) {
      const s = Math.min(element.clientWidth, element.clientHeight) * from.camera.zoom;
      latest.current.setCamera({
        ...from.camera,
        x: from.camera.x - (x - from.x) / s,
        y: from.camera.y + (y - from.y) / s,
      });
    }
  };
  const up = (event: PointerEvent) => {
    const [x, y] = place(event);
    if (path && path.length > 2) {
      latest.current.lasso(plot.within(path));
    } else if (from && !moved) {
      latest.current.choose(plot.pick(x, y, reach));
    }
    path = null;
    from = null;
  };
  const wheel = (event: WheelEvent) => {
    if (!element.matches(":focus") && !event.ctrlKey) {
      return; // the page scrolls
    }
    event.preventDefault();
    const [x, y] = place(event);
    latest.current.setCamera(zoomed(plot, latest.current.camera, Math.exp(-event.deltaY * 0.0015), x, y));
  };
  const leave = () => latest.current.hover(-1);
  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointerleave", leave);
  element.addEventListener("wheel", wheel, { passive: false });
  return () => {
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", up);
    element.removeEventListener("pointerleave", leave);
    element.removeEventListener("wheel", wheel);
  };
}

/** The camera after a zoom that keeps what is under a pixel where it is. */
function zoomed(plot: Points, camera: Camera, factor: number, x: number, y: number): Camera {
  const zoom = Math.max(0.5, Math.min(400, camera.zoom * factor));
  const [px, py] = plot.toPlot(x, y);
  const part = camera.zoom / zoom;
  return { zoom, x: px + (camera.x - px) * part, y: py + (camera.y - py) * part };
}

function press(event: KeyboardEvent, plot: Points, props: PlotProps): void {
  const { camera } = props;
  const arrows: Record<string, [number, number]> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, 1],
    ArrowDown: [0, -1],
  };
  const arrow = arrows[event.key];
  const middle: [number, number] = [plot.canvas.clientWidth / 2, plot.canvas.clientHeight / 2];
  if (arrow && event.shiftKey) {
    props.setCamera({
      ...camera,
      x: camera.x + (0.1 * arrow[0]) / camera.zoom,
      y: camera.y + (0.1 * arrow[1]) / camera.zoom,
    });
  } else if (arrow) {
    const next =
      props.chosen < 0
        ? plot.pick(...middle, plot.canvas.clientWidth)
        : plot.step(props.chosen, arrow[0], arrow[1]);
    if (next >= 0) {
      props.choose(next);
    }
  } else if (event.key === "+" || event.key === "=") {
    props.setCamera(zoomed(plot, camera, 1.4, ...middle));
  } else if (event.key === "-") {
    props.setCamera(zoomed(plot, camera, 1 / 1.4, ...middle));
  } else if (event.key === "0") {
    props.setCamera(wholePlot);
  } else if (event.key === "Escape") {
    props.choose(-1);
    props.lasso([]);
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
