import assert from "node:assert/strict";
import reference from "../reference/predictor_quality.json" with { type: "json" };
import { calibrationBins, expectedCalibrationError } from "../../lib/evaluation/_calibration.ts";
import { averageRanks, probabilityOfOrder, rankCorrelation } from "../../lib/evaluation/_ranks.ts";
import { predictorQuality } from "../../lib/evaluation/predictor_quality.ts";
import { modelMeans, type OutcomeTable } from "../../lib/outcomes/outcome_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { seededRandom } from "../../lib/base/random.ts";
import type { QualityPredictions } from "../../lib/routers/router.ts";
import { randomTable, tableOf } from "../_tables.ts";
import { WholeNumbers } from "../compute/_numbers.ts";

const TRAIN_MEANS = reference.trainMeans;
const N_MODELS = TRAIN_MEANS.length;

/** The inputs of tests/reference/make_predictor_reference.py. */
function referenceInputs(
  { seed, nLevels, nSteps }: { seed: number; nLevels: number; nSteps: number },
): [QualityPredictions, OutcomeTable] {
  const numbers = new WholeNumbers(seed);
  const predicted: number[][] = [];
  const quality: number[][] = [];
  for (let i = 0; i < reference.nPrompts; i++) {
    predicted.push([]);
    quality.push([]);
    for (let j = 0; j < N_MODELS; j++) {
      predicted[i].push(((numbers.next() * 2 ** 16 + numbers.next()) % (nSteps + 1)) / nSteps);
      const noisy = (predicted[i][j] + (numbers.next() % 1000) / 1000) / 2;
      const grade = Math.min(nLevels - 1, Math.floor(noisy * nLevels));
      quality[i].push(j === N_MODELS - 1 ? 1 : grade / (nLevels - 1));
    }
  }
  const outcomes = tableOf({ quality, costUsd: quality.map((row) => row.map(() => 1)) });
  return [predictionsOf(outcomes, predicted.flat()), outcomes];
}

function predictionsOf(outcomes: OutcomeTable, quality: ArrayLike<number>): QualityPredictions {
  const { models, promptIds } = outcomes;
  return {
    nPrompts: promptIds.length,
    models,
    quality: Float64Array.from(quality),
    costUsd: new Float64Array(models.length).fill(1),
  };
}

/** Every number, at whatever depth, within 1e-12 of the reference's; `null` where that is `null`. */
function assertClose(actual: unknown, expected: unknown, where: string): void {
  if (expected === null) return assert.equal(actual, null, where);
  if (typeof expected === "number") {
    return assert.ok(Math.abs(actual as number - expected) <= 1e-12, `${where}: ${actual} for ${expected}`);
  }
  assert.equal(Object.keys(actual as object).length, Object.keys(expected as object).length, where);
  for (const [key, value] of Object.entries(expected as object)) {
    assertClose((actual as Record<string, unknown>)[key], value, `${where}.${key}`);
  }
}

for (const made of reference.cases) {
  Deno.test(`predictorQuality() equals scikit-learn, scipy and pandas to 1e-12: ${made.name}`, () => {
    const { models, pooled } = predictorQuality(...referenceInputs(made), { trainMeans: TRAIN_MEANS });
    assertClose(models.map(({ model: _, ...measures }) => measures), made.models, "models");
    assertClose(pooled, made.pooled, "pooled");
  });
}

Deno.test("averageRanks() by hand", () => {
  assert.deepEqual(averageRanks([]), new Float64Array());
  assert.deepEqual(averageRanks([7]), Float64Array.of(1));
  assert.deepEqual(averageRanks([3, 1, 3, 3, 2]), Float64Array.of(4, 1, 4, 4, 2));
  assert.deepEqual(averageRanks([0, -0]), Float64Array.of(1.5, 1.5));
});

Deno.test("rankCorrelation() is ±1 for the same and the reverse order, and null for a constant", () => {
  assert.equal(rankCorrelation([1, 2, 5], [0.1, 0.2, 0.9]), 1);
  assert.equal(rankCorrelation([1, 2, 5], [0.9, 0.2, 0.1]), -1);
  assert.equal(rankCorrelation([1, 1, 1], [0.9, 0.2, 0.1]), null);
  assert.equal(rankCorrelation([1], [1]), null);
});

Deno.test("probabilityOfOrder() equals the count over all pairs", () => {
  const random = seededRandom(4, "pairs");
  for (let round = 0; round < 200; round++) {
    const n = 1 + random.integer(14);
    const quality = Array.from({ length: n }, () => random.integer(4) / 3);
    const predicted = quality.map(() => random.integer(5) / 4 - 0.5);
    let right = 0;
    let pairs = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        if (quality[i] <= quality[j]) continue;
        pairs++;
        right += predicted[i] > predicted[j] ? 1 : predicted[i] === predicted[j] ? 0.5 : 0;
      }
    }
    assert.equal(probabilityOfOrder(predicted, quality), pairs === 0 ? null : right / pairs);
  }
});

Deno.test("calibrationBins() keeps equal predictions together and does not depend on the order of rows", () => {
  const predicted = [0.2, 0.2, 0.2, 0.4, 0.6, 0.6];
  const quality = [0, 1, 0, 1, 1, 0];
  const bins = calibrationBins(predicted, quality, 3);
  assert.deepEqual(bins.map(({ count }) => count), [3, 1, 2]);
  assert.ok(Math.abs(bins[0].realised - 1 / 3) < 1e-15 && bins[1].realised === 1 && bins[2].realised === 0.5);
  const order = [4, 0, 5, 3, 2, 1];
  const shuffled = calibrationBins(order.map((i) => predicted[i]), order.map((i) => quality[i]), 3);
  assert.deepEqual(
    shuffled.map(({ realised, count }) => [realised, count]),
    bins.map(({ realised, count }) => [realised, count]),
  );
  assert.equal(calibrationBins([0.5, 0.5], [0, 1], 10).length, 1);
  assert.equal(
    expectedCalibrationError([{ predicted: 0.5, realised: 1, count: 3 }, { predicted: 0.5, realised: 0.4, count: 1 }]),
    0.4,
  );
});

Deno.test("predictorQuality() counts how often the better of two models is chosen", () => {
  // Prompt by prompt: m0 better and preferred; m1 better, m0 preferred; equal; m1 better, none preferred; m1 better and preferred.
  const outcomes = tableOf({ quality: [[1, 0], [0, 1], [1, 1], [0, 0.5], [0, 1]], costUsd: Array(5).fill([1, 2]) });
  const predictions = predictionsOf(outcomes, [0.9, 0.1, 0.6, 0.5, 0.2, 0.8, 0.5, 0.5, 0.3, 0.4]);
  const { betterOfTwo, pairs } = predictorQuality(predictions, outcomes, { trainMeans: [0.4, 0.7] });
  assert.deepEqual(pairs, [{ models: ["m0", "m1"], nDecided: 4, accuracy: 2.5 / 4, constantAccuracy: 3 / 4 }]);
  assert.deepEqual(betterOfTwo, { ...pairs[0], models: null });
});

Deno.test("predictorQuality() of the training means themselves has no skill, and their ranks are the constant's", () => {
  const outcomes = randomTable(60, 4, 3);
  const { quality: trainMeans } = modelMeans(outcomes);
  const constant = predictionsOf(outcomes, outcomes.quality.map((_, at) => trainMeans[at % 4]));
  const { models, pooled, betterOfTwo } = predictorQuality(constant, outcomes, { trainMeans });
  for (const { skill, auroc, rankCorrelation, expectedCalibrationError } of models) {
    assert.deepEqual([skill, auroc, rankCorrelation], [0, 0.5, null]);
    assert.ok(expectedCalibrationError < 1e-12);
  }
  assert.equal(pooled.auroc, pooled.constant.auroc);
  assert.equal(betterOfTwo.accuracy, betterOfTwo.constantAccuracy);
});

Deno.test("predictorQuality() of the outcomes themselves is perfect", () => {
  const outcomes = randomTable(60, 4, 3);
  const { pooled, betterOfTwo } = predictorQuality(predictionsOf(outcomes, outcomes.quality), outcomes, {
    trainMeans: modelMeans(outcomes).quality,
  });
  assert.deepEqual([pooled.meanSquaredError, pooled.skill, pooled.auroc, pooled.expectedCalibrationError], [
    0,
    1,
    1,
    0,
  ]);
  assert.ok(Math.abs(pooled.rankCorrelation! - 1) < 1e-12);
  assert.equal(betterOfTwo.accuracy, 1);
});

Deno.test("predictorQuality() of one prompt, and where every model is always right", () => {
  const outcomes = tableOf({ quality: [[1, 1]], costUsd: [[1, 2]] });
  const { models, betterOfTwo } = predictorQuality(predictionsOf(outcomes, [0.5, 1]), outcomes, { trainMeans: [1, 1] });
  assert.deepEqual([models[0].skill, models[0].auroc, models[0].rankCorrelation, models[0].meanSquaredError], [
    null,
    null,
    null,
    0.25,
  ]);
  assert.deepEqual(betterOfTwo, { models: null, nDecided: 0, accuracy: null, constantAccuracy: null });
});

Deno.test("predictorQuality() finds the true probabilities of simulated outcomes calibrated, and better than those of the text", () => {
  const outcomes = simulateOutcomes({ nPromptsPerEval: 600, seed: 2 });
  const { quality: trainMeans } = modelMeans(outcomes);
  const of = (quality: Float64Array): ReturnType<typeof predictorQuality> =>
    predictorQuality(predictionsOf(outcomes, quality), outcomes, { trainMeans });
  const known = of(outcomes.trueQuality);
  const text = of(outcomes.textQuality);
  for (const { expectedCalibrationError, calibration } of [known.pooled, text.pooled]) {
    // 4,048 cells a bin: luck moves a bin's mean by at most .008.
    assert.ok(expectedCalibrationError < 0.012, `${expectedCalibrationError}`);
    assert.equal(calibration.length, 10);
  }
  assert.ok(known.pooled.skill! > text.pooled.skill! && text.pooled.skill! > 0);
  assert.ok(known.betterOfTwo.accuracy! > text.betterOfTwo.accuracy!);
  assert.ok(text.betterOfTwo.accuracy! > text.betterOfTwo.constantAccuracy!);
});

Deno.test("predictorQuality() refuses what does not match or is not finite", () => {
  const outcomes = randomTable(3, 2, 1);
  const good = predictionsOf(outcomes, outcomes.quality);
  const trainMeans = [0.5, 0.5];
  assert.throws(
    () => predictorQuality({ ...good, nPrompts: 2 }, outcomes, { trainMeans }),
    /TypeError: .* they are 2×2 with 6 cells/,
  );
  assert.throws(
    () => predictorQuality({ ...good, models: ["m0", "mx"] }, outcomes, { trainMeans }),
    /TypeError: .* same prompts and models/,
  );
  assert.throws(
    () => predictorQuality(good, outcomes, { trainMeans: [0.5] }),
    /TypeError: .* one training mean a model \(2\): there are 1/,
  );
  assert.throws(
    () => predictorQuality(good, outcomes, { trainMeans: [0.5, Infinity] }),
    /RangeError: .* one is Infinity/,
  );
  const broken = { ...good, quality: Float64Array.of(0, 1, NaN, 0, 1, 1) };
  assert.throws(() => predictorQuality(broken, outcomes, { trainMeans }), /RangeError: .* one is NaN/);
});
