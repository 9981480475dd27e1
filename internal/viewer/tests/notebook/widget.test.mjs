// The widget as a person uses it: JupyterLab, Chromium, the real daemon, real data.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Daemon, ink, openBrowser, painted, picture } from "../browser/harness.mjs";
import { command, idle, inKernel, Jupyter, openNotebook, until } from "./harness.mjs";

let daemon;
let jupyter;
let browser;
const cells = [
  "import vectory as vy\nc = vy.compare('digits/pixels', 'digits/epoch20')\nw = c.show()\nw",
  "heard = []\nw.observe(lambda change: heard.append(change['new'].tolist()), 'selection')",
];

before(async () => {
  daemon = new Daemon();
  daemon.run("demo", "digits", "--no-open");
  jupyter = new Jupyter(daemon.home);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  jupyter?.stop();
  daemon?.remove();
});

/** Runs all cells and waits until both maps are settled. */
async function run(page) {
  await command(page, "notebook:run-all-cells");
  await page.waitForSelector(".honesty", { timeout: 60_000 });
  await painted(page);
  await idle(page);
  await page.locator(".maps").scrollIntoViewIfNeeded();
}

/** A point that its own pixel picks, and where it is on the screen. */
function free(page, side, from = 0) {
  return page.evaluate(
    ([which, first]) => {
      const plot = globalThis.vectoryPlots.get(which);
      const box = plot.canvas.getBoundingClientRect();
      for (let id = first; id < plot.n; id++) {
        const [x, y] = plot.toPixel(id);
        if (plot.pick(x, y) === id && y + box.top > 100 && y + box.top < 900) {
          return { id, x: x + box.left, y: y + box.top };
        }
      }
      return null;
    },
    [side, from],
  );
}

test("a click in the widget is a selection in the kernel, and the other way round", async () => {
  jupyter.write("click.ipynb", cells);
  const page = await openNotebook(browser, jupyter, "click.ipynb");
  await run(page);
  for (const side of ["a", "b"]) {
    const { drawn, red } = await ink(page, side);
    assert.ok(drawn > 0.005 && drawn < 0.9, `${side}: ${drawn} of the map is drawn on`);
    assert.equal(red, 0);
  }
  const point = await free(page, "a");
  await page.mouse.click(point.x, point.y);
  await page.waitForSelector(".chosen .item");
  assert.equal(await inKernel(page, "print(w.selection.tolist(), w.selection.dtype)"), `[${point.id}] int64`);
  assert.equal(await inKernel(page, "print(heard[-1], c.selection.tolist())"), `[${point.id}] [${point.id}]`);
  for (const [side, space] of [
    ["a", "digits/pixels"],
    ["b", "digits/epoch20"],
  ]) {
    const listed = daemon.json("neighbours", space, "--row", `${point.id}`, "-k", "10").neighbours;
    const shown = await page
      .locator(`.chosen .side-${side} .neighbour`)
      .evaluateAll((nodes) => nodes.map((node) => node.title.split(",")[0]));
    assert.deepEqual(
      shown,
      listed.map((n) => n.id),
    );
  }
  const shared = await page.locator(".chosen .side-a .mark-shared").count();
  for (const side of ["a", "b"]) {
    const { red } = await ink(page, side);
    assert.ok(shared === 0 ? red === 0 : red > 15, `${side}: ${red} red pixels for ${shared} shared`);
  }
  await page.locator(".chosen").scrollIntoViewIfNeeded();
  // Pictures of items come over the kernel: the page may not ask the daemon.
  await page.waitForFunction(() => {
    const widget = [...document.querySelectorAll("*")].find((e) => e.shadowRoot?.querySelector(".maps"));
    const images = [...widget.shadowRoot.querySelectorAll(".chosen img")];
    return images.length > 10 && images.every((i) => i.src.startsWith("blob:") && i.naturalWidth === 32);
  });
  await picture(page, "notebook-click");

  // From Python: rows, then one row by a mask, the colour and the number of neighbours.
  await inKernel(page, "w.selection = [3, 1, 2]; w.colour = ''");
  await page.waitForFunction(() => {
    const alpha = globalThis.vectoryPlots.get("b").colours.filter((_, i) => i % 4 === 3);
    return alpha.filter((v) => v > 100).length === 3;
  });
  await inKernel(page, "import numpy as np; w.selection = np.arange(1797) == 7; w.colour = 'label'");
  await page.locator('.chosen .item[data-id="digit-0007"]').waitFor();
  await page.locator(".key").nth(9).waitFor();
  await inKernel(page, "w.k = 3");
  await until(
    "three neighbours",
    async () => (await page.locator(".chosen .side-b .neighbour").count()) === 3,
  );
  await inKernel(page, "w.k = 15");
  await page.waitForSelector(".honesty");
  await page.locator('.chosen .item[data-id="digit-0007"]').waitFor();
  await until("fifteen", async () => (await page.locator(".chosen .side-b .neighbour").count()) === 15);

  // The mouse: hovered is a row, and None beside the points.
  const other = await free(page, "b", 100);
  await page.mouse.move(other.x, other.y);
  await until("hovered", async () => (await inKernel(page, "print(w.hovered)")) === `${other.id}`);
  await page.context().close();
});

test("one space: a click shows its neighbours, two views of a widget share what is selected", async () => {
  const one = ["import vectory as vy\nw = vy.spaces()['digits/epoch20'].show(k=5, height=320)\nw", "w"];
  jupyter.write("one.ipynb", one);
  const page = await openNotebook(browser, jupyter, "one.ipynb");
  await command(page, "notebook:run-all-cells");
  await until("both views", async () => (await page.locator(".honesty").count()) === 2);
  await idle(page);
  await page.locator(".maps").first().scrollIntoViewIfNeeded();
  const { drawn } = await ink(page, "a");
  assert.ok(drawn > 0.005 && drawn < 0.9, `${drawn} of the map is drawn on`);
  const listed = daemon.json("neighbours", "digits/epoch20", "--row", "123", "-k", "5").neighbours;
  await inKernel(page, "w.selection = {123}");
  await until("ten neighbours", async () => (await page.locator(".chosen .neighbour").count()) === 10);
  const shown = await page
    .locator(".chosen .neighbour")
    .evaluateAll((nodes) => nodes.map((node) => node.title.split(",")[0]));
  assert.deepEqual(
    shown,
    [...listed, ...listed].map((n) => n.id),
  );
  assert.ok((await ink(page, "a")).red > 15);
  await picture(page, "notebook-one");
  await page.locator("canvas.points").first().focus();
  await page.keyboard.press("Escape");
  await until("nothing chosen", async () => (await page.locator(".chosen").count()) === 0);
  await until("no selection", async () => (await inKernel(page, "print(w.selection.tolist())")) === "[]");
  await page.context().close();
});

test("a report is one file: it opens offline, and its items can be clicked", async () => {
  const file = join(jupyter.folder, "report.html");
  const program = `import vectory as vy; vy.report("digits/pixels", "digits/epoch20", ${JSON.stringify(file)})`;
  execFileSync(process.env.PYTHON, ["-c", program], {
    env: { ...process.env, VECTORY_HOME: daemon.home },
    stdio: "pipe",
  });
  assert.ok(!readFileSync(file, "utf8").includes(daemon.json("up").token));
  const context = await browser.newContext({ viewport: { width: 1200, height: 1100 }, offline: true });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => message.type() === "error" && said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  await page.goto(`file://${file}`);
  await page.waitForSelector(".honesty");
  await page.locator(".maps").scrollIntoViewIfNeeded();
  assert.match(await page.locator("table").first().innerText(), /0\.3759/);
  const point = await free(page, "a", 50);
  await page.mouse.click(point.x, point.y);
  await page.waitForSelector(".chosen .item");
  const listed = daemon.json("neighbours", "digits/epoch20", "--row", `${point.id}`).neighbours;
  const shown = await page
    .locator(".chosen .side-b .neighbour")
    .evaluateAll((nodes) => nodes.map((node) => node.title.split(",")[0]));
  assert.deepEqual(
    shown,
    listed.map((n) => n.id),
  );
  await page.locator(".chosen").scrollIntoViewIfNeeded();
  await until("its picture", () =>
    page
      .locator(".chosen .subject img")
      .evaluate((img) => img.src.startsWith("blob:") && img.naturalWidth === 32),
  );
  await picture(page, "report", { fullPage: true });
  assert.deepEqual(said, []);
  await context.close();
});

test("the plots answer while a cell runs", async () => {
  jupyter.write("busy.ipynb", cells);
  const page = await openNotebook(browser, jupyter, "busy.ipynb");
  await run(page);
  const began = Date.now();
  const busy = inKernel(page, "import time; time.sleep(6); print('slept')");
  const point = await free(page, "a", 10);
  await page.mouse.click(point.x, point.y);
  await page.waitForSelector(".chosen .item", { timeout: 5000 });
  assert.ok(Date.now() - began < 5500, "the click waited for the cell");
  assert.equal(await busy, "slept");
  await page.context().close();
});

test("what is saved shows a picture and no token; a restarted kernel and a reloaded page", async () => {
  jupyter.write("kept.ipynb", cells);
  const page = await openNotebook(browser, jupyter, "kept.ipynb");
  await run(page);
  await command(page, "docmanager:save");
  const { token, url } = daemon.json("up");
  assert.ok(token.length > 20);
  const saved = await until("the saved notebook", () => {
    const text = readFileSync(join(jupyter.folder, "kept.ipynb"), "utf8");
    return text.includes("image/png") && text;
  });
  assert.ok(!saved.includes(token) && !saved.includes(url));
  const [first] = JSON.parse(saved).cells;
  const shown = first.outputs.find((o) => o.data?.["image/png"]).data;
  assert.ok(Buffer.from(shown["image/png"], "base64").length > 1000);
  assert.match(shown["text/plain"].toString(), /Jaccard@10 0\.3759/);

  await page.reload();
  await idle(page);
  await run(page);
  const point = await free(page, "a", 20);
  await page.mouse.click(point.x, point.y);
  await page.waitForSelector(".chosen .item");
  assert.equal(await inKernel(page, "print(w.selection.tolist())"), `[${point.id}]`);

  await page.evaluate(() =>
    globalThis.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart(),
  );
  await idle(page);
  assert.match(await inKernel(page, "print(w.selection)"), /not defined/);
  await run(page);
  assert.equal(await inKernel(page, "print(w.selection.tolist())"), "[]");
  const again = await free(page, "b", 30);
  await page.mouse.click(again.x, again.y);
  await page.waitForSelector(".chosen .item");
  assert.equal(await inKernel(page, "print(w.selection.tolist())"), `[${again.id}]`);
  await page.context().close();
});

test("the daemon is stopped: the next click starts it again", async () => {
  jupyter.write("stopped.ipynb", cells);
  const page = await openNotebook(browser, jupyter, "stopped.ipynb");
  await run(page);
  daemon.stop();
  assert.equal(daemon.json("status").running, false);
  const point = await free(page, "a", 40);
  await page.mouse.click(point.x, point.y);
  await page.waitForSelector(".chosen .item");
  assert.equal(await page.locator(".chosen .side-a .neighbour").count(), 10);
  assert.equal(daemon.json("status").running, true);
  await page.context().close();
});
