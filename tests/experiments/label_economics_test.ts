import assert from "node:assert/strict";
import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { knn } from "../../lib/evaluation/recipes.ts";
import { drawnLabels, estimatedOutcomes, fitOnLabels, labelledParts } from "../../lib/experiments/_partial_labels.ts";
import { labelEconomics, labelEconomicsTable } from "../../lib/experiments/label_economics.ts";
import { labelEconomicsPanel } from "../../lib/experiments/label_economics_panel.ts";
import { selectEmbeddings } from "../../lib/embeddings/embeddings.ts";
import { selectPrompts } from "../../lib/outcomes/outcome_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { selectModels } from "../../lib/outcomes/what_if.ts";
import { fitKnnRouter } from "../../lib/routers/knn.ts";
import { randomTable } from "../_tables.ts";

const outcomes = simulateOutcomes({ nPromptsPerEval: 30, seed: 2 });
const embeddings = await (await openEncoder("lexical")).encode(outcomes);

Deno.test("drawnLabels(): so many models of each prompt, each as often as the others", () => {
  const table = randomTable(3000, 5, 1);
  const labelled = drawnLabels(table, { modelsPerPrompt: 2, seed: 4 });
  const counts = new Float64Array(5);
  for (let i = 0; i < 3000; i++) {
    const row = labelled.subarray(i * 5, (i + 1) * 5);
    assert.equal(row.reduce((sum, each) => sum + each), 2);
    row.forEach((each, j) => counts[j] += each);
  }
  for (const count of counts) assert.ok(Math.abs(count / 3000 - 0.4) < 0.03, `${counts}`);
});

Deno.test("estimatedOutcomes(): the mean over all equally likely labels is the truth, whatever was predicted", () => {
  const table = randomTable(6, 4, 3);
  const predictions = {
    nPrompts: 6,
    models: table.models,
    quality: table.quality.map((_, at) => at / 24),
    costUsd: Float64Array.of(0.1, 0.2, 0.3, 0.4),
  };
  const pairs = [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].flatMap((b) => a < b ? [[a, b]] : []));
  const sums = { quality: new Float64Array(24), costUsd: new Float64Array(24) };
  for (const pair of pairs) {
    const labelled = Uint8Array.from({ length: 24 }, (_, at) => Number(pair.includes(at % 4)));
    const known = estimatedOutcomes(table, predictions, { labelled, modelsPerPrompt: 2 });
    for (const field of ["quality", "costUsd"] as const) {
      known[field].forEach((value, at) => sums[field][at] += value / pairs.length);
    }
  }
  for (const field of ["quality", "costUsd"] as const) {
    table[field].forEach((value, at) => assert.ok(Math.abs(value - sums[field][at]) < 1e-12));
  }
  const all = new Uint8Array(24).fill(1);
  assert.equal(estimatedOutcomes(table, predictions, { labelled: all, modelsPerPrompt: 4 }), table);
});

Deno.test("fitOnLabels(): each model is predicted from the prompts that have its label, and from no other", async () => {
  const labelled = drawnLabels(outcomes, { modelsPerPrompt: 3, seed: 1 });
  const { models } = outcomes;
  const parts = labelledParts({ outcomes, embeddings }, labelled);
  const router = await fitOnLabels(knn({ k: 5 }), parts, { models, seed: 1 });
  const { quality } = await router.predict(embeddings);
  for (const j of [0, 7]) {
    const rows = outcomes.promptIds.flatMap((_, i) => labelled[i * 11 + j] === 1 ? [i] : []);
    const own = {
      outcomes: selectModels(selectPrompts(outcomes, rows), [models[j]]),
      embeddings: selectEmbeddings(embeddings, rows),
    };
    const alone = await (await fitKnnRouter(own, { k: 5 })).predict(embeddings);
    alone.quality.forEach((value, i) => assert.equal(quality[i * 11 + j], value));
  }
});

Deno.test("labelEconomics(): labels are counted and priced, and repaid by what a request saves", async () => {
  const options = {
    nPrompts: [60, 120],
    modelsPerPrompt: [11],
    nRepeats: 2,
    keep: 0.5,
    seed: 1,
    routers: [knn({ k: 10 })],
  };
  const rows = await labelEconomics({ outcomes, embeddings }, options);
  const dearer = await labelEconomics({ outcomes, embeddings }, { ...options, judgementUsd: 0.01 });
  rows.forEach((row, at) => {
    assert.ok(Math.abs(dearer[at].labelCostUsd - row.labelCostUsd - 0.01 * row.nLabels) < 1e-9);
    assert.ok(row.interval[0] <= row.gain && row.gain <= row.interval[1]);
    const { savedUsdPerRequest: saved, requestsToRepay, repayInterval } = row;
    assert.equal(repayInterval === null, requestsToRepay === null);
    if (repayInterval !== null) {
      const [least, most] = repayInterval;
      assert.ok(least <= requestsToRepay! && (most === null || most >= requestsToRepay!));
      // The saving lies in the middle of its interval.
      if (most !== null) {
        const middle = (row.labelCostUsd / least + row.labelCostUsd / most) / 2;
        assert.ok(Math.abs(middle / saved! - 1) < 0.01);
      }
    }
    assert.equal(requestsToRepay, saved !== null && saved > 0 ? Math.ceil(row.labelCostUsd / saved) : null);
  });
  assert.deepEqual(rows.map(({ nLabels }) => nLabels), [660, 1320]);
  assert.equal(labelEconomicsTable(rows).columns.length, 11);
  const { data } = labelEconomicsPanel(rows, { title: "Labels" });
  assert.ok(data.some(({ name }) => `${name}`.startsWith("11 models")));
  await assert.rejects(
    labelEconomics({ outcomes, embeddings }, { ...options, nPrompts: [9999] }),
    /at most \d+ prompts/,
  );
  await assert.rejects(labelEconomics({ outcomes, embeddings }, { ...options, nRepeats: 1 }), /two repeats or more/);
  await assert.rejects(
    labelEconomics({ outcomes, embeddings }, { ...options, nPrompts: [20], modelsPerPrompt: [1] }),
    /10 answers of each model to learn from: asked are 1 of 11 models for 20 prompts/,
  );
});
