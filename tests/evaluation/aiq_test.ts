import assert from "node:assert/strict";
import fc from "fast-check";
import { aiq, referenceCodeMaxCost } from "../../lib/evaluation/aiq.ts";
import { qualityAtCost } from "../../lib/plane/interpolation.ts";
import { paperModelPoints } from "../../lib/outcomes/paper_table.ts";
import { nonDecreasingHull } from "../../lib/plane/non_decreasing_hull.ts";

const HULL = [{ costUsd: 1, quality: 0.4 }, { costUsd: 3, quality: 0.8 }];
const near = (actual: number, expected: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} for ${expected}`);

Deno.test("aiq() by the formula: test vectors", () => {
  near(aiq(HULL, { rule: "formula", costRangeUsd: [0, 4] }), 0.55);
  near(aiq(HULL, { rule: "formula", costRangeUsd: [0.5, 2] }), 0.65 / 1.5);
  near(aiq(HULL, { rule: "formula", costRangeUsd: [5, 6] }), 0.8);
  near(aiq([{ costUsd: 2, quality: 0.5 }], { rule: "formula", costRangeUsd: [0, 4] }), 0.375);
  near(aiq([{ costUsd: 0, quality: 0.5 }], { rule: "formula", costRangeUsd: [0, 4] }), 0.5);
});

Deno.test("aiq() by the reference code: test vectors", () => {
  near(aiq(HULL, { rule: "reference-code", maxCostUsd: 4 }), 0.5);
  near(aiq([{ costUsd: 2, quality: 0.5 }], { rule: "reference-code", maxCostUsd: 4 }), 0.25);
});

/** AIQ of Table 1's Zero router: evaluation, reference code, formula on [cheapest, dearest model]. */
const TABLE_1: [string, string, string][] = [
  ["mmlu", "0.7634", "0.7789"],
  ["mtbench", "0.9490", "0.9530"],
  ["mbpp", "0.6595", "0.6627"],
  ["hellaswag", "0.5631", "0.9200"],
  ["winogrande", "0.7781", "0.7940"],
  ["grade-school-math", "0.6276", "0.6454"],
  ["arc-challenge", "0.8763", "0.8943"],
];

for (const [evalName, referenceCode, formula] of TABLE_1) {
  Deno.test(`aiq() of Table 1's Zero router on ${evalName}`, () => {
    const points = paperModelPoints(evalName);
    const costs = points.map((point) => point.costUsd);
    assert.equal(
      aiq(nonDecreasingHull(points), { rule: "reference-code", maxCostUsd: referenceCodeMaxCost([points]) }).toFixed(4),
      referenceCode,
    );
    assert.equal(
      aiq(nonDecreasingHull(points), { rule: "formula", costRangeUsd: [Math.min(...costs), Math.max(...costs)] })
        .toFixed(4),
      formula,
    );
  });
}

Deno.test("aiq() ranks HellaSwag's cascade below or above Zero, by the rule", () => {
  const zero = paperModelPoints("hellaswag");
  const cascade = [{ costUsd: 0.9, quality: 0.8 }, { costUsd: 2.2008, quality: 0.97 }];
  const maxCostUsd = referenceCodeMaxCost([zero, cascade]);
  const costRangeUsd: [number, number] = [0.4845, 2.2008];
  assert.ok(
    aiq(nonDecreasingHull(cascade), { rule: "reference-code", maxCostUsd }) <
      aiq(nonDecreasingHull(zero), { rule: "reference-code", maxCostUsd }),
  );
  assert.ok(
    aiq(nonDecreasingHull(cascade), { rule: "formula", costRangeUsd }) >
      aiq(nonDecreasingHull(zero), { rule: "formula", costRangeUsd }),
  );
});

Deno.test("referenceCodeMaxCost() counts a dearer point of equal quality", () => {
  assert.equal(
    referenceCodeMaxCost([
      [{ costUsd: 1, quality: 0.8 }, { costUsd: 5, quality: 0.8 }, { costUsd: 9, quality: 0.1 }],
      HULL,
    ]),
    5,
  );
  assert.throws(() => referenceCodeMaxCost([[]]), /RangeError: .* needs a point/);
});

Deno.test("aiq() refuses empty ranges and an X left of the hull", () => {
  for (const costRangeUsd of [[2, 2], [3, 1], [-1, 1], [0, Infinity]] as [number, number][]) {
    assert.throws(() => aiq(HULL, { rule: "formula", costRangeUsd }), /RangeError: .* must be 0 ≤ low < high/);
  }
  assert.throws(
    () => aiq(HULL, { rule: "reference-code", maxCostUsd: 2 }),
    /RangeError: .* not left of the hull's last vertex at 3: it is 2/,
  );
  assert.throws(() => aiq([{ costUsd: 0, quality: 1 }], { rule: "reference-code", maxCostUsd: 0 }), RangeError);
});

Deno.test("aiq() by the formula is the mean height of the hull", () => {
  const points = fc.array(
    fc.record({ costUsd: fc.integer({ min: 0, max: 10 }), quality: fc.double({ min: 0, max: 1, noNaN: true }) }),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(points, fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 9 }), (points, low, width) => {
      const hull = nonDecreasingHull(points);
      const high = low + width;
      const steps = 20_000;
      let sum = 0;
      for (let s = 0; s < steps; s++) sum += qualityAtCost(hull, low + (s + 0.5) * width / steps);
      const value = aiq(nonDecreasingHull(points), { rule: "formula", costRangeUsd: [low, high] });
      near(value, sum / steps, 1e-4);
      if (low >= hull[0].costUsd) {
        assert.ok(value >= hull[0].quality - 1e-12 && value <= hull[hull.length - 1].quality + 1e-12);
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("aiq() refuses points that are no hull", () => {
  const below = { costUsd: 2, quality: 0.4 };
  assert.throws(
    () => aiq([HULL[0], below, HULL[1]], { rule: "formula", costRangeUsd: [0, 4] }),
    /RangeError: .* needs the vertices of a hull: point 2 of 3 is none; pass nonDecreasingHull\(points\)/,
  );
  assert.throws(() => aiq(HULL.toReversed(), { rule: "reference-code", maxCostUsd: 4 }), /point 1 of 2 is none/);
});
