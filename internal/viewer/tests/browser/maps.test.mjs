// The maps of a comparison: the real daemon, real data, Chromium; what is drawn is read back from the canvas.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { Daemon, ink, openBrowser, openPage, painted, picture } from "./harness.mjs";

let daemon;
let browser;
const digits = ["digits/pixels", "digits/epoch20"];

before(async () => {
  daemon = new Daemon();
  daemon.run("demo", "digits", "--no-open");
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  daemon?.remove();
});

/** Opens the comparison and waits until both maps are settled. */
async function visit(options) {
  const opened = await openPage(browser, options);
  await opened.page.goto(daemon.address(...digits));
  await opened.page.waitForSelector(".honesty", { timeout: 60_000 });
  await painted(opened.page);
  await opened.page.locator(".maps").scrollIntoViewIfNeeded();
  return opened;
}

/** Where a point of a map is on the screen. */
function at(page, side, id) {
  return page.evaluate(
    ([which, point]) => {
      const plot = globalThis.vectoryPlots.get(which);
      const box = plot.canvas.getBoundingClientRect();
      const [x, y] = plot.toPixel(point);
      return [x + box.left, y + box.top];
    },
    [side, id],
  );
}

/** A point with no other near it on a map, so that a click means it. */
function lonely(page, side) {
  return page.evaluate((which) => {
    const plot = globalThis.vectoryPlots.get(which);
    const places = Array.from({ length: plot.n }, (_, i) => plot.toPixel(i));
    let best = -1;
    let widest = 0;
    for (const [i, [x, y]] of places.entries()) {
      let gap = 1e9;
      for (const [j, [u, v]] of places.entries()) {
        gap = i === j ? gap : Math.min(gap, Math.hypot(x - u, y - v));
      }
      if (gap > widest) {
        widest = gap;
        best = i;
      }
    }
    return best;
  }, side);
}

test("both maps are drawn, and a click shows the neighbours that the command line lists", async () => {
  const { page, complaints, close } = await visit();
  for (const side of ["a", "b"]) {
    const { drawn, red } = await ink(page, side);
    assert.ok(drawn > 0.01 && drawn < 0.9, `${side}: ${drawn} of the canvas is drawn on`);
    assert.equal(red, 0);
  }
  const row = await lonely(page, "a");
  await page.mouse.click(...(await at(page, "a", row)));
  await page.waitForSelector(".chosen .item");
  for (const [i, side] of ["a", "b"].entries()) {
    const listed = daemon.json("neighbours", digits[i], "--row", `${row}`, "-k", "10").neighbours;
    assert.deepEqual(
      await page
        .locator(`.chosen .side-${side} .neighbour`)
        .evaluateAll((nodes) => nodes.map((node) => node.title.split(",")[0])),
      listed.map((n) => n.id),
    );
  }
  const shared = await page.locator(".chosen .side-a .mark-shared").count();
  for (const side of ["a", "b"]) {
    const { red } = await ink(page, side);
    assert.ok(
      shared === 0 ? red === 0 : red > 15,
      `${side}: ${red} red pixels for ${shared} shared neighbours`,
    );
  }
  assert.match(await page.locator(".status").innerText(), new RegExp(`${shared} of 10 neighbours shared`));
  await page.locator(".slider input").fill("3");
  assert.equal(await page.locator(".chosen .side-b .neighbour").count(), 3);
  await picture(page, "maps", { fullPage: true });
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(".maps"));
  assert.deepEqual(
    violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id),
    [],
  );
  assert.deepEqual(complaints, []);
  await close();
});

test("colour by label, filter by the legend, zoom, keys and lasso", async () => {
  const { page, complaints, close } = await visit();
  await page.locator(".tools select").nth(1).selectOption("label");
  await page.waitForSelector(".key");
  const keys = await page.locator(".key").allInnerTexts();
  assert.equal(keys.length, 10);
  await page.locator(".key").first().click();
  await page.waitForFunction(
    (wanted) => {
      const plot = globalThis.vectoryPlots.get("a");
      return plot.colours.filter((v, i) => i % 4 === 3 && v > 100).length === wanted;
    },
    Number(keys[0].split(/\s+/)[1]),
  );
  await page.locator(".key").first().click();

  const canvas = page.locator('canvas[data-side="a"]');
  await canvas.focus();
  await page.keyboard.press("+");
  await page.waitForFunction(() =>
    ["a", "b"].every((side) => globalThis.vectoryPlots.get(side).camera.zoom === 1.4),
  );
  await page.keyboard.press("0");
  await page.keyboard.press("ArrowRight");
  await page.waitForSelector(".chosen .item");
  const first = await page.locator(".chosen .item").getAttribute("data-id");
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction((id) => document.querySelector(".chosen .item")?.dataset.id !== id, first);
  await page.keyboard.press("b");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.side), "b");
  await page.keyboard.press("Escape");
  await page.waitForSelector(".chosen", { state: "detached" });

  const box = await canvas.boundingBox();
  await page.keyboard.down("Shift");
  const corners = [
    [0.1, 0.1],
    [0.6, 0.1],
    [0.6, 0.6],
    [0.1, 0.6],
  ].map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]);
  await page.mouse.move(...corners[0]);
  await page.mouse.down();
  for (const corner of [...corners.slice(1), corners[0]]) {
    await page.mouse.move(...corner, { steps: 5 });
  }
  await page.mouse.up();
  await page.keyboard.up("Shift");
  const said = await page.getByText(/items selected/).innerText();
  const within = await page.evaluate(() => {
    const plot = globalThis.vectoryPlots.get("a");
    const { clientWidth: w, clientHeight: h } = plot.canvas;
    let n = 0;
    for (let i = 0; i < plot.n; i++) {
      const [x, y] = plot.toPixel(i);
      n += x > 0.1 * w && x < 0.6 * w && y > 0.1 * h && y < 0.6 * h ? 1 : 0;
    }
    return n;
  });
  assert.ok(Math.abs(Number(said.replace(/\D+/g, "")) - within) <= 7, `${said}; ${within} lie within`);
  assert.deepEqual(complaints, []);
  await close();
});

test("without a graphics context the maps are drawn all the same", async () => {
  const opened = await openPage(browser);
  await opened.page.addInitScript(() => {
    const own = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      return kind === "webgl2" ? null : own.call(this, kind, ...rest);
    };
  });
  await opened.page.goto(daemon.address(...digits));
  await opened.page.waitForSelector(".honesty", { timeout: 60_000 });
  await painted(opened.page);
  const drawn = await opened.page.evaluate(() => {
    const plot = globalThis.vectoryPlots.get("b");
    plot.drawNow();
    const { canvas } = plot;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((v, i) => i % 4 === 3 && v > 0).length / (data.length / 4);
  });
  assert.ok(drawn > 0.01, `${drawn} of the canvas is drawn on`);
  assert.deepEqual(opened.complaints, []);
  await opened.close();
});
