// The first page as the place to find, start, follow and delete things.
import assert from "node:assert/strict";
import { test } from "node:test";
import axe from "axe-core";
import { openPage, picture, quiet, settled, stage } from "./harness.mjs";

const { daemon, browser } = await stage((daemon) => {
  const rows = 300;
  const csv = `id,kind\n${Array.from({ length: rows }, (_, i) => `n${i},${i % 3}`).join("\n")}\n`;
  const noise = (seed) => (i, j) => (Math.abs(Math.sin((i * 8 + j + 1) * seed)) * 43758.5453) % 1;
  daemon.add("sound", csv, rows, 8, noise(12.9898));
  daemon.add("twice/<b>bold</b>", csv, rows, 8, (i, j) => (j === 7 ? 0.5 : noise(78.233)(i % 200, j)));
  daemon.add("third", csv, rows, 8, noise(3.7));
  daemon.run("compare", "sound", "twice/<b>bold</b>");
});

async function visit(options) {
  const opened = await openPage(browser, options);
  await opened.page.goto(daemon.address());
  await opened.page.waitForSelector(".badge");
  return opened;
}

test("health is told by a badge, and a search narrows every list", async () => {
  const { page, faultless } = await visit({ colorScheme: "dark" });
  await page.waitForFunction(() => document.querySelectorAll(".badge").length === 3);
  const badge = (name) => page.locator("tr", { hasText: name }).locator(".badge").first().innerText();
  assert.equal(await badge("sound"), "sound");
  assert.match(await badge("<b>bold</b>"), /100 duplicates \+1/);
  await page.locator("input[type=search]").fill("THIRD");
  await quiet(page);
  assert.equal(await page.locator("tbody tr").count(), 1);
  await page.locator("input[type=search]").fill("odd");
  await quiet(page);
  assert.equal(await page.locator("tbody tr").count(), 4); // what belongs to the dataset, and it
  await page.locator("input[type=search]").fill("no such thing");
  await quiet(page);
  assert.match(await page.locator("main").innerText(), /Nothing holds “no such thing”/);
  await page.locator("input[type=search]").fill("");
  await quiet(page);
  await picture(page, "catalogue-dark", { fullPage: true });
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  const serious = violations.filter((v) => v.impact === "serious" || v.impact === "critical");
  assert.deepEqual(
    serious.map((v) => `${v.id}: ${v.nodes[0]?.html}`),
    [],
  );
  await faultless();
});

test("which rows are equal is told, and a group is selected on the map", async () => {
  const { page, faultless } = await visit();
  await page.getByRole("link", { name: "Map of twice/<b>bold</b>" }).click();
  await settled(page);
  await page.getByRole("button", { name: "Which rows are equal" }).click();
  await page.waitForSelector(".duplicates li");
  await quiet(page);
  assert.equal(await page.locator(".duplicates li").count(), 20);
  assert.match(
    await page.locator(".duplicates li").first().innerText(),
    /^2 rows:\s+n0\s*n200\s*select them$/,
  );
  await page.getByRole("button", { name: "Show more of 100 groups" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".duplicates li").length === 100);
  await page.locator(".duplicates li").nth(3).getByRole("button", { name: "select them" }).click();
  await page.getByText("2 items selected").waitFor();
  await quiet(page);
  assert.match(page.url(), /selection=3%2C203/);
  await picture(page, "duplicates", { fullPage: true });
  await faultless();
});

test("what depends on a thing is told before it is deleted, and goes with it", async () => {
  const { page, faultless } = await visit();
  await page.getByRole("button", { name: "Delete space twice/<b>bold</b>" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByText("With it goes").waitFor();
  assert.match(
    await dialog.innerText(),
    /With it goes 1 thing:\s+comparison sound ↔ twice\/<b>bold<\/b> \(k = 10; \w+; 8 measures\)/,
  );
  await picture(page, "delete");
  await dialog.getByRole("button", { name: "Keep" }).click();
  assert.equal(daemon.json("ls").spaces.length, 3);
  await page.getByRole("button", { name: "Delete space twice/<b>bold</b>" }).click();
  await dialog.getByRole("button", { name: "Delete all of it" }).click();
  await page.getByRole("button", { name: "Delete space twice/<b>bold</b>" }).waitFor({ state: "detached" });
  const left = daemon.json("ls");
  assert.deepEqual(left.spaces.map((s) => s.name).sort(), ["sound", "third"]);
  assert.equal(daemon.json("ls", "comparisons").comparisons.length, 0);
  await faultless();
});

test("a map is started from the page, and its job is listed", async () => {
  const { page, faultless } = await visit();
  await page.getByRole("link", { name: "Map of third" }).click();
  await page.getByLabel("Laid out").selectOption("pca");
  await settled(page);
  await page.getByRole("link", { name: "What is tracked" }).click();
  await page.waitForSelector(".jobs li");
  await quiet(page);
  assert.match(await page.locator(".jobs").innerText(), /third/);
  await faultless();
});

test("comparisons of the same two spaces are told apart by what was asked", async () => {
  const two = ["compare", "sound", "third", "-k", "4"];
  for (const asked of [[], ["--by", "kind"], ["--sample", "40", "--measure", "rbo"], ["-k", "5"]]) {
    daemon.run(...two, ...asked);
  }
  const { page, faultless } = await visit();
  const rows = page.locator("tr", { hasText: "sound ↔ third" });
  assert.equal(await rows.count(), 4);
  const links = await rows.locator("td:first-child a").allInnerTexts();
  assert.deepEqual(links.map((text) => text.replaceAll(/\s+/g, " ")).sort(), [
    "sound ↔ third 8 measures",
    "sound ↔ third 8 measures",
    "sound ↔ third a sample of 40; measured: rbo",
    "sound ↔ third by kind; 8 measures",
  ]);
  assert.deepEqual((await rows.locator("td:nth-child(4)").allInnerTexts()).sort(), ["4", "4", "4", "5"]);
  const names = await rows.getByRole("button").evaluateAll((all) => all.map((b) => b.ariaLabel));
  assert.equal(new Set(names).size, 4, names.join("\n"));
  await picture(page, "catalogue-comparisons", { fullPage: true });
  await page.locator("input[type=search]").fill("by kind");
  await quiet(page);
  assert.equal(await rows.count(), 1);
  await faultless();
});

test("a job that cannot be canceled and a comparison that fails say why, and what to do", async () => {
  const { page, close } = await visit();
  let job = { id: "slow", kind: "compare", title: "a long one", state: "running", progress: 0.5, stage: "x" };
  await page.route("**/api/v1/comparisons", (route) =>
    route.request().method() === "POST" ? route.fulfill({ status: 202, json: { job } }) : route.continue(),
  );
  let end;
  const ends = new Promise((resolve) => {
    end = resolve;
  });
  await page.route("**/api/v1/jobs/slow*", async (route) => {
    if (route.request().method() === "DELETE") {
      const error = { code: "internal", message: "no end to it", hint: "wait for it" };
      await route.fulfill({ status: 500, json: { error } });
      return;
    }
    await ends;
    await route.fulfill({ json: job });
  });
  const form = page.getByRole("form", { name: "Compare two spaces" });
  await form.getByRole("button", { name: "Compare" }).click();
  await form.getByRole("button", { name: "Cancel" }).click();
  await form.getByRole("alert").waitFor();
  assert.match(await form.getByRole("alert").innerText(), /^No end to it\s+Wait for it$/);
  const error = { code: "invalid", message: "these two share no row", hint: "name the id column" };
  job = { ...job, state: "failed", ended_at: "2026-11-24T10:00:00Z", error };
  end();
  await form.getByText("These two share no row").waitFor();
  assert.match(await form.getByRole("alert").innerText(), /^These two share no row\s+Name the id column$/);
  await close();
});

test("where an index is, and what is left of one that is deleted, is told", async () => {
  const { page, faultless } = await visit();
  const reason = "in the cluster at http://one:9200, which is not the one that is asked";
  const warning = "a copy that is there is left";
  let indices = [
    { name: "i", space: "sound", model: "exact", similarity: "cosine", rows: 60, state: "ready", reason },
  ];
  await page.route("**/api/v1/indices", (route) => route.fulfill({ json: { indices } }));
  await page.route("**/api/v1/indices/i?**", (route) => {
    assert.equal(route.request().method(), "DELETE");
    indices = [];
    return route.fulfill({ json: { deleted: [{ kind: "index", name: "i" }], warnings: [warning] } });
  });
  await page.reload();
  await page.getByText(`ready: ${reason}`).waitFor();
  await page.getByRole("button", { name: "Delete index i" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("status").filter({ hasText: warning }).waitFor();
  await quiet(page);
  assert.equal(await page.getByText("Indices in Elasticsearch").count(), 0);
  await faultless();
});

test("a comparison that is deleted while it is open is said to be gone", async () => {
  const { page, close } = await openPage(browser);
  daemon.run("compare", "sound", "third");
  await page.goto(daemon.address("sound", "third"));
  await settled(page);
  const { url, token } = daemon.json("up");
  const key = new URL(page.url()).hash.replace("#/comparisons/", "").split("?")[0];
  const reply = await fetch(`${url}/api/v1/comparisons/${key}`, {
    method: "DELETE",
    headers: { Authorization: `Bearer ${token}` },
  });
  assert.equal(reply.status, 200);
  await page.getByLabel("most", { exact: true }).check({ force: true });
  await page.waitForSelector("[role=alert]");
  assert.match(await page.locator("[role=alert]").first().innerText(), /comparison/i);
  await quiet(page);
  await page.reload();
  await page.waitForSelector("main > [role=alert]");
  assert.match(await page.locator("[role=alert]").first().innerText(), /comparison/i);
  await picture(page, "deleted");
  await close();
});
