// How long after the start of a navigation the page of a comparison shows something, and its points on both maps, in a headless
// Chromium before a real daemon that has kept the comparison and its map.
//
//   node .ci/benchmarks/view/page.mjs [rows] [times]
//
// The browser runs already; each time has an empty cache. CHROMIUM and VECTORY_BIN say what it runs with; with
// REQUESTS=1 it tells when each request of the last time began and ended.
import { Daemon, openBrowser } from "../../../internal/viewer/tests/browser/harness.mjs";

const [rows = 60_000, times = 7] = process.argv.slice(2).map(Number);
const dims = 32;

let seed = 1;
const random = () => {
  seed = (seed * 1664525 + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const middles = Array.from({ length: 40 * dims }, () => 8 * (random() - 0.5));
const noisy = (row, column) => middles[(row % 40) * dims + column] + random() + random() + random() + random() - 2;
const csv = ["id,label", ...Array.from({ length: rows }, (_, i) => `r${i},${i % 40}`)].join("\n");

/** In the page, before its own script: notes the end of the first frame that draws points on both maps. */
function watch() {
  globalThis.seen = new Promise((resolve) => {
    const look = () => {
      if (["a", "b"].every((side) => globalThis.vectoryPlots?.get(side)?.n > 0)) {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null); // comes when this frame is drawn
      } else {
        requestAnimationFrame(look);
      }
    };
    look();
  });
}

async function open(browser, address, after = async () => ({})) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } }); // nothing is in its cache
  try {
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.goto(address);
    const told = await after(page);
    const first = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const buffered = (list) => resolve(list.getEntriesByName("first-contentful-paint")[0].startTime);
          new PerformanceObserver(buffered).observe({ type: "paint", buffered: true });
        }),
    );
    return { first, ...told };
  } finally {
    await context.close();
  }
}

const drawn = async (page) => {
  const points = await page.evaluate(() => globalThis.seen);
  await page.waitForLoadState("networkidle");
  const requests = await page.evaluate(() =>
    performance.getEntriesByType("resource").map((r) => [r.startTime, r.requestStart, r.responseStart, r.responseEnd, r.name]),
  );
  return { points, requests };
};

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const daemon = new Daemon();
const browser = await openBrowser();
try {
  for (const name of ["a", "b"]) {
    daemon.add(name, csv, rows, dims, noisy);
  }
  daemon.run("compare", "a", "b");
  daemon.run("project", "a", "b");
  const [plain, page] = [[], []];
  for (let i = 0; i <= times; i++) {
    plain.push(await open(browser, "data:text/html,<p>hello"));
    page.push(await open(browser, daemon.address("a", "b"), drawn));
  }
  const told = (all, what) => Math.round(median(all.slice(1).map((one) => one[what]))); // the first starts the browser's parts
  process.stdout.write(
    `\nthe page of a comparison of ${rows.toLocaleString("en-US")} rows, ms from the start of the navigation, medians of ${times}: first paint ` +
      `${told(page, "first")} (of a page of one word: ${told(plain, "first")}), points on both maps ${told(page, "points")}\n`,
  );
  if (process.env.REQUESTS) {
    process.stdout.write(`${page.map(({ first, points }) => `${Math.round(first)}/${Math.round(points)}`).join(" ")}\n`);
    for (const [start, asked, answered, end, name] of page.at(-1).requests) {
      process.stdout.write(`${[start, asked, answered, end].map((v) => Math.round(v).toString().padStart(6)).join("")}  ${name}\n`);
    }
  }
} finally {
  await browser.close();
  daemon.remove();
}
