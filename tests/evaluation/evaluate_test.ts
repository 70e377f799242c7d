import assert from "node:assert/strict";
import type { Embeddings } from "../../lib/embeddings/embeddings.ts";
import { routerBounds } from "../../lib/evaluation/bounds.ts";
import { compareCurves, type SettingSample, weightedMeans } from "../../lib/evaluation/compare_curves.ts";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { cascade, knn, linear } from "../../lib/evaluation/recipes.ts";
import {
  type EvaluationData,
  paperSplitForEvaluation,
  restrictToEvals,
  splitForEvaluation,
} from "../../lib/evaluation/evaluation_data.ts";
import { PAPER_WILLINGNESS_TO_PAY, sweepWillingnessToPay } from "../../lib/evaluation/policy.ts";
import { savings } from "../../lib/evaluation/savings.ts";
import { selectSimulated, type SimulatedOutcomes, simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { qualityAtCost } from "../../lib/plane/interpolation.ts";
import { nonDecreasingHull } from "../../lib/plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../../lib/plane/operating_point.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { PAPER_BUDGETS_USD } from "../../lib/routers/cascade.ts";
import { fitMlpRouter } from "../../lib/routers/mlp.ts";
import type { EmbeddedOutcomes } from "../../lib/routers/router.ts";

const OUTCOMES = simulateOutcomes({ nPromptsPerEval: 150, seed: 3 });
const RECIPES = [knn({ k: 10 }), linear({ alpha: 1 })];

/** Vectors that show what the text shows: its text quality under three models, with noise. */
function visibleVectors(outcomes: SimulatedOutcomes): Embeddings {
  const random = seededRandom(8, "vectors");
  const n = outcomes.promptIds.length;
  const m = outcomes.models.length;
  const values = Float32Array.from(
    { length: n * 4 },
    (_, at) => at % 4 === 3 ? 1 : outcomes.textQuality[Math.floor(at / 4) * m + at % 4] + 0.05 * random.normal(),
  );
  return { nPrompts: n, nDims: 4, values, encoder: "made" };
}

const DATA: EvaluationData = splitForEvaluation(OUTCOMES, visibleVectors(OUTCOMES), { seed: 1 });

Deno.test("splitForEvaluation() puts each prompt text into one part", () => {
  const parts = [DATA.fit, DATA.validation, DATA.test].map(({ outcomes }) => new Set(outcomes.prompts));
  assert.ok(parts.every((texts, p) => parts.every((others, o) => o === p || texts.isDisjointFrom(others))));
  assert.equal(
    DATA.fit.outcomes.promptIds.length + DATA.validation.outcomes.promptIds.length,
    DATA.train.outcomes.promptIds.length,
  );
  assert.deepEqual(DATA.testRows.map((row) => OUTCOMES.promptIds[row]), DATA.test.outcomes.promptIds);
});

Deno.test("restrictToEvals() leaves prompts in their parts", () => {
  const mbpp = restrictToEvals(DATA, ["mbpp"]);
  assert.equal(mbpp.train.outcomes.promptIds.length + mbpp.test.outcomes.promptIds.length, 150);
  assert.equal(mbpp.test.embeddings.nPrompts, mbpp.test.outcomes.promptIds.length);
  assert.deepEqual(mbpp.testRows.map((row) => OUTCOMES.promptIds[row]), mbpp.test.outcomes.promptIds);
});

Deno.test("evaluateRouters() measures Zero, routers and cascades by one protocol", async () => {
  for (const protocol of ["ours", "paper"] as const) {
    const cascades = [0, 0.1].map((judgeError) => cascade({ judgeError }));
    const evaluation = await evaluateRouters(DATA, [...RECIPES, ...cascades], {
      protocol,
      nResamples: 200,
      seed: 1,
    });
    assert.deepEqual(evaluation.systems.map(({ name }) => name), [
      "Zero",
      "KNN, k = 10",
      "Linear",
      "Cascade, ε = 0",
      "Cascade, ε = 0.1",
    ]);
    const [zero, , , perfectJudge] = evaluation.systems;
    assert.equal(zero.againstZero, null);
    for (const system of evaluation.systems) {
      assert.ok(
        system.hull[system.hull.length - 1].quality <= evaluation.oracle.quality + 1e-12,
        "no system is better than the oracle",
      );
      system.settings.forEach((setting, s) => {
        const n = evaluation.nPrompts.test;
        const sampled = system.sample.quality.subarray(s * n, (s + 1) * n);
        assert.ok(Math.abs(setting.quality - sampled.reduce((sum, q) => sum + q, 0) / n) < 1e-12);
        if (setting.modelShares !== null) {
          assert.ok(Math.abs(setting.modelShares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
        }
      });
      if (system.againstZero !== null) {
        assert.ok(Math.abs(system.againstZero.difference - (system.aiqFormula - zero.aiqFormula)) < 1e-9);
      }
    }
    assert.ok(perfectJudge.aiqFormula > zero.aiqFormula);
  }
});

Deno.test("evaluateRouters() by our protocol never looks at test outcomes when it chooses", async () => {
  const turned = DATA.test.outcomes.quality.map((q) => 1 - q);
  const other = { ...DATA, test: { ...DATA.test, outcomes: { ...DATA.test.outcomes, quality: turned } } };
  const labels = async (data: EvaluationData): Promise<string[][]> =>
    (await evaluateRouters(data, [...RECIPES, cascade({ judgeError: 0.1 })], { seed: 1, nResamples: 100 })).systems.map(
      (
        { settings },
      ) => settings.map(({ label }) => label),
    );
  assert.deepEqual(await labels(DATA), await labels(other));
});

Deno.test("evaluateRouters() refuses two systems of one name", async () => {
  await assert.rejects(
    evaluateRouters(DATA, [RECIPES[0], RECIPES[0]], { seed: 1 }),
    /TypeError: .* "KNN, k = 10" stands twice/,
  );
});

/** How far a curve lies above another at most, from the other's first vertex on. */
function excess(points: readonly OperatingPoint[], bound: readonly OperatingPoint[]): number {
  const hull = nonDecreasingHull(bound);
  return Math.max(...points.map((point) => point.quality - qualityAtCost(hull, point.costUsd)));
}

Deno.test("routerBounds(): no predictive router nor Zero lies above them, to 1e-9", async () => {
  const test = selectSimulated(OUTCOMES, DATA.testRows);
  const bounds = routerBounds(test);
  const m = test.models.length;
  for (
    const [quality, bound] of [[test.trueQuality, bounds.bestPossible], [
      test.textQuality,
      bounds.bestWithText,
    ]] as const
  ) {
    const expected = { ...test, quality, costUsd: test.trueCostUsd };
    for (
      const { fit } of [...RECIPES, {
        fit: (train: EmbeddedOutcomes) => fitMlpRouter(train, { hiddenSizes: [20], seed: 1 }),
      }]
    ) {
      const predictions = await (await fit(DATA.fit)).predict(DATA.test.embeddings);
      for (const costs of [predictions.costUsd, test.trueCostUsd]) {
        assert.ok(excess(sweepWillingnessToPay(predictions, expected, { costs }), bound) < 1e-9);
      }
    }
    const models = test.models.map((_, j) => {
      const mean = (cells: Float64Array): number =>
        test.promptIds.reduce((sum, _, i) => sum + cells[i * m + j], 0) / test.promptIds.length;
      return { costUsd: mean(test.trueCostUsd), quality: mean(quality) };
    });
    assert.ok(excess(models, bound) < 1e-9, "Zero");
    assert.ok(excess(nonDecreasingHull(models), bound) < 1e-9);
  }
});

Deno.test("compareCurves() of a system with itself is zero without width", () => {
  const sample = sampleOf(50, [1, 2], 4);
  assert.deepEqual(compareCurves(sample, sample, { costRangeUsd: [1, 2], nResamples: 100, seed: 1 }), {
    difference: 0,
    interval: [0, 0],
    standardError: 0,
    smallestVisible: 0,
  });
});

Deno.test("compareCurves() has the width that theory gives for a difference of means", () => {
  // One setting each at equal cost: on a range above it the AIQ is the mean quality, the difference a paired difference of means.
  const n = 400;
  const first = sampleOf(n, [1], 1);
  const second = sampleOf(n, [1], 2);
  const { difference, interval, standardError } = compareCurves(first, second, {
    costRangeUsd: [1, 2],
    nResamples: 2000,
    seed: 5,
  });
  const differences = first.quality.map((q, i) => q - second.quality[i]);
  const mean = differences.reduce((sum, d) => sum + d, 0) / n;
  const expected = Math.sqrt(differences.reduce((sum, d) => sum + (d - mean) ** 2, 0)) / n;
  assert.ok(Math.abs(difference - mean) < 1e-12);
  assert.ok(Math.abs(standardError / expected - 1) < 0.08, `${standardError} for ${expected}`);
  assert.ok(Math.abs((interval[1] - interval[0]) / (2 * 1.96 * expected) - 1) < 0.1);
});

Deno.test("compareCurves() refuses samples of different prompts and too few resamples", () => {
  const options = { costRangeUsd: [1, 2] as [number, number], nResamples: 100, seed: 1 };
  assert.throws(
    () => compareCurves(sampleOf(3, [1], 1), sampleOf(4, [1], 1), options),
    /TypeError: .* they are 3 and 4/,
  );
  assert.throws(
    () => compareCurves(sampleOf(3, [1], 1), sampleOf(3, [1], 1), { ...options, nResamples: 10 }),
    /RangeError/,
  );
});

Deno.test("weightedMeans() with equal weights are means", () => {
  assert.deepEqual(
    weightedMeans(
      { nSettings: 1, costUsd: Float64Array.of(1, 3), quality: Float64Array.of(0, 1) },
      Float64Array.of(1, 1),
    ),
    [
      { costUsd: 2, quality: 0.5 },
    ],
  );
});

function sampleOf(n: number, costs: readonly number[], seed: number): SettingSample {
  const random = seededRandom(seed, "sample");
  return {
    nSettings: costs.length,
    costUsd: Float64Array.from(costs.flatMap((cost) => Array<number>(n).fill(cost))),
    quality: Float64Array.from({ length: n * costs.length }, () => random.integer(2)),
  };
}

Deno.test("savings() by their definition", () => {
  const models = [{ costUsd: 10, quality: 0.8 }, { costUsd: 12, quality: 0.8 }, { costUsd: 1, quality: 0.4 }];
  const system = [{ costUsd: 1, quality: 0.4 }, { costUsd: 5, quality: 0.8 }];
  const [at90, , , full] = savings(system, models, [models[2], models[0]]);
  assert.ok(Math.abs(at90.timesCheaper! - 10 / 4.2) < 1e-12);
  assert.ok(Math.abs(at90.timesCheaperThanZero! - 8.2 / 4.2) < 1e-12);
  assert.equal(full.timesCheaper, 2);
  assert.equal(savings([{ costUsd: 1, quality: 0.4 }], models, models)[0].timesCheaper, null);
  const wrong = [{ costUsd: 1, quality: 0 }];
  assert.equal(savings(wrong, wrong, wrong)[0].timesCheaper, null, "a share of no quality is no saving");
  assert.throws(() => savings(system, [], models), /RangeError/);
});

Deno.test("evaluateRouters() by the paper's protocol takes the reference code's settings", async () => {
  const data = paperSplitForEvaluation(OUTCOMES, visibleVectors(OUTCOMES));
  const { systems, nPrompts } = await evaluateRouters(data, [RECIPES[0], cascade({ judgeError: 0.01 })], {
    protocol: "paper",
    nResamples: 100,
    seed: 1,
  });
  assert.deepEqual(nPrompts, {
    learned: Math.floor(0.7 * OUTCOMES.promptIds.length),
    chosen: data.test.outcomes.promptIds.length,
    test: data.test.outcomes.promptIds.length,
  });
  const [, neighbours, judged] = systems;
  for (const { label } of neighbours.settings) {
    assert.ok(PAPER_WILLINGNESS_TO_PAY.map((value) => `λ = ${value} USD a token`).includes(label), label);
  }
  for (const { label } of judged.settings) {
    assert.ok(PAPER_BUDGETS_USD.map((budget) => `T = ${budget.toPrecision(3)} USD`).includes(label), label);
  }
  // What is chosen on the test split is on its hull there: nothing is hulled away.
  for (const { settings, hull } of systems) assert.equal(settings.length, hull.length);
});

Deno.test("evaluateRouters() by the paper's protocol needs list prices", async () => {
  const renamed = (part: EmbeddedOutcomes): EmbeddedOutcomes => ({
    ...part,
    outcomes: { ...part.outcomes, models: part.outcomes.models.map((name) => `my ${name}`) },
  });
  const data = { ...DATA, train: renamed(DATA.train), test: renamed(DATA.test) };
  await assert.rejects(
    evaluateRouters(data, [RECIPES[0]], { protocol: "paper", seed: 1 }),
    /RangeError: Cannot follow the paper's protocol as it needs every model's list price: "my WizardLM/,
  );
});
