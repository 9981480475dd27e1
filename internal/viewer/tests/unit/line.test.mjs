// The websocket that a notebook's widget goes over to, without a network: what it says, and when it gives up.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { load } from "../load.mjs";

const { Line } = await load("socket.ts");

const daemon = "the-instance";
let opened;

class FakeSocket {
  static OPEN = 1;
  readyState = 1;
  said = [];
  constructor(address, protocols) {
    Object.assign(this, { address, protocols });
    opened.push(this);
  }
  send(text) {
    this.said.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
    this.onclose?.();
  }
  welcome(instance = daemon) {
    this.onmessage({ data: JSON.stringify({ t: "welcome", instance, stream: "", number: 0 }) });
  }
  /** Answers an ask as the daemon does: a header of 32 bytes, JSON padded to 8, the body. */
  answer(number, status, text) {
    const meta = JSON.stringify({ status, type: "application/json" });
    const body = Buffer.from(meta.padEnd(8 * Math.ceil(meta.length / 8)) + text);
    const head = Buffer.alloc(32);
    head.write("VCTY");
    head.set([1, 2], 4);
    head.writeUInt32LE(number, 8);
    head.writeUInt32LE(1, 12);
    head.writeUInt16LE(1, 18);
    head.writeUInt32LE(body.length - text.length, 20);
    this.onmessage({ data: new Uint8Array(Buffer.concat([head, body])).buffer });
  }
}

const settle = async () => {
  for (let i = 0; i < 10; i++) {
    await Promise.resolve();
  }
};
const way = async () => ({ address: "ws://127.0.0.1:1/api/v1/ws", ticket: "CODE", instance: daemon });
const none = async () => null;

beforeEach(() => {
  opened = [];
  globalThis.WebSocket = FakeSocket;
  mock.timers.enable({ apis: ["setTimeout"] });
});
afterEach(() => mock.timers.reset());

async function connected(linger = 60_000) {
  opened = [];
  const line = new Line([none, way], 0, linger);
  const open = line.open();
  await settle();
  opened[0].welcome();
  assert.equal(await open, true);
  return [line, opened[0]];
}

test("the ticket travels as a subprotocol, and an ask is answered", async () => {
  const [line, socket] = await connected();
  assert.deepEqual(socket.protocols, ["vectory.v1", "ticket.CODE"]);
  assert.ok(!socket.address.includes("CODE"));
  const [first, second] = [line.ask("GET", "spaces"), line.ask("POST", "query", { k: 3 })];
  assert.deepEqual(socket.said[1], { t: "ask", number: 2, method: "POST", path: "query", body: { k: 3 } });
  socket.answer(2, 404, '{"b":2}');
  socket.answer(1, 200, '{"a":1}');
  assert.deepEqual(await (await first).json(), { a: 1 });
  assert.equal((await second).status, 404);
});

test("another daemon than the kernel's is left at once, and nothing was said to it", async () => {
  const line = new Line([way], 0, 1000);
  const open = line.open();
  await settle();
  opened[0].welcome("somebody-else");
  assert.equal(await open, false);
  assert.equal(line.isOpen, false);
  assert.deepEqual(opened[0].said, []);
});

test("what a lost connection owes is refused, and a silent one is given up", async () => {
  const [line, socket] = await connected();
  const lost = line.ask("GET", "spaces");
  socket.close();
  await assert.rejects(lost, { code: "unavailable" });
  await assert.rejects(line.ask("GET", "spaces"), { code: "unavailable" });

  const [stalled] = await connected();
  const never = stalled.ask("GET", "spaces");
  mock.timers.tick(10_001);
  await assert.rejects(never, { code: "unavailable" });
  assert.equal(stalled.isOpen, false);
});

test("an answered connection stays as long as it lingers, and no longer", async () => {
  const [line, socket] = await connected(60_000);
  const asked = line.ask("GET", "spaces");
  socket.answer(1, 200, "{}");
  await asked;
  mock.timers.tick(59_000);
  assert.equal(line.isOpen, true);
  mock.timers.tick(2000);
  assert.equal(line.isOpen, false);
});

test("a request that is too long for a message is not sent", async () => {
  const [line, socket] = await connected();
  await assert.rejects(line.ask("POST", "query", { vector: Array(20_000).fill(0.123) }));
  assert.deepEqual(socket.said, []);
});

test("a follower of a line that does not come back is told", async () => {
  const [line, socket] = await connected();
  const told = [];
  line.watch("job:1", { event: (event) => told.push(event.error?.code) });
  await settle();
  assert.deepEqual(socket.said, [{ t: "watch", stream: "job:1" }]);
  socket.close();
  assert.deepEqual(told, ["unavailable"]);
});
