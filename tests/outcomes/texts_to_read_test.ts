import assert from "node:assert/strict";
import { textsToRead } from "../../lib/outcomes/texts_to_read.ts";
import { tableOf, testOnRealRows } from "../_tables.ts";

const SHORT = "Is grass green? Yes.\nIs snow red? No.\n";
const EXAMPLES = SHORT.repeat(14);

function table(prompts: readonly string[], evalNames: readonly string[]): ReturnType<typeof tableOf> {
  return tableOf({ quality: prompts.map(() => [0, 1]), costUsd: prompts.map(() => [1, 2]), evalNames, prompts });
}

Deno.test("textsToRead() leaves out what the prompts of an evaluation share, and says so", () => {
  const questions = ["red", "green", "blue", "black", "brown", "white"].map((color) => `Is the sky ${color}?`);
  const prompts = [...questions.map((question) => EXAMPLES + question), "Add 1 and 2", "Name a bird"];
  const evalNames = [...questions.map(() => "colors"), "sums", "birds"];
  const { texts, notes } = textsToRead(table(prompts, evalNames));
  assert.deepEqual(texts, [...questions, "Add 1 and 2", "Name a bird"]);
  assert.deepEqual(notes, ["The first 532 characters of 6 of 6 prompts of colors are the same and are not read"]);
});

Deno.test("textsToRead() gives whole prompts where that is asked, and where nothing is shared", () => {
  const prompts = ["red", "green", "blue", "black", "brown", "white"].map((color) => `${EXAMPLES}Is it ${color}?`);
  const shared = table(prompts, prompts.map(() => "colors"));
  assert.deepEqual(textsToRead(shared, { whole: true }), { texts: prompts, notes: [], leftOut: [] });
  const apart = table(["Add 1 and 2", "Name a bird"], ["sums", "birds"]);
  assert.deepEqual(textsToRead(apart), { texts: ["Add 1 and 2", "Name a bird"], notes: [], leftOut: [] });
});

Deno.test("textsToRead() keeps a short beginning, which tells the kind of task", () => {
  const prompts = ["red", "green", "blue", "black", "brown", "white"].map((color) => `${SHORT}Is it ${color}?`);
  assert.deepEqual(textsToRead(table(prompts, prompts.map(() => "colors"))), {
    texts: prompts,
    notes: [],
    leftOut: [],
  });
});

Deno.test("textsToRead() refuses a table without texts", () => {
  const bare = tableOf({ quality: [[0, 1]], costUsd: [[1, 2]] });
  assert.throws(() => textsToRead(bare), /the table must have their texts: "made" has none/);
});

testOnRealRows("textsToRead() leaves out the examples of the real few-shot prompts", async (path) => {
  const { loadOutcomes } = await import("../../lib/files/load_outcomes.ts");
  const { texts, notes } = textsToRead(await loadOutcomes(path, { missing: "drop" }));
  assert.ok(notes.some((note) => /1,[0-9]{3} characters of .* prompts of arc-challenge/.test(note)), notes.join("\n"));
  const lengths = texts.map(({ length }) => length).sort((a, b) => a - b);
  assert.ok(lengths[Math.floor(lengths.length / 2)] < 700, `half of the texts are short: ${lengths[1500]}`);
});
