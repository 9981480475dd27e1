// The daemon's websocket: how jobs go, layouts while they are made, and requests where a page may not fetch.
import { GONE, type SocketEvent } from "./api";
import type { components } from "./wire";

type Meta = components["schemas"]["FrameMeta"];
export type Places = Float32Array<ArrayBuffer>;

/** A frame of a layout: the coordinates of each of its spaces. */
export interface Frame {
  stream: number;
  meta: Meta;
  places: Places[];
}

const HEADER = 32; // bytes; the form is told in openapi.yaml
const MAGIC = 0x59544356; // "VCTY"

/** What came in chunks: JSON of some bytes, and what follows. */
interface Whole {
  stream: number;
  metaBytes: number;
  body: Uint8Array<ArrayBuffer>;
}

/** Puts together what comes in chunks. What a newer one of its stream overtakes is dropped. */
class Chunks {
  private readonly begun = new Map<number, { sequence: number; metaBytes: number; parts: Uint8Array[] }>();

  constructor(private readonly kind: number) {}

  /** Takes a message; gives the whole when this was its last. Messages of another form are passed over. */
  take(message: ArrayBuffer): Whole | null {
    if (message.byteLength < HEADER) {
      return null;
    }
    const head = new DataView(message);
    if (head.getUint32(0, true) !== MAGIC || head.getUint8(4) !== 1 || head.getUint8(5) !== this.kind) {
      return null;
    }
    const stream = head.getUint32(8, true);
    const sequence = head.getUint32(12, true);
    const chunk = head.getUint16(16, true);
    if (chunk === 0) {
      this.begun.set(stream, { sequence, metaBytes: head.getUint32(20, true), parts: [] });
    }
    const frame = this.begun.get(stream);
    if (frame?.sequence !== sequence || frame.parts.length !== chunk) {
      return null;
    }
    frame.parts.push(new Uint8Array(message, HEADER));
    if (frame.parts.length < head.getUint16(18, true)) {
      return null;
    }
    this.begun.delete(stream);
    return { stream, metaBytes: frame.metaBytes, body: joined(frame.parts) };
  }
}

/** Puts frames together from their messages. */
export class Frames {
  private readonly chunks = new Chunks(1);

  /** Takes a message; gives the frame when this was its last. */
  take(message: ArrayBuffer): Frame | null {
    const whole = this.chunks.take(message);
    return whole && decode(whole);
  }
}

function metaOf<T>({ body, metaBytes }: Whole): T {
  return JSON.parse(new TextDecoder().decode(body.subarray(0, metaBytes)));
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}

function decode(whole: Whole): Frame {
  const { stream, body, metaBytes } = whole;
  const meta = metaOf<Meta>(whole);
  const places = meta.columns.map(({ shape: [rows = 0, width = 0], offset, low, high }) => {
    const steps = new Uint16Array(body.buffer, metaBytes + offset, rows * width);
    const places = new Float32Array(rows * width);
    for (let axis = 0; axis < width; axis++) {
      const from = low[axis] ?? 0;
      const span = ((high[axis] ?? 0) - from) / 65535;
      for (let i = axis; i < places.length; i += width) {
        places[i] = from + (steps[i] ?? 0) * span;
      }
    }
    return places;
  });
  return { stream, meta, places };
}

const TRIES = 4; // after a lost connection, some 8 s in all
const OPENING = 5000; // ms in which the daemon says welcome
const STALLED = 10_000; // ms without a word while an answer is waited for
const MOST_ASKED = 60_000; // bytes of a request: the daemon reads no longer message

/** Who follows a stream. */
export interface Watcher {
  event?: (event: SocketEvent) => void;
  frame?: (frame: Frame) => void;
}

/** A way to the daemon: its address, and on a page of another origin the ticket, and the daemon that must be there. */
export interface Way {
  address: string;
  ticket?: string;
  instance?: string;
}

/** What follows streams. */
export interface Follows {
  open(): Promise<boolean>;
  watch(stream: string, watcher: Watcher): () => void;
}

/** One connection for all that is followed. It is opened when something is, and closed when nothing is any more. */
export class Line implements Follows {
  private socket: WebSocket | null = null;
  private opening: Promise<boolean> | null = null;
  private readonly watchers = new Map<string, Set<Watcher>>();
  private readonly streams = new Map<number, string>();
  private readonly answers = new Chunks(2);
  private readonly asked = new Map<number, { answer: (answer: Response) => void; lost: () => void }>();
  private last = 0;
  private tried = 0;
  private silence = 0; // timer
  private rest = 0; // timer

  /** The ways are tried in turn. A lost connection is tried for `tries` times, an idle one kept for `linger` ms. */
  constructor(
    private readonly ways: readonly (() => Promise<Way | null>)[],
    private readonly tries = TRIES,
    private readonly linger = 0,
  ) {}

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Asks as by HTTP. Throws GONE when the connection is lost, or says nothing for long. */
  ask(method: string, path: string, body?: unknown): Promise<Response> {
    return new Promise((resolve, reject) => {
      const number = ++this.last;
      const text = JSON.stringify({ t: "ask", number, method, path, body });
      if (!this.isOpen || text.length > MOST_ASKED) {
        reject(GONE);
        return;
      }
      this.asked.set(number, { answer: resolve, lost: () => reject(GONE) });
      this.socket?.send(text);
      this.expect();
    });
  }

  /** Gives the connection up when nothing comes though something should. */
  private expect(): void {
    clearTimeout(this.silence);
    if (this.asked.size > 0) {
      this.silence = setTimeout(() => this.close(), STALLED);
    }
  }

  private hear(message: ArrayBuffer): void {
    const whole = this.answers.take(message);
    if (whole) {
      const { status, type } = metaOf<components["schemas"]["AnswerMeta"]>(whole);
      const content = status === 204 ? null : whole.body.subarray(whole.metaBytes);
      this.asked
        .get(whole.stream)
        ?.answer(new Response(content, { status, headers: { "content-type": type } }));
      this.asked.delete(whole.stream);
      this.idle();
    }
  }

  /** Closes what nobody needs any more: an open connection keeps the daemon up. */
  private idle(): void {
    clearTimeout(this.rest);
    const end = () => this.watchers.size === 0 && this.asked.size === 0 && this.close();
    if (this.linger > 0) {
      this.rest = setTimeout(end, this.linger);
    } else {
      end();
    }
  }

  /** Follows job:ID or layout:ID; gives what ends that. Lost connections are opened anew, and go on with what is now. */
  watch(stream: string, watcher: Watcher): () => void {
    const all = this.watchers.get(stream) ?? new Set();
    this.watchers.set(stream, all.add(watcher));
    void this.open().then((open) => open && this.say("watch", stream));
    return () => {
      all.delete(watcher);
      if (all.size === 0 && this.watchers.get(stream) === all) {
        this.watchers.delete(stream);
        this.say("unwatch", stream);
      }
      this.idle();
    };
  }

  /** Whether the daemon could be reached by a websocket; some proxies do not let one through. */
  open(): Promise<boolean> {
    this.opening ??= this.dial();
    return this.opening;
  }

  private async dial(): Promise<boolean> {
    for (const [i, way] of this.ways.entries()) {
      const found = await way().catch(() => null);
      if (found && (await this.connect(found))) {
        return true;
      }
      if (i === this.ways.length - 1) {
        this.lose(false);
      }
    }
    return false;
  }

  private connect({ address, ticket, instance }: Way): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = new WebSocket(address, ["vectory.v1", ...(ticket ? [`ticket.${ticket}`] : [])]);
      const frames = new Frames();
      const late = setTimeout(() => socket.close(), OPENING);
      socket.binaryType = "arraybuffer";
      socket.onmessage = ({ data }) => {
        if (typeof data !== "string") {
          this.draw(frames.take(data as ArrayBuffer));
          this.hear(data as ArrayBuffer);
          this.expect();
          return;
        }
        this.expect();
        const event = JSON.parse(data) as SocketEvent;
        if (event.t === "welcome") {
          clearTimeout(late);
          if (instance && event.instance !== instance) {
            socket.close(); // another daemon, e.g. of the machine where the browser runs
            return;
          }
          this.socket = socket;
          this.tried = 0;
          if (this.linger > 0) {
            this.idle();
          }
          resolve(true);
          return;
        }
        this.streams.set(event.number, event.stream);
        for (const watcher of [...(this.watchers.get(event.stream) ?? [])]) {
          watcher.event?.(event);
        }
      };
      socket.onclose = () => {
        clearTimeout(late);
        resolve(false);
        if (this.socket === socket) {
          this.lose(true);
        }
      };
    });
  }

  /** No way led to the daemon, or the one that did has ended. */
  private lose(was: boolean): void {
    this.socket = null;
    this.opening = null;
    for (const { lost } of this.asked.values()) {
      lost();
    }
    this.asked.clear();
    this.expect();
    if (!was && this.tried === 0) {
      return; // never reached: who opens it is told so
    }
    if (this.tried >= this.tries) {
      this.giveUp();
    } else if (this.watchers.size > 0) {
      setTimeout(() => this.again(), 500 * 2 ** this.tried++ * (0.75 + Math.random() / 2));
    }
  }

  private giveUp(): void {
    this.tried = 0;
    const error = { code: "unavailable", message: GONE.message, hint: GONE.hint } as const;
    const event = {
      t: "error",
      number: 0,
      instance: "",
      version: "",
      job: null,
      layout: null,
      error,
    } as const;
    for (const [stream, all] of [...this.watchers]) {
      for (const watcher of [...all]) {
        watcher.event?.({ ...event, t: "error", stream, error });
      }
    }
  }

  private async again(): Promise<void> {
    if (this.watchers.size > 0 && (await this.open())) {
      for (const stream of this.watchers.keys()) {
        this.say("watch", stream);
      }
    }
  }

  private draw(frame: Frame | null): void {
    const stream = frame && this.streams.get(frame.stream);
    if (!stream) {
      return;
    }
    for (const watcher of [...(this.watchers.get(stream) ?? [])]) {
      watcher.frame?.(frame);
    }
    requestAnimationFrame(() => this.say("ack", stream)); // never in a hidden page: nothing is sent for nobody
  }

  private say(t: string, stream: string): void {
    if (this.isOpen) {
      this.socket?.send(JSON.stringify({ t, stream }));
    }
  }

  /** Ends the connection; the next that is followed opens another. */
  close(): void {
    this.socket?.close();
    this.lose(true);
  }
}

const own = async (): Promise<Way> => {
  const address = new URL("api/v1/ws", document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");
  return { address: address.href };
};

let followed: Follows = new Line([own]);

/** What streams are followed by: the page's own line, if nothing else was said. */
export function line(): Follows {
  return followed;
}

/** Follows streams by another line from now on. */
export function followBy(other: Follows): void {
  followed = other;
}
