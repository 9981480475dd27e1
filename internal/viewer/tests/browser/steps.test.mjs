// The steps of an experiment on one map: the slider, what each step kept, and a step that is logged meanwhile.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import axe from "axe-core";
import { ink, notes, openPage, picture, quiet, stage, stands } from "./harness.mjs";

const data = join(import.meta.dirname, "../../../demo/data/digits");

function log(step) {
  const file = join(data, `epoch${`${step}`.padStart(2, "0")}.npy`);
  const names = ["--space-name", `net/step-${step}`, "--experiment-name", "net", "--step", `${step}`];
  daemon.run("add", "--dataset-name", "digits", "-e", file, ...names);
}

const { daemon, browser } = await stage();
log(0);
log(5);

/** Places of some points on the map, as they are drawn. */
const places = (page) =>
  page.evaluate(() => {
    const plot = globalThis.vectoryPlots.get("a");
    return [3, 500, 1700].flatMap((id) => plot.toPixel(id).map(Math.round));
  });

test("a slider goes through the steps of an experiment, and a new one appears", async () => {
  const { page, faultless } = await openPage(browser);
  await page.goto(daemon.address());
  await page.getByRole("link", { name: "net/step-0", exact: true }).first().click();
  await page.getByRole("link", { name: "net", exact: true }).click();
  await page.waitForSelector(".scrub");
  await page.waitForFunction(() => document.querySelectorAll(".agreement .with-before circle").length === 1);
  assert.match(page.url(), /#\/experiments\/net$/);
  assert.equal(await page.locator(".scrub output").innerText(), "step 5, the newest");
  await quiet(page);
  const { drawn } = await ink(page, "a");
  assert.ok(drawn > 0.005 && drawn < 0.9, `${drawn} of the map is drawn on`);

  // The line says what the daemon says.
  const [move] = daemon.json("project", "--timeline", "net", "-o", "net.npy").moves;
  const caption = await page.locator(".agreement figcaption").innerText();
  assert.ok(caption.endsWith(`${move.jaccard.toFixed(3)} with the step before`), caption);

  const newest = await places(page);
  await page.locator(".scrub input").focus();
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(() => location.hash.endsWith("step=0"));
  await quiet(page); // it glides
  const first = await places(page);
  assert.notDeepEqual(first, newest);
  await picture(page, "steps", { fullPage: true });

  // An item has the neighbours of the step that is shown.
  await page.evaluate(() => {
    location.hash += "&item=7";
  });
  await page.waitForSelector(".chosen .neighbour");
  await quiet(page);
  const shown = () =>
    page.locator(".chosen .neighbour").evaluateAll((nodes) => nodes.map((node) => node.title.split(",")[0]));
  const listed = (space) => daemon.json("neighbours", space, "--row", "7").neighbours.map((n) => n.id);
  assert.deepEqual(await shown(), listed("net/step-0"));
  await page.locator(".scrub input").focus();
  await page.keyboard.press("ArrowRight");
  await page.locator(".status", { hasText: "at step 5" }).waitFor();
  await quiet(page);
  assert.deepEqual(await shown(), listed("net/step-5"));

  // A further step: nobody has chosen one, so it is shown; the former ones are where they were.
  log(20);
  await page.locator(".scrub output", { hasText: "step 20, the newest" }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll(".agreement .with-before circle").length === 2);
  const told = await notes(page, ".scrub output");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.getByRole("button", { name: "Stop", exact: true }).waitFor();
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  assert.deepEqual(await told.read(), ["step 20, the newest", "step 0", "step 5", "step 20, the newest"]);

  // A selection that is saved at a step is seen at all of them, and says which space it was made on.
  await page.getByPlaceholder("Find a text or an id").fill("digit-001");
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await page.getByLabel("Save them as").fill("tens");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.locator(".saved li", { hasText: "10, of net/step-20" }).waitFor();
  await page.getByRole("button", { name: "clear" }).click();
  await page.locator(".scrub input").fill("0");
  await page.locator(".scrub output", { hasText: "step 0" }).waitFor();
  await page.locator(".saved").getByRole("button", { name: "tens", exact: true }).click();
  await page.getByText("10 items selected").waitFor();
  await stands(page, 10);
  await page.getByLabel("Colour").selectOption("=saved");
  await page.locator(".key", { hasText: "tens" }).waitFor();

  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run("main"));
  assert.deepEqual(
    violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id),
    [],
  );
  await faultless();
});
