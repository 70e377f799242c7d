import assert from "node:assert/strict";
import { aloneText } from "../../lib/commands/evaluate_alone.ts";
import { modelsAlone } from "../../lib/experiments/models_alone.ts";
import type { OutcomeTable } from "../../lib/outcomes/outcome_table.ts";
import { tableOf } from "../_tables.ts";
import { inFolder } from "../files/_files.ts";
import { runTask } from "./_run_task.ts";

const SPLIT = { trainShare: 0.7, seed: 1 };

/** Prompts that a cheap model answers at even, a dear one at all places; each of an evaluation of its own where asked. */
function made(nPrompts: number, costs: readonly number[], { ownEvals = false } = {}): OutcomeTable {
  const prompts = Array.from({ length: nPrompts }, (_, i) => `prompt ${i}`);
  return tableOf({
    quality: prompts.map((_, i) => costs.map((_, j) => j === 0 && i % 2 === 1 ? 0 : 1)),
    costUsd: prompts.map(() => costs),
    evalNames: ownEvals ? prompts : undefined,
    prompts,
  });
}

const ALONE: readonly (readonly [string, OutcomeTable, RegExp])[] = [
  ["one prompt", made(1, [1, 2]), /as 1 prompt cannot be parted into some to learn from/],
  ["two prompts", made(2, [1, 2]), /as 2 prompts cannot be parted/],
  [
    "evaluations of one prompt",
    made(9, [1, 2], { ownEvals: true }),
    /as 9 prompts in 9 evaluations .*--eval-column none/,
  ],
  ["one model", made(50, [1]), /as "made" has one model$/],
  ["models of equal cost", made(50, [1, 1]), /as "made" has 2 models of equal cost$/],
  ["models that cost nothing", made(50, [0, 0, 0]), /as "made" has 3 models of equal cost$/],
];
for (const [what, table, why] of ALONE) {
  Deno.test(`modelsAlone() has the means of ${what}, and why there is no more`, () => {
    const alone = modelsAlone(table, SPLIT)!;
    assert.match(alone.why, why);
    const n = table.promptIds.length;
    assert.deepEqual(alone.means[0], { name: "m0", quality: Math.ceil(n / 2) / n, costUsd: table.costUsd[0] });
    const nRight = table.models.length > 1 ? n : Math.ceil(n / 2);
    assert.equal(alone.means.at(-1)!.quality, nRight / n);
    assert.match(aloneText(alone), /\nm0 .* – +–\n[^]*\nZero +– +– +– +–\n/);
  });
}

Deno.test("modelsAlone() is none where routers can be compared, and where a split was asked for", () => {
  assert.equal(modelsAlone(made(3, [1, 2]), SPLIT), null);
  assert.equal(modelsAlone(made(1, [1, 2]), { ...SPLIT, trainShare: 0.5 }), null);
  assert.equal(modelsAlone(made(1, [1, 2]), { ...SPLIT, testIds: new Set() }), null);
});

Deno.test("evaluate of one prompt prints the models, dashes and the reason, as text and as JSON", () =>
  inFolder(async (folder) => {
    const rows = ["a", "b"].map((model, at) => ({ prompt: "Item", model, score: at, cost: 0.001 + at }));
    await Deno.writeTextFile(`${folder}/t.jsonl`, rows.map((row) => JSON.stringify(row)).join("\n"));
    const { code, out, err } = await runTask("evaluate", `${folder}/t.jsonl`, "--out", `${folder}/o`);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(
      out,
      /\na +0\.0000 +0\.00100 +– +–\n[^]*Routers cannot be compared, as 1 prompt .* No files were\n? *written/s,
    );
    const json = JSON.parse((await runTask("evaluate", `${folder}/t.jsonl`, "--json")).out);
    assert.deepEqual([json.means[1], json.evaluations], [{ name: "b", quality: 1, costUsd: 1.001 }, []]);
  }));
