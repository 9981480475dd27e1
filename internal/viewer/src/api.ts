// The daemon's HTTP interface, as the page uses it.
import { readNpy } from "./npy";
import type { components } from "./wire";

type Schemas = components["schemas"];
export type Column = Schemas["Column"];
export type Comparison = Schemas["Comparison"];
export type ComparisonItem = Schemas["ComparisonItem"];
export type ComparisonItems = Schemas["ComparisonItems"];
export type CompareReply = Schemas["CompareReply"];
export type Dataset = Schemas["Dataset"];
export type Experiment = Schemas["Experiment"];
export type Index = Schemas["Index"];
export type Grade = Schemas["Grade"];
export type Job = Schemas["Job"];
export type Layout = Schemas["Layout"];
export type ListedNeighbour = Schemas["ListedNeighbour"];
export type Selection = Schemas["Selection"];
export type SocketEvent = Schemas["SocketEvent"];
export type Space = Schemas["Space"];
export type SpaceDetail = Schemas["SpaceDetail"];
export type Thing = Schemas["Thing"];
/** What can be deleted. */
export type Kind = Exclude<Thing["kind"], "selection"> | "index";

/** What went wrong, in the daemon's own words where it said some. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly hint = "",
  ) {
    super(message);
  }

  /** As the daemon says it, of a job too. */
  static of({ code, message, hint }: NonNullable<Job["error"]>): ApiError {
    return new ApiError(code, message, hint);
  }
}

/** Any error as an ApiError. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError("internal", String(error));
}

/** Nobody answers. */
export const GONE = new ApiError(
  "unavailable",
  "The daemon does not answer.",
  "It may have stopped. Open the page anew with: vectory run",
);

const base = "api/v1/";

/** How a request reaches the daemon: the page fetches, a notebook asks its kernel. The path lies below api/v1/. */
export type Carrier = (method: string, path: string, body?: unknown) => Promise<Response>;

const fetching: Carrier = async (method, path, body) => {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "Content-Type": "application/json" };
  }
  try {
    return await fetch(base + path, init);
  } catch {
    throw GONE;
  }
};

let carrier = fetching;

/** Whether this is the daemon's own page: no notebook and no report. */
export function isPage(): boolean {
  return carrier === fetching;
}

/** Sends every further request by another carrier. */
export function carryBy(other: Carrier): void {
  carrier = other;
}

async function request(method: string, path: string, body?: unknown): Promise<Response> {
  const reply = await carrier(method, path, body);
  if (!reply.ok) {
    const said = (await reply.json().catch(() => null)) as Schemas["ErrorReply"] | null;
    throw new ApiError(
      said?.error.code ?? "internal",
      said?.error.message ?? `the daemon answered ${reply.status}`,
      said?.error.hint,
    );
  }
  return reply;
}

async function get<T>(path: string): Promise<T> {
  return (await request("GET", path)).json();
}

const name = encodeURIComponent;

const places: Record<Kind, string> = {
  dataset: "datasets",
  experiment: "experiments",
  space: "spaces",
  comparison: "comparisons",
  index: "indices",
};

/** What depends on a thing of that kind goes with it when that is said. */
const all = (kind: Kind) => (kind === "comparison" || kind === "index" ? "" : "recursive=true&");

export const api = {
  openSession: (ticket: string) => request("POST", "session", { ticket }),
  spaces: async () => (await get<{ spaces: Space[] }>("spaces")).spaces,
  datasets: async () => (await get<{ datasets: Dataset[] }>("datasets")).datasets,
  experiments: async () => (await get<{ experiments: Experiment[] }>("experiments")).experiments,
  comparisons: async () => (await get<{ comparisons: Comparison[] }>("comparisons")).comparisons,
  measures: async () => (await get<Schemas["MeasureList"]>("measures")).measures,
  jobs: async () => (await get<Schemas["Jobs"]>("jobs")).jobs,
  indices: async () => (await get<Schemas["Indices"]>("indices")).indices,
  /** What would go with a thing, itself included. */
  wouldGo: async (kind: Kind, thing: string): Promise<Thing[]> =>
    kind === "index" // nothing hangs on it
      ? []
      : (await (await request("DELETE", `${places[kind]}/${name(thing)}?${all(kind)}dry_run=true`)).json())
          .deleted,
  /** Deletes a thing; gives what is to be known of that. */
  remove: async (kind: Kind, thing: string): Promise<string[]> => {
    const reply = await request("DELETE", `${places[kind]}/${name(thing)}?${all(kind)}`);
    return ((await reply.json()) as Schemas["Deleted"]).warnings ?? [];
  },
  /** Those of a space and its comparisons, of a comparison, or all. */
  selections: async (of: { space?: string; comparison?: string } = {}) => {
    const asked = of.space ? `space=${name(of.space)}` : `comparison=${name(of.comparison ?? "")}`;
    return (await get<Schemas["Selections"]>(`selections?${asked}`)).selections;
  },
  saveSelection: async (wanted: Schemas["SelectionRequest"]): Promise<Selection> =>
    (await request("POST", "selections", wanted)).json(),
  changeSelection: async (id: number, wanted: Schemas["SelectionRequest"]): Promise<Selection> =>
    (await request("PATCH", `selections/${id}`, wanted)).json(),
  removeSelection: (id: number) => request("DELETE", `selections/${id}`),
  query: async (space: string, vector: number[], k: number) =>
    ((await (await request("POST", "query", { spaces: [space], vector, k })).json()) as Schemas["QueryReply"])
      .results[0],
  comparison: (key: string) => get<Comparison>(`comparisons/${name(key)}`),
  items: (key: string, order: Order, limit: number) =>
    get<ComparisonItems>(`comparisons/${name(key)}/items?order=${order}&limit=${limit}&lists=true`),
  space: (space: string) => get<SpaceDetail>(`spaces/${name(space)}`),
  duplicates: (space: string, to: number) =>
    get<Schemas["Duplicates"]>(`spaces/${name(space)}/duplicates?from=0&to=${to}`),
  item: async (key: string, row: number) =>
    (await get<ComparisonItems>(`comparisons/${name(key)}/items?row=${row}`)).items[0],
  neighbours: (space: string, row: number, k: number) =>
    get<Schemas["Neighbours"]>(`spaces/${name(space)}/neighbours?row=${row}&k=${k}`),
  values: async (key: string, column: string) =>
    readNpy(
      await (await request("GET", `comparisons/${name(key)}/rows?column=${name(column)}`)).arrayBuffer(),
    ),
  column: (dataset: string, column: string) =>
    get<Column>(`datasets/${name(dataset)}/columns/${name(column)}`),
  dataset: (dataset: string) => get<Dataset>(`datasets/${name(dataset)}`),
  row: async (dataset: string, row: number) =>
    await get<Schemas["Rows"]>(`datasets/${name(dataset)}/rows?from=${row}&to=${row + 1}`),
  find: (dataset: string, text: string, limit: number) =>
    get<Schemas["Rows"]>(`datasets/${name(dataset)}/rows?filter=${name(text)}&from=0&to=${limit}`),
  byId: async (space: string, id: string) =>
    (await get<Schemas["Neighbours"]>(`spaces/${name(space)}/neighbours?id=${name(id)}&k=1`)).row,
  grade: (space: string) => get<Schemas["GradeReply"]>(`spaces/${name(space)}/grade`),
  layout: async (wanted: Schemas["LayoutRequest"]): Promise<Schemas["LayoutReply"]> =>
    (await request("POST", "layouts", wanted)).json(),
  layouts: async () => (await get<Schemas["Layouts"]>("layouts")).layouts,
  layoutNow: (layout: string) => get<Layout>(`layouts/${name(layout)}`),
  frame: async (layout: string, column: string) =>
    readNpy(
      await (await request("GET", `layouts/${name(layout)}/frame?column=${name(column)}`)).arrayBuffer(),
    ),
  compare: async (a: string, b: string, k: number, metrics = {}): Promise<CompareReply> =>
    (await request("POST", "comparisons", { a, b, k, ...metrics })).json(),
  job: (id: string, wait: number) => get<Job>(`jobs/${name(id)}?wait=${wait}`),
  cancel: (id: string) => request("DELETE", `jobs/${name(id)}`),
};

/** Where a comparison is as one file that opens offline. */
export function reportAddress(key: string): string {
  return `${base}comparisons/${name(key)}/report`;
}

/** Which end of the list of items: those that agree least, or most. */
export type Order = "worst" | "best";

/** Where the picture of a cell is: an address, or null when the carrier must bring it (`picture`). */
export function mediaAddress(dataset: string, row: number, column: string): string | null {
  return carrier === fetching ? base + mediaPath(dataset, row, column) : null;
}

function mediaPath(dataset: string, row: number, column: string): string {
  return `datasets/${name(dataset)}/media/${row}/${name(column)}`;
}

const brought = new Map<string, Promise<string>>();

/** The picture of a cell, brought by the carrier once: an address within the page. */
export function picture(dataset: string, row: number, column: string): Promise<string> {
  const path = mediaPath(dataset, row, column);
  let address = brought.get(path);
  if (!address) {
    address = request("GET", path).then(async (reply) => URL.createObjectURL(await reply.blob()));
    brought.set(path, address);
  }
  return address;
}
