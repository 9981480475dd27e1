// Times our plot beside regl-scatterplot and deck.gl on the same points in a headless Chromium, a page each, back to back.
// Without drawing, what is left is what
// the page itself does on its main thread, upload included. Whole frames are drawn by the machine's own
// means (without a graphics card: in software), until the picture is there.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

const installed = createRequire(join(process.cwd(), "package.json")); // the peers are not installed beside this file
const { build } = installed("esbuild");
const { chromium } = installed("playwright-core");

const here = import.meta.dirname;
const quick = process.argv.includes("--quick");
const names = ["ours", "regl", "deck"];
const titles = { ours: "vectory", regl: "regl-scatterplot 1.16.0", deck: "deck.gl 9.4.0" };

const bundled = await build({
  entryPoints: { ours: join(here, "ours.ts"), regl: join(here, "regl.js"), deck: join(here, "deck.js") },
  bundle: true,
  minify: true,
  format: "iife",
  outdir: "out",
  write: false,
  nodePaths: [join(process.cwd(), "node_modules")],
  logLevel: "error",
});
const files = new Map(bundled.outputFiles.map((file) => [file.path.split("/").at(-1), Buffer.from(file.contents)]));
const server = createServer((request, reply) => {
  const name = request.url.slice(1);
  const file = files.get(name);
  reply.setHeader("Content-Type", file ? "text/javascript" : "text/html");
  reply.end(file ?? `<!doctype html><canvas style="width:600px;height:600px" width="600" height="600"></canvas><script src="/${name}.js"></script>`);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--enable-precise-memory-info",
    "--js-flags=--expose-gc",
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ],
});

/** In the page: draws are left out when asked. */
function leaveOut() {
  for (const kind of [WebGLRenderingContext, WebGL2RenderingContext]) {
    for (const call of ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced"]) {
      if (kind.prototype[call]) {
        kind.prototype[call] = () => {};
      }
    }
  }
}

/** In the page: gives what can be run by name; each gives its milliseconds, or what it found. */
function prepare({ n, frames }) {
  let seed = 7;
  const random = () => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const places = () => {
    const out = new Float32Array(2 * n);
    for (let i = 0; i < n; i++) {
      const cluster = i % 8;
      const at = [0.25 + 0.17 * (cluster % 4), 0.3 + 0.4 * Math.floor(cluster / 4)];
      for (const axis of [0, 1]) {
        out[2 * i + axis] = at[axis] + 0.12 * (random() + random() + random() - 1.5);
      }
    }
    return out;
  };
  const canvas = document.querySelector("canvas");
  const { bench } = globalThis;
  const sets = [places(), places()];
  const polygon = Array.from({ length: 64 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 64;
    return [0.35 + 0.22 * Math.cos(angle), 0.5 + 0.33 * Math.sin(angle)];
  });
  const ops = {
    first: () => bench.setup(canvas, sets[1]),
    update: (i) => bench.update(sets[i % 2]),
    pan: (i) => bench.pan(i + 1),
    moving: bench.moving && ((i) => bench.moving(i + 1)),
    pick: bench.pick && ((i) => bench.pick(100 + 20 * i, 150 + 15 * i)),
    lasso: bench.lasso && (() => bench.lasso(polygon)),
  };
  globalThis.can = (name) => ops[name] !== undefined;
  globalThis.times = async (name, count) => {
    const all = [];
    let found;
    for (let i = 0; i < count; i++) {
      const began = performance.now();
      found = await ops[name](i);
      if (frames) {
        const gl = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
        if (gl) {
          gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
        } else {
          canvas.getContext("2d").getImageData(0, 0, 1, 1); // regl-scatterplot copies its drawing onto a plain canvas
        }
      }
      all.push(performance.now() - began);
    }
    return { median: all.sort((x, y) => x - y)[count >> 1], found };
  };
}

const patience = 90_000;

const inScript = { first: 1, update: 5, pan: 5, pick: 21, lasso: 3 };
const inFrames = { first: 1, update: 3, pan: 3, moving: 5 };

const tell = (name, n, op) => (error) => {
  process.stderr.write(`${name}, ${op} of ${n}: ${error.message.split("\n")[0]}\n`);
  return null;
};

/** One thing some times: the median until its picture is there, or the main thread's part of each. */
async function once(page, op, count, frames, found) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const busy = async () =>
    (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value;
  const before = await busy();
  const result = await page.evaluate(([name, times]) => globalThis.times(name, times), [op, count]);
  const spent = (1000 * ((await busy()) - before)) / count;
  await session.detach();
  if (op === "lasso") {
    found.rows = result.found;
  }
  return frames ? result.median : spent;
}

async function time(name, n, frames) {
  const page = await browser.newPage({ viewport: { width: 700, height: 700 } });
  try {
    if (!frames) {
      await page.addInitScript(leaveOut);
    }
    await page.goto(`${origin}/${name}`);
    await page.evaluate(prepare, { n, frames });
    const found = {};
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no end in sight")), patience));
    late.catch(() => {});
    for (const [op, count] of Object.entries(frames ? inFrames : inScript)) {
      if (await page.evaluate((name) => globalThis.can(name), op)) {
        found[op] = await Promise.race([late, once(page, op, count, frames, found)]).catch(tell(name, n, op));
      }
    }
    if (!frames) {
      found.heap = await page.evaluate(() => (globalThis.gc?.(), performance.memory.usedJSHeapSize / 1e6));
    }
    return found;
  } catch (error) {
    process.stderr.write(`${name} at ${n}: ${error.message.split("\n")[0]}\n`);
    return null;
  } finally {
    await Promise.race([page.close(), new Promise((resolve) => setTimeout(resolve, 5000))]);
  }
}

const shown = (v) => (v === null || v === undefined ? "–" : v < 10 ? v.toFixed(1) : Math.round(v).toLocaleString("en-US"));
const table = (title, rows, results) => {
  process.stdout.write(`\n${title}\n| | ${names.map((name) => titles[name]).join(" | ")} |\n|---|${"---:|".repeat(names.length)}\n`);
  for (const [key, text] of rows) {
    process.stdout.write(`| ${text} | ${names.map((name) => shown(results[name]?.[key])).join(" | ")} |\n`);
  }
};

process.stdout.write(`${await browser.version()}, milliseconds, medians; bundle: ${names.map((name) => `${titles[name]} ${Math.round(files.get(`${name}.js`).length / 1000)} kB`).join(", ")}\n`);
for (const n of quick ? [100_000] : [100_000, 1_000_000]) {
  const results = {};
  for (const name of names) {
    results[name] = await time(name, n, false);
  }
  table(`${n.toLocaleString("en-US")} points, script and upload only`, [
    ["first", "first points"],
    ["update", "new places of all"],
    ["pan", "pan"],
    ["pick", "point under the pointer"],
    ["lasso", "lasso"],
    ["rows", "points in the lasso"],
    ["heap", "JavaScript heap, MB"],
  ], results);
}
for (const n of quick ? [20_000] : [20_000, 100_000, 1_000_000]) {
  const results = {};
  for (const name of names.filter((other) => other === "ours" || n < 1_000_000)) {
    results[name] = await time(name, n, true);
  }
  table(`${n.toLocaleString("en-US")} points, a whole frame`, [
    ["update", "new places of all"],
    ["pan", "pan, all points"],
    ["moving", "pan, the sample where drawing is slow"],
  ], results);
}
await browser.close();
server.close();
