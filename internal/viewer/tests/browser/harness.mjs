// A real daemon in a home of its own, and a real browser.
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

/** Waits until the maps of a page have settled: the one of a space, or both of a comparison. */
export async function settled(page) {
  await page.waitForSelector(".honesty", { timeout: 60_000 });
  await painted(page);
  await page.locator(".maps").scrollIntoViewIfNeeded();
}

/** A page that fails its test when anything is said on the console or thrown. */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
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
    // A test that reloads or leaves the page cuts off what the browser still fetches of it: its icon, say. That is told as
    // an abort, and no fault of the page; whatever else fails is.
    if (why !== "net::ERR_ABORTED" || request.resourceType() === "fetch") {
      complaints.push(`failed: ${request.url()}: ${why}`);
    }
  });
  return { page, complaints, close: () => context.close() };
}

/** Keeps a picture of the page where SCREENSHOTS names a folder. */
export async function picture(page, name, options = {}) {
  if (process.env.SCREENSHOTS) {
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), ...options });
  }
}

/** Waits until the maps have their last places and their colours: these reach the canvas after the page's text. */
export function painted(page) {
  return page.waitForFunction(() => {
    const plots = [...(globalThis.vectoryPlots?.values() ?? [])];
    return plots.length > 0 && plots.every(({ n, colours }) => n > 0 && colours.some((v) => v !== 150)); // 150: not yet
  });
}

/** Share of the canvas that is drawn on, and the number of pixels of the red of neighbours. */
export function ink(page, side) {
  return page.evaluate((which) => {
    const plot = globalThis.vectoryPlots.get(which);
    plot.drawNow();
    const { width, height } = plot.canvas;
    const gl = plot.canvas.getContext("webgl2");
    const pixels = new Uint8Array(4 * width * height);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    let drawn = 0;
    let red = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      drawn += pixels[i + 3] > 0 ? 1 : 0;
      red += pixels[i] > 180 && pixels[i + 1] < 40 && pixels[i + 2] < 50 && pixels[i + 3] > 240 ? 1 : 0;
    }
    return { drawn: drawn / (width * height), red };
  }, side);
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
