// One plot of up to some millions of points: WebGL2 where there is one, else a plain canvas with a sample of them. That is also
// what is seen at first: a browser's first graphics context can take a second or two to come, in which the page stands still.
// The points lie in [0, 1]²; marks (neighbours, the selected point) are drawn in a second pass, so that they are never
// buried, and are told apart by shape as well as by colour.
import { drawDots } from "./dots";
import { Graphics, isSoftware, longestStep } from "./graphics";
import { Grid, type Polygon } from "./grid";

/** How a marked point is drawn. */
export type Shape = "circle" | "triangle" | "square" | "ring";

export interface Mark {
  id: number;
  shape: Shape;
  /** Red, green, blue: 0..255. */
  colour: [number, number, number];
  size: number;
}

/** What both plots look at: the middle, and how many times the plot is enlarged. */
export interface Camera {
  x: number;
  y: number;
  zoom: number;
}

export const wholePlot: Camera = { x: 0.5, y: 0.5, zoom: 1 };

const shapes: Shape[] = ["circle", "triangle", "square", "ring"];

const sample = 30_000; // points drawn during motion where drawing is slow, and on a plain canvas
const rest = 200; // ms without motion, after which all are drawn
const slowFrame = 200; // ms of one that draws all

/** A plot of n points on a canvas. */
export class Points {
  n = 0;
  camera: Camera = wholePlot;
  /** Diameter of a point, in CSS pixels. */
  size = 4;
  places: Float32Array<ArrayBuffer> = new Float32Array(0);
  colours: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  marks: Mark[] = [];
  private trails: number[] = [];
  private from: Float32Array | null = null;
  private queued = 0;
  private grid: Grid | null = null;
  private gl: WebGL2RenderingContext | null = null;
  private graphics: Graphics | null = null;
  private paper: HTMLCanvasElement | null = null;
  /** Whether a graphics context was asked for. */
  begun = false;
  private forgetBegin: (() => void) | null = null;
  private slow = false;
  private movedAt = Number.NEGATIVE_INFINITY;
  private settling = 0;

  constructor(readonly canvas: HTMLCanvasElement) {
    canvas.addEventListener("webglcontextlost", this.lost);
    canvas.addEventListener("webglcontextrestored", this.restored);
    this.cover();
  }

  /** Lets go of what is kept outside: a page may hold few graphics contexts. */
  close(): void {
    cancelAnimationFrame(this.queued);
    clearTimeout(this.settling);
    this.forgetBegin?.();
    this.canvas.removeEventListener("webglcontextlost", this.lost);
    this.canvas.removeEventListener("webglcontextrestored", this.restored);
    this.gl?.getExtension("WEBGL_lose_context")?.loseContext();
    this.paper?.remove();
  }

  /** Takes a graphics context, where there is one, in place of the plain canvas. */
  accelerate(): void {
    this.begun = true;
    this.gl = this.canvas.getContext("webgl2", { antialias: false, alpha: true });
    if (this.gl) {
      this.slow = isSoftware(this.gl);
      this.uncover(this.gl);
    }
  }

  /** Puts a plain canvas above the other: one with a graphics context draws nothing else. */
  private cover(): void {
    this.graphics = null;
    const paper = document.createElement("canvas");
    paper.className = "points-plain";
    paper.setAttribute("aria-hidden", "true");
    this.canvas.after(paper);
    this.paper = paper;
    this.draw();
  }

  private uncover(gl: WebGL2RenderingContext): void {
    this.graphics = new Graphics(gl);
    this.graphics.upload("places", this.places);
    this.graphics.upload("colours", this.colours);
    const { paper } = this;
    this.paper = null;
    this.drawNow(); // in the same task, so that no empty frame is between them
    paper?.remove();
  }

  private readonly lost = (event: Event): void => {
    event.preventDefault(); // else it is never restored
    this.cover();
  };

  private readonly restored = (): void => {
    if (this.gl) {
      this.uncover(this.gl);
    }
  };

  /** Whether a graphics context draws, or the plain canvas. */
  get accelerated(): boolean {
    return this.graphics !== null;
  }

  /** New places, two for each point. */
  move(places: Float32Array<ArrayBuffer>): void {
    this.places = places;
    this.grid = null;
    const n = places.length / 2;
    if (n !== this.n) {
      this.n = n;
      this.colours = new Uint8Array(4 * n).fill(150);
      this.graphics?.upload("colours", this.colours);
    }
    this.graphics?.upload("places", places);
    this.stir();
  }

  /** New colours: red, green, blue and opacity of each point. */
  paint(colours: Uint8Array<ArrayBuffer>): void {
    if (colours.length === 4 * this.n) {
      this.colours = colours;
      this.graphics?.upload("colours", colours);
      this.draw();
    }
  }

  mark(marks: Mark[]): void {
    this.marks = marks.filter((m) => m.id >= 0 && m.id < this.n);
    this.draw();
  }

  look(camera: Camera): void {
    const moves = camera !== this.camera;
    this.camera = camera;
    if (moves) {
      this.stir();
    }
  }

  /** Draws lines from where some points were to where they are; none without a place to come from. */
  trail(ids: number[], from: Float32Array | null): void {
    this.trails = ids;
    this.from = from;
    this.draw();
  }

  /** Draws at the next frame of the screen. */
  draw(): void {
    this.queued ||= requestAnimationFrame(() => {
      this.queued = 0;
      this.drawNow();
    });
  }

  /** Something moves: where drawing is slow a sample stands for all until it rests. */
  private stir(): void {
    this.movedAt = performance.now();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      if (this.step() > 1 || !this.grid) {
        this.movedAt = Number.NEGATIVE_INFINITY;
        this.grid ??= new Grid(this.places); // before the pointer asks
        this.draw();
      }
    }, rest);
    this.draw();
  }

  /** Every how manieth point is drawn now. */
  step(): number {
    const moving = this.slow && performance.now() - this.movedAt < rest;
    return moving ? Math.max(1, Math.min(longestStep, Math.ceil(this.n / sample))) : 1;
  }

  drawNow(ratio = globalThis.devicePixelRatio || 1, step = this.step()): void {
    const { clientWidth, clientHeight } = this.canvas;
    const width = Math.max(1, Math.round(clientWidth * ratio));
    const height = Math.max(1, Math.round(clientHeight * ratio));
    const canvas = this.paper ?? this.canvas;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    if (!this.graphics) {
      this.drawPlain(width, height, ratio);
      if (!this.begun && this.n > 0) {
        this.forgetBegin ??= afterPaint(() => this.accelerate());
      }
      return;
    }
    const { camera, n } = this;
    const pointSize = this.pointSize();
    const trails = this.trailVertices();
    const marks = this.markVertices();
    const scene = { width, height, ratio, camera, n, step, pointSize, trails, marks };
    if (this.graphics.draw(scene) && step === 1 && n > sample && !this.slow) {
      this.time(this.graphics.gl);
    }
  }

  /** Takes the time of a frame: not every slow context tells that it is one. */
  private time(gl: WebGL2RenderingContext): void {
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    const began = performance.now();
    const look = () => {
      if (!fence || gl.isContextLost()) {
        return;
      }
      const took = performance.now() - began;
      if (gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED && took < slowFrame) {
        setTimeout(look, 20);
        return;
      }
      this.slow = took >= slowFrame;
      gl.deleteSync(fence);
    };
    setTimeout(look, 0);
  }

  /** What is drawn, enlarged, as the address of a PNG. */
  picture(scale: number): string {
    this.drawNow(scale, 1);
    const address = (this.paper ?? this.canvas).toDataURL("image/png"); // in the same task, while the drawing is there
    this.drawNow();
    return address;
  }

  private markVertices(): number[] {
    return this.marks.flatMap(({ id, colour: [r, g, b], shape, size }) => [
      ...[this.places[2 * id] ?? 0, this.places[2 * id + 1] ?? 0],
      ...[r / 255, g / 255, b / 255, 1],
      ...[shapes.indexOf(shape), size],
    ]);
  }

  /** Two vertices for each trail, in the colour of its point, fainter where it comes from. */
  private trailVertices(): number[] {
    const { from, places, colours } = this;
    if (!from) {
      return [];
    }
    return this.trails.flatMap((id) => {
      const tint = [0, 1, 2].map((c) => (colours[4 * id + c] ?? 0) / 255);
      const then = [from[2 * id] ?? 0, from[2 * id + 1] ?? 0];
      const now = [places[2 * id] ?? 0, places[2 * id + 1] ?? 0];
      return [...then, ...tint, 0.1, 0, 0, ...now, ...tint, 0.75, 0, 0];
    });
  }

  /** Points are smaller where they are many, and grow a little with the zoom. */
  pointSize(): number {
    const crowd = Math.max(0.35, Math.min(1, Math.sqrt(20_000 / Math.max(this.n, 1))));
    return Math.max(1.5, this.size * crowd * Math.min(2.5, this.camera.zoom ** 0.3));
  }

  private drawPlain(width: number, height: number, ratio: number): void {
    // Not by the graphics card: that is what is waited for.
    const paper = this.paper?.getContext("2d", { willReadFrequently: true });
    if (!paper) {
      return;
    }
    const { places, colours, camera } = this;
    const scale = this.scale() * ratio;
    drawDots(paper, {
      ...{ places, colours, scale },
      step: Math.max(1, Math.ceil(this.n / sample)), // evenly through the rows
      edge: Math.max(1, Math.round(this.pointSize() * ratio)),
      left: width / 2 - scale * camera.x,
      top: height / 2 + scale * camera.y,
    });
    paper.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.drawTrails(paper);
    for (const m of this.marks) {
      const [x, y] = this.toPixel(m.id);
      drawMark(paper, m, x, y);
    }
  }

  private drawTrails(paper: CanvasRenderingContext2D): void {
    const { from } = this;
    paper.globalCompositeOperation = "destination-over"; // beneath the points
    for (const id of from ? this.trails : []) {
      const [r, g, b] = this.colours.subarray(4 * id, 4 * id + 3);
      paper.strokeStyle = `rgb(${r} ${g} ${b} / 0.5)`;
      paper.beginPath();
      paper.moveTo(...this.onCanvas(from?.[2 * id] ?? 0, from?.[2 * id + 1] ?? 0));
      paper.lineTo(...this.toPixel(id));
      paper.stroke();
    }
    paper.globalCompositeOperation = "source-over";
  }

  private scale(): number {
    return Math.min(this.canvas.clientWidth, this.canvas.clientHeight) * this.camera.zoom;
  }

  /** From CSS pixels of the canvas to the plot. */
  toPlot(x: number, y: number): [number, number] {
    const { clientWidth: w, clientHeight: h } = this.canvas;
    const s = this.scale();
    return [(x - w / 2) / s + this.camera.x, (h / 2 - y) / s + this.camera.y];
  }

  /** Where a point is on the canvas, in CSS pixels. */
  toPixel(id: number): [number, number] {
    return this.onCanvas(this.places[2 * id] ?? 0, this.places[2 * id + 1] ?? 0);
  }

  private onCanvas(x: number, y: number): [number, number] {
    const { clientWidth: w, clientHeight: h } = this.canvas;
    const s = this.scale();
    return [(x - this.camera.x) * s + w / 2, h / 2 - (y - this.camera.y) * s];
  }

  /** The point nearest to a pixel, within a reach; -1: none. */
  pick(x: number, y: number, reach = 8): number {
    this.grid ??= new Grid(this.places);
    const [px, py] = this.toPlot(x, y);
    return this.grid.nearest(px, py, reach / this.scale());
  }

  /** The nearest point in a direction (within 45° of it), for the arrow keys; -1: none. */
  next(from: number, dx: number, dy: number): number {
    const x = this.places[2 * from] ?? 0;
    const y = this.places[2 * from + 1] ?? 0;
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.n; i++) {
      const ax = (this.places[2 * i] ?? 0) - x;
      const ay = (this.places[2 * i + 1] ?? 0) - y;
      const along = ax * dx + ay * dy;
      const across = Math.abs(ax * dy - ay * dx);
      const gap = ax * ax + ay * ay;
      if (i !== from && along > 0 && across <= along && gap < least) {
        best = i;
        least = gap;
      }
    }
    return best;
  }

  /** The points within a polygon of the plot (even-odd rule). */
  within(polygon: Polygon): number[] {
    this.grid ??= new Grid(this.places);
    return this.grid.within(polygon);
  }
}

/** Runs when what stands on the page by now is painted, never in a hidden one; gives what takes that back. */
export function afterPaint(act: () => void): () => void {
  let late: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    late = setTimeout(act);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(late);
  };
}

function drawMark(paper: CanvasRenderingContext2D, m: Mark, x: number, y: number): void {
  const [r, g, b] = m.colour;
  const half = m.size / 2;
  paper.fillStyle = paper.strokeStyle = `rgb(${r} ${g} ${b})`;
  paper.lineWidth = 2.5;
  paper.beginPath();
  if (m.shape === "triangle") {
    paper.moveTo(x, y - half);
    paper.lineTo(x + half, y + half);
    paper.lineTo(x - half, y + half);
  } else if (m.shape === "square") {
    paper.rect(x - half * 0.8, y - half * 0.8, m.size * 0.8, m.size * 0.8);
  } else {
    paper.arc(x, y, m.shape === "ring" ? half - 1 : half, 0, 7);
  }
  if (m.shape === "ring") {
    paper.stroke();
  } else {
    paper.fill();
  }
}
