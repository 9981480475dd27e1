// The page of one space: its map, what is near what, hubs, health.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import axe from "axe-core";
import { at, ink, lonely, openPage, picture, quiet, settled, stage } from "./harness.mjs";

const { daemon, browser } = await stage();

async function visit(space, options) {
  const opened = await openPage(browser, options);
  await opened.page.goto(daemon.address());
  await opened.page.getByRole("link", { name: space, exact: true }).first().click();
  await settled(opened.page);
  return opened;
}

for (const colorScheme of ["light", "dark"]) {
  test(`the map of a space, its neighbours, hubs and health (${colorScheme})`, async () => {
    const { page, faultless } = await visit("digits/pixels", { colorScheme });
    assert.match(page.url(), /#\/spaces\/digits%2Fpixels$/);
    const { drawn, red } = await ink(page, "a");
    assert.ok(drawn > 0.01 && drawn < 0.9 && red === 0, `${drawn} drawn, ${red} red`);
    await page.locator(".maps").scrollIntoViewIfNeeded();
    const row = await lonely(page, "a");
    await page.mouse.click(...(await at(page, "a", row)));
    await page.waitForSelector(".chosen .neighbour");
    await quiet(page); // the marks reach the map after the list
    const listed = daemon.json("neighbours", "digits/pixels", "--row", `${row}`).neighbours;
    assert.deepEqual(
      await page
        .locator(".chosen .neighbour")
        .evaluateAll((nodes) => nodes.map((node) => node.title.split(",")[0])),
      listed.map((n) => n.id),
    );
    assert.ok((await ink(page, "a")).red > 50);
    assert.match(page.url(), new RegExp(`item=${row}$`));

    const grade = daemon.json("grade", "digits/pixels");
    await page.waitForSelector(".hubs li");
    assert.deepEqual(
      await page.locator(".hubs button").allInnerTexts(),
      [...grade.hubs, ...grade.outliers].map((item) => item.id),
    );
    assert.match(
      await page.locator(".health").innerText(),
      new RegExp(`${grade.health.constant_dims} of 64 dimensions hold one value only`),
    );
    await page.locator(".hubs button").first().click();
    await page.getByText(`Neighbours of ${grade.hubs[0].id}`, { exact: true }).waitFor();
    await page.locator(".tools select").nth(1).selectOption("label");
    await page.waitForSelector(".key");
    await picture(page, `space-${colorScheme}`, { fullPage: true });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => window.axe.run("main"));
    assert.deepEqual(
      violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id),
      [],
    );
    await faultless();
  });
}

test("an item is found by its id and by its text; an id that is not there is told", async () => {
  const { page, close } = await visit("digits/epoch20");
  await page.getByLabel("Neighbours of the item with the id").fill("digit-0042");
  await page.getByText("Show", { exact: true }).click();
  await page.getByText("Neighbours of digit-0042", { exact: true }).waitFor();
  await page.getByLabel("Neighbours of the item with the id").fill("digit-nowhere");
  await page.getByText("Show", { exact: true }).click();
  await page.locator(".by-id .failure").getByText("digit-nowhere").waitFor();
  await page.getByRole("searchbox").fill("digit-17");
  await page.keyboard.press("Enter");
  await page.getByText("97 items selected").waitFor();
  await quiet(page);
  await page.reload();
  await page.getByText("97 items selected").waitFor();
  await close();
});

test("the items nearest to a pasted vector are those of the item that has it", async () => {
  const { page, faultless } = await visit("digits/epoch20");
  daemon.run("export", "digits/epoch20", "-o", "vectors.csv");
  const line = readFileSync(join(daemon.home, "vectors.csv"), "utf8").split(/\r?\n/)[8].split(",");
  const form = page.locator(".by-vector");
  await form.locator("textarea").fill(`[${line.slice(-32).join(", ")}]`);
  await form.getByRole("button", { name: "Find the nearest" }).click();
  await form.locator(".neighbour").first().waitFor();
  assert.match(
    (await form.locator(".neighbour").first().getAttribute("title")) ?? "",
    new RegExp(`^${line[0]},`),
  );
  await form.getByRole("button", { name: "Select them on the map" }).click();
  await page.getByText("10 items selected").waitFor();
  await form.locator("textarea").fill("1 2 three");
  await form.getByRole("button", { name: "Find the nearest" }).click();
  await form.locator(".failure").getByText("“three” is no number").waitFor();
  await form.locator("textarea").fill("1 2 3");
  await form.getByRole("button", { name: "Find the nearest" }).click();
  await form.locator(".failure").getByText("a vector of this space has 32").waitFor();
  await faultless();
});

test("a space that is not tracked is told", async () => {
  const { page, close } = await openPage(browser);
  await page.goto(daemon.address());
  await page.waitForSelector("h1");
  await page.goto(`${daemon.json("up").url}/#/spaces/digits%2Fpixel`);
  await page.locator(".failure").getByText("digits/pixel").first().waitFor();
  await close();
});
