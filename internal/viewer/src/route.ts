// What the address says. The part after # never leaves the browser, so that a ticket in it is in no log.

/** The page that is shown. */
export type Route = { page: "catalogue" } | { page: "comparison"; key: string };

/** Reads the fragment: `#ticket=…&compare=KEY`, `#compare=KEY`, or nothing. */
export function readFragment(fragment: string): { ticket: string | null; route: Route } {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const key = fields.get("compare");
  return { ticket: fields.get("ticket"), route: key ? { page: "comparison", key } : { page: "catalogue" } };
}

/** The fragment of a route, for links and for the address bar. */
export function fragmentOf(route: Route): string {
  return route.page === "comparison" ? `#compare=${encodeURIComponent(route.key)}` : "#";
}
