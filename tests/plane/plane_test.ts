import assert from "node:assert/strict";
import fc from "fast-check";
import { costOfQuality, mixAtCost, qualityAtCost } from "../../lib/plane/interpolation.ts";
import { paperModelPoints } from "../../lib/outcomes/paper_table.ts";
import { nonDecreasingHull } from "../../lib/plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../../lib/plane/operating_point.ts";
import { constantRouters } from "../../lib/routers/constant.ts";
import { zeroRouter } from "../../lib/routers/zero.ts";
import { tableOf } from "../_tables.ts";

const at = (costUsd: number, quality: number): OperatingPoint => ({ costUsd, quality });
const pairs = (points: readonly OperatingPoint[]): number[][] => points.map((point) => [point.costUsd, point.quality]);

Deno.test("nonDecreasingHull() of degenerate sets", () => {
  assert.deepEqual(pairs(nonDecreasingHull([at(2, 0.5)])), [[2, 0.5]]);
  assert.deepEqual(pairs(nonDecreasingHull([at(2, 0.5), at(2, 0.5)])), [[2, 0.5]]);
  assert.deepEqual(pairs(nonDecreasingHull([at(2, 0.5), at(2, 0.7)])), [[2, 0.7]], "equal costs: the greatest quality");
  assert.deepEqual(pairs(nonDecreasingHull([at(2, 0.5), at(1, 0.5)])), [[1, 0.5]], "equal qualities: the cheapest");
  assert.deepEqual(
    pairs(nonDecreasingHull([at(0.8, 0.4), at(0.2, 0.8)])),
    [[0.2, 0.8]],
    "where quality would fall it stays flat",
  );
  assert.deepEqual(
    pairs(nonDecreasingHull([at(0, 0), at(1, 0.25), at(2, 0.5)])),
    [[0, 0], [2, 0.5]],
    "collinear points are dropped",
  );
  assert.deepEqual(pairs(nonDecreasingHull([at(1, 0.4), at(2, 0.6), at(3, 0.8), at(3, 0.7)])), [[1, 0.4], [3, 0.8]]);
});

Deno.test("nonDecreasingHull() returns the objects that went in", () => {
  const best = { ...at(1, 0.9), name: "best" };
  assert.equal(nonDecreasingHull([{ ...at(2, 0.1), name: "worst" }, best])[0], best);
});

Deno.test("nonDecreasingHull() refuses no points and numbers that are none", () => {
  assert.throws(() => nonDecreasingHull([]), /RangeError: .* needs at least one point/);
  for (const bad of [at(NaN, 0), at(0, NaN), at(-1, 0), at(0, -1), at(Infinity, 0)]) {
    assert.throws(() => nonDecreasingHull([bad]), RangeError);
  }
});

/** The hull's height at each cost as the slow definition has it: the greatest chord of any two points, or any cheaper point. */
function slowHeight(points: readonly OperatingPoint[], cost: number): number {
  let height = -Infinity;
  for (const a of points) {
    if (a.costUsd <= cost) height = Math.max(height, a.quality);
    for (const b of points) {
      if (a.costUsd < cost && b.costUsd > cost) {
        height = Math.max(height, a.quality + (cost - a.costUsd) / (b.costUsd - a.costUsd) * (b.quality - a.quality));
      }
    }
  }
  return height;
}

const POINTS = fc.array(
  fc.record({ costUsd: fc.integer({ min: 0, max: 12 }), quality: fc.integer({ min: 0, max: 8 }).map((q) => q / 8) }),
  { minLength: 1, maxLength: 14 },
);

Deno.test("nonDecreasingHull() is the maximum over all chords, whatever the order, and again itself", () => {
  fc.assert(fc.property(POINTS, fc.integer({ min: 0, max: 99 }), (points, seed) => {
    const hull = nonDecreasingHull(points);
    assert.deepEqual(nonDecreasingHull(hull), hull);
    assert.deepEqual(
      pairs(nonDecreasingHull(points.toSorted((a, b) => (a.costUsd * 7 + seed) % 5 - (b.costUsd * 7 + seed) % 5))),
      pairs(hull),
    );
    for (const cost of [...points.map((point) => point.costUsd), 0.5, 3.25, 11.9, 20]) {
      if (cost < hull[0].costUsd) continue;
      assert.ok(Math.abs(qualityAtCost(hull, cost) - slowHeight(points, cost)) < 1e-12);
    }
    const dominated = at(Math.max(...points.map((point) => point.costUsd)) + 1, 0);
    assert.deepEqual(pairs(nonDecreasingHull([...points, dominated])), pairs(hull));
  }));
});

const TABLE_1_HULLS: Record<string, number[][]> = {
  "mmlu": [[0.081, 0.562], [0.245, 0.733], [0.326, 0.743], [4.086, 0.828]],
  "mtbench": [[0.003, 0.779], [0.012, 0.921], [0.018, 0.938], [0.721, 0.971]],
  "mbpp": [[0.006, 0.349], [0.023, 0.573], [0.044, 0.651], [1.235, 0.682]],
  "hellaswag": [[0.485, 0.541], [0.727, 0.636], [1.938, 0.931]],
  "winogrande": [[0.027, 0.562], [0.107, 0.748], [1.346, 0.858]],
  "grade-school-math": [[0.21, 0.409], [0.354, 0.51], [1.3, 0.626], [13.49, 0.664]],
  "arc-challenge": [[0.046, 0.642], [0.137, 0.844], [0.182, 0.882], [2.286, 0.921]],
};

for (const [evalName, hull] of Object.entries(TABLE_1_HULLS)) {
  Deno.test(`zeroRouter() has the published vertices of ${evalName}`, () => {
    assert.deepEqual(pairs(zeroRouter(paperModelPoints(evalName)).hull), hull);
  });
}

Deno.test("mixAtCost() interpolates, and extrapolates with the null router and flat", () => {
  const hull = [at(1, 0.4), at(3, 0.8)];
  assert.deepEqual(mixAtCost(hull, 2), {
    lower: hull[0],
    upper: hull[1],
    probabilityOfUpper: 0.5,
    costUsd: 2,
    quality: 0.6000000000000001,
  });
  assert.deepEqual(mixAtCost(hull, 0.25), {
    lower: null,
    upper: hull[0],
    probabilityOfUpper: 0.25,
    costUsd: 0.25,
    quality: 0.1,
  });
  assert.deepEqual(mixAtCost(hull, 9), {
    lower: null,
    upper: hull[1],
    probabilityOfUpper: 1,
    costUsd: 3,
    quality: 0.8,
  });
  assert.equal(mixAtCost(hull, 3).quality, 0.8);
  assert.equal(qualityAtCost([at(0, 0.3)], 0), 0.3);
  assert.equal(qualityAtCost(nonDecreasingHull([at(0.2, 0.8), at(0.8, 0.4)]), 0.5), 0.8);
  assert.throws(() => mixAtCost(hull, -1), RangeError);
  assert.throws(() => mixAtCost([], 1), RangeError);
});

Deno.test("mixAtCost() gives what drawing lots gives", () => {
  const table = tableOf({ quality: [[0, 1], [1, 1], [0, 0]], costUsd: [[1, 4], [2, 5], [3, 6]] });
  const zero = zeroRouter(constantRouters(table));
  const { probabilityOfUpper: p } = zero.mixAt(3);
  const expected =
    [0, 1, 2].map((i) => (1 - p) * table.quality[2 * i] + p * table.quality[2 * i + 1]).reduce((sum, q) => sum + q) / 3;
  assert.ok(Math.abs(zero.mixAt(3).quality - expected) < 1e-15);
});

Deno.test("costOfQuality() reads the hull from its first vertex rightwards", () => {
  const hull = [at(1, 0.4), at(3, 0.8)];
  assert.equal(costOfQuality(hull, 0.1), 1);
  assert.ok(Math.abs(costOfQuality(hull, 0.6)! - 2) < 1e-12);
  assert.equal(costOfQuality(hull, 0.8), 3);
  assert.equal(costOfQuality(hull, 0.81), null);
});
