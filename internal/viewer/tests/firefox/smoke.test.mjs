// The page in Firefox, where Chromium's tests cannot look: the real daemon, real data, a click.
// Firefox has no WebGL2 without a screen, so it gets one (Xvfb, drawn on by Mesa); without Xvfb it draws plainly.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { after, test } from "node:test";
import puppeteer from "puppeteer-core";
import {
  at,
  countWhatIsUnderWay,
  Daemon,
  digits,
  ink,
  lonely,
  painted,
  patience,
  picture,
  quiet,
} from "../browser/harness.mjs";

const ends = [];
after(async () => {
  for (const end of ends.reverse()) {
    await end();
  }
});

/** Starts a screen that nobody sees; gives its name, or null where there is none to start. */
function screen() {
  const program = process.env.XVFB ?? "/usr/bin/Xvfb";
  if (!existsSync(program)) {
    return null;
  }
  const server = spawn(program, ["-displayfd", "3", "-screen", "0", "1400x1100x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  ends.push(() => server.kill());
  return new Promise((resolve, reject) => {
    server.stdio[3].once("data", (number) => resolve(`:${String(number).trim()}`));
    server.once("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
  });
}

test("Firefox: the catalogue, both maps, and a click shows the neighbours that the command line lists", async () => {
  const daemon = new Daemon();
  ends.push(() => daemon.remove());
  daemon.run("demo", "digits", "--no-open");
  const { jaccard } = daemon.json("compare", ...digits);
  const display = await screen();
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
    headless: display === null,
    env: {
      ...process.env,
      HOME: daemon.home,
      LIBGL_ALWAYS_SOFTWARE: "1",
      ...(display ? { DISPLAY: display } : {}),
    },
    defaultViewport: { width: 1280, height: 900 },
  });
  ends.push(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(patience);
  const complaints = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
  await page.evaluateOnNewDocument(countWhatIsUnderWay);

  await page.goto(daemon.address());
  await page.waitForSelector("table");
  const listed = await page.$eval("main", (main) => main.innerText);
  for (const { name } of daemon.json("ls").spaces) {
    assert.ok(listed.includes(name), `${name} is missing`);
  }

  await page.evaluate(() => {
    [...document.querySelectorAll("a")].find((a) => a.hash.startsWith("#/comparisons/")).click();
  });
  await page.waitForSelector(".honesty");
  await quiet(page);
  await painted(page);
  assert.equal(await page.$eval(".score", (node) => Number(node.dataset.mean)), jaccard.mean);
  assert.equal(await page.evaluate(() => globalThis.vectoryPlots.get("a").accelerated), display !== null);
  for (const side of ["a", "b"]) {
    const { drawn, red } = await ink(page, side);
    assert.ok(drawn > 0.01 && drawn < 0.9, `${side}: ${drawn} of the canvas is drawn on`);
    assert.equal(red, 0);
  }

  await page.$eval(".pair-of-plots", (plots) => plots.scrollIntoView({ block: "center" }));
  const row = await lonely(page, "a");
  await page.mouse.click(...(await at(page, "a", row)));
  await page.waitForSelector(".chosen .item");
  await quiet(page);
  for (const [i, side] of ["a", "b"].entries()) {
    const known = daemon.json("neighbours", digits[i], "--row", `${row}`, "-k", "10").neighbours;
    const shown = await page.$$eval(`.chosen .side-${side} .neighbour`, (nodes) =>
      nodes.map((node) => node.title.split(",")[0]),
    );
    assert.deepEqual(
      shown,
      known.map((n) => n.id),
    );
  }
  // The red ones of both maps are those that stand in both lists.
  const both = await page.$$eval(".chosen .side-a .mark-shared", (nodes) => nodes.length);
  for (const side of ["a", "b"]) {
    const marked = await page.evaluate(
      (which) => globalThis.vectoryPlots.get(which).marks.filter(({ shape }) => shape === "circle").length,
      side,
    );
    assert.equal(marked, both);
    const { red } = await ink(page, side);
    assert.ok(both === 0 ? red === 0 : red > 15, `${side}: ${red} red pixels for ${both} shared`);
  }
  await picture(page, "firefox");
  assert.deepEqual(complaints, []);
});
