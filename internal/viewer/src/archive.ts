// What a report holds in place of a daemon: the replies that the page would ask for, by path.
import type { Carrier, Column, Comparison, ComparisonItem, Dataset, Layout, SpaceDetail } from "./api";
import type { components } from "./wire";

type Schemas = components["schemas"];

/** As the daemon packs it (server/report.go). */
export interface Archive {
  key: string;
  /** Of one space: its name, and the nearest of its rows. */
  space: string;
  lists: Schemas["Neighbours"][] | null;
  made: string;
  /** The column that colours the maps at first. */
  colour: string;
  replies: Record<string, unknown>;
  /** Arrays and pictures, base64. */
  files: Record<string, string>;
  items: ComparisonItem[];
  layouts: Layout[];
}

/** Unpacks the text of a report. */
export async function unpack(text: string): Promise<Archive> {
  const stream = new Blob([bytes(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

/** Answers requests from an archive as the daemon would, as far as the page of its comparison asks. */
export function carrierOf(archive: Archive): Carrier {
  const label = archive.key ? labeller(archive) : () => ({});
  const lists = new Map((archive.lists ?? []).map((list) => [list.row, list]));
  const full = (item: ComparisonItem): ComparisonItem => ({
    ...item,
    columns: label("a", item.row_a),
    a: (item.a ?? []).map((n) => ({ ...n, columns: label("a", n.row) })),
    b: (item.b ?? []).map((n) => ({ ...n, columns: label("b", n.row) })),
  });
  return async (method, path, body) => {
    const [place, query] = path.split("?");
    const known = decodeURIComponent(place ?? "") + (query ? `?${decodeURIComponent(query)}` : "");
    const asked = new URLSearchParams(query);
    if (method === "POST" && place === "layouts") {
      const layout = archive.layouts.find((l) => l.method === (body as { method: string }).method);
      return layout ? Response.json({ layout, job: null }) : missing();
    }
    if (known.startsWith(`comparisons/${archive.key}/items?`)) {
      const row = asked.get("row");
      const items =
        row === null
          ? ranked(archive.items, asked.get("order") === "best", Number(asked.get("limit")))
          : archive.items.filter((item) => item.row_a === Number(row));
      return row !== null && items.length === 0 ? missing() : Response.json({ items: items.map(full) });
    }
    const list = lists.get(Number(asked.get("row") ?? Number.NaN));
    if (list && decodeURIComponent(place ?? "") === `spaces/${archive.space}/neighbours`) {
      const neighbours = list.neighbours.slice(0, Number(asked.get("k")));
      return Response.json({ ...list, k: neighbours.length, neighbours });
    }
    const from = asked.get("from");
    const [kind, dataset] = (place ?? "").split("/");
    if (kind === "datasets" && from !== null && asked.get("filter") === null) {
      return Response.json(rowOf(archive, decodeURIComponent(dataset ?? ""), Number(from)));
    }
    const filter = asked.get("filter");
    if (filter !== null) {
      return Response.json(
        found(archive, decodeURIComponent(place?.split("/")[1] ?? ""), filter, Number(asked.get("to"))),
      );
    }
    const file = archive.files[known];
    if (file !== undefined) {
      const kind = known.includes("/media/") ? "image/png" : "application/x-npy";
      return new Response(bytes(file), { headers: { "Content-Type": kind } });
    }
    return known in archive.replies ? Response.json(archive.replies[known]) : missing();
  };
}

function missing(): Response {
  const message = "This is not in the report.";
  return Response.json(
    { error: { code: "not_found", message, hint: "The daemon that made it has the rest: vectory run" } },
    { status: 404 },
  );
}

/** By agreement, ties by row, as the daemon orders them. */
function ranked(items: readonly ComparisonItem[], best: boolean, limit: number): ComparisonItem[] {
  return items
    .toSorted((x, y) => (best ? y.shared - x.shared : x.shared - y.shared) || x.row_a - y.row_a)
    .slice(0, limit);
}

/** One row of a dataset, from the columns that are kept. */
function rowOf(archive: Archive, dataset: string, row: number) {
  const { columns, id_field: ids } = archive.replies[`datasets/${dataset}`] as Dataset;
  const values = columns.map((name) => {
    const column = archive.replies[`datasets/${dataset}/columns/${name}`] as Column;
    return column.values[column.codes[row] ?? -1] ?? "";
  });
  return { columns, rows: [values], ids: [values[columns.indexOf(ids ?? "")] ?? String(row)] };
}

/** The rows of a dataset that hold a text in any column that is kept; the first of them with their ids. */
function found(archive: Archive, dataset: string, text: string, limit: number) {
  const { columns, id_field: ids } = archive.replies[`datasets/${dataset}`] as Dataset;
  const matches = new Set<number>();
  const low = text.toLowerCase();
  const kept = columns.map((name) => archive.replies[`datasets/${dataset}/columns/${name}`] as Column);
  for (const { values, codes } of kept) {
    const holds = values.map((value) => value.toLowerCase().includes(low));
    codes.forEach((code, row) => {
      if (holds[code]) {
        matches.add(row);
      }
    });
  }
  const rows = [...matches].sort((a, b) => a - b);
  const named = kept.find(({ column }) => column === ids);
  const idOf = (row: number) => named?.values[named.codes[row] ?? -1] ?? String(row);
  return { matches: rows, ids: rows.slice(0, limit).map(idOf) };
}

/** The columns of a row, from those of its dataset. */
function labeller(archive: Archive): (side: "a" | "b", row: number) => Record<string, string> {
  const { a, b } = archive.replies[`comparisons/${archive.key}`] as Comparison;
  const columns = (space: string): Column[] => {
    const detail = archive.replies[`spaces/${space}`] as SpaceDetail;
    const dataset = archive.replies[`datasets/${detail.dataset}`] as { columns: string[] } | undefined;
    return (dataset?.columns ?? []).map(
      (name) => archive.replies[`datasets/${detail.dataset}/columns/${name}`] as Column,
    );
  };
  const of = { a: columns(a), b: columns(b) };
  return (side, row) =>
    Object.fromEntries(of[side].map((c) => [c.column, c.values[c.codes[row] ?? -1] ?? ""]));
}
