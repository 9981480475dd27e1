import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

// A notebook holds the widget once for each output: it must stay small. The page and a report hold the same parts.
const most = { "widget.js": 65_000, "app.js": 75_000, "report.js": 65_000 };

for (const [name, bytes] of Object.entries(most)) {
  test(`${name} is at most ${bytes} bytes when compressed`, () => {
    const size = gzipSync(readFileSync(new URL(`../../dist/${name}`, import.meta.url))).length;
    assert.ok(size <= bytes, `${size} bytes`);
    console.log(`${name}: ${size} bytes compressed`);
  });
}
