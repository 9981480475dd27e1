// The widget as a person uses it: JupyterLab, Chromium, the real daemon, real data.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
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
  await jupyter?.stop();
  daemon?.remove();
});

/** Runs all cells and waits until the maps of this run are settled. */
async function run(page) {
  await page.evaluate(() => globalThis.vectoryPlots?.clear()); // those of a run before
  await command(page, "notebook:run-all-cells");
  await page.waitForFunction(() => {
    const plots = [...(globalThis.vectoryPlots?.values() ?? [])];
    const settled = ({ canvas }) => canvas.isConnected && canvas.closest(".maps")?.querySelector(".honesty");
    return plots.length > 0 && plots.every(settled);
  });
  await painted(page);
  await idle(page);
  await page.locator(".maps").scrollIntoViewIfNeeded();
}

/** A canvas, and a point that its own pixel and those around it pick: its row and where it is on the canvas. */
async function free(page, side, from = 0) {
  const canvas = page.locator(`canvas.points[data-side="${side}"]`);
  await canvas.scrollIntoViewIfNeeded();
  // Outputs that come beside it change its size: it must be the same for a while.
  await page.waitForFunction(
    (which) => {
      const { width, height } = globalThis.vectoryPlots.get(which).canvas.getBoundingClientRect();
      const stands = globalThis.stands;
      const same = stands?.width === width && stands?.height === height;
      globalThis.stands = { width, height, frames: same ? stands.frames + 1 : 0 };
      return globalThis.stands.frames > 5;
    },
    side,
    { polling: "raf" },
  );
  const point = await page.evaluate(
    ([which, first]) => {
      const plot = globalThis.vectoryPlots.get(which);
      for (let id = first; id < plot.n; id++) {
        const [x, y] = plot.toPixel(id);
        const near = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => plot.pick(x + dx, y + dy)));
        if (near.every((picked) => picked === id)) {
          const { clientLeft, clientTop } = plot.canvas; // a mouse's place is told from within the border
          return { id, position: { x: x - clientLeft, y: y - clientTop } };
        }
      }
    },
    [side, from],
  );
  return { canvas, ...point };
}

/** The panel of a row's item. */
const panel = (page, id) =>
  page.locator(`.chosen .item[data-id="digit-${`${id}`.padStart(4, "0")}"]`).first();

/** Clicks a point and waits for its neighbours, and for the kernel to know; gives its row. */
async function click(page, side, from) {
  const { canvas, id, position } = await free(page, side, from);
  await canvas.click({ position });
  await panel(page, id).waitFor();
  await prints(page, "print(w.selection.tolist())", `[${id}]`);
  return id;
}

/** Waits until code prints this in the kernel: what the page says may arrive there after it, by another channel. */
function prints(page, code, wanted) {
  return until(`${code}: ${wanted}`, async () => (await inKernel(page, code)) === wanted);
}

/** Waits until the still pictures of the page are there and take no room. */
function stillIsHidden(page) {
  const stills = page.locator('img[src^="data:image/png"]');
  return until("the still picture, hidden", async () => {
    const heights = await stills.evaluateAll((all) => all.map((i) => i.offsetHeight));
    return heights.length === 1 && heights[0] === 0;
  });
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
  const id = await click(page, "a", 0);
  await prints(page, "print(heard[-1], c.selection.tolist(), w.selection.dtype)", `[${id}] [${id}] int64`);
  for (const [side, space] of [
    ["a", "digits/pixels"],
    ["b", "digits/epoch20"],
  ]) {
    const listed = daemon.json("neighbours", space, "--row", `${id}`, "-k", "10").neighbours;
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
    await until(`${side}: red pixels for ${shared} shared`, async () => {
      const { red } = await ink(page, side);
      return shared === 0 ? red === 0 : red > 15;
    });
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
  await other.canvas.hover({ position: other.position });
  await prints(page, "print(w.hovered)", `${other.id}`);
  await page.context().close();
});

/** What carried the widget's last request. */
const carrier = (page) => page.locator(".vectory").first().getAttribute("data-carrier");

/** Clicks one point after the other until a websocket has carried what was asked. */
async function clickUntilSocket(page, from) {
  let row = from;
  await until("the websocket", async () => {
    row = (await click(page, "a", row)) + 1;
    return (await carrier(page)) === "socket";
  });
}

/** Counts the widget's websockets to a daemon, and what they carry. */
function countSockets(page) {
  const found = { opened: [], closed: 0, sent: "" };
  page.on("websocket", (socket) => {
    if (socket.url().includes("/api/v1/ws")) {
      found.opened.push(socket.url());
      socket.on("framesent", ({ payload }) => {
        found.sent += payload;
      });
      socket.on("close", () => found.closed++);
    }
  });
  return found;
}

test("the widget goes over to a websocket of its own, and back to the kernel when that dies", async () => {
  jupyter.write("direct.ipynb", cells);
  const page = await openNotebook(browser, jupyter, "direct.ipynb");
  const sockets = countSockets(page);
  await run(page);
  await clickUntilSocket(page, 60);
  const { token, url } = daemon.json("up");
  assert.deepEqual([...new Set(sockets.opened)], [`${url.replace("http", "ws")}/api/v1/ws`]);
  assert.match(sockets.sent, /"t":"ask".*neighbours|items/);
  assert.ok(!sockets.sent.includes(token));
  await page.locator(".chosen").scrollIntoViewIfNeeded();
  await page.waitForFunction(() => {
    const widget = [...document.querySelectorAll("*")].find((e) => e.shadowRoot?.querySelector(".maps"));
    const images = [...widget.shadowRoot.querySelectorAll(".chosen img")];
    return images.length > 10 && images.every((i) => i.src.startsWith("blob:") && i.naturalWidth === 32);
  });
  // A stopped daemon ends it. The next click goes by the kernel, which starts another, and then a socket opens there.
  const opened = sockets.opened.length;
  daemon.stop();
  await until("its end", () => sockets.closed === opened);
  await click(page, "a", 200);
  await until(
    "ten neighbours",
    async () => (await page.locator(".chosen .side-a .neighbour").count()) === 10,
  );
  await clickUntilSocket(page, 300);
  assert.ok(sockets.opened.length > opened);
  await command(page, "docmanager:save");
  const saved = readFileSync(join(jupyter.folder, "direct.ipynb"), "utf8");
  assert.ok(!saved.includes(token) && !saved.includes("ticket"));
  await page.context().close();
});

test("behind Jupyter's proxy, with a prefix and another host; and where no socket gets through", async () => {
  const hub = new Jupyter(daemon.home, "jupyterlab", "/user/ann/");
  try {
    hub.write("proxied.ipynb", cells);
    // A name that is not this machine's for the page: it does not even try 127.0.0.1.
    const page = await openNotebook(browser, hub, "proxied.ipynb", "lab/tree", { host: "hub.localhost" });
    const sockets = countSockets(page);
    await run(page);
    await clickUntilSocket(page, 60);
    const { port } = new URL(daemon.json("up").url);
    for (const address of sockets.opened) {
      assert.match(address, new RegExp(`^ws://hub\\.localhost:\\d+/user/ann/proxy/${port}/api/v1/ws$`));
    }
    await page.context().close();

    const closed = await openNotebook(browser, hub, "proxied.ipynb", "lab/tree", {
      before: (page) => page.routeWebSocket(/api\/v1\/ws/, (socket) => socket.close()),
    });
    await run(closed);
    await click(closed, "a", 80);
    await click(closed, "a", 500);
    assert.equal(await carrier(closed), "kernel");
    await closed.context().close();
  } finally {
    await hub.stop();
  }
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
  await until("red pixels", async () => (await ink(page, "a")).red > 15);
  await picture(page, "notebook-one");
  await page.locator("canvas.points").first().focus();
  await page.keyboard.press("Escape");
  await until("nothing chosen", async () => (await page.locator(".chosen").count()) === 0);
  await until("no selection", async () => (await inKernel(page, "print(w.selection.tolist())")) === "[]");
  await page.context().close();
});

test("the steps of a run on one map: the slider is w.step, in both directions", async () => {
  const shown = "import vectory as vy\nw = vy.show(timeline='digits-net', reference='digits/pixels')\nw";
  jupyter.write("run.ipynb", [shown]);
  const page = await openNotebook(browser, jupyter, "run.ipynb");
  await command(page, "notebook:run-all-cells");
  await page.locator(".scrub output", { hasText: "the newest" }).waitFor();
  await until("all points", async () => (await page.locator(".agreement circle").count()) === 5);
  await idle(page);
  assert.equal(await inKernel(page, "print(w.step)"), "None");
  await page.locator(".scrub input").focus();
  await page.keyboard.press("Home");
  await until("the first step", async () => (await inKernel(page, "print(w.step)")) === "0");
  await inKernel(page, "w.step = 5; w.selection = [12]; w.k = 4");
  await page.locator(".scrub output", { hasText: /^step 5$/ }).waitFor();
  const listed = daemon.json("neighbours", "digits/epoch05", "--row", "12", "-k", "4").neighbours;
  await until("the neighbours at step 5", async () => {
    const titles = await page
      .locator(".chosen .neighbour")
      .evaluateAll((nodes) => nodes.map((node) => node.title.split(",")[0]));
    return titles.join() === listed.map((n) => n.id).join();
  });
  const { drawn } = await ink(page, "a");
  assert.ok(drawn > 0.005 && drawn < 0.9, `${drawn} of the map is drawn on`);
  await picture(page, "notebook-run");
  await page.context().close();
});

test("Notebook 7: a click is a selection, and the still picture is hidden", async () => {
  const notebook = new Jupyter(daemon.home, "notebook");
  try {
    notebook.write("click.ipynb", cells);
    const page = await openNotebook(browser, notebook, "click.ipynb", "notebooks");
    await run(page);
    await click(page, "a", 50);
    await stillIsHidden(page);
    await picture(page, "notebook-7");
    await page.context().close();
  } finally {
    await notebook.stop();
  }
});

test("the plots answer while a cell runs", async () => {
  jupyter.write("busy.ipynb", cells);
  const page = await openNotebook(browser, jupyter, "busy.ipynb");
  await run(page);
  await clickUntilSocket(page, 10); // before, it depends on the kernel's subshells
  const [began, end] = ["began", "end"].map((name) => join(jupyter.folder, name));
  const busy = inKernel(
    page,
    `import os, time; open("${began}", "w"); [time.sleep(0.05) for _ in iter(lambda: os.path.exists("${end}"), True)]; print("slept")`,
  );
  try {
    await until("the cell to run", () => existsSync(began));
    const { canvas, id, position } = await free(page, "a", 900);
    await canvas.click({ position });
    await panel(page, id).waitFor();
  } finally {
    writeFileSync(end, ""); // only now may the cell end
  }
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
  const stillOf = (text) => JSON.parse(text).cells[0].outputs.find((o) => o.data?.["image/png"]).data;
  const drawn = Buffer.from(stillOf(saved)["image/png"], "base64");
  assert.ok(drawn.length > 1000);
  assert.match(stillOf(saved)["text/plain"].toString(), /Jaccard@10 0\.3759/);

  // What is looked at takes the picture's place, and the plots hide it as long as they run.
  await page.locator("canvas.points").first().focus();
  for (const key of ["+", "+", "+"]) {
    await page.keyboard.press(key);
  }
  const looked = await until("the picture of what is looked at", async () => {
    await command(page, "docmanager:save");
    const text = stillOf(readFileSync(join(jupyter.folder, "kept.ipynb"), "utf8"))["image/png"];
    const png = Buffer.from(text, "base64");
    return png.readUInt32BE(16) > 721 && png; // wider than what Python draws
  });
  await picture(page, "notebook-still");
  if (process.env.SCREENSHOTS) {
    writeFileSync(join(process.env.SCREENSHOTS, "still.png"), looked);
  }
  await stillIsHidden(page);

  await page.reload();
  await idle(page);
  await run(page);
  await click(page, "a", 20);

  await page.evaluate(() =>
    globalThis.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart(),
  );
  await idle(page);
  assert.match(await inKernel(page, "print(w.selection)"), /not defined/);
  await run(page);
  assert.equal(await inKernel(page, "print(w.selection.tolist())"), "[]");
  await click(page, "b", 30);
  await page.context().close();
});

test("the daemon is stopped: the next click starts it again", async () => {
  jupyter.write("stopped.ipynb", cells);
  const page = await openNotebook(browser, jupyter, "stopped.ipynb");
  await run(page);
  const { instance } = daemon.json("status");
  daemon.stop();
  await click(page, "a", 40);
  await until(
    "ten neighbours",
    async () => (await page.locator(".chosen .side-a .neighbour").count()) === 10,
  );
  await until("another daemon", () => {
    const now = daemon.json("status");
    return now.running && now.instance !== instance;
  });
  await page.context().close();
});
