// The start of the page: a ticket becomes a session, the address says what is shown.
import "./app.css";
import { signal } from "@preact/signals";
import { render } from "preact";
import { type ApiError, api, asApiError } from "./api";
import { Catalogue } from "./catalogue";
import { ComparisonPage } from "./comparison";
import { Failure } from "./parts";
import { fragmentOf, type Route, readFragment } from "./route";

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
  route.value = wanted;
  window.scrollTo(0, 0);
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
        {refused.value ? (
          <Failure error={refused.value} again={ignore} />
        ) : route.value.page === "comparison" ? (
          <ComparisonPage comparison={route.value.key} />
        ) : (
          <Catalogue />
        )}
      </main>
    </>
  );
}

/** A used ticket does no harm where an earlier session still holds. */
function ignore() {
  refused.value = null;
}

start();
