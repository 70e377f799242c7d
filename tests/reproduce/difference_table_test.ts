import assert from "node:assert/strict";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { lexicalEncoder } from "../../lib/embeddings/lexical_encoder.ts";
import { differenceTable } from "../../lib/reproduce/difference_table.ts";
import { embedPrompts, reproducePaper } from "../../lib/reproduce/reproduce.ts";

Deno.test("differenceTable() has a row for every printed number, and says calibrated of simulated outcomes, never equal", async () => {
  const outcomes = simulateOutcomes({ nPromptsPerEval: 30, seed: 1 });
  const { evaluations } = await reproducePaper(outcomes, await embedPrompts(outcomes, lexicalEncoder()), {
    seed: 1,
    protocol: "ours",
    evalNames: ["mbpp", "mmlu"],
  });
  const { columns, rows } = differenceTable(evaluations, { kind: "simulated" });
  // Table 1: 12 rows × 7 evaluations × quality and cost; Figure 4: 18, Figures 5 and 8: 12, Figure 6: 4 printed AIQs.
  assert.equal(rows.length, 12 * 7 * 2 + 18 + 12 + 4);
  const at = (name: string): number => columns.indexOf(name);
  for (const row of rows) {
    const isThere = ["mbpp", "mmlu"].includes(String(row[at("eval_name")])) && row[at("ours")] !== null;
    assert.match(String(row[at("verdict")]), isThere ? /^calibrated$/ : /^open: these outcomes have nothing/);
    if (isThere) assert.equal(row[at("difference")], (row[at("ours")] as number) - (row[at("printed")] as number));
  }
  // The same rows of a file are judged by their digits.
  const judged = differenceTable(evaluations, { kind: "file" }).rows.map((row) => String(row[at("verdict")]));
  assert.ok(judged.every((verdict) => /^(equal|explained: |open)/.test(verdict)));
});
