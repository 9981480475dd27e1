// The widget where the page has no way to the daemon, as in Colab: an output frame of another origin, and only the kernel.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Daemon, ink, openBrowser, picture } from "../browser/harness.mjs";
import { until } from "./harness.mjs";

let daemon;
let browser;
let kernel;
let server;

// The kernel's side of the widget, asked line by line: the same function that answers a widget's messages.
const answering = `
import base64, json, sys
import vectory as vy
from vectory._widget import invite, relay
client = vy.connect()
found = client.compare("digits/pixels", "digits/epoch20")
print(json.dumps({"key": found.raw["key"]}), flush=True)
for line in sys.stdin:
    said = json.loads(line)
    wanted = said.get("invite")
    answer = invite(client, wanted) if wanted else relay(client, said)
    kind = answer.headers.get("Content-Type", "")
    print(json.dumps([said["id"], answer.status, kind, base64.b64encode(answer.content).decode()]), flush=True)
`;

/** A Python process that answers what a widget asks. */
class Kernel {
  constructor(home) {
    this.asked = [];
    this.heard = "";
    this.waiting = new Map();
    this.process = spawn(process.env.PYTHON, ["-c", answering], {
      env: { ...process.env, VECTORY_HOME: home },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.key = new Promise((resolve) => {
      this.begun = resolve;
    });
    this.process.stdout.on("data", (bytes) => this.hear(`${this.heard}${bytes}`.split("\n")));
  }

  hear(lines) {
    this.heard = lines.pop();
    for (const said of lines.map((line) => JSON.parse(line))) {
      if (said.key) {
        this.begun(said.key);
      } else {
        this.waiting.get(said[0])(said);
      }
    }
  }

  ask(message) {
    this.asked.push(message);
    return new Promise((resolve) => {
      this.waiting.set(message.id, resolve);
      this.process.stdin.write(`${JSON.stringify(message)}\n`);
    });
  }
}

// What the frame does in anywidget's place: a model whose messages go to the kernel, and the widget's own module.
const frame = `<!doctype html><body><div id="output"></div><script type="module">
  const heard = new Map();
  const tell = (event, ...said) => { for (const f of heard.get(event) ?? []) f(...said); };
  const { traits, theme } = await window.start();
  if (theme) {
    document.body.setAttribute("data-vscode-theme-kind", theme.kind);
    output.style.background = theme.under;
  }
  window.model = {
    get: (name) => traits[name],
    set: (name, value) => { traits[name] = value; tell("change:" + name); },
    save_changes() {},
    on: (event, f) => heard.set(event, [...(heard.get(event) ?? []), f]),
    off: (event, f) => heard.set(event, (heard.get(event) ?? []).filter((g) => g !== f)),
    send: async (message) => {
      if (!message.id) return;
      const [id, status, kind, content] = await window.askKernel(message);
      const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
      tell("msg:custom", { id, status, headers: { "content-type": kind } }, [new DataView(bytes.buffer)]);
    },
  };
  const { default: widget } = await import("/widget.js");
  const el = document.createElement("div");
  const end = widget.render({ model, el });
  output.append(el);
</script>`;

before(async () => {
  daemon = new Daemon();
  daemon.run("demo", "digits", "--no-open");
  kernel = new Kernel(daemon.home);
  browser = await openBrowser();
  server = createServer(({ url, headers }, reply) => {
    const inner = headers.host.startsWith("output.");
    if (url === "/widget.js") {
      reply.setHeader("content-type", "text/javascript");
      reply.end(readFileSync(new URL("../../dist/widget.js", import.meta.url)));
    } else {
      reply.setHeader("content-type", "text/html");
      const address = `http://${headers.host.replace("notebook.", "output.")}/`;
      reply.end(
        inner
          ? frame
          : `<!doctype html><iframe src="${address}" width="1200" height="1400" style="border:0"></iframe>`,
      );
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
});

after(async () => {
  await browser?.close();
  kernel?.process.kill();
  server?.close();
  daemon?.remove();
});

/** A page of one origin that shows the widget in a frame of another. Gives the page, its frame and what it opened. */
async function elsewhere(theme) {
  const key = await kernel.key;
  const context = await browser.newContext({ viewport: { width: 1240, height: 1440 } });
  const page = await context.newPage();
  const opened = [];
  page.on("websocket", (socket) => opened.push(socket.url()));
  page.on("request", (request) => opened.push(request.url()));
  const traits = {
    ...{
      spaces: ["digits/pixels", "digits/epoch20"],
      comparison: key,
      timeline: "",
      dataset: "",
      reference: "",
    },
    ...{ step: null, k: 10, selection: [], hovered: null, colour: "label", height: 400, still: "none" },
  };
  await context.exposeFunction("start", () => ({ traits, theme }));
  await context.exposeFunction("askKernel", (message) => kernel.ask(message));
  await page.goto(`http://notebook.localhost:${server.address().port}/`);
  const inner = await until("the frame", () => page.frames().find((f) => f.url().includes("output.")));
  await inner.locator(".honesty").waitFor();
  return { page, inner, opened };
}

test("in a frame of another origin everything goes through the kernel", async () => {
  const { page, inner, opened } = await elsewhere(null);
  const { drawn } = await ink(inner, "a");
  assert.ok(drawn > 0.005 && drawn < 0.9, `${drawn} of the map is drawn on`);
  const canvas = inner.locator('canvas.points[data-side="a"]');
  const point = await inner.evaluate(() => {
    const plot = globalThis.vectoryPlots.get("a");
    for (let id = 0; id < plot.n; id++) {
      const [x, y] = plot.toPixel(id);
      const near = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => plot.pick(x + dx, y + dy)));
      if (near.every((picked) => picked === id)) {
        return { id, position: { x: x - plot.canvas.clientLeft, y: y - plot.canvas.clientTop } };
      }
    }
  });
  await canvas.click({ position: point.position });
  await until("the selection", () =>
    inner.evaluate((id) => globalThis.model.get("selection").join() === `${id}`, point.id),
  );
  const listed = daemon.json("neighbours", "digits/pixels", "--row", `${point.id}`, "-k", "10").neighbours;
  await until("its neighbours", async () => {
    const titles = await inner
      .locator(".chosen .side-a .neighbour")
      .evaluateAll((nodes) => nodes.map((node) => node.title.split(",")[0]));
    return titles.join() === listed.map((n) => n.id).join();
  });
  await until("pictures of the items", () =>
    inner
      .locator(".chosen img")
      .evaluateAll(
        (all) => all.length > 10 && all.every((i) => i.src.startsWith("blob:") && i.naturalWidth === 32),
      ),
  );
  await picture(page, "elsewhere");
  assert.equal(await inner.locator(".vectory").getAttribute("data-carrier"), "kernel");
  const { port } = new URL(daemon.json("up").url);
  assert.deepEqual(
    opened.filter((address) => address.startsWith("ws") || address.includes(`:${port}`)),
    [],
  );
  assert.ok(kernel.asked.every((message) => !message.invite)); // no ticket is asked for in vain
  await page.context().close();
});

test("VS Code lays white under widgets: they are light there in a dark editor, unless that was styled away", async () => {
  for (const [under, wanted] of [
    ["white", "light"],
    ["#1e1e1e", "dark"],
    ["transparent", "dark"],
  ]) {
    const { page, inner } = await elsewhere({ kind: "vscode-dark", under });
    await until(`${wanted} on ${under}`, async () => {
      const theme = await inner.locator("#output > div").getAttribute("data-theme");
      return theme === wanted;
    });
    await picture(page, `vscode-${wanted}`);
    await page.context().close();
  }
});
