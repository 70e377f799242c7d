import assert from "node:assert/strict";
import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { aiq } from "../../lib/evaluation/aiq.ts";
import { bestRouter, chosenKnn, chosenLinear, group, kernelAverage } from "../../lib/evaluation/chosen_recipes.ts";
import { meanOf } from "../../lib/base/statistics.ts";
import { routerBounds } from "../../lib/evaluation/bounds.ts";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { splitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { sweepWillingnessToPay } from "../../lib/evaluation/policy.ts";
import { gainsOverSplits } from "../../lib/experiments/over_splits.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { selectSimulated, simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { nonDecreasingHull } from "../../lib/plane/non_decreasing_hull.ts";
import { constantRouters } from "../../lib/routers/constant.ts";
import { fitKnnRouter } from "../../lib/routers/knn.ts";
import { testOnRealRows } from "../_tables.ts";

/** As the documentation says. */
const K_LADDER = [5, 10, 20, 40, 80, 160];
const OPTIONS = { seed: 3, nResamples: 100 };
const outcomes = simulateOutcomes({ nPromptsPerEval: 60, seed: 3 });
const embeddings = await (await openEncoder("lexical")).encode(outcomes);
const data = splitForEvaluation(outcomes, embeddings, { seed: 3 });

Deno.test("chosenKnn() takes the k whose curve has the greatest area on validation prompts, computed here k by k", async () => {
  const { systems: [, knn] } = await evaluateRouters(data, [chosenKnn()], OPTIONS);
  const { outcomes, embeddings } = data.validation;
  const costs = constantRouters(outcomes).map(({ costUsd }) => costUsd);
  const costRangeUsd: [number, number] = [Math.min(...costs), Math.max(...costs)];
  for (const k of K_LADDER) {
    const predictions = await (await fitKnnRouter(data.fit, { k })).predict(embeddings);
    const hull = nonDecreasingHull(sweepWillingnessToPay(predictions, outcomes));
    const step = knn.ladder.find(({ setting }) => setting === `k = ${k}`)!;
    assert.equal(step.aiq, aiq(hull, { rule: "formula", costRangeUsd }));
  }
  const chosen = knn.ladder.filter(({ isChosen }) => isChosen);
  assert.equal(chosen.length, 1);
  assert.equal(chosen[0].aiq, Math.max(...knn.ladder.map(({ aiq }) => aiq)));
  assert.equal(knn.notes[0], `Chosen on validation prompts: ${chosen[0].setting}`);
});

Deno.test("chosen recipes do not depend on the test prompts", async () => {
  const routers = [chosenKnn(), chosenLinear(), kernelAverage(), group(), group({ residual: true }), bestRouter()];
  const { test } = data;
  const spoiled = { ...test, outcomes: { ...test.outcomes, quality: test.outcomes.quality.map((value) => 1 - value) } };
  const [honest, other] = await Promise.all([
    evaluateRouters(data, routers, OPTIONS),
    evaluateRouters({ ...data, test: spoiled }, routers, OPTIONS),
  ]);
  assert.deepEqual(other.systems.map(({ ladder }) => ladder), honest.systems.map(({ ladder }) => ladder));
  assert.notDeepEqual(other.systems[1].aiqFormula, honest.systems[1].aiqFormula);
});

Deno.test("bestRouter() takes the best of all that the other recipes tried", async () => {
  const routers = [chosenKnn(), chosenLinear(), kernelAverage(), group(), group({ residual: true }), bestRouter()];
  // Enough prompts for the lead to be more than chance: with few it falls back, as the last test shows.
  const many = simulateOutcomes({ nPromptsPerEval: 200, seed: 3 });
  const vectors = await (await openEncoder("lexical")).encode(many);
  const { systems } = await evaluateRouters(splitForEvaluation(many, vectors, { seed: 3 }), routers, OPTIONS);
  const tried = systems.slice(1, -1).flatMap(({ ladder }) => ladder.map(({ aiq }) => aiq));
  const best = systems.at(-1)!;
  assert.equal(best.ladder.find(({ isChosen }) => isChosen)!.aiq, Math.max(...tried));
  assert.equal(best.ladder.length, tried.length + 2, "the models' means are tried too, with both kinds of costs");
});

Deno.test("bestRouter() falls back on the models' means, which is Zero, where no router knows anything", async () => {
  // Quality and cost of a model are the same for every prompt.
  const { validation, fit, test } = data;
  const flat = (part: typeof fit): typeof fit => ({
    ...part,
    outcomes: {
      ...part.outcomes,
      quality: part.outcomes.quality.map((_, at) => (at % 11) / 11),
      costUsd: part.outcomes.costUsd.map((_, at) => 0.001 * (at % 11 + 1) ** 2),
    },
  });
  const { systems: [zero, best] } = await evaluateRouters(
    { ...data, fit: flat(fit), validation: flat(validation), test: flat(test) },
    [bestRouter()],
    OPTIONS,
  );
  assert.match(best.notes[0], /No router: mean of each model/);
  assert.ok(Math.abs(best.aiqFormula - zero.aiqFormula) < 1e-12);
});

Deno.test("chosen recipes refuse the paper's protocol, which has no validation prompts", async () => {
  await assert.rejects(
    () => evaluateRouters(data, [chosenKnn()], { ...OPTIONS, protocol: "paper" }),
    /TypeError: Cannot choose the settings of "KNN, k chosen" as it needs validation prompts/,
  );
});

Deno.test("gainsOverSplits() gives means and standard errors of the gains of single evaluations", async () => {
  const [knn] = await gainsOverSplits({ outcomes, embeddings }, [chosenKnn()], { seeds: [1, 2] });
  const evaluations = await Promise.all([1, 2].map(async (seed) => {
    const data = splitForEvaluation(outcomes, embeddings, { seed });
    const { systems: [zero, chosen], costRangeUsd } = await evaluateRouters(data, [chosenKnn()], { ...OPTIONS, seed });
    const { bestWithText } = routerBounds(selectSimulated(outcomes, data.testRows));
    const optimum = aiq(nonDecreasingHull(bestWithText), { rule: "formula", costRangeUsd }) - zero.aiqFormula;
    return { gain: chosen.againstZero!.difference, optimum };
  }));
  const gains = evaluations.map(({ gain }) => gain);
  const optima = evaluations.map(({ optimum }) => optimum);
  assert.deepEqual(knn.gains, gains);
  assert.ok(Math.abs(knn.standardError - Math.abs(gains[0] - gains[1]) / 2) < 1e-15);
  // Two splits that hold out 30 %: the variance of two gains, times 1/2 + 3/7.
  assert.ok(Math.abs(knn.correctedStandardError - Math.abs(gains[0] - gains[1]) * Math.sqrt((0.5 + 3 / 7) / 2)) < 1e-4);
  assert.ok(Math.abs(knn.shareOfOptimum! - meanOf(gains.map((gain, at) => gain / optima[at]))) < 1e-12);
  assert.equal(Object.values(knn.chosen).reduce((sum, count) => sum + count), 2);
  await assert.rejects(
    () => gainsOverSplits({ outcomes, embeddings }, [], { seeds: [1] }),
    /there must be two splits or more/,
  );
});

testOnRealRows("on real rows the chosen routers gain what fixed ones leave", async (path) => {
  const { loadOutcomes } = await import("../../lib/files/load_outcomes.ts");
  const { lastQuestions } = await import("../../lib/outcomes/prompt_text.ts");
  const real = await loadOutcomes(path, { missing: "drop" });
  const embeddings = await (await openEncoder("lexical")).encode(lastQuestions(real).texts);
  const { knn } = await import("../../lib/evaluation/recipes.ts");
  const gains = await gainsOverSplits({ outcomes: real, embeddings }, [knn({ k: 5 }), chosenLinear(), bestRouter()], {
    seeds: [1, 2],
  });
  const [fixed, linear, best] = gains.map(({ meanGain }) => meanGain);
  assert.ok(best > 0.02 && linear > 0.02 && fixed < best - 0.01, `${fixed}, ${linear}, ${best}`);
});

Deno.test("bestRouter() falls back on Zero itself where the best of many settings leads by chance: on vectors of noise", async () => {
  const random = seededRandom(1, "noise");
  const seeds = [1, 2, 3, 4, 5, 6];
  let nFallbacks = 0;
  for (const seed of seeds) {
    const [nPrompts, nDims] = [outcomes.promptIds.length, 8];
    const values = Float32Array.from({ length: nPrompts * nDims }, () => random.normal());
    // One evaluation's name for all, so that nothing but the noise can tell prompts apart.
    const table = { ...outcomes, evalNames: outcomes.evalNames.map(() => "one") };
    const noise = splitForEvaluation(table, { nPrompts, nDims, values, encoder: "noise" }, { seed });
    const { systems: [zero, best] } = await evaluateRouters(noise, [bestRouter()], { seed, nResamples: 100 });
    const greatest = best.ladder.reduce((a, b) => b.aiq > a.aiq ? b : a);
    const chosen = best.ladder.find(({ isChosen }) => isChosen)!;
    assert.ok(greatest.aiq > best.ladder[0].aiq, "some setting leads by chance");
    if (chosen === best.ladder[0]) {
      nFallbacks++;
      assert.ok(Math.abs(best.aiqFormula - zero.aiqFormula) < 1e-12);
      assert.deepEqual(best.settings.map(({ modelShares }) => modelShares), zero.settings.map((s) => s.modelShares));
    } else assert.equal(chosen, greatest);
  }
  assert.ok(nFallbacks >= 5, `${nFallbacks}`);
});
