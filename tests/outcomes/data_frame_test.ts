import assert from "node:assert/strict";
import { toDataFrame } from "../../lib/outcomes/data_frame.ts";
import { modelMeans, selectEvals } from "../../lib/outcomes/outcome_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";

const OUTCOMES = simulateOutcomes({ nPromptsPerEval: 12, seed: 4 });
const { models, promptIds } = OUTCOMES;
const n = promptIds.length;
const m = models.length;

Deno.test("toDataFrame() has a row for each prompt and model; head() shows the first", async () => {
  const frame = await toDataFrame(OUTCOMES);
  assert.deepEqual(frame.columns, ["prompt_id", "eval_name", "model", "quality", "cost_usd"]);
  assert.deepEqual(frame.shape, [n * m, 5]);
  assert.deepEqual(
    frame.head(2).values,
    [0, 1].map((j) => [
      promptIds[0],
      OUTCOMES.evalNames[0],
      models[j],
      OUTCOMES.quality[j],
      OUTCOMES.costUsd[j],
    ]),
  );
});

Deno.test("toDataFrame() grouped by evaluation and model has the means of the table", async () => {
  const grouped = (await toDataFrame(OUTCOMES)).groupby(["eval_name", "model"]).col(["quality", "cost_usd"]).mean();
  assert.deepEqual(grouped.columns, ["eval_name", "model", "quality_mean", "cost_usd_mean"]);
  const { quality, costUsd } = modelMeans(selectEvals(OUTCOMES, ["mbpp"]));
  const ofMbpp = (grouped.values as [string, string, number, number][]).filter(([name]) => name === "mbpp");
  assert.equal(ofMbpp.length, m);
  for (const [, model, meanQuality, meanCost] of ofMbpp) {
    const j = models.indexOf(model);
    assert.ok(Math.abs(meanQuality - quality[j]) < 1e-12 && Math.abs(meanCost - costUsd[j]) < 1e-12, model);
  }
});

Deno.test("toDataFrame() can be queried by conditions joined with and()", async () => {
  const frame = await toDataFrame(OUTCOMES);
  const [model] = models;
  const found = frame.query(frame.model.eq(model).and(frame.quality.eq(1)));
  const expected = promptIds.filter((_, i) => OUTCOMES.quality[i * m] === 1);
  assert.ok(expected.length > 0);
  assert.deepEqual(found.prompt_id.values, expected);
});

Deno.test("toDataFrame() of the wide layout has a row for each prompt; another layout is refused", async () => {
  const frame = await toDataFrame(OUTCOMES, { layout: "wide" });
  assert.deepEqual(frame.shape, [n, 3 + 2 * m]);
  assert.deepEqual(frame[`${models[1]}|quality`].values, promptIds.map((_, i) => OUTCOMES.quality[i * m + 1]));
  await assert.rejects(
    toDataFrame(OUTCOMES, { layout: "tall" as "long" }),
    /TypeError: .* must be "long" or "wide": it is "tall"/,
  );
});
