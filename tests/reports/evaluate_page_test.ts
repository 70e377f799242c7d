import assert from "node:assert/strict";
import { evaluateTable } from "../../lib/experiments/evaluate_table.ts";
import { terminalHeading, terminalTable } from "../../lib/paper/run/summary.ts";
import { summaryOf } from "../../lib/paper/run/summary.ts";
import { terminalStyle } from "../../lib/base/terminal.ts";
import { tableOf } from "../_tables.ts";

async function printed(quality: readonly (readonly number[])[]): Promise<string> {
  const table = tableOf({
    quality,
    costUsd: quality.map(() => [1e-4, 1e-3]),
    prompts: quality.map((_, i) => `What is ${i}?`),
  });
  const options = { families: ["cascade"], trainShare: 0.7, seed: 1 } as const;
  const [named] = (await evaluateTable(table, null, options)).evaluations;
  return terminalHeading(named) + "\n" + terminalTable(summaryOf(named), terminalStyle());
}

Deno.test("an evaluation of one test prompt, or of wrong answers only, prints dashes and why", async () => {
  const one = await printed([[0, 1], [1, 1], [0, 1]]);
  assert.match(one, /1 test prompt, oracle –; one test prompt says nothing of routers/);
  assert.match(one, /\nZero( +–){5,6}\n/);
  const wrong = await printed(Array.from({ length: 60 }, () => [0, 0]));
  assert.match(wrong, /18 test prompts, oracle –; no model is right on any test prompt/);
  assert.match(wrong, /\nZero( +–){5,6}$/);
  for (const text of [one, wrong]) assert.doesNotMatch(text, /\[[+−]|\d×|0\.0000/);
  const equal = await printed(Array.from({ length: 60 }, (_, i) => [i % 2, i % 2]));
  assert.match(equal, /all models are equally good on each test prompt, so only costs differ/);
  assert.match(equal, /\nCascade, ε = 0 +0\.\d{4} +– +– +0\.\d{4} /);
});
