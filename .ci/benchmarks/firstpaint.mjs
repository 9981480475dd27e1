// How long after a cell was run the widget has drawn its points, in JupyterLab and Chromium, for 60,000 rows.
//
//   node .ci/benchmarks/firstpaint.mjs [rows] [times]
//
// Comparison and layout are kept already: this is what opening a notebook anew costs. CHROMIUM, VECTORY_BIN and PYTHON (with
// jupyterlab, anywidget and vectory) say what it runs with.
import { execFileSync } from "node:child_process";
import { Daemon, openBrowser } from "../../internal/viewer/tests/browser/harness.mjs";
import { command, idle, inKernel, Jupyter, openNotebook } from "../../internal/viewer/tests/notebook/harness.mjs";

const [rows = 60_000, times = 5] = process.argv.slice(2).map(Number);
const made = `
import numpy as np, vectory as vy
r = np.random.default_rng(1)
x = r.normal(size=(${rows}, 32)).astype(np.float32) + 4 * r.normal(size=(40, 32))[r.integers(0, 40, ${rows})]
vy.add_dataset("many", [{"id": f"r{i}", "label": str(i % 10)} for i in range(${rows})])
for name in "ab":
    vy.log(name, x + r.normal(size=x.shape), dataset="many", strict=True)
vy.compare("a", "b")
vy.project("a", "b")
`;
const cells = ["import vectory as vy", "w = vy.show('a', 'b', colour='label')\nw"];

const daemon = new Daemon();
const jupyter = new Jupyter(daemon.home);
const browser = await openBrowser();
const took = [];
try {
  execFileSync(process.env.PYTHON, ["-c", made], { env: { ...daemon.env, VECTORY_HOME: daemon.home } });
  for (let i = 0; i <= times; i++) {
    jupyter.write(`paint-${i}.ipynb`, cells);
    const page = await openNotebook(browser, jupyter, `paint-${i}.ipynb`);
    await inKernel(page, "import vectory as vy; vy.status()");
    await idle(page);
    const marks = await page.evaluate(async () => {
      const began = performance.now();
      const since = () => Math.round(performance.now() - began);
      const found = {};
      globalThis.jupyterapp.commands.execute("notebook:run-all-cells");
      while (found.painted === undefined && since() < 60_000) {
        await new Promise((next) => requestAnimationFrame(next));
        const plots = ["a", "b"].map((side) => globalThis.vectoryPlots?.get(side));
        if (plots[0]) {
          found.plots ??= since();
        }
        if (plots.every((plot) => plot?.n > 0)) {
          found.placed ??= since();
          if (plots.every((plot) => plot.colours.some((v) => v !== 150))) {
            found.painted = since();
          }
        }
      }
      return found;
    });
    if (i > 0) {
      took.push(marks.placed);
    }
    console.log(i === 0 ? "(first)" : "", marks);
    await page.context().close();
  }
} finally {
  await browser.close();
  jupyter.stop();
  daemon.remove();
}
took.sort((a, b) => a - b);
console.log(`points on both maps ${took[took.length >> 1]} ms after the cell was run (median of ${took.length}), ${rows} rows`);
