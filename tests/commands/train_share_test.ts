import assert from "node:assert/strict";
import { trainingWords } from "../../lib/commands/train_share.ts";
import { type OutcomeTable, outcomeTable } from "../../lib/outcomes/outcome_table.ts";
import { splitOutcomes } from "../../lib/outcomes/split_outcomes.ts";

function tableOf(evalNames: readonly string[], prompts?: readonly string[]): OutcomeTable {
  const n = evalNames.length;
  return outcomeTable({
    models: ["s", "l"],
    promptIds: evalNames.map((_, at) => String(at)),
    evalNames,
    prompts: prompts ?? evalNames.map((_, at) => `prompt ${at}`),
    quality: new Float64Array(2 * n).fill(0.5),
    costUsd: new Float64Array(2 * n).fill(1),
    latencySeconds: null,
    source: { kind: "file", name: "made", sha256: "", notes: [] },
  });
}

const words = (table: OutcomeTable, trainShare = 0.7): string =>
  trainingWords(table, { trainShare, split: "chance", seed: 1 });

Deno.test("the share that is learned from is the one asked for where evaluations are large", () =>
  assert.equal(words(tableOf(new Array(400).fill("all"))), "0.7 of the prompts"));

Deno.test("many evaluations of one prompt: the true share is said, and how to split all together", () => {
  const table = tableOf([...Array.from({ length: 600 }, (_, at) => `t${at}`), ...new Array(600).fill("big")]);
  assert.equal(splitOutcomes(table, { trainShare: 0.7, seed: 1 }).trainRows.length, 420);
  assert.equal(
    words(table),
    "0.35 of the prompts (420 of 1,200 prompts) instead of 0.7, as each of 601 evaluations is split into whole prompts; --eval-column none splits all together",
  );
});

Deno.test("prompts of one text that stay together: the true share is said", () =>
  assert.equal(
    words(tableOf(new Array(10).fill("all"), ["other", ...new Array(9).fill("same")])),
    "0.10 of the prompts (1 of 10 prompts) instead of 0.7, as prompts of one text stay together",
  ));

Deno.test("the given split is said with its share; a table that cannot be split says what was asked for", () => {
  const table = tableOf(["all"]);
  assert.equal(words(table), "0.7 of the prompts");
  assert.equal(
    trainingWords(table, { trainShare: 0.25, split: "given", seed: 1 }),
    "the given split, 0.250 of the prompts",
  );
});
