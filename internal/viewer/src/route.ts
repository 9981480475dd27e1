// What the address says. The part after # never leaves the browser, so that a ticket in it is in no log.

/** The page that is shown. */
export type Route =
  | { page: "catalogue" }
  | { page: "comparison"; key: string }
  | { page: "space"; name: string }
  | { page: "experiment"; name: string };

/** A fragment taken apart; the state is that of the page's maps. */
export interface Fragment {
  ticket: string | null;
  route: Route;
  state: URLSearchParams;
}

/** Reads a fragment: `#/comparisons/KEY?k=5&…`, `#/spaces/NAME?…`, `#/experiments/NAME?…`, `#ticket=…&compare=KEY` as commands print it, or nothing. */
export function readFragment(fragment: string): Fragment {
  const text = fragment.replace(/^#/, "");
  if (!text.startsWith("/")) {
    const fields = new URLSearchParams(text);
    const key = fields.get("compare");
    const route: Route = key ? { page: "comparison", key } : { page: "catalogue" };
    return { ticket: fields.get("ticket"), route, state: new URLSearchParams() };
  }
  const [path = "", query = ""] = text.split(/\?(.*)/s);
  return { ticket: null, route: routeOf(path), state: new URLSearchParams(query) };
}

function routeOf(path: string): Route {
  const [, kind, ...rest] = path.split("/");
  const name = decoded(rest.join("/"));
  if (kind === "comparisons" && name) {
    return { page: "comparison", key: name };
  }
  if (kind === "experiments" && name) {
    return { page: "experiment", name };
  }
  return kind === "spaces" && name ? { page: "space", name } : { page: "catalogue" };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The fragment of a route and the state of its maps, for links and for the address bar. */
export function fragmentOf(route: Route, state = new URLSearchParams()): string {
  const query = state.size > 0 ? `?${state}` : "";
  switch (route.page) {
    case "comparison":
      return `#/comparisons/${encodeURIComponent(route.key)}${query}`;
    case "space":
      return `#/spaces/${encodeURIComponent(route.name)}${query}`;
    case "experiment":
      return `#/experiments/${encodeURIComponent(route.name)}${query}`;
  }
  return "#";
}

/** Whether two routes show the same page. */
export function sameRoute(a: Route, b: Route): boolean {
  return fragmentOf(a) === fragmentOf(b);
}
