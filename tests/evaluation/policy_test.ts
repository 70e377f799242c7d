import assert from "node:assert/strict";
import fc from "fast-check";
import {
  chooseModels,
  measureChoices,
  PAPER_WILLINGNESS_TO_PAY,
  shareOfModels,
  sweepWillingnessToPay,
} from "../../lib/evaluation/policy.ts";
import type { OutcomeTable } from "../../lib/outcomes/outcome_table.ts";
import type { QualityPredictions } from "../../lib/routers/router.ts";
import { tableOf } from "../_tables.ts";

/** The choice by its definition: the greatest λP − c; of equals the greatest P, then the least cost, then the first. */
function slowChoices(
  { nPrompts, models: { length: m }, quality }: QualityPredictions,
  costs: readonly number[],
  lambda: number,
): Int32Array {
  return Int32Array.from({ length: nPrompts }, (_, i) => {
    const order = Array.from({ length: m }, (_, j) => j).sort((a, b) => {
      const [pa, pb] = [quality[i * m + a], quality[i * m + b]];
      const [ca, cb] = [costs[(i * m + a) % costs.length], costs[(i * m + b) % costs.length]];
      if (lambda === 0) return ca - cb || pb - pa || a - b;
      if (lambda === Infinity) return pb - pa || ca - cb || a - b;
      return (lambda * pb - cb) - (lambda * pa - ca) || a - b;
    });
    return order[0];
  });
}

const CASES = fc.record({
  n: fc.integer({ min: 1, max: 6 }),
  m: fc.integer({ min: 1, max: 5 }),
  perPrompt: fc.boolean(),
}).chain(
  ({ n, m, perPrompt }) => {
    const cells = (max: number, length: number): fc.Arbitrary<number[]> =>
      fc.array(fc.integer({ min: 0, max }), { minLength: length, maxLength: length });
    return fc.record({
      n: fc.constant(n),
      m: fc.constant(m),
      predicted: cells(4, n * m).map((values) => values.map((value) => value / 4)),
      costs: cells(6, perPrompt ? n * m : m),
      quality: cells(4, n * m).map((values) => values.map((value) => value / 4)),
      paid: cells(9, n * m),
    });
  },
);

function tableFrom({ n, m, quality, paid }: { n: number; m: number; quality: number[]; paid: number[] }): OutcomeTable {
  const rows = (cells: number[]): number[][] => Array.from({ length: n }, (_, i) => cells.slice(i * m, i * m + m));
  return tableOf({ quality: rows(quality), costUsd: rows(paid) });
}

Deno.test("sweepWillingnessToPay() is the definition at every λ, ties and equal slopes included", () => {
  fc.assert(
    fc.property(CASES, (made) => {
      const outcomes = tableFrom(made);
      const predictions = {
        nPrompts: made.n,
        models: outcomes.models,
        quality: Float64Array.from(made.predicted),
        costUsd: Float64Array.from(made.costs),
      };
      const curve = sweepWillingnessToPay(predictions, outcomes);
      assert.equal(curve[0].interval[0], 0);
      assert.equal(curve[curve.length - 1].interval[1], Infinity);
      curve.forEach((point, at) => {
        if (at > 0) assert.equal(point.interval[0], curve[at - 1].interval[1]);
        assert.ok(point.interval[0] < point.interval[1]);
        for (
          const choices of [
            slowChoices(predictions, made.costs, point.willingnessToPay),
            chooseModels(predictions, point.willingnessToPay),
          ]
        ) {
          const measured = measureChoices(outcomes, choices);
          assert.ok(
            Math.abs(measured.costUsd - point.costUsd) < 1e-12 && Math.abs(measured.quality - point.quality) < 1e-12,
            `λ = ${point.willingnessToPay}`,
          );
        }
      });
    }),
    { numRuns: 500 },
  );
});

Deno.test("sweepWillingnessToPay() has every point that a fine grid finds", () => {
  fc.assert(fc.property(CASES, (made) => {
    const outcomes = tableFrom(made);
    const predictions = {
      nPrompts: made.n,
      models: outcomes.models,
      quality: Float64Array.from(made.predicted),
      costUsd: Float64Array.from(made.costs),
    };
    const curve = sweepWillingnessToPay(predictions, outcomes);
    for (let lambda = 0.013; lambda < 40; lambda *= 1.07) {
      const point = curve.find(({ interval: [from, to] }) => from <= lambda && lambda < to)!;
      const measured = measureChoices(outcomes, slowChoices(predictions, made.costs, lambda));
      assert.ok(
        Math.abs(measured.costUsd - point.costUsd) < 1e-12 && Math.abs(measured.quality - point.quality) < 1e-12,
      );
    }
  }));
});

Deno.test("sweepWillingnessToPay() with a constant prediction walks along the models' own hull", () => {
  const outcomes = tableOf({ quality: [[0.2, 0.5, 0.9], [0.4, 0.7, 0.9]], costUsd: [[1, 2, 9], [1, 2, 9]] });
  const predictions = {
    nPrompts: 2,
    models: outcomes.models,
    quality: Float64Array.of(0.3, 0.6, 0.9, 0.3, 0.6, 0.9),
    costUsd: Float64Array.of(1, 2, 9),
  };
  const curve = sweepWillingnessToPay(predictions, outcomes);
  assert.deepEqual(curve.map((point) => point.costUsd), [1, 2, 9]);
});

Deno.test("sweepWillingnessToPay() by the paper's grid takes the first column of equals, and ignores cost at λ ≤ 0", () => {
  assert.equal(PAPER_WILLINGNESS_TO_PAY.length, 32);
  const outcomes = tableOf({ quality: [[0, 1, 1]], costUsd: [[1, 5, 3]] });
  const predictions = {
    nPrompts: 1,
    models: outcomes.models,
    quality: Float64Array.of(0.5, 0.9, 0.9),
    costUsd: Float64Array.of(1, 2, 2),
  };
  const [atZero, high] = sweepWillingnessToPay(predictions, outcomes, { grid: [0, 100] });
  assert.deepEqual([atZero.costUsd, high.costUsd], [5, 5]);
  assert.equal(
    sweepWillingnessToPay(predictions, outcomes).at(-1)!.costUsd,
    5,
    "equal quality and cost: the first model",
  );
});

Deno.test("sweepWillingnessToPay() refuses what does not match or is not finite", () => {
  const outcomes = tableOf({ quality: [[0, 1]], costUsd: [[1, 2]] });
  const good = {
    nPrompts: 1,
    models: outcomes.models,
    quality: Float64Array.of(0.5, 0.9),
    costUsd: Float64Array.of(1, 2),
  };
  assert.throws(
    () => sweepWillingnessToPay({ ...good, quality: Float64Array.of(1) }, outcomes),
    /TypeError: .* predictions must be prompts × models: there are 1 for 1×2/,
  );
  assert.throws(
    () => sweepWillingnessToPay(good, outcomes, { costs: [1, 2, 3] }),
    /TypeError: .* costs must be one a model \(2\) or one a cell \(2\): there are 3/,
  );
  assert.throws(
    () => sweepWillingnessToPay({ ...good, models: ["other", "m1"] }, outcomes),
    /TypeError: .* same prompts and models/,
  );
  assert.throws(
    () => sweepWillingnessToPay({ ...good, quality: Float64Array.of(NaN, 1) }, outcomes),
    /RangeError: .* must be finite/,
  );
  assert.throws(() => chooseModels(good, -1), /RangeError/);
});

Deno.test("shareOfModels() counts the chosen, none for −1", () => {
  assert.deepEqual(shareOfModels(Int32Array.of(0, 2, 2, -1), 3), Float64Array.of(0.25, 0, 0.5));
});
