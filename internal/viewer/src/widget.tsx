// The notebook's widget (anywidget): the maps in an output. They ask the daemon through the kernel, and by a websocket of
// their own where one opens.
import { render } from "preact";
import { ApiError, api, type Carrier, type Comparison, carryBy } from "./api";
import css from "./app.css";
import { standOn } from "./colours";
import { alike } from "./comparing";
import { type Link, useShared } from "./link";
import { useLoad } from "./load";
import { Maps } from "./maps";
import { OneMap } from "./onemap";
import { Failure, Waiting } from "./parts";
import { followBy, Line, type Way } from "./socket";
import { StepsMap } from "./steps";

/** As much of anywidget's model as is used. */
interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, callback: (...args: never[]) => void): void;
  off(event: string, callback: (...args: never[]) => void): void;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
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
  const showStill = hideStill(el, String(model.get("still")));
  const carriers = upgraded(kernel, (carrier) => {
    place.dataset.carrier = carrier;
  });
  render(<Widget link={linkOf(model)} />, place);
  return () => {
    render(null, place);
    carriers.close();
    kernel.close();
    forgetTheme();
    showStill();
  };
}

function Widget({ link }: { link: Link }) {
  const [spaces] = useShared<string[]>(link, "spaces", []);
  const [height] = useShared(link, "height", 460);
  const [run] = useShared(link, "timeline", "");
  const [dataset] = useShared(link, "dataset", "");
  const [only, ...others] = spaces;
  return (
    <div style={`--map-height: ${height}px`}>
      {run ? (
        <StepsMap experiment={run} within={dataset} link={link} />
      ) : only && others.length === 0 ? (
        <OneMap space={only} link={link} />
      ) : (
        <TwoMaps link={link} />
      )}
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
  return k <= c.k ? c : alike(c, { k });
}

const mostOfAStill = 2e6; // bytes: the notebook grows by them

const traits = new Set([
  ...["spaces", "comparison", "timeline", "dataset", "reference", "step"],
  ...["k", "colour", "height", "hovered"],
]);

/** The notebook knows one selection: a single row in it is an open item. */
function linkOf(model: Model): Link {
  const set = (name: string, value: unknown) => {
    model.set(name, value);
    model.save_changes();
  };
  const selected = () => model.get("selection") as number[];
  return {
    get: (name) => {
      if (name === "item") {
        return selected().length === 1 ? selected()[0] : -1;
      }
      if (name === "selection") {
        return selected().length === 1 ? [] : selected();
      }
      return traits.has(name) ? model.get(name) : undefined;
    },
    set: (name, value) => {
      if (name === "item") {
        set("selection", (value as number) < 0 ? [] : [value]);
      } else if (name === "selection" || traits.has(name)) {
        set(name, value);
      }
    },
    on: (name, changed) => {
      const event = `change:${name === "item" ? "selection" : name}`;
      model.on(event, changed);
      return () => model.off(event, changed);
    },
    keep: async (picture) => {
      if (picture.size < mostOfAStill) {
        model.send({ still: true }, undefined, [await picture.arrayBuffer()]);
      }
    },
  };
}

const patience = 30_000;
let views = 0;

interface Kernel {
  carrier: Carrier;
  /** Asks for a ticket for a websocket at a host, "" for the daemon's own. */
  invite(host: string): Promise<{ ticket: string; host: string; port: number; instance: string }>;
  close(): void;
}

/** Requests as messages to the kernel, which asks the daemon: {id, method, path, body} there, one buffer back. */
function byKernel(model: Model): Kernel {
  const view = `${Date.now().toString(36)}-${views++}`; // an answer reaches every view of the widget
  const waiting = new Map<string, (answer: Answer, content: BodyInit) => void>();
  let asked = 0;
  const heard = (answer: Answer, buffers: (DataView<ArrayBuffer> | ArrayBuffer)[]) => {
    waiting.get(answer.id)?.(answer, buffers[0] ?? new ArrayBuffer(0));
    waiting.delete(answer.id);
  };
  model.on("msg:custom", heard);
  const ask = (said: object) =>
    new Promise<Response>((resolve, reject) => {
      const id = `${view}-${asked++}`;
      const late = setTimeout(() => {
        waiting.delete(id);
        reject(new ApiError("unavailable", "The kernel does not answer.", "Run the cell again."));
      }, patience);
      waiting.set(id, ({ status, headers }, content) => {
        clearTimeout(late);
        resolve(new Response(status === 204 ? null : content, { status, headers }));
      });
      model.send({ id, ...said });
    });
  return {
    carrier: (method, path, body) => ask({ method, path, body: body ?? null }),
    invite: async (host) => {
      const reply = await ask({ invite: { origin: location.origin, host } });
      if (!reply.ok) {
        throw new ApiError("unavailable", "the kernel has no ticket");
      }
      return reply.json();
    },
    close: () => model.off("msg:custom", heard),
  };
}

const linger = 60_000; // ms: then the daemon may rest
const mostLosses = 3; // of a websocket that was asked, or did not open: then it stays with the kernel

/**
 * Carries by the kernel at once, and by a websocket as soon and as long as there is one. Whatever becomes of that, the kernel
 * goes on: all that is asked may be asked twice.
 */
function upgraded(kernel: Kernel, tell: (carrier: "kernel" | "socket") => void): { close: () => void } {
  const line = new Line(waysTo(kernel), 0, linger);
  let losses = 0;
  let opening = false;
  const upgrade = async () => {
    if (!opening && losses < mostLosses) {
      opening = true;
      losses += (await line.open()) ? 0 : 1;
      opening = false;
    }
  };
  carryBy(async (method, path, body) => {
    if (line.isOpen) {
      try {
        const reply = await line.ask(method, path, body);
        tell("socket");
        return reply;
      } catch {
        losses++;
      }
    } else {
      void upgrade();
    }
    tell("kernel");
    return kernel.carrier(method, path, body);
  });
  followBy({ open: async () => line.isOpen, watch: (stream, watcher) => line.watch(stream, watcher) });
  return {
    close: () => {
      losses = mostLosses;
      line.close();
    },
  };
}

/** Straight to the daemon, where the browser may be on its machine; else through Jupyter's proxy, where there is one. */
function waysTo(kernel: Kernel): (() => Promise<Way | null>)[] {
  const { protocol, host, hostname } = location;
  if (!protocol.startsWith("http")) {
    return [];
  }
  const direct = async (): Promise<Way | null> => {
    if (!["127.0.0.1", "localhost", "[::1]"].includes(hostname)) {
      return null; // a browser would ask its user for leave
    }
    const { ticket, instance, host: at } = await kernel.invite("");
    return { address: `ws://${at}/api/v1/ws`, ticket, instance };
  };
  const proxied = async (): Promise<Way | null> => {
    const config = JSON.parse(document.getElementById("jupyter-config-data")?.textContent ?? "{}");
    if (typeof config.baseUrl !== "string") {
      return null;
    }
    const { ticket, instance, port } = await kernel.invite(host);
    const address = `${protocol.replace("http", "ws")}//${host}${config.baseUrl}proxy/${port}/api/v1/ws`;
    return { address, ticket, instance };
  };
  return [direct, proxied];
}

/**
 * Hides the widget's own still picture, an output beside it that is there for where no widget runs, as long as it does.
 * It is told by its name, which stands at the head of the PNG. Gives what shows it again.
 */
function hideStill(el: HTMLElement, name: string): () => void {
  const hidden = new Set<HTMLElement>();
  const area = () => el.closest(".jp-OutputArea");
  const look = () => {
    for (const image of area()?.querySelectorAll<HTMLImageElement>(`img[src^="${pngAddress}"]`) ?? []) {
      const output = image.closest<HTMLElement>(".jp-OutputArea-child");
      const head = atob(image.src.slice(pngAddress.length, pngAddress.length + 200));
      if (output && head.includes(name)) {
        output.style.display = "none";
        hidden.add(output);
      }
    }
  };
  const watch = new MutationObserver(look);
  const begin = () => {
    const place = area();
    if (place) {
      look();
      watch.observe(place, { childList: true, subtree: true });
    }
  };
  const forget = whenAttached(el, begin);
  return () => {
    forget();
    watch.disconnect();
    for (const output of hidden) {
      output.style.display = "";
    }
  };
}

const pngAddress = "data:image/png;base64,";

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
    const light = jupyter ? jupyter === "true" : code ? (isOnLight(el) ?? code.includes("light")) : null;
    const theme = light === null ? null : light ? "light" : "dark";
    standOn(theme);
    if (theme) {
      el.setAttribute("data-theme", theme);
    }
  };
  look();
  const watch = new MutationObserver(look);
  watch.observe(document.body, { attributes: true });
  const forget = whenAttached(el, look);
  return () => {
    watch.disconnect();
    forget();
  };
}

/** Whether what lies under an element is light, null where nothing does: VS Code lays white under widgets, in any theme. */
function isOnLight(el: HTMLElement): boolean | null {
  for (let under = el.parentElement; under; under = under.parentElement) {
    const [red = 0, green = 0, blue = 0, opacity = 1] = (
      getComputedStyle(under).backgroundColor.match(/[\d.]+/g) ?? []
    ).map(Number);
    if (opacity > 0.5) {
      return 0.3 * red + 0.6 * green + 0.1 * blue > 127;
    }
  }
  return null;
}

/** Calls once the element stands in the page; gives what ends the waiting. */
function whenAttached(el: HTMLElement, then: () => void): () => void {
  const sized = new ResizeObserver(() => {
    if (el.isConnected) {
      sized.disconnect();
      then();
    }
  });
  sized.observe(el);
  return () => sized.disconnect();
}
