import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../load.mjs";

const { tellColumns } = await load("columns.ts");

test("pictures and labels", () => {
  const rows = [
    { id: "d1", label: "3", thumbnail: "thumbnails/1.png" },
    { id: "d2", label: "7", thumbnail: "thumbnails/2.PNG" },
  ];
  assert.deepEqual(tellColumns(rows, ["d1", "d2"]), {
    media: "thumbnail",
    sound: null,
    text: null,
    facts: ["label"],
  });
});

test("the longest text is the text", () => {
  const rows = [
    { id: "n1", word: "rat", gloss: "a small rodent with a long tail", source: "a dictionary of 1913" },
    {
      id: "n2",
      word: "cat",
      gloss: "a domesticated feline, kept for company",
      source: "a dictionary of 1913",
    },
  ];
  assert.deepEqual(tellColumns(rows, ["n1", "n2"]), {
    media: null,
    sound: null,
    text: "gloss",
    facts: ["word"],
  });
});

test("a column that names pictures now and then is no picture column", () => {
  const rows = [
    { id: "1", what: "a.png" },
    { id: "2", what: "none" },
  ];
  assert.deepEqual(tellColumns(rows, ["1", "2"]), { media: null, sound: null, text: null, facts: ["what"] });
});

test("rows without columns show nothing", () => {
  assert.deepEqual(tellColumns([], []), { media: null, sound: null, text: null, facts: [] });
  assert.deepEqual(tellColumns([{}], ["0"]), { media: null, sound: null, text: null, facts: [] });
  assert.deepEqual(tellColumns([{ empty: "" }], ["0"]), {
    media: null,
    sound: null,
    text: null,
    facts: ["empty"],
  });
});

test("a column that names sounds is one to be played", () => {
  const rows = [{ clip: "a.WAV" }, { clip: "b/c.mp3" }, { clip: "" }];
  assert.equal(tellColumns(rows, ["1", "2", "3"]).sound, "clip");
});
