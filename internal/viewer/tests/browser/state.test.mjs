// What is looked at stays: in the address, in the history, in files.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import axe from "axe-core";
import { at, digits, lonely, notes, openPage, picture, quiet, settled, stage, stands } from "./harness.mjs";

const { daemon, browser } = await stage();

async function visit(options) {
  const opened = await openPage(browser, options);
  await opened.page.goto(daemon.address(...digits));
  await settled(opened.page);
  return opened;
}

/** How many points stand out, and the clicked item. */
function looked(page) {
  return page.evaluate(() => ({
    colours: document.querySelectorAll(".tools select")[1].value,
    method: document.querySelectorAll(".tools select")[0].value,
    k: document.querySelector(".slider input").value,
    item: document.querySelector(".chosen .item")?.dataset.id,
    keys: [...document.querySelectorAll(".key[aria-pressed=true]")].map((key) => key.textContent),
    bright: globalThis.vectoryPlots.get("a").colours.filter((v, i) => i % 4 === 3 && v > 100).length,
  }));
}

/** Draws a box over a part of a map. */
async function box(page, side, [left, top, right, bottom]) {
  await page.getByText("select a box").click();
  await quiet(page);
  await page.locator(".maps").scrollIntoViewIfNeeded();
  const place = await page.locator(`canvas[data-side="${side}"]`).boundingBox();
  await page.mouse.move(place.x + left * place.width, place.y + top * place.height);
  await page.mouse.down();
  await page.mouse.move(place.x + right * place.width, place.y + bottom * place.height, { steps: 4 });
  await page.waitForSelector(".trace polygon");
  await page.mouse.up();
}

test("the address holds what is looked at: a reload and the back button restore it", async () => {
  const { page, faultless } = await visit();
  assert.match(page.url(), /#\/comparisons\/[0-9a-f]+$/);
  await page.locator(".tools select").first().selectOption("pca");
  await settled(page);
  await page.locator(".tools select").nth(1).selectOption("label");
  await page.locator(".key").nth(3).click();
  await page.locator(".slider input").fill("4");
  await box(page, "a", [0.02, 0.02, 0.5, 0.98]);
  const selected = Number((await page.getByText(/items selected/).innerText()).replace(/\D+/g, ""));
  assert.ok(selected > 10 && selected < 1790, `${selected} items within half of the map`);
  await page.getByText("move", { exact: true }).click();
  await quiet(page);
  const row = await lonely(page, "b");
  await page.locator(".pair-of-plots").scrollIntoViewIfNeeded();
  await page.mouse.click(...(await at(page, "b", row)));
  await page.waitForSelector(".chosen .item");
  await quiet(page);
  const before = await looked(page);
  assert.equal(before.k, "4");
  assert.equal(before.method, "pca");
  assert.match(before.keys.join(), /^3 /);

  await page.reload();
  await settled(page);
  await page.waitForSelector(".chosen .item");
  await page.waitForFunction(() => document.querySelector(".key[aria-pressed=true]"));
  await stands(page, before.bright);
  assert.deepEqual(await looked(page), before);

  await page.goBack(); // the click
  await page.waitForSelector(".chosen", { state: "detached" });
  await page.getByText(`${selected} items selected`).waitFor();
  await page.goBack(); // the box
  await page.getByText(/items selected/).waitFor({ state: "detached" });
  await page.goForward();
  await page.getByText(`${selected} items selected`).waitFor();
  await page.goto(
    page
      .url()
      .replace(/item=\d+/, "")
      .replace(/selection=[^&]+/, "selection=0-2&item=987654321"),
  );
  await page.getByText("3 items selected").waitFor();
  await faultless();
});

test("a text selects the items that hold it, and a hit opens one", async () => {
  const { page, faultless } = await visit();
  await page.getByRole("searchbox").fill("DIGIT-000");
  await page.keyboard.press("Enter");
  await page.getByText("10 items selected").waitFor();
  await stands(page, 10);
  await page.locator(".hits button").nth(5).click();
  await page.waitForSelector('.chosen [data-id="digit-0005"]');
  await page.getByRole("searchbox").fill('<b>"nothing');
  await page.keyboard.press("Enter");
  await page.getByText('Nothing holds “<b>"nothing”').waitFor();
  await faultless();
});

test("bars of the histogram select their items, with the pointer and with keys", async () => {
  const { page, faultless } = await visit();
  const counts = await page.locator(".bar").evaluateAll((nodes) => nodes.map((n) => Number(n.dataset.count)));
  const bar = (i) => page.locator(".bar").nth(i);
  await bar(3).click();
  await page.getByText(`${counts[3]} items selected`).waitFor();
  await stands(page, counts[3]);
  await bar(6).focus();
  await page.keyboard.press("Shift+Enter");
  const four = counts.slice(3, 7).reduce((a, b) => a + b);
  await page.getByText(`${four.toLocaleString("en-US")} items selected`).waitFor();
  await quiet(page);
  assert.equal(await page.locator('.bar[aria-pressed="true"]').count(), 4);
  const [from, to] = [await bar(8).boundingBox(), await bar(7).boundingBox()];
  await page.mouse.move(from.x + from.width / 2, from.y + from.height - 5);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width / 2, to.y + to.height - 5, { steps: 5 });
  await page.mouse.up();
  await page.getByText(`${counts[7] + counts[8]} items selected`).waitFor();
  await page.getByText("clear", { exact: true }).click();
  await quiet(page);
  assert.equal(await page.locator('.bar[aria-pressed="true"]').count(), 0);
  await faultless();
});

test("groups stand with the numbers of the command line, and one selects its items", async () => {
  const { page, faultless } = await visit();
  await page.locator(".by select").selectOption("label");
  await page.waitForSelector(".groups");
  const known = daemon.json("compare", ...digits, "--by", "label").groups;
  const lowest = known.toSorted((a, b) => a.jaccard - b.jaccard);
  assert.deepEqual(
    await page.locator(".groups tbody tr").evaluateAll((rows) => rows.map((row) => row.cells[2].textContent)),
    lowest.map((group) => group.jaccard.toFixed(3)),
  );
  await page.locator(".groups thead").getByText("Value").click();
  await quiet(page);
  await page.locator(".groups tbody button").nth(4).click();
  await page.getByText(`${known[4].rows} items selected`).waitFor();
  await picture(page, "groups", { fullPage: true });
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run("main"));
  assert.deepEqual(
    violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id),
    [],
  );
  await faultless();
});

/** Clicks a button that saves, and gives the file's name and content. */
async function saved(page, button) {
  const saving = page.waitForEvent("download");
  await page.locator(".exports").getByText(button).click();
  const file = await saving;
  return { name: file.suggestedFilename(), content: readFileSync(await file.path()) };
}

test("the maps are saved as PNG and SVG with their legend, a selection as CSV", async () => {
  const { page, faultless } = await visit();
  await page.locator(".tools select").nth(1).selectOption("label");
  await page.waitForSelector(".key");
  await page.getByRole("searchbox").fill("digit-000");
  await page.keyboard.press("Enter");
  await page.getByText("10 items selected").waitFor();
  const csv = await saved(page, "CSV");
  assert.equal(csv.name, "digits-pixels digits-epoch20.csv");
  const lines = csv.content.toString().trim().split("\r\n");
  assert.equal(lines.length, 11);
  assert.match(lines[0], /^id,.*label.*,row_a,row_b,jaccard,moved,x_a,y_a,x_b,y_b$/);
  assert.match(lines[6], /^digit-0005,/);
  await page.getByText("clear", { exact: true }).click();
  await quiet(page);
  const row = await lonely(page, "a");
  await page.locator(".pair-of-plots").scrollIntoViewIfNeeded();
  await page.mouse.click(...(await at(page, "a", row)));
  await page.waitForSelector(".chosen .item");
  await quiet(page);

  const svg = (await saved(page, "SVG")).content.toString();
  const drawn = await page.evaluate((text) => {
    const tree = new DOMParser().parseFromString(text, "image/svg+xml");
    return {
      broken: tree.querySelectorAll("parsererror").length,
      circles: tree.querySelectorAll("svg svg circle").length,
      texts: [...tree.querySelectorAll("text")].map((node) => node.textContent),
    };
  }, svg);
  assert.equal(drawn.broken, 0);
  assert.ok(drawn.circles > 2 * 1700, `${drawn.circles} circles`);
  for (const text of ["digits/pixels", "digits/epoch20", "9 180"]) {
    assert.ok(drawn.texts.includes(text), `${text} in ${drawn.texts}`);
  }

  const png = await saved(page, "PNG");
  const seen = await page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    const paper = canvas.getContext("2d");
    paper.drawImage(image, 0, 0);
    const { data: pixels } = paper.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    let coloured = 0;
    let opaque = true;
    for (let i = 0; i < pixels.length; i += 4) {
      const [r, g, b, a] = pixels.subarray(i, i + 4);
      opaque &&= a === 255;
      if (Math.max(r, g, b) - Math.min(r, g, b) > 60) {
        coloured++;
        colours.add((r >> 5) * 64 + (g >> 5) * 8 + (b >> 5));
      }
    }
    return { width: image.width, coloured: coloured / (pixels.length / 4), colours: colours.size, opaque };
  }, png.content.toString("base64"));
  assert.ok(seen.width > 2000 && seen.opaque, JSON.stringify(seen));
  assert.ok(seen.coloured > 0.005 && seen.coloured < 0.5 && seen.colours > 8, JSON.stringify(seen));
  if (process.env.SCREENSHOTS) {
    const { writeFileSync } = await import("node:fs");
    writeFileSync(`${process.env.SCREENSHOTS}/export.png`, png.content);
    writeFileSync(`${process.env.SCREENSHOTS}/export.svg`, svg);
  }
  await faultless();
});

/** How far the points of map A are from where they were, and how many trails are drawn. */
function morphed(page) {
  return page.evaluate(() => {
    const { a, b } = Object.fromEntries(globalThis.vectoryPlots);
    let gap = 0;
    for (let i = 0; i < a.places.length; i++) {
      gap = Math.max(gap, Math.abs(a.places[i] - b.places[i]));
    }
    return { gap, trails: a.trails.length };
  });
}

/** Waits until the first map lies where the second does. */
function arrived(page) {
  return page.waitForFunction(() => {
    const { a, b } = Object.fromEntries(globalThis.vectoryPlots);
    return a.places.every((v, i) => Math.abs(v - b.places[i]) < 1e-6);
  });
}

test("a morph turns the first map into the second and leaves trails", async () => {
  const { page, faultless } = await visit();
  const start = await morphed(page);
  assert.ok(start.gap > 0.05 && start.trails === 0, JSON.stringify(start));
  await page.locator(".morph input").fill("50");
  await page.waitForFunction(() => globalThis.vectoryPlots.get("a").trails.length > 0);
  await quiet(page);
  const half = await morphed(page);
  assert.ok(Math.abs(half.gap - start.gap / 2) < 0.01, JSON.stringify([start, half]));
  await picture(page, "morph");
  await page.getByText("Morph back to").click();
  await page.waitForFunction(() => document.querySelector(".morph input").value === "0");
  await page.getByText("Morph digits/pixels into").click();
  await page.waitForFunction(() => document.querySelector(".morph input").value === "100");
  await arrived(page);
  await faultless();
});

test("where motion is unwanted the morph is one step, without trails", async () => {
  const { page, faultless } = await visit({ reducedMotion: "reduce" });
  const passed = await notes(page, ".morph input", "aria-valuetext");
  await page.getByText("Morph digits/pixels into").click();
  await arrived(page);
  assert.deepEqual(await passed.read(), [
    "0 % of the way to digits/epoch20",
    "100 % of the way to digits/epoch20",
  ]);
  assert.equal((await morphed(page)).trails, 0);
  await faultless();
});
