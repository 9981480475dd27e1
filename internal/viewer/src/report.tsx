// The start of a report: one file that holds the page of a comparison and all that it shows.
import { render } from "preact";
import { addressOf } from "./address";
import { asApiError, carryBy } from "./api";
import { carrierOf, unpack } from "./archive";
import { ComparisonPage } from "./comparison";
import { OneMap } from "./onemap";
import { Failure } from "./parts";

async function start(root: HTMLElement) {
  const text = document.getElementById("archive")?.textContent ?? "";
  try {
    const archive = await unpack(text);
    carryBy(carrierOf(archive));
    const { made, colour, space } = archive;
    const kept = { methods: archive.layouts.map((layout) => layout.method), made, colour };
    if (space) {
      render(
        <main>
          <h1>{space}</h1>
          <OneMap space={space} link={addressOf({ page: "space", name: space })} kept={kept} />
          <p class="muted">Written {made}.</p>
        </main>,
        root,
      );
      return;
    }
    render(
      <main>
        <ComparisonPage
          comparison={archive.key}
          link={addressOf({ page: "comparison", key: archive.key })}
          kept={kept}
        />
      </main>,
      root,
    );
  } catch (error) {
    render(<Failure error={asApiError(error)} />, root);
  }
}

const root = document.getElementById("app");
if (root) {
  start(root);
}
