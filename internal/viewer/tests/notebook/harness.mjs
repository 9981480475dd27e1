// A real JupyterLab in a folder of its own, driven by its command ids, not by its looks.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

// A bound for what never comes, far above what anything takes: a machine under load is slow, and nothing here is timed.
const patience = 300_000;

/** Waits for what f gives to be true, and gives it. */
export async function until(what, f) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await f();
    if (value) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain for ${what}`);
    }
    await sleep(50);
  }
}

/** JupyterLab (or Notebook) of the interpreter that PYTHON names, which has vectory and anywidget. */
export class Jupyter {
  constructor(home, app = "jupyterlab", base = "/") {
    this.base = base;
    this.folder = mkdtempSync(join(tmpdir(), "vectory-lab-"));
    this.token = `t${process.pid}`;
    const config = join(this.folder, "config");
    mkdirSync(join(config, "labconfig"), { recursive: true });
    // The prompt for news would lie over the plots.
    const disabled = { "@jupyterlab/apputils-extension:announcements": true };
    writeFileSync(
      join(config, "labconfig/page_config.json"),
      JSON.stringify({ disabledExtensions: disabled }),
    );
    const flags = [
      "--no-browser",
      "--ip=127.0.0.1",
      "--port=0",
      "--port-retries=0",
      "--expose-app-in-browser",
    ];
    this.process = spawn(
      process.env.PYTHON,
      [
        ...["-m", app, ...flags, ...(process.getuid?.() === 0 ? ["--allow-root"] : [])],
        ...[
          `--ServerApp.root_dir=${this.folder}`,
          `--ServerApp.base_url=${base}`,
          "--ServerApp.allow_remote_access=True",
        ],
        ...[`--IdentityProvider.token=${this.token}`],
      ],
      {
        env: {
          ...process.env,
          VECTORY_HOME: home,
          JUPYTER_RUNTIME_DIR: join(this.folder, "runtime"),
          JUPYTER_CONFIG_DIR: config,
          IPYTHONDIR: join(this.folder, "ipython"),
        },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    this.said = "";
    this.process.stderr.on("data", (bytes) => {
      this.said += bytes;
    });
  }

  /** Its address, once it listens. */
  async address() {
    const found = await until("JupyterLab", () =>
      /http:\/\/127\.0\.0\.1:(\d+)\/(\S*\/)?(lab|tree)/.exec(this.said),
    );
    const address = `http://127.0.0.1:${found[1]}${this.base.replace(/\/$/, "")}`;
    await until("its port", () =>
      // it is told before it is open
      fetch(`${address}/api`).then(
        () => true,
        () => false,
      ),
    );
    return address;
  }

  /** Writes a notebook of these cells. */
  write(name, cells) {
    const metadata = { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } };
    const of = (source, i) => ({
      id: `c${i}`,
      cell_type: "code",
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    });
    writeFileSync(
      join(this.folder, name),
      JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: cells.map(of) }),
    );
  }

  /** Ends it with its kernels: until then they write into the folder. */
  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const end = once(this.process, "exit");
      this.process.kill("SIGTERM");
      await end;
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** Opens a notebook and waits for its kernel. */
export async function openNotebook(browser, jupyter, name, place = "lab/tree", { before, host } = {}) {
  const context = await browser.newContext({ viewport: { width: 1300, height: 1000 } });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  await before?.(page);
  page.said = [];
  page.on("console", (message) => page.said.push(message.text()));
  page.on("pageerror", (error) => page.said.push(`thrown: ${error.message}`));
  const address = (await jupyter.address()).replace("127.0.0.1", host ?? "127.0.0.1");
  await page.goto(`${address}/${place}/${name}?reset&token=${jupyter.token}`);
  await idle(page);
  return page;
}

/** Waits until the notebook's kernel has nothing to do. */
export function idle(page) {
  return page.waitForFunction(
    () =>
      globalThis.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel?.status === "idle",
  );
}

export const command = (page, id) =>
  page.evaluate((name) => globalThis.jupyterapp.commands.execute(name), id);

/** Runs code in the notebook's kernel and gives what it prints, or the error. */
export function inKernel(page, code) {
  return page.evaluate(async (text) => {
    const { kernel } = globalThis.jupyterapp.shell.currentWidget.context.sessionContext.session;
    let printed = "";
    const future = kernel.requestExecute({ code: text });
    future.onIOPub = (message) => {
      printed += message.content.text ?? message.content.evalue ?? "";
    };
    await future.done;
    return printed.trim();
  }, code);
}
