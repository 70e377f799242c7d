import assert from "node:assert/strict";
import type { Embeddings } from "../../../lib/embeddings/embeddings.ts";
import { oracleCurve } from "../../../lib/evaluation/oracle_curve.ts";
import { loadOutcomes } from "../../../lib/files/load_outcomes.ts";
import type { OutcomeTable } from "../../../lib/outcomes/outcome_table.ts";
import { simulateOutcomes } from "../../../lib/outcomes/simulate_outcomes.ts";
import { numpyShuffle } from "../../../lib/outcomes/split_outcomes.ts";
import type { OptimismRow } from "../../../lib/paper/run/measure_evaluation.ts";
import { errataOfOutcomes, type ErratumRow, type OutcomeEvidence } from "../../../lib/paper/errata/errata.ts";
import { tableOf, testOnRealRows } from "../../_tables.ts";

function errata(
  outcomes: OutcomeTable,
  change: Partial<OutcomeEvidence> & { optimism?: readonly OptimismRow[] } = {},
): ErratumRow[] {
  const n = outcomes.promptIds.length;
  const { optimism = [], ...rest } = change;
  const embeddings: Embeddings = {
    nPrompts: n,
    nDims: 1,
    values: Float32Array.from({ length: n }, (_, i) => i),
    encoder: "made",
  };
  const evalNames = [...new Set(outcomes.evalNames)];
  const curve = { evalName: "made", curve: oracleCurve(outcomes), evaluation: null as never };
  return errataOfOutcomes(outcomes, {
    ...{ embeddings, evalNames, seed: 1, maxTokens: 128, run: { optimism, oracleCurves: [curve] } },
    ...rest,
  });
}

function one(rows: readonly ErratumRow[], id: string): ErratumRow {
  const found = rows.filter((row) => row.id === id);
  assert.equal(found.length, 1, id);
  return found[0];
}

/** Twenty prompts of two models; `prompts` are their texts. */
function made(
  prompts: readonly string[],
  evalName = "winogrande",
  quality = (i: number): number[] => [i % 2, 1],
): OutcomeTable {
  return tableOf({
    quality: prompts.map((_, i) => quality(i)),
    costUsd: prompts.map(() => [1, 2]),
    evalNames: prompts.map(() => evalName),
    prompts,
  });
}

Deno.test("errataOfOutcomes() counts duplicates that cross the paper's split, as a slow count does", () => {
  const prompts = Array.from({ length: 20 }, (_, i) => `prompt ${i % 13}`);
  const table = made(prompts);
  const rows = [...prompts.keys()];
  const crossing = (order: readonly number[]): number => {
    const train = new Set(order.slice(0, 14).map((row) => prompts[row]));
    return order.slice(14).filter((row) => train.has(prompts[row])).length;
  };
  const byId = rows.toSorted((a, b) => table.promptIds[a].localeCompare(table.promptIds[b], "en"));
  const nCrossing = crossing(byId);
  const { evidence } = one(errata(table), "duplicates-cross-the-split");
  assert.ok(nCrossing > 0);
  assert.deepEqual(evidence, { nCrossing, nTest: 6, shuffled: crossing(numpyShuffle(rows, 42)), byOurs: 0 });
});

Deno.test("errataOfOutcomes() sees prompts that are cut, and different prompts that share one vector", () => {
  const shared = "the same examples ".repeat(60);
  const prompts = Array.from({ length: 20 }, (_, i) => `${shared} question ${i}`);
  const table = made(prompts);
  const embeddings = { nPrompts: 20, nDims: 1, values: Float32Array.from({ length: 20 }, (_, i) => i < 5 ? 0 : i) };
  const { evidence, computed } = one(
    errata(table, { embeddings: { ...embeddings, encoder: "made" } }),
    "prompts-are-cut",
  );
  assert.deepEqual(evidence, { nCut: 20, "shared vectors, winogrande": 5 / 20 });
  assert.match(computed, /An encoder of 128 word pieces cuts at least 20 prompts .* share one vector: Winogrande 25 %/);
  assert.match(
    one(errata(made(prompts.map((_, i) => `short ${i}`))), "prompts-are-cut").computed,
    /^no prompt is cut .* vector: none$/,
  );
});

Deno.test("errataOfOutcomes() finds a model below chance in a file, and says that a simulation cannot show it", () => {
  const prompts = Array.from({ length: 200 }, (_, i) => `prompt ${i}`);
  const cut = one(errata(made(prompts, "mmlu", (i) => [Number(i % 100 === 0), i % 2])), "answers-were-cut");
  assert.equal(cut.evidence.nModels, 1);
  assert.match(cut.computed, /m0 on mmlu: 0\.010, chance is 0\.25/);
  assert.match(
    one(errata(made(prompts, "mmlu", (i) => [1, i % 2])), "answers-were-cut").computed,
    /^no model is far below chance/,
  );
  const simulated = one(errata(simulateOutcomes({ nPromptsPerEval: 20, seed: 1 })), "answers-were-cut");
  assert.deepEqual(simulated.evidence, {});
  assert.match(simulated.computed, /^not on simulated outcomes/);
});

Deno.test("errataOfOutcomes() says how much of a simulated oracle is luck, and of none that is recorded", () => {
  const outcomes = simulateOutcomes({ nPromptsPerEval: 200, seed: 1 });
  const { evidence } = one(errata(outcomes), "oracle-luck-measured");
  const best = outcomes.promptIds.map((_, i) => Math.max(...outcomes.trueQuality.slice(i * 11, i * 11 + 11)));
  assert.ok(Math.abs(evidence.withoutLuck - best.reduce((sum, value) => sum + value) / best.length) < 1e-12);
  assert.ok(evidence.oracle > evidence.withoutLuck);
  assert.deepEqual(one(errata(made(["a", "b", "c", "d"])), "oracle-luck-measured").evidence, {});
});

Deno.test("errataOfOutcomes() averages what choosing on the test prompts adds over evaluations, the pooled one left out", () => {
  const row = (evalName: string, system: string, gain: number, overZero: number | null): OptimismRow => ({
    ...{
      evalName,
      system,
      nTest: 10,
      chosenOnValidation: 0.5,
      chosenOnTest: 0.5 + gain,
      optimism: gain,
      optimismOverZero: overZero,
    },
  });
  const optimism = [
    ...[row("pooled", "Zero", 0.5, null), row("pooled", "Linear", 0.5, 0)],
    ...[
      row("mmlu", "Zero", 0.01, null),
      row("mmlu", "Linear", 0.02, 0.01),
      row("mbpp", "Zero", 0.03, null),
      row("mbpp", "Linear", 0.06, 0.03),
    ],
  ];
  const { evidence, computed } = one(errata(made(["a", "b", "c", "d"]), { optimism }), "settings-chosen-on-test");
  assert.ok(Math.abs(evidence.Zero - 0.02) < 1e-12 && Math.abs(evidence.Linear - 0.04) < 1e-12);
  assert.match(
    computed,
    /Zero \+0\.0200, Linear \+0\.0400 \(\+0\.0200 over Zero\); most \+0\.0600 \(Linear on MBPP, 10 prompts\)$/,
  );
});

testOnRealRows("errataOfOutcomes() on the real rows: few-shot prompts are cut", async (path) => {
  const rows = errata(await loadOutcomes(path));
  // ARC and Winogrande share prefixes of 1,653 and 1,221 characters: nearly all prompts are longer than 128 word pieces.
  assert.ok(one(rows, "prompts-are-cut").evidence.nCut > 2500);
  assert.equal(one(rows, "duplicates-cross-the-split").evidence.byOurs, 0);
});

testOnRealRows(
  "errataOfOutcomes() on the real rows: Table 1 is of the last ids, unshuffled, Figure 3 of all prompts",
  async (path) => {
    const rows = errata(await loadOutcomes(path));
    const { evidence } = one(rows, "ids-were-not-shuffled");
    for (const evalName of ["mbpp", "winogrande"]) {
      assert.ok(evidence[`by id, ${evalName}`] < 7e-4 && evidence[`shuffled, ${evalName}`] > 0.03, evalName);
    }
    // 14 of ARC's 441 are wrong in the paper, as their scores stand in the second rows of their ids.
    assert.ok(evidence["by id, arc-challenge"] <= 14 / 441 + 5e-4);
    const missing = one(rows, "missing-scores-count-as-wrong").evidence;
    assert.deepEqual([missing.nTest, missing.mostLost, missing.gpt4.toFixed(3)], [441, 14, "0.952"]);
    const shares = one(rows, "figure-3-counts-training-prompts").evidence;
    for (const evalName of ["mbpp", "winogrande"]) {
      assert.ok(shares[`of all, ${evalName}`] <= 0.005 && shares[`of the test split, ${evalName}`] > 0.01);
    }
    assert.match(
      one(errata(simulateOutcomes({ nPromptsPerEval: 20, seed: 1 })), "ids-were-not-shuffled").computed,
      /^not on simulated outcomes/,
    );
  },
);
