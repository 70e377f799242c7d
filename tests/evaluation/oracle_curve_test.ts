import assert from "node:assert/strict";
import fc from "fast-check";
import { aiq } from "../../lib/evaluation/aiq.ts";
import { oracleCurve } from "../../lib/evaluation/oracle_curve.ts";
import { measureChoices, sweepWillingnessToPay } from "../../lib/evaluation/policy.ts";
import { loadOutcomes } from "../../lib/files/load_outcomes.ts";
import type { OutcomeTable } from "../../lib/outcomes/outcome_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { qualityAtCost } from "../../lib/plane/interpolation.ts";
import { nonDecreasingHull } from "../../lib/plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../../lib/plane/operating_point.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { acceptanceQuality, budgetGrid, cascadeCurve, cascadeOrder } from "../../lib/routers/cascade.ts";
import { constantRouters } from "../../lib/routers/constant.ts";
import { oracle } from "../../lib/routers/oracle.ts";
import { rerankPoint } from "../../lib/routers/rerank.ts";
import { randomTable, realRows, tableOf } from "../_tables.ts";

/** How far the highest of some points lies above the hull of the oracle's curve. */
function excess(points: readonly OperatingPoint[], curve: readonly OperatingPoint[]): number {
  const hull = nonDecreasingHull(curve);
  return Math.max(...points.map(({ costUsd, quality }) => quality - qualityAtCost(hull, costUsd)));
}

/** Points of every kind of system on a table: models, routers of chance and of what is recorded, cascades, reranking. */
function manyPoints(table: OutcomeTable, seed: number): OperatingPoint[] {
  const n = table.promptIds.length;
  const { models } = table;
  const random = seededRandom(seed, "routers");
  const order = cascadeOrder(table);
  const acceptFromQuality = acceptanceQuality(table);
  const budgetsUsd = budgetGrid(table, order, 20);
  const predictions = [0, 0.1, 1].map((noise) => ({
    nPrompts: n,
    models,
    quality: table.quality.map((q) => q + noise * random.normal()),
    costUsd: constantRouters(table).map(({ costUsd }) => costUsd),
  }));
  return [
    ...constantRouters(table),
    ...Array.from(
      { length: 20 },
      () => measureChoices(table, Int32Array.from({ length: n }, () => random.integer(models.length))),
    ),
    ...predictions.flatMap(({ costUsd, ...rest }) =>
      sweepWillingnessToPay({ ...rest, costUsd: Float64Array.from(costUsd) }, table)
    ),
    ...predictions.flatMap(({ costUsd: _, ...rest }) =>
      sweepWillingnessToPay({ ...rest, costUsd: table.costUsd }, table)
    ),
    ...[0, 0.2].flatMap((judgeError) => cascadeCurve(table, { order, judgeError, acceptFromQuality, budgetsUsd })),
    ...[0, 0.3].flatMap((rewardNoise) =>
      order.map((_, k) => rerankPoint(table, { models: order.slice(0, k + 1), rewardNoise }))
    ),
    oracle(table),
  ];
}

Deno.test("oracleCurve() by hand: none, the cheap right answer, the dear one", () => {
  // m0 answers the first prompt for 1, m1 the second for 4; nobody the third.
  const table = tableOf({ quality: [[1, 1], [0, 1], [0, 0]], costUsd: [[1, 4], [1, 4], [1, 4]] });
  const points = oracleCurve(table).map(({ costUsd, quality, interval }) => [costUsd * 3, quality * 3, ...interval]);
  assert.deepEqual(points, [[0, 0, 0, 1], [1, 1, 1, 4], [5, 2, 4, Infinity]]);
});

Deno.test("oracleCurve() of one prompt that is answered for nothing is one point", () => {
  const curve = oracleCurve(tableOf({ quality: [[1, 0.5]], costUsd: [[0, 0]] }));
  assert.deepEqual(curve.map(({ costUsd, quality }) => [costUsd, quality]), [[0, 1]]);
});

Deno.test("oracleCurve() is at each λ the choice by its definition", () => {
  const table = randomTable(40, 4, 9);
  const n = 40;
  const m = 4;
  for (const { willingnessToPay, costUsd, quality } of oracleCurve(table)) {
    if (willingnessToPay === 0 || willingnessToPay === Infinity) continue;
    let worth = 0;
    for (let i = 0; i < n; i++) {
      let best = 0;
      for (let at = i * m; at < (i + 1) * m; at++) {
        best = Math.max(best, willingnessToPay * table.quality[at] - table.costUsd[at]);
      }
      worth += best / n;
    }
    assert.ok(Math.abs(willingnessToPay * quality - costUsd - worth) < 1e-12);
  }
});

Deno.test("oracleCurve() ends in the paper's oracle, rises, and lies on its own hull", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 1e6 }),
      (n, m, seed) => {
        const table = randomTable(n, m, seed);
        const curve = oracleCurve(table);
        const end = curve[curve.length - 1];
        const point = oracle(table);
        assert.ok(curve.length <= n * m + 1);
        assert.deepEqual([curve[0].costUsd, curve[0].quality], [0, 0]);
        assert.ok(Math.abs(end.costUsd - point.costUsd) < 1e-12 && Math.abs(end.quality - point.quality) < 1e-12);
        const hull = nonDecreasingHull(curve);
        for (const { costUsd, quality } of curve) assert.ok(Math.abs(qualityAtCost(hull, costUsd) - quality) < 1e-12);
        curve.slice(1).forEach(({ costUsd, quality }, p) =>
          assert.ok(costUsd > curve[p].costUsd && quality > curve[p].quality)
        );
      },
    ),
    { seed: 1 },
  );
});

Deno.test("oracleCurve(): no router, cascade, reranking nor the oracle's point lies above it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 25 }),
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 0, max: 1e6 }),
      (n, m, seed) => {
        const table = randomTable(n, m, seed);
        assert.ok(excess(manyPoints(table, seed), oracleCurve(table)) < 1e-12);
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

Deno.test("oracleCurve() bounds every system on simulated outcomes, and its AIQ theirs", () => {
  const table = simulateOutcomes({ nPromptsPerEval: 60, seed: 4 });
  const curve = oracleCurve(table);
  const points = manyPoints(table, 1);
  assert.ok(excess(points, curve) < 1e-12);
  const costs = constantRouters(table).map(({ costUsd }) => costUsd);
  const rule = { rule: "formula", costRangeUsd: [Math.min(...costs), Math.max(...costs)] } as const;
  assert.ok(
    aiq(nonDecreasingHull(curve), rule) > aiq([oracle(table)], rule),
    "the curve says more than the paper's point",
  );
  assert.ok(aiq(nonDecreasingHull(curve), rule) >= aiq(nonDecreasingHull(points), rule));
});

const path = realRows();
Deno.test({
  name: "oracleCurve() on the real rows ends in the oracle of the released rows and bounds every system",
  ignore: path === null,
  fn: async () => {
    const table = await loadOutcomes(path!);
    const curve = oracleCurve(table);
    const end = curve[curve.length - 1];
    const point = oracle(table);
    assert.ok(Math.abs(end.costUsd - point.costUsd) < 1e-12 && Math.abs(end.quality - point.quality) < 1e-12);
    assert.ok(excess(manyPoints(table, 1), curve) < 1e-12);
  },
});
