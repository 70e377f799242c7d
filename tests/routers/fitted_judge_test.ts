import assert from "node:assert/strict";
import { fitLogistic, logistic } from "../../lib/compute/logistic.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { splitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { cascadeRouting } from "../../lib/evaluation/cascade_routing_system.ts";
import { knn } from "../../lib/evaluation/recipes.ts";
import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { fitJudge } from "../../lib/routers/fitted_judge.ts";
import { tableOf } from "../_tables.ts";

Deno.test("fitLogistic(): the gradient of the penalised likelihood is 0 at the fit, in every direction", () => {
  const random = seededRandom(1, "logistic");
  const [n, d] = [200, 3];
  const x = { rows: n, cols: d, values: Float64Array.from({ length: n * d }, () => random.normal()) };
  const offset = Array.from({ length: n }, () => random.normal());
  const y = offset.map((each, i) => Number(random.uniform() < logistic(each + 2 * x.values[i * d])));
  const weights = fitLogistic(x, y, { offset, penalty: 2 });
  const loss = (w: Float64Array): number =>
    offset.reduce((sum, each, i) => {
      const t = each + w.reduce((product, weight, k) => product + weight * x.values[i * d + k], 0);
      return sum + Math.log(1 + Math.exp(-t)) + (1 - y[i]) * t;
    }, w.reduce((sum, weight) => sum + weight * weight, 0));
  for (let k = 0; k < d; k++) {
    for (const step of [-1e-3, 1e-3]) assert.ok(loss(weights.map((w, l) => l === k ? w + step : w)) > loss(weights));
  }
  assert.ok(weights[0] > 1 && Math.abs(weights[1]) < 0.5);
  assert.throws(() => fitLogistic(x, y, { offset, penalty: 0 }), /^RangeError: .* above 0: it is 0/);
  assert.throws(() => fitLogistic(x, [1], { offset, penalty: 1 }), /^TypeError: .* equal rows/);
});

Deno.test("fitJudge(): a score that tells good from bad is trusted, one that is noise is not", () => {
  const random = seededRandom(2, "judge");
  const rows = Array.from({ length: 600 }, () => [Number(random.uniform() < 0.6), Number(random.uniform() < 0.3)]);
  const table = tableOf({ quality: rows, costUsd: rows.map(() => [1, 2]) });
  const predictions = {
    nPrompts: 600,
    models: table.models,
    quality: Float64Array.from({ length: 1200 }, (_, at) => [0.6, 0.3][at % 2]),
    costUsd: Float64Array.of(1, 2),
  };
  const rowOf = new Map(table.promptIds.map((id, i) => [id, i]));
  // The score falls with quality for m0, as any direction will do, and is noise for m1.
  const noise = table.quality.map(() => random.normal());
  const score = (id: string, model: string): number => {
    const at = rowOf.get(id)! * 2 + Number(model === "m1");
    return model === "m0" ? noise[at] - 4 * table.quality[at] : noise[at];
  };
  const judge = fitJudge(table, predictions, { acceptFromQuality: 1, score, shrinkBy: 10 });
  const b = judge.nSignals;
  const ratios = (j: number): number[] =>
    Array.from({ length: b }, (_, s) => judge.whenGood[j * b + s] / judge.whenBad[j * b + s]);
  assert.ok(Math.max(...ratios(0)) > 10 && Math.min(...ratios(0)) < 0.1, `${ratios(0)}`);
  assert.ok(Math.max(...ratios(1)) < 2 && Math.min(...ratios(1)) > 0.5, `${ratios(1)}`);
  for (const shares of [judge.whenGood, judge.whenBad]) {
    for (let j = 0; j < 2; j++) {
      assert.ok(Math.abs(shares.subarray(j * b, (j + 1) * b).reduce((sum, share) => sum + share) - 1) < 1e-12);
    }
  }
  const certain = judge.signals(table, predictions);
  for (let at = 0; at < 1200; at++) {
    assert.deepEqual([...certain.subarray(at * b, (at + 1) * b)].sort(), [0, 0, 0, 0, 0, 1]);
  }
  const deaf = fitJudge(table, predictions, { acceptFromQuality: 1, score, shrinkBy: Infinity });
  assert.deepEqual(deaf.whenGood, deaf.whenBad);
  assert.throws(
    () => fitJudge(table, predictions, { acceptFromQuality: 1, score: () => NaN, shrinkBy: 10 }),
    /^RangeError: .* finite score: that of "m0" on prompt "p0" is NaN/,
  );
});

Deno.test("cascadeRouting(): a fitted judge with a telling score beats routing, one without knowledge makes no second call", async () => {
  const outcomes = simulateOutcomes({ nPromptsPerEval: 120, seed: 5 });
  const embeddings = await (await openEncoder("lexical")).encode(outcomes);
  const data = splitForEvaluation(outcomes, embeddings, { seed: 1 });
  const m = outcomes.models.length;
  const random = seededRandom(6, "score");
  const scores = outcomes.quality.map((quality) => quality + 0.5 * random.normal());
  const rowOf = new Map(outcomes.promptIds.map((id, i) => [id, i]));
  const modelAt = new Map(outcomes.models.map((model, j) => [model, j]));
  const score = (id: string, model: string): number => scores[rowOf.get(id)! * m + modelAt.get(model)!];
  const predictor = knn({ k: 20 });
  const routers = [
    predictor,
    cascadeRouting({ judge: "fitted", predictor }),
    cascadeRouting({ judge: "fitted", score, predictor }),
    cascadeRouting({ judgeError: 0.1, predictor }),
  ];
  const { systems } = await evaluateRouters(data, routers, { seed: 1, nResamples: 100 });
  const [router, blind, scored, erring] = systems.slice(1);
  assert.deepEqual([blind.name, scored.name, erring.name], [
    "Cascade routing, judge fitted",
    "Cascade routing, judge fitted with a score",
    "Cascade routing, ε = 0.1",
  ]);
  assert.ok(scored.aiqFormula > router.aiqFormula + 0.02, `${scored.aiqFormula}, ${router.aiqFormula}`);
  assert.ok(blind.aiqFormula > router.aiqFormula - 0.02, `${blind.aiqFormula}, ${router.aiqFormula}`);
  assert.ok(scored.notes.some((note) => /mixed with \d+ answers/.test(note)));
});
