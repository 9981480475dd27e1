// The maps of a comparison: the real daemon, real data, Chromium; what is drawn is read back from the canvas.
import assert from "node:assert/strict";
import { test } from "node:test";
import axe from "axe-core";
import {
  at,
  Daemon,
  digits,
  ink,
  lonely,
  openPage,
  patience,
  picture,
  quiet,
  settled,
  stage,
  stands,
} from "./harness.mjs";

const { daemon, browser } = await stage();

/** Opens the comparison and waits until both maps are settled. */
async function visit(options) {
  const opened = await openPage(browser, options);
  await opened.page.goto(daemon.address(...digits));
  await settled(opened.page);
  return opened;
}

test("both maps are drawn, and a click shows the neighbours that the command line lists", async () => {
  const { page, faultless } = await visit();
  for (const side of ["a", "b"]) {
    const { drawn, red } = await ink(page, side);
    assert.ok(drawn > 0.01 && drawn < 0.9, `${side}: ${drawn} of the canvas is drawn on`);
    assert.equal(red, 0);
  }
  const row = await lonely(page, "a");
  await page.mouse.click(...(await at(page, "a", row)));
  await page.waitForSelector(".chosen .item");
  await quiet(page); // the marks reach the canvas after the lists
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
  await quiet(page);
  assert.equal(await page.locator(".chosen .side-b .neighbour").count(), 3);
  await picture(page, "maps", { fullPage: true });
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(".maps"));
  assert.deepEqual(
    violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id),
    [],
  );
  await faultless();
});

test("colour by label, filter by the legend, zoom, keys and lasso", async () => {
  const { page, faultless } = await visit();
  await page.locator(".tools select").nth(1).selectOption("label");
  await page.waitForSelector(".key");
  const keys = await page.locator(".key").allInnerTexts();
  assert.equal(keys.length, 10);
  await page.locator(".key").first().click();
  await stands(page, Number(keys[0].split(/\s+/)[1]));
  await page.locator(".key").first().click();
  await stands(page, 1797);

  const canvas = page.locator('canvas[data-side="a"]');
  await canvas.focus();
  await page.keyboard.press("+");
  await page.waitForFunction(() =>
    ["a", "b"].every((side) => globalThis.vectoryPlots.get(side).camera.zoom === 1.4),
  );
  await page.keyboard.press("0");
  await quiet(page); // an arrow goes from where the map is
  await page.keyboard.press("ArrowRight");
  await page.waitForSelector(".chosen .item");
  const first = await page.locator(".chosen .item").getAttribute("data-id");
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction((id) => document.querySelector(".chosen .item")?.dataset.id !== id, first);
  await page.keyboard.press("b");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.side), "b");
  await page.keyboard.press("Escape");
  await page.waitForSelector(".chosen", { state: "detached" });
  await quiet(page);

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
  await faultless();
});

test("the item that is pointed at is marked on both maps and told beside its point", async () => {
  const { page, faultless } = await visit();
  await page.getByLabel("Colour").selectOption("=jaccard");
  await quiet(page);
  const row = await lonely(page, "b");
  await page.mouse.move(...(await at(page, "b", row)));
  const tip = page.locator(".board:has([data-side=b]) .tip");
  await tip.waitFor();
  const { url, token } = daemon.json("up");
  const headers = { Authorization: `Bearer ${token}` };
  const ask = async (path) => (await fetch(`${url}/api/v1/${path}`, { headers })).json();
  const { ids, columns, rows } = await ask(`datasets/digits/rows?from=${row}&to=${row + 1}`);
  const key = new URL(page.url()).hash.match(/comparisons\/([0-9a-f]+)/)[1];
  const [{ jaccard }] = (await ask(`comparisons/${key}/items?row=${row}`)).items;
  const said = (await tip.innerText()).replace(/\s+/g, " ");
  const value = `agreement (Jaccard): ${Number(jaccard.toPrecision(3))}`;
  assert.equal(said, `${ids[0]} label ${rows[0][columns.indexOf("label")]} ${value}`);
  assert.equal(await page.locator(".tip").count(), 1);
  await page.waitForFunction(() => document.querySelector(".tip img")?.naturalWidth > 0);
  const marked = (side) => page.evaluate((s) => globalThis.vectoryPlots.get(s).marks.map((m) => m.id), side);
  assert.deepEqual([await marked("a"), await marked("b")], [[row], [row]]);
  await picture(page, "tip");
  await page.locator("h1").hover();
  await tip.waitFor({ state: "detached" });
  await faultless();
});

test("points are seen before the graphics context is there, and it takes over", async () => {
  const { page, faultless } = await openPage(browser);
  await page.addInitScript(() => {
    globalThis.before = [];
    const own = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      const paper = this.parentElement?.querySelector("canvas.points-plain");
      if (kind === "webgl2" && paper) {
        const { data } = own.call(paper, "2d").getImageData(0, 0, paper.width, paper.height);
        globalThis.before.push(data.filter((v, i) => i % 4 === 3 && v > 0).length);
      }
      return own.call(this, kind, ...rest);
    };
  });
  await page.goto(daemon.address(...digits));
  await settled(page);
  const before = await page.evaluate(() => globalThis.before);
  assert.equal(before.length, 2); // once for each map
  assert.ok(
    before.every((pixels) => pixels > 1000),
    `pixels drawn on before a context was asked for: ${before}`,
  );
  assert.equal(await page.locator("canvas.points-plain").count(), 0);
  await faultless();
});

test("points are seen before what stands below the maps is made", async () => {
  const { page, faultless } = await openPage(browser);
  await page.addInitScript(() => {
    const look = () => {
      if (!globalThis.atFirst && document.querySelector(".item")) {
        globalThis.atFirst = [...globalThis.vectoryPlots.values()].map((plot) => {
          const { data } =
            plot.paper?.getContext("2d").getImageData(0, 0, plot.paper.width, plot.paper.height) ?? {};
          return plot.accelerated || data.some((v) => v > 0);
        });
      }
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true });
  });
  await page.goto(daemon.address(...digits));
  await page.waitForSelector(".item");
  assert.deepEqual(await page.evaluate(() => globalThis.atFirst), [true, true]);
  await faultless();
});

test("what stands below the maps is there though no map can be made", async () => {
  const { page, close } = await openPage(browser);
  const error = { code: "internal", message: "no map today", hint: "" };
  await page.route("**/api/v1/layouts", (route) => route.fulfill({ status: 500, json: { error } }));
  await page.goto(daemon.address(...digits));
  await page.getByText("No map today").waitFor();
  await page.waitForSelector(".item");
  await close();
});

test("what could not be loaded is told where it is missed, and can be tried again", async () => {
  const { page, close } = await openPage(browser);
  const refuse = (what) => (route) =>
    route.fulfill({ status: 500, json: { error: { code: "internal", message: `no ${what}`, hint: "" } } });
  const missed = { columns: /\/columns\/label/, measures: /\/measures$/, selections: /\/selections\?/ };
  for (const [what, path] of Object.entries(missed)) {
    await page.route(path, refuse(what));
  }
  await page.goto(daemon.address(...digits));
  await settled(page);
  await page.getByLabel("Colour").selectOption("label");
  const told = (what) => page.getByRole("alert").filter({ hasText: `No ${what}` });
  for (const what of Object.keys(missed)) {
    await told(what).waitFor();
  }
  await page.locator(".by select").selectOption("label");
  await page.locator("table.groups tbody button").first().click();
  await page.locator("section", { hasText: "How kinds of items agree" }).last().getByRole("alert").waitFor();
  for (const path of Object.values(missed)) {
    await page.unroute(path);
  }
  for (const what of Object.keys(missed)) {
    await told(what).getByRole("button", { name: "Try again" }).first().click();
  }
  await page.locator(".measures tbody tr").first().waitFor();
  await page.locator(".key").first().waitFor();
  await page.locator("table.groups tbody button").first().click();
  await page.getByText("items selected").waitFor();
  await quiet(page);
  assert.equal(await page.getByRole("alert").count(), 0);
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
  await settled(opened.page);
  assert.equal(await opened.page.evaluate(() => globalThis.vectoryPlots.get("b").accelerated), false);
  const { drawn } = await ink(opened.page, "b");
  assert.ok(drawn > 0.01, `${drawn} of the canvas is drawn on`);
  await opened.faultless();
});

test("a graphics context that is lost leaves a plain drawing, and comes back", async () => {
  const { page, complaints, close } = await openPage(browser);
  await page.goto(daemon.address(...digits));
  await settled(page);
  await page.evaluate(() => {
    const plot = globalThis.vectoryPlots.get("a");
    globalThis.lose = plot.canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
    globalThis.lose.loseContext();
  });
  await page.waitForSelector("canvas.points-plain");
  await quiet(page);
  const { drawn } = await ink(page, "a");
  assert.ok(drawn > 0.01, `${drawn} of the canvas is drawn on`);
  await picture(page, "lost");
  await page.evaluate(() => globalThis.lose.restoreContext());
  await page.waitForSelector("canvas.points-plain", { state: "detached" });
  await quiet(page);
  const again = await ink(page, "a");
  assert.ok(again.drawn > 0.01, `${again.drawn} of the canvas is drawn on`);
  assert.deepEqual(
    complaints.filter((text) => !text.includes("CONTEXT_LOST_WEBGL")),
    [],
  );
  await close();
});

test("where drawing is slow a sample stands for all while the map moves", async () => {
  const { page, faultless } = await openPage(browser);
  await page.goto(daemon.address(...digits));
  await settled(page);
  const steps = await page.evaluate(() => {
    const plot = globalThis.vectoryPlots.get("a");
    const n = 100_000;
    const [own, now] = [performance.now, performance.now()];
    performance.now = () => now; // whatever else this machine does
    plot.move(Float32Array.from({ length: 2 * n }, (_, i) => (Math.abs(Math.sin(i + 1)) * 1e4) % 1));
    const moving = plot.step();
    performance.now = () => now + 600;
    const resting = plot.step();
    performance.now = own;
    return [moving, resting];
  });
  assert.deepEqual(steps, [4, 1]); // this browser draws in software
  await quiet(page);
  const { drawn } = await ink(page, "a");
  assert.ok(drawn > 0.3, `${drawn} of the canvas is drawn on`);
  await faultless();
});

test("three dimensions, the list of keys, a table of the items, another metric, and agreement by k", async () => {
  const { page, faultless } = await openPage(browser);
  await page.goto(daemon.address(...digits));
  await settled(page);
  await page.getByLabel("Laid out").selectOption("pca"); // soon there
  await settled(page);
  const flat = await page.evaluate(() => [...globalThis.vectoryPlots.get("a").places.slice(0, 40)]);
  await page.getByLabel("3-D").check();
  await settled(page);
  const deep = await page.evaluate(() => [...globalThis.vectoryPlots.get("a").places.slice(0, 40)]);
  assert.ok(
    deep.some((v, i) => Math.abs(v - flat[i]) > 0.01),
    "the map did not change",
  );
  const places = () => page.evaluate(() => [...globalThis.vectoryPlots.get("b").places.slice(0, 40)]);
  const before = await places();
  const plot = page.locator("canvas.points").first();
  await plot.focus();
  await page.keyboard.press("d");
  await page.waitForFunction(
    (was) =>
      globalThis.vectoryPlots
        .get("b")
        .places.slice(0, 40)
        .some((v, i) => v !== was[i]),
    before,
  );
  await picture(page, "deep");
  await page.keyboard.press("?");
  assert.match(await page.getByRole("dialog", { name: "Keys of the maps" }).innerText(), /Shift \+ arrows/);
  await page.keyboard.press("Escape");
  await page.getByLabel("Colour").selectOption("=gained");
  await page.waitForSelector(".key.fixed");
  await quiet(page);
  const counts = await page.locator(".key .muted").allInnerTexts();
  assert.equal(
    counts.reduce((sum, text) => sum + Number(text.replace(",", "")), 0),
    1797,
  );
  await page.getByRole("button", { name: "Undo" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".key").length === 0);
  await page.getByRole("button", { name: "The items as a table" }).click();
  await page.getByRole("button", { name: "Open item 2 of the table" }).click();
  await page.waitForSelector(".chosen .item");
  await quiet(page);
  const [worst] = daemon.json("neighbours", digits[0], "--row", "1", "-k", "10").neighbours;
  assert.ok((await page.locator(".chosen .neighbours").first().innerHTML()).includes(worst.id));
  await plot.focus();
  await page.keyboard.press("]");
  await page.waitForFunction(() => globalThis.vectoryPlots.get("a").marks.some((m) => m.size === 15));
  await page.getByRole("button", { name: /Compare at 1, 2, 5/ }).click();
  await page.waitForSelector(".curve circle");
  const at5 = daemon.json("compare", ...digits, "-k", "5").jaccard.mean;
  assert.equal(await page.locator(".curve title").nth(2).textContent(), `k = 5: ${at5.toFixed(3)}`);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  const serious = violations.filter((v) => v.impact === "serious" || v.impact === "critical");
  assert.deepEqual(
    serious.map((v) => `${v.id}: ${v.nodes[0]?.html}`),
    [],
  );
  await page.getByLabel("Metric").selectOption("cosine");
  const cosine = daemon.json("compare", ...digits, "--metric-a", "cosine", "--metric-b", "cosine").jaccard
    .mean;
  await page.waitForFunction(
    (mean) => Number(document.querySelector(".score")?.dataset.mean) === mean,
    cosine,
  );
  await faultless();
});

/** Tracks and compares two spaces whose layout takes far longer than a page to open; gives the address of their page. */
function slow(own) {
  const rows = 20_000;
  const csv = `id\n${Array.from({ length: rows }, (_, i) => i).join("\n")}\n`;
  for (const [name, seed] of [
    ["one", 12.9898],
    ["two", 78.233],
  ]) {
    own.add(name, csv, rows, 8, (i, j) => (Math.sin((i * 8 + j + 1) * seed) * 43758.5453) % 1);
  }
  own.run("compare", "one", "two");
  return own.address("one", "two");
}

test("a layout is seen over the websocket while it is made; the line is closed after it", {
  timeout: 3 * patience,
}, async () => {
  const own = new Daemon();
  try {
    const { page, faultless } = await openPage(browser);
    const sockets = [];
    page.on("websocket", (socket) => sockets.push(socket));
    const third = new Promise((resolve) => {
      let frames = 0;
      page.on("websocket", (socket) =>
        socket.on("framereceived", ({ payload }) => {
          frames += typeof payload === "string" ? 0 : 1;
          return frames === 3 && resolve();
        }),
      );
    });
    await page.goto(slow(own));
    await page.waitForFunction(() => globalThis.vectoryPlots?.get("b")?.n === 20_000);
    const first = await page.evaluate(() => globalThis.vectoryPlots.get("b").places.slice(0, 100).join());
    await third;
    await page.waitForFunction(
      (was) => globalThis.vectoryPlots.get("b").places.slice(0, 100).join() !== was,
      first,
    );
    assert.equal(await page.locator(".honesty").count(), 0); // it is still being made
    await page.locator(".maps .progress").getByRole("button", { name: "Cancel" }).click();
    await page.getByText("canceled").first().waitFor();
    await quiet(page); // which no open websocket lets it be
    assert.equal(sockets.length, 1);
    await faultless();
  } finally {
    own.remove();
  }
});

test("a daemon that is killed during a layout is said to be gone", async () => {
  const own = new Daemon();
  const { page, close } = await openPage(browser);
  await page.goto(slow(own));
  await page.waitForFunction(
    () => globalThis.vectoryPlots?.get("a")?.n > 0 && document.querySelector(".maps .progress"),
  );
  process.kill(own.json("status").pid, "SIGKILL");
  await page.getByText("The daemon does not answer.").first().waitFor();
  await close();
  own.remove();
});

test("a click that nobody answers says so, and can be tried again", async () => {
  const { page, close } = await visit();
  const row = await lonely(page, "a");
  await page.route(/\/items\?row=/, (route) => route.abort());
  await page.mouse.click(...(await at(page, "a", row)));
  await page.locator(".failure", { hasText: "does not answer" }).waitFor();
  await page.unroute(/\/items\?row=/);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.waitForSelector(".chosen .item");
  assert.equal(await page.locator(".failure").count(), 0);
  await page.goto(`${daemon.json("up").url}/#/spaces/digits%2Fpixels`);
  await page.waitForSelector(".hubs li");
  await settled(page);
  await page.route(/\/neighbours\?/, (route) => route.abort());
  await page.mouse.click(...(await at(page, "a", row)));
  await page.locator(".failure", { hasText: "does not answer" }).waitFor();
  assert.equal(await page.locator(".failure").count(), 1);
  await page.unroute(/\/neighbours\?/);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.waitForSelector(".chosen .neighbour");
  assert.equal(await page.locator(".failure").count(), 0);
  await close();
});
