// What draws a plot on a graphics context: the points once, into a picture that is kept; marks over it at each frame.

const vertex = `#version 300 es
layout(location=0) in vec2 place;
layout(location=1) in vec4 colour;
layout(location=2) in vec2 look; // shape and size of a mark
uniform vec3 camera; uniform vec2 size; uniform float points; uniform float ratio; uniform bool marked;
out vec4 tint; flat out float shape; out float edge; out float stroke;
void main() {
  vec2 p = (place - camera.xy) * camera.z;
  gl_Position = vec4(p * (size.y < size.x ? vec2(size.y / size.x, 1) : vec2(1, size.x / size.y)) * 2.0, 0, 1);
  gl_PointSize = marked ? look.y * ratio : points * ratio;
  tint = colour; shape = marked ? look.x : mod(floor(colour.a * 255.0 + 0.5), 2.0) * 4.0; // an odd opacity: hatched
  edge = gl_PointSize; stroke = 2.5 * ratio;
}`;

const fragment = `#version 300 es
precision mediump float;
in vec4 tint; flat in float shape; in float edge; in float stroke; out vec4 o;
uniform bool line;
void main() {
  if (line) { o = vec4(tint.rgb * tint.a, tint.a); return; }
  vec2 d = gl_PointCoord - 0.5;
  float inside;
  if (shape < 0.5) inside = 0.5 - length(d);
  else if (shape < 1.5) inside = min(0.42 - d.y, 0.44 + d.y * 0.5 - abs(d.x) - 0.2);
  else if (shape < 2.5) inside = 0.4 - max(abs(d.x), abs(d.y));
  else if (shape < 3.5) inside = min(0.5 - length(d), length(d) - 0.5 + stroke / edge);
  else inside = min(0.16 - 0.7 * abs(d.x + d.y), 0.5 - max(abs(d.x), abs(d.y)));
  float a = clamp(inside * edge, 0.0, 1.0) * tint.a;
  if (a <= 0.0) discard;
  o = vec4(tint.rgb * a, a);
}`;

/** What a frame shows. */
export interface Scene {
  width: number;
  height: number;
  ratio: number;
  camera: { x: number; y: number; zoom: number };
  n: number;
  /** Every how manieth point is drawn: 1 for all. */
  step: number;
  pointSize: number;
  /** Eight floats a vertex: place, colour and opacity, shape and size. */
  trails: number[];
  marks: number[];
}

/** The most that a step can be: WebGL takes strides of up to 255 bytes, a place has eight. */
export const longestStep = 31;

/** A graphics context with what is needed to draw points. */
export class Graphics {
  private readonly program: WebGLProgram;
  private readonly uniforms = new Map<string, WebGLUniformLocation | null>();
  private readonly places: WebGLBuffer;
  private readonly colours: WebGLBuffer;
  private readonly extra: WebGLBuffer;
  private readonly pointsArray: WebGLVertexArrayObject;
  private readonly extraArray: WebGLVertexArrayObject;
  private readonly kept: WebGLFramebuffer;
  private readonly picture: WebGLRenderbuffer;
  private base = ""; // what the kept picture is of

  constructor(readonly gl: WebGL2RenderingContext) {
    this.program = linked(gl);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.places = gl.createBuffer();
    this.colours = gl.createBuffer();
    this.extra = gl.createBuffer();
    this.pointsArray = gl.createVertexArray();
    this.extraArray = gl.createVertexArray();
    gl.bindVertexArray(this.extraArray);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.extra);
    for (const [place, count, offset] of [
      [0, 2, 0],
      [1, 4, 8],
      [2, 2, 24],
    ] as const) {
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, count, gl.FLOAT, false, 32, offset);
    }
    this.kept = gl.createFramebuffer();
    this.picture = gl.createRenderbuffer();
  }

  upload(what: "places" | "colours", data: Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this[what]);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
    this.base = "";
  }

  /** Draws; the points only where something about them has changed. Says whether they were. */
  draw(scene: Scene): boolean {
    const { gl } = this;
    const { marks, trails, ...rest } = scene;
    const base = JSON.stringify([rest, trails]);
    const anew = base !== this.base;
    gl.viewport(0, 0, scene.width, scene.height);
    this.set(scene);
    if (anew) {
      gl.bindFramebuffer(gl.FRAMEBUFFER, this.kept);
      gl.bindRenderbuffer(gl.RENDERBUFFER, this.picture);
      gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, scene.width, scene.height);
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, this.picture);
      gl.clear(gl.COLOR_BUFFER_BIT);
      this.vertices(gl.LINES, trails);
      this.points(scene.n, scene.step);
      this.base = base;
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.clear(gl.COLOR_BUFFER_BIT); // Chromium shows nothing of a picture that is copied onto what was shown before
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.kept);
    const box = [0, 0, scene.width, scene.height] as const;
    gl.blitFramebuffer(...box, ...box, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    this.vertices(gl.POINTS, marks);
    return anew;
  }

  private set({ camera, width, height, pointSize, ratio }: Scene): void {
    const { gl } = this;
    gl.useProgram(this.program);
    gl.uniform3f(this.at("camera"), camera.x, camera.y, camera.zoom);
    gl.uniform2f(this.at("size"), width, height);
    gl.uniform1f(this.at("points"), pointSize);
    gl.uniform1f(this.at("ratio"), ratio);
  }

  private points(n: number, step: number): void {
    const { gl } = this;
    gl.uniform1i(this.at("line"), 0);
    gl.uniform1i(this.at("marked"), 0);
    gl.bindVertexArray(this.pointsArray);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.places);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 8 * step, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.colours);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribPointer(1, 4, gl.UNSIGNED_BYTE, true, 4 * step, 0);
    gl.drawArrays(gl.POINTS, 0, Math.ceil(n / step));
  }

  private vertices(mode: number, data: number[]): void {
    const { gl } = this;
    if (data.length === 0) {
      return;
    }
    gl.uniform1i(this.at("line"), mode === gl.LINES ? 1 : 0);
    gl.uniform1i(this.at("marked"), mode === gl.LINES ? 0 : 1);
    gl.bindVertexArray(this.extraArray);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.extra);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(data), gl.DYNAMIC_DRAW);
    gl.drawArrays(mode, 0, data.length / 8);
  }

  private at(name: string): WebGLUniformLocation | null {
    let found = this.uniforms.get(name);
    if (found === undefined) {
      found = this.gl.getUniformLocation(this.program, name);
      this.uniforms.set(name, found);
    }
    return found;
  }
}

/** Whether a processor draws in place of a graphics card, as far as the context tells. */
export function isSoftware(gl: WebGL2RenderingContext): boolean {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

function linked(gl: WebGL2RenderingContext): WebGLProgram {
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
  return program;
}
