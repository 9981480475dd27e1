// A real daemon in a home of its own, and a real browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { chromium } from "playwright-core";

/** The program under test, with a fresh home. */
export class Daemon {
  constructor() {
    this.program = process.env.VECTORY_BIN;
    if (!this.program) {
      throw new Error("VECTORY_BIN must name the vectory program");
    }
    this.home = mkdtempSync(join(tmpdir(), "vectory-view-"));
    this.env = { ...process.env, VECTORY_HOME: this.home, VECTORY_IDLE: "10m" };
  }

  run(...args) {
    return execFileSync(this.program, args, {
      env: this.env,
      encoding: "utf8",
      cwd: this.home,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  json(...args) {
    return JSON.parse(this.run(...args, "--json"));
  }

  /** A fresh address of the page. */
  address(...args) {
    return this.run("run", "--no-open", ...args).trim();
  }

  /** Writes a CSV and an .npy beside each other and tracks them. */
  add(name, csv, rows, dims, value) {
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${dims}), }`.padEnd(117);
    const data = Float32Array.from({ length: rows * dims }, (_, i) => value(Math.floor(i / dims), i % dims));
    const npy = Buffer.concat([
      Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"),
      Buffer.from(`${header}\n`, "latin1"),
      Buffer.from(data.buffer),
    ]);
    writeFileSync(join(this.home, "rows.csv"), csv);
    writeFileSync(join(this.home, "rows.npy"), npy);
    this.run("add", "-i", "rows.csv", "-e", "rows.npy", "--dataset-name", "odd", "--space-name", name);
  }

  stop() {
    this.run("stop");
  }

  remove() {
    this.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

// How long any wait may take before the test fails, ms. It says nothing of the page: a machine that builds and measures beside
// a test has taken 30 s (what playwright would allow) to open it.
export const patience = 120_000;

// Machines without a graphics card draw in software.
const graphics = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"];

/** Chromium as the system has it: nothing is downloaded. */
export function openBrowser() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({
    executablePath,
    args: [...graphics, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
}

/** A daemon with what `track` tracks, and a browser, for all tests of a file. */
export async function stage(track = (daemon) => daemon.run("demo", "digits", "--no-open")) {
  const daemon = new Daemon();
  let browser;
  after(async () => {
    await browser?.close();
    daemon.remove();
  });
  track(daemon);
  browser = await openBrowser();
  return { daemon, browser };
}

/** The spaces that the demo tracks. */
export const digits = ["digits/pixels", "digits/epoch20"];

/**
 * Waits until the maps of a page have settled, as they are asked for now: the one of a space, or both of a comparison.
 * Then they stay where they are on the screen.
 */
export async function settled(page) {
  await quiet(page); // what stood here before another was asked for is gone
  await page.waitForSelector(".honesty");
  await painted(page);
  await page.locator(".maps").scrollIntoViewIfNeeded();
}

/**
 * Runs in a page before its own script, and counts what is under way there: requests, frames of the screen, timers that
 * end soon, websockets. A test that waits until there is none of them sees what the last click has come to, whatever
 * else the machine does. A step of the page is a chain of these, with nothing but microtasks between them.
 */
export function countWhatIsUnderWay() {
  const { setTimeout, clearTimeout, requestAnimationFrame, cancelAnimationFrame, fetch } = globalThis;
  const going = new Map();
  const soon = 1000; // ms: what waits longer comes again and again, or keeps a picture
  let last = 0;
  const begin = (what) => {
    const id = ++last;
    going.set(id, what);
    return () => going.delete(id);
  };
  const until = (promise, what) => {
    const end = begin(what);
    promise.then(end, end);
    return promise;
  };
  const timers = new Map();
  globalThis.setTimeout = (act, ms = 0, ...rest) => {
    const end = ms <= soon ? begin(`a timer of ${ms} ms`) : () => {};
    const id = setTimeout(() => {
      timers.delete(id);
      end();
      act(...rest);
    }, ms);
    timers.set(id, end);
    return id;
  };
  globalThis.clearTimeout = (id) => {
    timers.get(id)?.();
    timers.delete(id);
    clearTimeout(id);
  };
  const frames = new Map();
  globalThis.requestAnimationFrame = (act) => {
    const end = begin("a frame");
    const id = requestAnimationFrame((now) => {
      frames.delete(id);
      end();
      act(now);
    });
    frames.set(id, end);
    return id;
  };
  globalThis.cancelAnimationFrame = (id) => {
    frames.get(id)?.();
    frames.delete(id);
    cancelAnimationFrame(id);
  };
  globalThis.fetch = (...asked) => until(fetch(...asked), `fetch ${asked[0]}`);
  for (const part of ["json", "text", "blob", "arrayBuffer"]) {
    const read = Response.prototype[part];
    Response.prototype[part] = function () {
      return until(read.call(this), `the ${part} of ${this.url}`);
    };
  }
  globalThis.WebSocket = class extends WebSocket {
    constructor(...asked) {
      super(...asked);
      this.addEventListener("close", begin(`a websocket to ${asked[0]}`));
    }
  };
  globalThis.vectoryQuiet = async (most) => {
    const end = performance.now() + most;
    for (let still = 0; still < 3; still = going.size === 0 ? still + 1 : 0) {
      if (performance.now() > end) {
        throw new Error(`after ${most} ms there is still: ${[...going.values()].join(", ")}`);
      }
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    }
  };
}

/** Waits until nothing is under way in a page: it shows what the last act has come to. Pictures may still be loading. */
export function quiet(page) {
  return page.evaluate((ms) => globalThis.vectoryQuiet(ms), patience);
}

/** Notes the text of an element, or of an attribute of it, and each that it has later: `list` in the page, `read` here. */
export async function notes(page, selector, attribute = "") {
  const list = await page.evaluateHandle(
    ([wanted, named]) => {
      const seen = [];
      const look = () => {
        const node = document.querySelector(wanted);
        const text = named ? node?.getAttribute(named) : node?.textContent;
        if (seen.at(-1) !== text) {
          seen.push(text);
        }
      };
      const all = { subtree: true, childList: true, characterData: true, attributes: true };
      new MutationObserver(look).observe(document.body, all);
      look();
      return seen;
    },
    [selector, attribute],
  );
  return { list, read: () => list.jsonValue() };
}

/** A page that fails its test when anything is said on the console or thrown. */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  await page.addInitScript(countWhatIsUnderWay);
  const complaints = [];
  page.on("console", (message) => {
    if (!message.text().includes("GL Driver Message")) {
      // software rendering is slow: it says so at each screenshot
      complaints.push(`${message.type()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    // A page that is left or reloaded cuts off what the browser still loads for it: its icon, a picture, a sound; and so
    // does a picture that is taken off the page. That is told as an abort, and no fault. What the page fetches it wants,
    // and a test waits for it (`quiet`) before it leaves.
    if (why !== "net::ERR_ABORTED" || request.resourceType() === "fetch") {
      complaints.push(`failed: ${request.url()}: ${why}`);
    }
  });
  const close = () => context.close();
  const faultless = async () => {
    await quiet(page);
    assert.deepEqual(complaints, []);
    await close();
  };
  return { page, complaints, close, faultless };
}

/** Keeps a picture of the page where SCREENSHOTS names a folder. */
export async function picture(page, name, options = {}) {
  if (process.env.SCREENSHOTS) {
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), ...options });
  }
}

/**
 * Waits until the maps have their last places and their colours, which reach the canvas after the page's text, and a graphics
 * context where there is one, which comes after what a plain canvas shows first.
 */
export function painted(page) {
  return page.waitForFunction(() => {
    const plots = [...(globalThis.vectoryPlots?.values() ?? [])];
    const done = ({ n, begun, colours }) => n > 0 && begun && colours.some((v) => v !== 150); // 150: not yet
    return plots.length > 0 && plots.every(done);
  });
}

/** Share of the canvas that is drawn on, and the number of pixels of the red of neighbours; also of a plain drawing. */
export function ink(page, side) {
  return page.evaluate((which) => {
    const plot = globalThis.vectoryPlots.get(which);
    plot.drawNow();
    const canvas = plot.paper ?? plot.canvas;
    const { width, height } = canvas;
    let pixels = new Uint8Array(4 * width * height);
    if (plot.accelerated) {
      const gl = canvas.getContext("webgl2");
      gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    } else {
      pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    }
    let drawn = 0;
    let red = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      drawn += pixels[i + 3] > 0 ? 1 : 0;
      red += pixels[i] > 180 && pixels[i + 1] < 40 && pixels[i + 2] < 50 && pixels[i + 3] > 240 ? 1 : 0;
    }
    return { drawn: drawn / (width * height), red };
  }, side);
}

/** Waits until so many points stand out. */
export function stands(page, many) {
  return page.waitForFunction(
    (n) => globalThis.vectoryPlots.get("a").colours.filter((v, i) => i % 4 === 3 && v > 100).length === n,
    many,
  );
}

/** Where a point of a map is on the screen. */
export function at(page, side, id) {
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
export function lonely(page, side) {
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
