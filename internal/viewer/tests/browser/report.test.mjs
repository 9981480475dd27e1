// A comparison as one file: opened from the disk, with nobody to ask.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { at, digits, ink, lonely, openPage, painted, picture, quiet, settled, stage } from "./harness.mjs";

const { daemon, browser } = await stage();
const file = join(daemon.home, "report.html");
daemon.run("compare", ...digits, "--report", file);

/** Opens the file and notes every request beyond it. */
async function visit(options) {
  const opened = await openPage(browser, { offline: true, ...options });
  const asked = [];
  opened.page.on("request", (request) => asked.push(request.url()));
  await opened.page.goto(`file://${file}`);
  await settled(opened.page);
  return { ...opened, asked: () => asked.filter((url) => !url.startsWith("blob:")) };
}

test("a report opens offline, is drawn, and a click shows the neighbours that the command line lists", async () => {
  assert.ok(!readFileSync(file, "utf8").includes(daemon.json("up").token));
  daemon.stop();
  const { page, faultless, asked } = await visit();
  for (const side of ["a", "b"]) {
    const { drawn, red } = await ink(page, side);
    assert.ok(drawn > 0.01 && drawn < 0.9, `${side}: ${drawn} of the canvas is drawn on`);
    assert.equal(red, 0);
  }
  assert.match(await page.locator("main").innerText(), /0\.376/);
  const row = await lonely(page, "b");
  await page.mouse.click(...(await at(page, "b", row)));
  await page.waitForSelector(".chosen .item");
  await quiet(page);
  for (const [i, side] of ["a", "b"].entries()) {
    const listed = daemon.json("neighbours", digits[i], "--row", `${row}`).neighbours;
    const shown = page.locator(`.chosen .side-${side} .neighbour`);
    assert.deepEqual(
      await shown.evaluateAll((nodes) => nodes.map((node) => node.title.split(",")[0])),
      listed.map((n) => n.id),
    );
  }
  await page.waitForFunction(() => document.querySelector(".chosen .subject img")?.naturalWidth === 32);
  await page.locator(".tools select").first().selectOption("pca");
  await settled(page);
  await page.locator(".tools select").nth(1).selectOption("label");
  await page.waitForFunction(() => document.querySelectorAll(".key").length === 10);
  await picture(page, "report", { fullPage: true });
  let before = "";
  for (const colour of ["=gained", "=trust", "=moved"]) {
    await page.locator(".tools select").nth(1).selectOption(colour);
    await quiet(page);
    const now = await page.evaluate(() => globalThis.vectoryPlots.get("a").colours.join());
    assert.notEqual(now, before, colour);
    const many = new Set(now.match(/\d+,\d+,\d+,\d+/g)).size;
    assert.ok(many >= 10, `${many} colours for ${colour}`); // trust: a share of 15 neighbours
    before = now;
  }
  assert.deepEqual(asked(), [`file://${file}`]);
  await faultless();
});

test("one space as a file: its map, and a click shows the neighbours", async () => {
  const { url, token } = daemon.json("up");
  for (const method of ["umap", "pca"]) {
    daemon.run("project", digits[0], "--method", method, "-o", "map.npy");
  }
  const reply = await fetch(`${url}/api/v1/spaces/${encodeURIComponent(digits[0])}/report?colour=label`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  assert.equal(reply.status, 200);
  const space = join(daemon.home, "space.html");
  writeFileSync(space, await reply.text());
  assert.ok(!readFileSync(space, "utf8").includes(token));
  daemon.stop();
  const { page, faultless } = await openPage(browser, { offline: true });
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`file://${space}`);
  await settled(page);
  await page.waitForFunction(() => document.querySelectorAll(".key").length === 10);
  await painted(page);
  const { drawn, red } = await ink(page, "a");
  assert.ok(drawn > 0.01 && drawn < 0.9 && red === 0, `${drawn} drawn, ${red} red`);
  const row = await lonely(page, "a");
  await page.mouse.click(...(await at(page, "a", row)));
  await page.waitForSelector(".chosen .neighbour");
  await quiet(page);
  const shown = () =>
    page.locator(".chosen .neighbour").evaluateAll((nodes) => nodes.map((node) => node.title.split(",")[0]));
  const listed = daemon.json("neighbours", digits[0], "--row", `${row}`).neighbours;
  assert.deepEqual(
    await shown(),
    listed.map((n) => n.id),
  );
  await page.waitForFunction(() => document.querySelector(".chosen img")?.naturalWidth === 32);
  await page.locator(".tools select").first().selectOption("pca");
  await settled(page);
  await picture(page, "report-space", { fullPage: true });
  assert.deepEqual(
    asked.filter((address) => !address.startsWith("blob:")),
    [`file://${space}`],
  );
  await faultless();
});

test("a report is dark where the system is, and the page offers it", async () => {
  const { page, faultless } = await visit({ colorScheme: "dark" });
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(15, 18, 22)");
  await picture(page, "report-dark");
  await faultless();

  const live = await openPage(browser);
  await live.page.goto(daemon.address(...digits));
  const saving = live.page.waitForEvent("download");
  await live.page.getByText("Save as one file").click();
  const saved = await saving;
  assert.equal(saved.suggestedFilename(), "digits-pixels digits-epoch20.html");
  const text = readFileSync(await saved.path(), "utf8");
  assert.match(text, /<title>digits\/pixels ↔ digits\/epoch20<\/title>/);
  await live.close();
});
