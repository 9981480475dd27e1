// What is looked at, taken along: the maps as a picture with their legend, the items as a table.
import { useEffect, useState } from "preact/hooks";
import { type ApiError, api, asApiError } from "./api";
import { hatched, type Key, type Painted, type Rgb } from "./colours";
import { clip, count } from "./format";
import type { Link } from "./link";
import { meanings } from "./marks";
import { Failure } from "./parts";
import { exposed } from "./plot";
import type { Mark, Points } from "./points";

/** A picture of maps. */
export interface Figure {
  /** File name, without its ending. */
  file: string;
  title: string;
  panels: { side: "a" | "b"; name: string }[];
  painted: Painted | null;
  /** What the colours are of; "": nothing. */
  colour: string;
  /** What the shapes of marks mean; none when nothing is marked. */
  shapes: { shape: keyof typeof meanings; text: string }[];
}

/** A table of items: a name and a value for each row. */
export type Table = { name: string; value: (i: number) => string | number }[];

interface ExportsProps {
  figure: () => Figure;
  table: () => Promise<{ columns: Table; rows: number }>;
  /** How many rows the table has: the selection's, else all. */
  rows: number;
}

/** Buttons that save what is looked at. */
export function Exports({ figure, table, rows }: ExportsProps) {
  const [error, setError] = useState<ApiError | null>(null);
  const save = (make: () => Promise<[Blob, string]>) => {
    setError(null);
    make().then(
      ([blob, name]) => download(blob, name),
      (failed: unknown) => setError(asApiError(failed)),
    );
  };
  return (
    <div class="exports">
      <span class="muted">Save</span>
      <button type="button" onClick={() => save(async () => [await png(figure()), `${figure().file}.png`])}>
        PNG
      </button>
      <button type="button" onClick={() => save(async () => [svg(figure()), `${figure().file}.svg`])}>
        SVG
      </button>
      <button
        type="button"
        onClick={() =>
          save(async () => {
            const { columns, rows } = await table();
            return [new Blob([csv(columns, rows)], { type: "text/csv" }), `${figure().file}.csv`];
          })
        }
      >
        CSV of {count(rows)}
      </button>
      {error && <Failure error={error} />}
    </div>
  );
}

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name.replaceAll("/", "-");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A table as CSV (RFC 4180). */
export function csv(columns: Table, rows: number): string {
  const cell = (value: string | number) => {
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map(({ name }) => cell(name)).join(",")];
  for (let i = 0; i < rows; i++) {
    lines.push(columns.map(({ value }) => cell(value(i))).join(","));
  }
  return `${lines.join("\r\n")}\r\n`;
}

/** The columns of a dataset for some of its rows. */
export async function columnsOf(dataset: string | null, rows: Int32Array): Promise<Table> {
  const names = dataset ? (await api.dataset(dataset)).columns : [];
  const columns = await Promise.all(names.map((name) => api.column(dataset ?? "", name)));
  return columns.map(({ column, codes, values }) => ({
    name: column,
    value: (i) => values[codes[rows[i] ?? -1] ?? -1] ?? "",
  }));
}

const quiet = 1500; // ms without a change before a picture is kept

/** Keeps a picture of what is looked at when nothing of it has changed for a while. */
export function Still({
  link,
  figure,
  looked,
}: {
  link: Link | null;
  figure: () => Figure;
  looked: unknown[];
}) {
  useEffect(() => {
    const keep = link?.keep;
    if (!keep) {
      return;
    }
    const late = setTimeout(() => png(figure(), 1).then(keep, () => {}), quiet); // without one the last stays
    return () => clearTimeout(late);
  }, [link, ...looked]);
  return null;
}

const scale = 2; // of a PNG that is saved
const vectors = 20_000; // so many points are drawn one by one in an SVG, more as one picture
const margin = 16;
const line = 20;
const keyWidth = 170;

async function png(figure: Figure, times = scale): Promise<Blob> {
  const { text, width, height } = drawing(figure, false);
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = times * width;
  canvas.height = times * height;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large")))),
  );
}

function svg(figure: Figure): Blob {
  return new Blob([drawing(figure, true).text], { type: "image/svg+xml" });
}

/** The figure as SVG: a title, the maps beside each other, the legend beneath. */
function drawing(f: Figure, vector: boolean): { text: string; width: number; height: number } {
  const plots = f.panels.flatMap(({ side, name }) => {
    const plot = exposed.get(side);
    return plot ? [{ name, plot }] : [];
  });
  const style = getComputedStyle(plots[0]?.plot.canvas ?? document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const side = plots.map(({ plot }) => [plot.canvas.clientWidth, plot.canvas.clientHeight] as const);
  const width = margin + side.reduce((sum, [w]) => sum + w + margin, 0);
  const top = margin + 2 * line + 8;
  const tall = Math.max(...side.map(([, h]) => h));
  const keys = legend(f, width - 2 * margin, colour("--muted"));
  const height = top + tall + margin + keys.height;
  let x = margin;
  const panels = plots.map(({ name, plot }, i) => {
    const [w = 0, h = 0] = side[i] ?? [];
    const panel = `<g transform="translate(${x} ${top})"><text y="-8" fill="${colour("--text")}">${escaped(name)}</text>
<svg width="${w}" height="${h}">${points(plot, vector)}</svg><rect width="${w}" height="${h}" fill="none" stroke="${colour("--line")}"/></g>`;
    x += w + margin;
    return panel;
  });
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, DejaVu Sans, sans-serif" font-size="13">
<rect width="100%" height="100%" fill="${colour("--surface")}"/>
<text x="${margin}" y="${margin + 14}" font-size="15" font-weight="600" fill="${colour("--text")}">${escaped(f.title)}</text>
${panels.join("\n")}
<g transform="translate(${margin} ${top + tall + margin})" fill="${colour("--text")}">${keys.text}</g>
</svg>
`;
  return { text, width, height };
}

/** A plot: each point that is in sight, or what is on its canvas. */
function points(plot: Points, vector: boolean): string {
  const { clientWidth: w, clientHeight: h } = plot.canvas;
  if (!vector || plot.n > vectors) {
    return `<image width="${w}" height="${h}" href="${plot.picture(2 * scale)}"/>`;
  }
  const r = plot.pointSize() / 2;
  const byColour = new Map<string, string[]>();
  for (let i = 0; i < plot.n; i++) {
    const [x, y] = plot.toPixel(i);
    if (x < -9 || y < -9 || x > w + 9 || y > h + 9) {
      continue;
    }
    const [red, green, blue, alpha] = plot.colours.subarray(4 * i, 4 * i + 4);
    const key = `fill="rgb(${red},${green},${blue})" fill-opacity="${((alpha ?? 255) / 255).toFixed(2)}"`;
    const shape = (alpha ?? 0) & hatched ? stroke(x, y, r) : circle(x, y, r);
    const those = byColour.get(key);
    those ? those.push(shape) : byColour.set(key, [shape]);
  }
  const groups = [...byColour].map(([key, circles]) => `<g ${key}>${circles.join("")}</g>`);
  return groups.join("\n") + plot.marks.map((mark) => markShape(mark, ...plot.toPixel(mark.id))).join("");
}

function circle(x: number, y: number, r: number): string {
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${r.toFixed(2)}"/>`;
}

function stroke(x: number, y: number, r: number): string {
  const [left, low, side, part] = [x - r, y + r, 1.7 * r, 0.3 * r].map((v) => v.toFixed(2));
  return `<path d="M${left} ${low}l${side} -${side}l${part} ${part}l-${side} ${side}z"/>`;
}

function rgb(colour: Rgb): string {
  return `rgb(${colour.join(",")})`;
}

function markShape(
  { shape, colour, size }: Pick<Mark, "shape" | "colour" | "size">,
  x: number,
  y: number,
): string {
  const half = size / 2;
  const fill = `fill="${rgb(colour)}"`;
  switch (shape) {
    case "triangle":
      return `<path d="M${x} ${y - half}L${x + half} ${y + half}H${x - half}Z" ${fill}/>`;
    case "square":
      return `<rect x="${x - 0.8 * half}" y="${y - 0.8 * half}" width="${0.8 * size}" height="${0.8 * size}" ${fill}/>`;
    case "ring":
      return `<circle cx="${x}" cy="${y}" r="${half - 1}" fill="none" stroke="${rgb(colour)}" stroke-width="2.5"/>`;
  }
  return `<circle cx="${x}" cy="${y}" r="${half}" ${fill}/>`;
}

/** What colours and shapes mean. */
function legend(f: Figure, width: number, muted: string): { text: string; height: number } {
  const perLine = Math.max(1, Math.floor(width / keyWidth));
  const parts: string[] = [];
  let y = 12;
  const flow = (entries: string[]) => {
    entries.forEach((entry, i) => {
      const at = `translate(${(i % perLine) * keyWidth} ${y + Math.floor(i / perLine) * line})`;
      parts.push(`<g transform="${at}">${entry}</g>`);
    });
    y += Math.ceil(entries.length / perLine) * line;
  };
  if (f.colour && f.painted?.range) {
    const [low, end] = f.painted.range.map((v) => v.toPrecision(3));
    const high = f.painted.more ? `${end} and more` : end;
    flow([`<text>${escaped(clip(f.colour, 60).text)}: ${low} (dark) to ${high} (light)</text>`]);
  }
  flow((f.colour ? (f.painted?.keys ?? []) : []).map((key) => entryOf(key, muted)));
  flow(
    f.shapes.map(
      ({ shape, text }) =>
        `${markShape({ shape, colour: meanings[shape], size: 11 }, 5, -4)}<text x="16">${escaped(clip(text, 22).text)}</text>`,
    ),
  );
  return { text: parts.join("\n"), height: y > 12 ? y + 4 : 0 };
}

function entryOf(key: Key, muted: string): string {
  const name = escaped(clip(key.name, 16).text);
  const swatch = key.hatched ? stroke(5, -4, 5) : circle(5, -4, 5);
  return `<g fill="${rgb(key.colour)}">${swatch}</g><text x="16">${name} <tspan fill="${muted}">${count(key.count)}</tspan></text>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
