// The page as a person meets it: the real daemon, the demo's real data, Chromium.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import axe from "axe-core";
import { at, digits, notes, openPage, picture, quiet, settled, stage } from "./harness.mjs";

const { daemon, browser } = await stage((daemon) => {
  daemon.run("demo", "digits", "--no-open");
  daemon.run("demo", "words", "--no-open");
});

/** Opens the page by a fresh ticket and waits for what the selector names, and for all else that is on its way. */
async function visit(args, selector, options) {
  const opened = await openPage(browser, options);
  await opened.page.goto(daemon.address(...args));
  await opened.page.waitForSelector(selector);
  await quiet(opened.page);
  return opened;
}

async function noSeriousFinding(page, where) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  const serious = violations.filter((v) => v.impact === "serious" || v.impact === "critical");
  assert.deepEqual(
    serious.map((v) => `${v.id}: ${v.nodes[0]?.html}`),
    [],
    where,
  );
}

test("a ticket opens the page once and leaves the address", async () => {
  const address = daemon.address();
  const first = await openPage(browser);
  await first.page.goto(address);
  await first.page.waitForSelector("table");
  await quiet(first.page);
  assert.ok(!first.page.url().includes("ticket"), first.page.url());
  await first.page.reload();
  await first.page.waitForSelector("table");
  await first.faultless();
  const second = await openPage(browser);
  await second.page.goto(address);
  const said = await second.page.locator("[role=alert]").innerText();
  assert.match(said, /used already/);
  assert.match(said, /vectory run/);
  assert.ok(!second.page.url().includes("ticket"));
  await second.close();
});

test("without a session the page says how to get one", async () => {
  const { page, close } = await openPage(browser);
  await page.goto(new URL("/", daemon.address()).href);
  assert.match(await page.locator("[role=alert]").innerText(), /vectory run/);
  await close();
});

test("the catalogue lists what the command line lists", async () => {
  const { page, faultless } = await visit([], "table");
  const text = await page.locator("main").innerText();
  const listed = daemon.json("ls");
  for (const { name } of [...listed.spaces, ...listed.datasets, ...listed.experiments]) {
    assert.ok(text.includes(name), `${name} is missing`);
  }
  assert.equal(listed.spaces.length, 6);
  await noSeriousFinding(page, "catalogue");
  await picture(page, "catalogue");
  await page
    .locator("main .scroll time")
    .evaluateAll((nodes) => nodes.map((node) => node.replaceChildren("Nov 30, 2026, 10:40 PM"))); // the widest there is
  const beyond = await page
    .locator("main .scroll")
    .evaluateAll((nodes) => nodes.map((node) => node.scrollWidth - node.clientWidth));
  assert.deepEqual(beyond, [0, 0, 0, 0], "the tables fit a window of 1,280 pixels");
  await faultless();
});

test("the comparison shows the number that the command line prints, and its histogram", async () => {
  const { page, faultless } = await visit(digits, ".item");
  const known = daemon.json("compare", ...digits);
  assert.equal(Number(await page.locator(".score").getAttribute("data-mean")), known.jaccard.mean);
  assert.equal(await page.locator(".score").innerText(), known.jaccard.mean.toFixed(3));
  const bars = await page.locator(".bar").evaluateAll((nodes) =>
    nodes.map((node) => ({
      count: Number(node.dataset.count),
      height: node.firstElementChild.getBoundingClientRect().height,
    })),
  );
  assert.deepEqual(
    bars.map((bar) => bar.count),
    known.values,
  );
  const tallest = bars.reduce((a, b) => (a.count > b.count ? a : b));
  assert.ok(tallest.height > 100, `the tallest bar has ${tallest.height} pixels`);
  for (const bar of bars) {
    assert.ok(Math.abs(bar.height / tallest.height - bar.count / tallest.count) < 0.02, JSON.stringify(bar));
  }
  await picture(page, "comparison", { fullPage: true, clip: { x: 0, y: 0, width: 1280, height: 1330 } });
  await faultless();
});

test("the items that agree least stand with both their lists, and their pictures load", async () => {
  const { page, faultless } = await visit(digits, ".item");
  const key = new URL(page.url()).hash.replace("#/comparisons/", "");
  const { url, token } = daemon.json("up");
  const reply = await fetch(`${url}/api/v1/comparisons/${key}/items?order=worst&limit=20&lists=true`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  const known = (await reply.json()).items;
  assert.deepEqual(
    await page.locator(".item").evaluateAll((nodes) => nodes.map((node) => node.dataset.id)),
    known.map((item) => item.id),
  );
  const third = page.locator(".item").nth(2);
  for (const side of ["a", "b"]) {
    const shown = await third
      .locator(`.side-${side} .neighbour`)
      .evaluateAll((nodes) =>
        nodes.map((node) => [node.title.split(",")[0], node.classList.contains("mark-shared")]),
      );
    assert.deepEqual(
      shown,
      known[2][side].map((n) => [n.id, n.shared]),
    );
    const other = known[2][side === "a" ? "b" : "a"].map((n) => n.id);
    assert.deepEqual(
      await third.locator(`.side-${side} .shift`).allInnerTexts(),
      known[2][side].flatMap(({ id, shared }, i) => {
        const by = other.indexOf(id) - i;
        return shared ? [by === 0 ? "=" : by > 0 ? `↑${by}` : `↓${-by}`] : [];
      }),
    );
  }
  await third.scrollIntoViewIfNeeded();
  await third.locator("img").last().scrollIntoViewIfNeeded();
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".item:nth-child(3) img")].every((img) => img.naturalWidth > 0),
  );
  const pictures = await third.locator("img").evaluateAll((nodes) => nodes.map((node) => node.naturalWidth));
  assert.equal(pictures.length, 21);
  assert.ok(pictures.every((width) => width === 32));
  await page.getByText("most", { exact: true }).click();
  await page.waitForFunction(() => document.querySelector(".agreement b")?.textContent === "10");
  await faultless();
});

test("texts are shown as texts", async () => {
  const { page, faultless } = await visit(["words/minilm", "words/tfidf"], ".item");
  assert.ok((await page.locator(".lines .neighbour").count()) >= 400);
  assert.match(await page.locator(".notes").innerText(), /all zeros .*21 in words\/tfidf/);
  await picture(page, "texts");
  await faultless();
});

/** Goes down the list that has the focus, to a choice. Typing its name would have to be done within a second. */
async function pick(page, wanted) {
  await page.keyboard.press("Home");
  const chosen = () => page.evaluate(() => document.activeElement.value);
  for (let last = ""; (await chosen()) !== wanted; ) {
    last = await chosen();
    await page.keyboard.press("ArrowDown");
    assert.notEqual(await chosen(), last, `${wanted} is not in the list`);
  }
}

test("a comparison is started from the form, with the keyboard alone", async () => {
  const { page, faultless } = await visit([], "form");
  await page.keyboard.press("Tab"); // the brand
  await page.keyboard.press("Tab");
  await pick(page, "digits/epoch00");
  await page.keyboard.press("Tab");
  await pick(page, "digits/epoch05");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("7");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".item");
  const heading = (await page.locator("h1").innerText()).replace(/\s+/g, " ");
  assert.equal(heading, "digits/epoch00 ↔ digits/epoch05");
  assert.equal(await page.locator(".bar").count(), 8);
  await page.getByRole("link", { name: "What is tracked" }).click();
  await page.waitForSelector("form");
  await faultless();
});

test("a k that is too large is answered with the largest", async () => {
  daemon.add("odd/small", "id,text\n1,a\n2,b\n3,c\n4,d\n", 4, 2, (row, column) => row + column);
  const { page, close } = await visit([], "form");
  await page.locator("select").first().selectOption("odd/small");
  await page.locator("select").last().selectOption("odd/small");
  await page.getByLabel("neighbours").fill("9");
  await page.getByRole("button", { name: "Compare" }).click();
  assert.match(await page.locator("[role=alert]").innerText(), /3/);
  daemon.run("dataset", "delete", "odd", "--recursive", "--yes");
  await close();
});

test("names and texts that hold markup are shown and not run", async () => {
  const evil = "<img src=x onerror=alert(1)>";
  const rows = Array.from({ length: 30 }, (_, i) => `${i},"${evil} ${"x".repeat(i * 400)}"`);
  daemon.add(`odd ${evil}`, `id,text\n${rows.join("\n")}\n`, 30, 3, (row, column) =>
    Math.sin(row * 7 + column * 3),
  );
  const { page, faultless } = await visit([`odd ${evil}`, `odd ${evil}`], ".item");
  assert.ok((await page.locator("h1").innerText()).includes(evil));
  assert.ok((await page.locator(".item .text").first().innerText()).includes(evil));
  assert.equal(await page.locator("main img[src='x']").count(), 0);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);
  const cut = page
    .locator(".item")
    .filter({ has: page.locator(".text button") })
    .first();
  const before = (await cut.locator(".text").innerText()).length;
  await cut.locator(".text button").click();
  await quiet(page);
  assert.ok((await cut.locator(".text").innerText()).length > before);
  await faultless();
  daemon.run("dataset", "delete", "odd", "--recursive", "--yes");
});

test("sounds are played, broken and missing ones are told", async () => {
  const beep = Buffer.alloc(44 + 8000, 128); // a second of silence, eight bits
  beep.write("RIFF", 0, "latin1");
  beep.writeUInt32LE(36 + 8000, 4);
  beep.write("WAVEfmt ", 8, "latin1");
  for (const [at, value, bytes] of [
    [16, 16, 4],
    [20, 1, 2],
    [22, 1, 2],
    [24, 8000, 4],
    [28, 8000, 4],
    [32, 1, 2],
    [34, 8, 2],
    [40, 8000, 4],
  ]) {
    beep.writeUIntLE(value, at, bytes);
  }
  beep.write("data", 36, "latin1");
  writeFileSync(join(daemon.home, "beep.wav"), beep);
  writeFileSync(join(daemon.home, "page.wav"), "<script>alert(1)</script>");
  const files = ["beep.wav", "page.wav", "none.wav"];
  const rows = Array.from({ length: 30 }, (_, i) => `s${i},${files[i % 3]}`);
  daemon.add("odd/sounds", `id,sound\n${rows.join("\n")}\n`, 30, 3, (row, column) =>
    Math.sin(row * 7 + column * 3),
  );
  const { page, close } = await visit(["odd/sounds", "odd/sounds"], ".item");
  const subject = (i) =>
    page.locator(".item .subject").filter({ has: page.getByRole("button", { name: files[i] }) });
  const player = subject(0).first().getByRole("button", { name: "beep.wav" });
  await player.evaluate((button) => button.classList.add("watched"));
  const told = await notes(page, ".watched", "aria-label");
  await player.click();
  await page.waitForFunction((labels) => labels.length >= 3, told.list); // it ends
  assert.deepEqual(await told.read(), ["Play beep.wav", "Stop beep.wav", "Play beep.wav"]);
  for (const i of [1, 2]) {
    await subject(i)
      .first()
      .getByRole("button", { name: `Play ${files[i]}` })
      .click();
    await page.getByText(`${files[i]} cannot be played`).waitFor();
  }
  // The same by a key for the item that is pointed at on the map.
  await settled(page);
  for (const [i, after] of ["P stops beep.wav", "page.wav cannot be played"].entries()) {
    await page.mouse.move(...(await at(page, "a", i)));
    await page.locator(".tip", { hasText: `P plays ${files[i]}` }).waitFor();
    await page.keyboard.press("p");
    await page.locator(".tip", { hasText: after }).waitFor();
  }
  await close();
  daemon.run("dataset", "delete", "odd", "--recursive", "--yes");
});

for (const colorScheme of ["light", "dark"]) {
  test(`nothing stands in the way of assistive technology (${colorScheme})`, async () => {
    const { page, close } = await visit(digits, ".item", { colorScheme });
    await page.locator("summary").click();
    await noSeriousFinding(page, colorScheme);
    await picture(page, `comparison-${colorScheme}`, { fullPage: true });
    await close();
  });
}

/** What makes the page wider than the window. */
const tooWide = (page) =>
  page.evaluate(() =>
    document.documentElement.scrollWidth <= innerWidth
      ? []
      : [...document.querySelectorAll("body *")]
          .filter((node) => node.getBoundingClientRect().right > innerWidth && !node.closest(".scroll > *"))
          .map((node) => `${node.tagName} ${node.className} ${node.textContent.slice(0, 30)}`),
  );

test("narrow windows and 200 % zoom scroll in one direction only", async () => {
  for (const width of [320, 640]) {
    const { page, close } = await visit(digits, ".item", { viewport: { width, height: 450 } });
    await settled(page);
    assert.deepEqual(await tooWide(page), [], `the comparison at ${width} pixels`);
    await page.goto(`${daemon.json("up").url}/#/`);
    await page.waitForSelector(".badge");
    await quiet(page);
    assert.deepEqual(await tooWide(page), [], `the catalogue at ${width} pixels`);
    const name = page.getByRole("link", { name: digits[1], exact: true }).first();
    const lines = await name.evaluate((link) => {
      const line = document.createRange();
      line.selectNodeContents(link);
      return new Set([...line.getClientRects()].map(({ top }) => top)).size;
    });
    assert.ok(lines <= 2, `${digits[1]} stands in ${lines} lines`); // broken at its slash at most
    await name.click();
    await page.waitForSelector(".hubs li");
    await settled(page);
    assert.deepEqual(await tooWide(page), [], `the space at ${width} pixels`);
    await close();
  }
});

test("names, ids and values of any length stay within the page, and are told whole", async () => {
  const id = (i) => `${i}`.padStart(4, "0") + "x".repeat(9996);
  const rows = Array.from({ length: 40 }, (_, i) => `${id(i)},${"v".repeat(9999)}${i % 3}`);
  const space = "s".repeat(200); // what the daemon takes
  const csv = `id,${"c".repeat(10_000)}\n${rows.join("\n")}\n`;
  const value = (row, column) => Math.sin(row * 7 + column * 3);
  daemon.add(space, csv, 40, 3, value);
  assert.throws(() => daemon.add(`${space}s`, csv, 40, 3, value), /at most 200 are allowed/);
  for (const width of [320, 640, 1280]) {
    const { page, faultless } = await visit([space, space], ".item", { viewport: { width, height: 900 } });
    await settled(page);
    const heading = page.locator(".item h3").first();
    assert.ok((await heading.innerText()).length < 200);
    assert.equal((await heading.locator("[title]").getAttribute("title")).length, 10_000);
    await page.locator(".by select").selectOption({ index: 1 });
    await page.waitForSelector(".groups");
    assert.equal(
      (await page.locator(".groups th[scope=row] [title]").first().getAttribute("title")).length,
      10_000,
    );
    await page.getByRole("button", { name: "The items as a table" }).click();
    await page.waitForSelector(".listing table");
    await quiet(page);
    assert.deepEqual(await tooWide(page), [], `the comparison at ${width} pixels`);
    await picture(page, `long-comparison-${width}`, { fullPage: true });
    await page.goto(`${daemon.json("up").url}/#/`);
    await page.waitForSelector(".badge");
    await quiet(page);
    assert.deepEqual(await tooWide(page), [], `the catalogue at ${width} pixels`);
    await picture(page, `long-catalogue-${width}`, { fullPage: true });
    await page.goto(`${daemon.json("up").url}/#/spaces/${space}?item=3`);
    await page.waitForSelector(".hubs li");
    await settled(page);
    await page.waitForSelector(".chosen .neighbour");
    assert.equal((await page.locator(".hubs [title]").first().getAttribute("title")).length, 10_000);
    await page.locator(".tools select").nth(1).selectOption({ index: 2 });
    await page.waitForSelector(".key");
    await quiet(page);
    assert.equal((await page.locator(".key [title]").first().getAttribute("title")).length, 10_000);
    assert.deepEqual(await tooWide(page), [], `the space at ${width} pixels`);
    await picture(page, `long-space-${width}`, { fullPage: true });
    await faultless();
  }
  daemon.run("dataset", "delete", "odd", "--recursive", "--yes");
});

test("a daemon that is gone is said to be gone", async () => {
  const { page, close } = await visit([], "form");
  daemon.stop();
  await page.getByRole("button", { name: "Compare" }).click();
  const said = await page.locator("[role=alert]").innerText();
  assert.match(said, /does not answer/);
  assert.match(said, /vectory run/);
  await close();
});
