// A real daemon in a home of its own, and a real browser.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  return { page, complaints, close: () => context.close() };
}

/** Keeps a picture of the page where SCREENSHOTS names a folder. */
export async function picture(page, name, options = {}) {
  if (process.env.SCREENSHOTS) {
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), ...options });
  }
}

/** Waits until both maps have their last places and their colours: these reach the canvas after the page's text. */
export function painted(page) {
  return page.waitForFunction(() =>
    ["a", "b"].every((side) => {
      const plot = globalThis.vectoryPlots.get(side);
      return plot?.n > 0 && plot.colours.some((v) => v !== 150); // 150: not painted yet
    }),
  );
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
