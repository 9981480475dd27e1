import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { load } from "../load.mjs";

const { Frames } = await load("socket.ts");

// The daemon's tests write it.
const golden = await readFile(new URL("../../../server/testdata/frame.bin", import.meta.url));
const message = () => new Uint8Array(golden).buffer;

test("a frame of the daemon is read", () => {
  const frame = new Frames().take(message());
  assert.equal(frame.stream, 7);
  assert.equal(frame.meta.layout, "abc");
  assert.deepEqual([frame.meta.epoch, frame.meta.of], [3, 200]);
  const [a, b] = frame.places;
  const near = (places, want) =>
    places.forEach((v, i) => {
      assert.ok(Math.abs(v - want[i]) < 8 / 65535 + 1e-6, `${places} is not ${want}`);
    });
  near(a, [0, 1, 2, 3, 4, 5]);
  near(b, [-4, 1, 0, 1, 2, 9]);
});

/** The golden frame in three messages, with a sequence number. */
function cut(sequence) {
  const body = new Uint8Array(golden).subarray(32);
  return [0, 1, 2].map((i) => {
    const part = body.subarray(i * 100, i === 2 ? body.length : (i + 1) * 100);
    const bytes = new Uint8Array(32 + part.length);
    bytes.set(new Uint8Array(golden).subarray(0, 32));
    bytes.set(part, 32);
    const head = new DataView(bytes.buffer);
    head.setUint32(12, sequence, true);
    head.setUint16(16, i, true);
    head.setUint16(18, 3, true);
    return bytes.buffer;
  });
}

test("chunks are put together, and a frame that is overtaken is dropped", () => {
  const frames = new Frames();
  const [a, b, c] = cut(1);
  assert.equal(frames.take(a), null);
  assert.equal(frames.take(b), null);
  assert.equal(frames.take(c).places[0].length, 6);
  const [d, e, f] = cut(2);
  const [g, h, i] = cut(3);
  assert.equal(frames.take(d), null);
  assert.equal(frames.take(g), null);
  assert.equal(frames.take(e), null, "of the older frame");
  assert.equal(frames.take(h), null);
  assert.equal(frames.take(f), null);
  assert.equal(frames.take(i).places[1].length, 6);
});

test("messages of another form are passed over", () => {
  const frames = new Frames();
  assert.equal(frames.take(new ArrayBuffer(3)), null);
  assert.equal(frames.take(new ArrayBuffer(64)), null);
  const later = new Uint8Array(message());
  later[4] = 2; // a later version
  assert.equal(frames.take(later.buffer), null);
});
