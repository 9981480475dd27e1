// One plot of up to some millions of points: WebGL2 where there is one, else a plain canvas with a sample of them.
// The points lie in [0, 1]²; marks (neighbours, the selected point) are drawn in a second pass, so that they are never
// buried, and are told apart by shape as well as by colour.

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

const vertex = `#version 300 es
layout(location=0) in vec2 place;
layout(location=1) in vec4 colour;
layout(location=2) in vec2 look; // shape and size of a mark
uniform vec3 camera; uniform vec2 size; uniform float points; uniform float ratio; uniform bool marked;
out vec4 tint; flat out float shape; out float edge;
void main() {
  vec2 p = (place - camera.xy) * camera.z;
  gl_Position = vec4(p * (size.y < size.x ? vec2(size.y / size.x, 1) : vec2(1, size.x / size.y)) * 2.0, 0, 1);
  gl_PointSize = marked ? look.y * ratio : points * ratio;
  tint = colour; shape = marked ? look.x : 0.0; edge = gl_PointSize;
}`;

const fragment = `#version 300 es
precision mediump float;
in vec4 tint; flat in float shape; in float edge; out vec4 o;
void main() {
  vec2 d = gl_PointCoord - 0.5;
  float inside;
  if (shape < 0.5) inside = 0.5 - length(d);
  else if (shape < 1.5) inside = min(0.42 - d.y, 0.44 + d.y * 0.5 - abs(d.x) - 0.2);
  else if (shape < 2.5) inside = 0.4 - max(abs(d.x), abs(d.y));
  else inside = min(0.5 - length(d), length(d) - 0.5 + 2.5 / edge);
  float a = clamp(inside * edge, 0.0, 1.0) * tint.a;
  if (a <= 0.0) discard;
  o = vec4(tint.rgb * a, a);
}`;

/** A plot of n points on a canvas. */
export class Points {
  n = 0;
  camera: Camera = wholePlot;
  /** Diameter of a point, in CSS pixels. */
  size = 4;
  places: Float32Array<ArrayBuffer> = new Float32Array(0);
  private colours: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  private marks: Mark[] = [];
  private queued = 0;
  private grid: Grid | null = null;
  private gl: WebGL2RenderingContext | null;
  private program: Program | null = null;

  constructor(readonly canvas: HTMLCanvasElement) {
    this.gl = canvas.getContext("webgl2", { antialias: false, alpha: true });
    if (this.gl) {
      this.program = makeProgram(this.gl);
      canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
      canvas.addEventListener("webglcontextrestored", () => {
        if (this.gl) {
          this.program = makeProgram(this.gl);
          this.upload();
          this.draw();
        }
      });
    }
  }

  /** Whether a graphics context draws, or the plain canvas. */
  get accelerated(): boolean {
    return this.gl !== null;
  }

  /** New places, two for each point. */
  move(places: Float32Array<ArrayBuffer>): void {
    this.places = places;
    this.grid = null;
    const n = places.length / 2;
    if (n !== this.n) {
      this.n = n;
      this.colours = new Uint8Array(4 * n).fill(150);
    }
    this.upload();
    this.draw();
  }

  /** New colours: red, green, blue and opacity of each point. */
  paint(colours: Uint8Array<ArrayBuffer>): void {
    if (colours.length === 4 * this.n) {
      this.colours = colours;
      this.upload();
      this.draw();
    }
  }

  mark(marks: Mark[]): void {
    this.marks = marks.filter((m) => m.id >= 0 && m.id < this.n);
    this.draw();
  }

  look(camera: Camera): void {
    this.camera = camera;
    this.draw();
  }

  private upload(): void {
    const { gl, program } = this;
    if (gl && program) {
      gl.bindVertexArray(program.points);
      gl.bindBuffer(gl.ARRAY_BUFFER, program.places);
      gl.bufferData(gl.ARRAY_BUFFER, this.places, gl.DYNAMIC_DRAW);
      gl.bindBuffer(gl.ARRAY_BUFFER, program.colours);
      gl.bufferData(gl.ARRAY_BUFFER, this.colours, gl.DYNAMIC_DRAW);
    }
  }

  /** Draws at the next frame of the screen. */
  draw(): void {
    this.queued ||= requestAnimationFrame(() => {
      this.queued = 0;
      this.drawNow();
    });
  }

  drawNow(): void {
    const { canvas } = this;
    const ratio = globalThis.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    if (this.gl && this.program) {
      this.drawAccelerated(this.gl, this.program, width, height, ratio);
    } else {
      this.drawPlain(width, height, ratio);
    }
  }

  private drawAccelerated(
    gl: WebGL2RenderingContext,
    program: Program,
    width: number,
    height: number,
    ratio: number,
  ): void {
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.useProgram(program.program);
    gl.uniform3f(program.at("camera"), this.camera.x, this.camera.y, this.camera.zoom);
    gl.uniform2f(program.at("size"), width, height);
    gl.uniform1f(program.at("points"), this.pointSize());
    gl.uniform1f(program.at("ratio"), ratio);
    gl.uniform1i(program.at("marked"), 0);
    gl.bindVertexArray(program.points);
    gl.drawArrays(gl.POINTS, 0, this.n);
    if (this.marks.length > 0) {
      const data = new Float32Array(8 * this.marks.length);
      this.marks.forEach((m, i) => {
        const [r, g, b] = m.colour;
        const place = [this.places[2 * m.id] ?? 0, this.places[2 * m.id + 1] ?? 0];
        data.set([...place, r / 255, g / 255, b / 255, 1, shapes.indexOf(m.shape), m.size], 8 * i);
      });
      gl.uniform1i(program.at("marked"), 1);
      gl.bindVertexArray(program.marks);
      gl.bindBuffer(gl.ARRAY_BUFFER, program.marked);
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
      gl.drawArrays(gl.POINTS, 0, this.marks.length);
    }
  }

  /** Points are smaller where they are many, and grow a little with the zoom. */
  private pointSize(): number {
    const crowd = Math.max(0.35, Math.min(1, Math.sqrt(20_000 / Math.max(this.n, 1))));
    return Math.max(1.5, this.size * crowd * Math.min(2.5, this.camera.zoom ** 0.3));
  }

  private drawPlain(width: number, height: number, ratio: number): void {
    const paper = this.canvas.getContext("2d");
    if (!paper) {
      return;
    }
    paper.setTransform(1, 0, 0, 1, 0, 0);
    paper.clearRect(0, 0, width, height);
    paper.scale(ratio, ratio);
    const size = this.pointSize();
    const step = Math.max(1, Math.ceil(this.n / 50_000)); // a sample, evenly through the rows
    for (let i = 0; i < this.n; i += step) {
      const [x, y] = this.toPixel(i);
      const [r, g, b, a] = this.colours.subarray(4 * i, 4 * i + 4);
      paper.fillStyle = `rgb(${r} ${g} ${b} / ${(a ?? 255) / 255})`;
      paper.fillRect(x - size / 2, y - size / 2, size, size);
    }
    for (const m of this.marks) {
      const [x, y] = this.toPixel(m.id);
      drawMark(paper, m, x, y);
    }
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
    const { clientWidth: w, clientHeight: h } = this.canvas;
    const s = this.scale();
    return [
      ((this.places[2 * id] ?? 0) - this.camera.x) * s + w / 2,
      h / 2 - ((this.places[2 * id + 1] ?? 0) - this.camera.y) * s,
    ];
  }

  /** The point nearest to a pixel, within a reach; -1: none. */
  pick(x: number, y: number, reach = 8): number {
    this.grid ??= new Grid(this.places);
    const [px, py] = this.toPlot(x, y);
    return this.grid.nearest(px, py, reach / this.scale());
  }

  /** The nearest point in a direction (within 45° of it), for the arrow keys; -1: none. */
  step(from: number, dx: number, dy: number): number {
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
  within(polygon: readonly (readonly [number, number])[]): number[] {
    const found: number[] = [];
    for (let i = 0; i < this.n; i++) {
      if (inside(polygon, this.places[2 * i] ?? 0, this.places[2 * i + 1] ?? 0)) {
        found.push(i);
      }
    }
    return found;
  }
}

/** Whether a point lies within a polygon, by the even-odd rule. */
export function inside(polygon: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let is = false;
  let [xj, yj] = polygon.at(-1) ?? [0, 0];
  for (const [xi, yi] of polygon) {
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) {
      is = !is;
    }
    [xj, yj] = [xi, yi];
  }
  return is;
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

interface Program {
  program: WebGLProgram;
  points: WebGLVertexArrayObject;
  marks: WebGLVertexArrayObject;
  places: WebGLBuffer;
  colours: WebGLBuffer;
  marked: WebGLBuffer;
  at: (name: string) => WebGLUniformLocation | null;
}

function makeProgram(gl: WebGL2RenderingContext): Program {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) {
      throw new Error("the graphics context is lost");
    }
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(gl.getProgramInfoLog(program) ?? "the shaders do not link");
  }
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  const places = gl.createBuffer();
  const colours = gl.createBuffer();
  const marked = gl.createBuffer();
  const points = gl.createVertexArray();
  gl.bindVertexArray(points);
  gl.bindBuffer(gl.ARRAY_BUFFER, places);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  gl.bindBuffer(gl.ARRAY_BUFFER, colours);
  gl.enableVertexAttribArray(1);
  gl.vertexAttribPointer(1, 4, gl.UNSIGNED_BYTE, true, 0, 0);
  const marks = gl.createVertexArray();
  gl.bindVertexArray(marks);
  gl.bindBuffer(gl.ARRAY_BUFFER, marked);
  for (const [place, count, offset] of [
    [0, 2, 0],
    [1, 4, 8],
    [2, 2, 24],
  ] as const) {
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, count, gl.FLOAT, false, 32, offset);
  }
  return {
    program,
    points,
    marks,
    places,
    colours,
    marked,
    at: (name) => gl.getUniformLocation(program, name),
  };
}

const cells = 256;

/** The points by cell, for finding the nearest one. */
class Grid {
  private start = new Uint32Array(cells * cells + 1);
  private ids: Uint32Array;

  constructor(private places: Float32Array) {
    const n = places.length / 2;
    this.ids = new Uint32Array(n);
    const of = new Uint32Array(n);
    for (let i = 0; i < n; i++) {
      const at = cell(places[2 * i + 1] ?? 0) * cells + cell(places[2 * i] ?? 0);
      of[i] = at;
      this.start[at + 1] = (this.start[at + 1] ?? 0) + 1;
    }
    for (let c = 0; c < cells * cells; c++) {
      this.start[c + 1] = (this.start[c + 1] ?? 0) + (this.start[c] ?? 0);
    }
    const next = this.start.slice(0, -1);
    for (let i = 0; i < n; i++) {
      const at = of[i] ?? 0;
      this.ids[next[at] ?? 0] = i;
      next[at] = (next[at] ?? 0) + 1;
    }
  }

  nearest(x: number, y: number, reach: number): number {
    let best = -1;
    let least = reach * reach;
    for (let row = cell(y - reach); row <= cell(y + reach); row++) {
      for (let column = cell(x - reach); column <= cell(x + reach); column++) {
        const at = row * cells + column;
        for (let k = this.start[at] ?? 0; k < (this.start[at + 1] ?? 0); k++) {
          const id = this.ids[k] ?? 0;
          const gap = ((this.places[2 * id] ?? 0) - x) ** 2 + ((this.places[2 * id + 1] ?? 0) - y) ** 2;
          if (gap <= least) {
            best = id;
            least = gap;
          }
        }
      }
    }
    return best;
  }
}

function cell(v: number): number {
  return Math.max(0, Math.min(cells - 1, Math.floor(v * cells)));
}
