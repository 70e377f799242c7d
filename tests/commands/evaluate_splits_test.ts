import assert from "node:assert/strict";
import { readOptions } from "../../lib/commands/command_options.ts";
import { EVALUATE } from "../../lib/commands/evaluate_command.ts";
import { evaluateOverSplits, nSplitsOf } from "../../lib/commands/evaluate_splits.ts";
import { lexicalEncoder } from "../../lib/embeddings/lexical_encoder.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";

Deno.test("evaluate --splits prints mean gains of all systems, and of simulated outcomes the share of the optimum", async () => {
  const outcomes = simulateOutcomes({ nPromptsPerEval: 40, seed: 1 });
  const embeddings = await lexicalEncoder({ nDims: 32 }).encode(outcomes);
  const settings = { routers: ["linear", "cascade"], trainShare: 0.7 } as const;
  const onProgress = (): void => {};
  const run = (isJson: boolean): Promise<string> =>
    evaluateOverSplits({ outcomes, embeddings, settings }, { nSplits: 2, isJson, onProgress });
  const text = await run(false);
  assert.match(text, /Share of optimum: of the gain of the best router/);
  assert.match(text, /Linear, α chosen +[+−]0\.\d{4} +0\.\d{4} +0\.\d{4} +-?\d\.\d\d/);
  assert.match(text, /mean of 2 splits/);
  const rows = JSON.parse(await run(true)) as { system: string; gains: number[]; meanGain: number }[];
  assert.deepEqual(rows.map(({ system }) => system).slice(-3), [0, 0.1, 0.2].map((error) => `Cascade, ε = ${error}`));
  for (const { gains, meanGain } of rows) assert.ok(Math.abs((gains[0] + gains[1]) / 2 - meanGain) < 1e-12);
});

Deno.test("evaluate --splits needs two splits or more, by chance", () => {
  const read = (...more: string[]): number | null => nSplitsOf(readOptions(["mine.csv", ...more], EVALUATE));
  assert.equal(read(), null);
  assert.equal(read("--splits", "10"), 10);
  assert.throws(() => read("--splits", "1"), /--splits must be a whole number, 2 or more: it is "1"/);
  assert.throws(() => read("--splits", "2", "--split", "given"), /must be by chance/);
});
