// Selections that have a name: kept by the daemon, shown again after a reload, as colours, and gone with what they are of.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import axe from "axe-core";
import { digits, openPage, picture, quiet, settled, stage, stands } from "./harness.mjs";

const { daemon, browser } = await stage();

/** Asks the daemon as a script would. */
async function ask(method, path, body) {
  const { url, token } = daemon.json("up");
  const reply = await fetch(`${url}/api/v1/${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  return { status: reply.status, said: await reply.json() };
}

test("a selection is saved with a note, shown again by its address, changed, a colour, in a report, and deleted", async () => {
  const { page, complaints, close } = await openPage(browser);
  await page.goto(daemon.address(...digits));
  await settled(page);
  const key = new URL(page.url()).hash.replace("#/comparisons/", "");
  await page.getByPlaceholder("Find a text or an id").fill("digit-001");
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await page.getByText("10 items selected").waitFor();
  const evil = "<img src=x onerror=alert(1)> ones";
  await page.getByLabel("Save them as").fill(evil);
  await page.getByLabel("with a note").fill(`why these\n${"long ".repeat(2000)}`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const name = page.locator(".saved").getByRole("button", { name: evil, exact: true });
  await name.waitFor();
  const [kept] = (await ask("GET", `selections?comparison=${key}`)).said.selections;
  assert.equal(kept.rows, "10-19");
  assert.equal(kept.count, 10);
  assert.equal(kept.space, digits[0]);
  assert.match(kept.note, /^why these\nlong /);
  assert.equal(await page.locator("main img[src='x']").count(), 0);

  // Again under the same name: refused, with what to do.
  await page.getByLabel("Save them as").fill(evil);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  assert.match(await page.locator(".saved [role=alert]").innerText(), /already.*another name/s);

  // An address that only names it shows it.
  await page.goto(`${page.url().split("#")[0]}#/comparisons/${key}?saved=${encodeURIComponent(evil)}`);
  await quiet(page);
  await page.reload();
  await settled(page);
  await page.getByText("10 items selected").waitFor();
  await stands(page, 10);
  await page.goto(`${page.url().split("#")[0]}#/comparisons/${key}?saved=none+such`);
  await quiet(page);
  await page.reload();
  await page.getByText("No selection called “none such” is kept here.").waitFor();
  await settled(page);
  assert.equal(await page.getByText("10 items selected").count(), 0);

  await name.click();
  await page.getByText("10 items selected").waitFor();
  assert.match(page.url(), /selection=10-19&saved=/);
  await page.getByRole("button", { name: "clear" }).click();
  await quiet(page);
  assert.ok(!page.url().includes("saved="));
  await page.getByRole("button", { name: `Change ${evil}` }).click();
  await page.getByLabel("Name", { exact: true }).fill("ones");
  await page.getByLabel("with a note").fill("only a word");
  await page.locator(".words").getByRole("button", { name: "Change" }).click();
  await page.getByText("only a word").waitFor();
  await page.getByLabel("Colour").selectOption("=saved");
  await page.locator(".key", { hasText: "ones" }).waitFor();
  await quiet(page);
  assert.deepEqual(
    (await page.locator(".key").allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim()),
    ["ones 10", "in none of them 1,787"],
  );
  await picture(page, "saved", { fullPage: true });
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(".maps"));
  assert.deepEqual(
    violations.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id),
    [],
  );

  // The report holds it.
  const file = join(daemon.home, "report.html");
  daemon.run("compare", ...digits, "--report", file);
  const offline = await openPage(browser, { offline: true });
  await offline.page.goto(`file://${file}`);
  await settled(offline.page);
  await offline.page.locator(".saved").getByRole("button", { name: "ones" }).click();
  await stands(offline.page, 10);
  assert.equal(await offline.page.locator(".saved .acts, .words").count(), 0); // nobody is there to keep it
  await offline.faultless();

  await page.getByRole("button", { name: "Delete ones" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.locator(".saved h3").waitFor({ state: "detached" });
  await quiet(page);
  assert.deepEqual((await ask("GET", `selections?comparison=${key}`)).said.selections, []);
  const happened = daemon.json("log").events.filter(({ kind }) => kind === "selection");
  assert.deepEqual(
    happened.map(({ verb, name, detail }) => [verb, name, detail]),
    [
      ["deleted", "ones"],
      ["changed", "ones"],
      ["added", evil],
    ].map((event) => [...event, `10 of the rows of ${digits[0]}`]),
  );
  await quiet(page);
  assert.deepEqual(
    complaints.filter((text) => !text.includes("409 (Conflict)")),
    [],
  );
  await close();
});

test("selections go with their space or comparison, and are told before", async () => {
  const [{ key }] = (await ask("GET", "comparisons")).said.comparisons;
  const made = async (body, status = 201) => {
    const reply = await ask("POST", "selections", body);
    assert.equal(reply.status, status, JSON.stringify(reply.said));
    return reply.said;
  };
  await made({ comparison: key, name: "of both", note: "", rows: "3-5" });
  await made({ space: digits[1], name: "of one", rows: "0,2" });
  for (const [body, status, said] of [
    [{ space: digits[1], name: "x", rows: "5-1797" }, 422, /1797 rows/],
    [{ space: digits[1], name: "x", rows: "5,4" }, 422, /not ascending/],
    [{ space: digits[1], name: "of one", rows: "1" }, 409, /already/],
    [{ space: digits[1], comparison: key, name: "x", rows: "1" }, 422, /one of them/],
    [{ space: "no such", name: "x", rows: "1" }, 404, /no such/],
    [{ comparison: "0".repeat(64), name: "x", rows: "1" }, 404, /no comparison/],
    [{ space: digits[1], name: " ", rows: "1" }, 422, /white space/],
    [{ space: digits[1], rows: "1" }, 422, /no name/],
    [{ space: digits[1], name: "x" }, 422, /no rows/],
    [{ space: digits[1], name: "x", rows: "1", note: "n".repeat(20_001) }, 422, /20001 bytes/],
  ]) {
    assert.match((await made(body, status)).error.message, said);
  }
  assert.equal((await ask("PATCH", "selections/99", { name: "y" })).status, 404);
  assert.equal((await ask("DELETE", "selections/x")).status, 404);

  const going = (await ask("DELETE", `comparisons/${key}?dry_run=true`)).said.deleted;
  assert.deepEqual(
    going.map(({ kind, name }) => `${kind} ${name}`),
    ["selection of both", `comparison ${key}`],
  );
  const { page, close } = await openPage(browser);
  await page.goto(daemon.address());
  await page.getByRole("button", { name: `Delete comparison ${digits[0]} with ${digits[1]}` }).click();
  await page.getByText("selection of both").waitFor();
  await page.getByRole("button", { name: "Delete all of it" }).click();
  await page.waitForFunction(() => !document.body.innerText.includes("Comparisons"));
  await close();
  const left = (await ask("GET", "selections")).said.selections;
  assert.deepEqual(
    left.map(({ name }) => name),
    ["of one"],
  );
  const gone = (await ask("DELETE", `spaces/${encodeURIComponent(digits[1])}`)).said.deleted;
  assert.deepEqual(
    gone.map(({ kind }) => kind),
    ["selection", "space"],
  );
  assert.deepEqual((await ask("GET", "selections")).said.selections, []);
});
