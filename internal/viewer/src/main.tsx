// The start of the page: a ticket becomes a session, the address says what is shown.
import "./app.css";
import { signal } from "@preact/signals";
import { render } from "preact";
import { useMemo } from "preact/hooks";
import { addressOf } from "./address";
import { type ApiError, api, asApiError } from "./api";
import { Catalogue } from "./catalogue";
import { ComparisonPage } from "./comparison";
import { Failure } from "./parts";
import { fragmentOf, type Route, readFragment, sameRoute } from "./route";
import { SpacePage } from "./space";
import { ExperimentPage } from "./steps";

const route = signal<Route>({ page: "catalogue" });
const refused = signal<ApiError | null>(null);

/** Takes the ticket out of the address before anything else: it must not be kept, copied or shared. */
async function start() {
  const { ticket, route: wanted } = readFragment(location.hash);
  if (ticket !== null) {
    history.replaceState(null, "", fragmentOf(wanted));
    try {
      await api.openSession(ticket);
    } catch (error) {
      refused.value = asApiError(error);
    }
  }
  follow();
  window.addEventListener("hashchange", follow);
  const root = document.getElementById("app");
  if (root) {
    render(<App />, root);
  }
}

function follow() {
  const { ticket, route: wanted } = readFragment(location.hash);
  if (ticket !== null) {
    location.reload(); // a fresh address was put into an open page
    return;
  }
  if (!sameRoute(route.value, wanted)) {
    route.value = wanted;
    window.scrollTo(0, 0);
  }
}

function App() {
  return (
    <>
      <header class="top">
        <a class="brand" href={fragmentOf({ page: "catalogue" })}>
          <img src="icon.svg" alt="" width="24" height="24" /> Vectory
        </a>
      </header>
      <main>
        {refused.value ? <Failure error={refused.value} again={ignore} /> : <Page route={route.value} />}
      </main>
    </>
  );
}

function Page({ route }: { route: Route }) {
  const link = useMemo(() => addressOf(route), [route]);
  switch (route.page) {
    case "comparison":
      return <ComparisonPage key={route.key} comparison={route.key} link={link} />;
    case "space":
      return <SpacePage key={route.name} space={route.name} link={link} />;
  }
  return route.page === "experiment" ? (
    <ExperimentPage key={route.name} experiment={route.name} link={link} />
  ) : (
    <Catalogue />
  );
}

/** A used ticket does no harm where an earlier session still holds. */
function ignore() {
  refused.value = null;
}

start();
