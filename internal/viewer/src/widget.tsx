// The notebook's widget (anywidget): the maps in an output, asking the daemon through the kernel.
import { render } from "preact";
import { ApiError, api, asApiError, type Carrier, type Comparison, carryBy } from "./api";
import css from "./app.css";
import { standOn } from "./colours";
import { type Link, useShared } from "./link";
import { useLoad } from "./load";
import { Maps } from "./maps";
import { OneMap } from "./onemap";
import { Failure, Waiting } from "./parts";

/** As much of anywidget's model as is used. */
interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, callback: (...args: never[]) => void): void;
  off(event: string, callback: (...args: never[]) => void): void;
  send(content: unknown): void;
}

interface Answer {
  id: string;
  status: number;
  headers: Record<string, string>;
}

export default { render: show };

function show({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const root = el.shadowRoot ?? el.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  const place = document.createElement("div");
  place.className = "vectory";
  style.textContent = styles(css);
  root.replaceChildren(style, place);
  // Jupyter's keys must not act while a map has the focus.
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  const forgetTheme = followTheme(el);
  const kernel = byKernel(model);
  carryBy(kernel.carrier);
  render(<Widget link={linkOf(model)} />, place);
  return () => {
    render(null, place);
    kernel.close();
    forgetTheme();
  };
}

function Widget({ link }: { link: Link }) {
  const [spaces] = useShared<string[]>(link, "spaces", []);
  const [height] = useShared(link, "height", 460);
  const [only, ...others] = spaces;
  return (
    <div style={`--map-height: ${height}px`}>
      {only && others.length === 0 ? <OneMap space={only} link={link} /> : <TwoMaps link={link} />}
    </div>
  );
}

function TwoMaps({ link }: { link: Link }) {
  const [key] = useShared(link, "comparison", "");
  const [k] = useShared(link, "k", 10);
  const found = useLoad(() => comparisonOf(key, k), [key, k]);
  if (found.error) {
    return <Failure error={found.error} again={found.again} />;
  }
  return found.value ? <Maps c={found.value} link={link} /> : <Waiting what="the comparison" />;
}

/** The comparison of a key; with more neighbours than it has, that of more. */
async function comparisonOf(key: string, k: number): Promise<Comparison> {
  const c = await api.comparison(key);
  if (k <= c.k) {
    return c;
  }
  let reply = await api.compare(c.a, c.b, k, { metric_a: c.metric_a, metric_b: c.metric_b });
  while (!reply.comparison && reply.job) {
    const job = await api.job(reply.job.id, 10);
    if (job.error) {
      throw new ApiError(job.error.code, job.error.message, job.error.hint);
    }
    if (job.state === "done") {
      reply = { comparison: await api.comparison(job.result ?? "") };
    }
  }
  if (!reply.comparison) {
    throw asApiError("the comparison was canceled");
  }
  return reply.comparison;
}

function linkOf(model: Model): Link {
  return {
    get: (name) => model.get(name),
    set: (name, value) => {
      model.set(name, value);
      model.save_changes();
    },
    on: (name, changed) => {
      model.on(`change:${name}`, changed);
      return () => model.off(`change:${name}`, changed);
    },
  };
}

const patience = 30_000;
let views = 0;

/** Requests as messages to the kernel, which asks the daemon: {id, method, path, body} there, one buffer back. */
function byKernel(model: Model): { carrier: Carrier; close: () => void } {
  const view = `${Date.now().toString(36)}-${views++}`; // an answer reaches every view of the widget
  const waiting = new Map<string, (answer: Answer, content: BodyInit) => void>();
  let asked = 0;
  const heard = (answer: Answer, buffers: (DataView<ArrayBuffer> | ArrayBuffer)[]) => {
    waiting.get(answer.id)?.(answer, buffers[0] ?? new ArrayBuffer(0));
    waiting.delete(answer.id);
  };
  model.on("msg:custom", heard);
  const carrier: Carrier = (method, path, body) =>
    new Promise((resolve, reject) => {
      const id = `${view}-${asked++}`;
      const late = setTimeout(() => {
        waiting.delete(id);
        reject(new ApiError("unavailable", "The kernel does not answer.", "Run the cell again."));
      }, patience);
      waiting.set(id, ({ status, headers }, content) => {
        clearTimeout(late);
        resolve(new Response(status === 204 ? null : content, { status, headers }));
      });
      model.send({ id, method, path, body: body ?? null });
    });
  return { carrier, close: () => model.off("msg:custom", heard) };
}

/** The style sheet of the page, kept within the widget. The theme is the notebook's, not the system's. */
function styles(sheet: string): string {
  const dark = /prefers-color-scheme:\s*dark\)\s*\{\s*:root\s*\{([^}]*)\}/.exec(sheet)?.[1] ?? "";
  const light = /:root\s*\{([^}]*)\}/.exec(sheet)?.[1] ?? "";
  const own = sheet.replaceAll(":root", ":host").replace(/(^|\})\s*body\s*\{/, "$1.vectory{");
  return `${own}
:host([data-theme="light"]){${light};color-scheme:light}
:host([data-theme="dark"]){${light};${dark};color-scheme:dark}
.vectory{background:none}.maps{border:0;padding:4px;box-shadow:none;background:none}
canvas.points{aspect-ratio:auto;height:var(--map-height,460px)}`;
}

/** Follows the theme of JupyterLab and VS Code; elsewhere the system's stands. */
function followTheme(el: HTMLElement): () => void {
  const look = () => {
    const jupyter = document.body?.getAttribute("data-jp-theme-light");
    const code = document.body?.getAttribute("data-vscode-theme-kind");
    const theme = jupyter
      ? jupyter === "true"
        ? "light"
        : "dark"
      : code
        ? code.includes("light")
          ? "light"
          : "dark"
        : null;
    standOn(theme);
    if (theme) {
      el.setAttribute("data-theme", theme);
    }
  };
  look();
  const watch = new MutationObserver(look);
  watch.observe(document.body, { attributes: true });
  return () => watch.disconnect();
}
