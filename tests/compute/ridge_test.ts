import assert from "node:assert/strict";
import "../../lib/base/telemetry_off.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { fitRidge, predictRidge, ridgeLadder } from "../../lib/compute/ridge.ts";
import { ridgeBasis } from "../../lib/compute/ridge_basis.ts";
import reference from "../reference/ridge_ladder.json" with { type: "json" };

const X = { rows: reference.rows, cols: reference.cols, values: Float64Array.from(reference.x) };
const Y = { rows: reference.rows, cols: reference.targets, values: Float64Array.from(reference.y) };
const { alphas } = reference;

function closeTo(found: ArrayLike<number>, expected: readonly number[], tolerance = 1e-9): void {
  assert.equal(found.length, expected.length);
  expected.forEach((value, at) => assert.ok(Math.abs(found[at] - value) < tolerance, `${at}: ${found[at]}, ${value}`));
}

Deno.test("ridgeLadder() finds scikit-learn's leave-one-out errors, made by leaving each row out", async () => {
  const ladder = await ridgeLadder(await ridgeBasis(X), Y, { alphas });
  (await ladder.leaveOneOutErrors()).forEach((errors, place) => closeTo(errors, reference.leaveOneOutErrors[place]));
});

Deno.test("ridgeLadder() chooses and fits as RidgeCV does", async () => {
  const ladder = await ridgeLadder(await ridgeBasis(X), Y, { alphas });
  const totals = (await ladder.leaveOneOutErrors()).map((errors) => errors.reduce((sum, error) => sum + error));
  const best = totals.indexOf(Math.min(...totals));
  assert.equal(alphas[best], reference.chosenAlpha);
  const fit = await ladder.fit(best);
  closeTo(fit.weights, reference.chosenWeights);
  closeTo((await predictRidge(fit, X)).values, reference.chosenPredictions);
});

Deno.test("ridgeLadder() gives the same errors whatever else is in the ladder", async () => {
  const basis = await ridgeBasis(X);
  const many = Array.from({ length: 25 }, (_, at) => 10 ** (at / 4 - 3));
  const leaveOneOutErrors = await (await ridgeLadder(basis, Y, { alphas: many })).leaveOneOutErrors();
  for (const place of [0, 9, 10, 24]) {
    const alone = await ridgeLadder(basis, Y, { alphas: [many[place]] });
    closeTo((await alone.leaveOneOutErrors())[0], [...leaveOneOutErrors[place]], 1e-12);
  }
});

Deno.test("a column that is the same in all rows gets no weight", async () => {
  const values = X.values.map((value, at) => at % X.cols === 2 ? 5 : value);
  const { weights } = await (await ridgeLadder(await ridgeBasis({ ...X, values }), Y, { alphas: [1] })).fit(0);
  closeTo(weights.subarray(2 * Y.cols, 3 * Y.cols), [0, 0, 0]);
});

Deno.test("with fewer rows than columns, and rows that repeat, every row left out in turn gives what the closed form says", async () => {
  const random = seededRandom(5, "few rows");
  const [n, d] = [9, 20];
  const values = Float64Array.from({ length: n * d }, () => random.normal());
  values.copyWithin(d, 0, d); // rows 0 and 1 are equal
  const y = { rows: n, cols: 1, values: Float64Array.from({ length: n }, () => random.normal()) };
  const ladder = await ridgeLadder(await ridgeBasis({ rows: n, cols: d, values }), y, { alphas: [0.5] });
  const leftOutResiduals = await ladder.leftOutResiduals(0);
  const { weights, means } = await ladder.fit(0);
  for (let out = 0; out < n; out++) {
    const rest = Array.from({ length: n }, (_, i) => i).filter((i) => i !== out);
    const x = Float64Array.from(rest.flatMap((i) => [...values.subarray(i * d, (i + 1) * d)]));
    const alone = { rows: n - 1, cols: 1, values: Float64Array.from(rest, (i) => y.values[i]) };
    const fit = await fitRidge({ rows: n - 1, cols: d, values: x }, alone, { alpha: 0.5 });
    const [predicted] =
      (await predictRidge(fit, { rows: 1, cols: d, values: values.slice(out * d, (out + 1) * d) })).values;
    closeTo([leftOutResiduals[out]], [y.values[out] - predicted], 1e-10);
  }
  // At the best weights the slope of the penalised squares is 0: Xᵀ (y − X w) = α w.
  const centre = y.values.reduce((sum, value) => sum + value / n, 0);
  const left = Array.from(
    { length: n },
    (_, i) => y.values[i] - centre - weights.reduce((sum, w, k) => sum + w * (values[i * d + k] - means[k]), 0),
  );
  weights.forEach((w, k) => {
    closeTo([left.reduce((sum, each, i) => sum + each * (values[i * d + k] - means[k]), 0)], [0.5 * w], 1e-10);
  });
});

Deno.test("ridge regression refuses penalties that are not above 0, no penalty, and a single row", async () => {
  const basis = await ridgeBasis(X);
  await assert.rejects(() => fitRidge(X, Y, { alpha: 0 }), /each alpha must be above 0: one is 0/);
  await assert.rejects(() => ridgeLadder(basis, Y, { alphas: [] }), /each alpha must be above 0: there is none/);
  await assert.rejects(() => ridgeLadder(basis, Y, { alphas: [1, -2] }), /one is -2/);
  const row = { rows: 1, cols: 1, values: Float64Array.of(1) };
  await assert.rejects(() => fitRidge(row, row, { alpha: 1 }), /there are 1/);
  await assert.rejects(() => ridgeBasis({ rows: 1, cols: 1, values: Float64Array.of(1) }), /there are 1/);
});

Deno.test("fitRidge() equals the ladder's fit, with more rows than columns and with fewer", async () => {
  const few = { rows: 3, cols: X.cols, values: X.values.slice(0, 3 * X.cols) };
  const fewTargets = { rows: 3, cols: Y.cols, values: Y.values.slice(0, 3 * Y.cols) };
  for (const [x, y, alpha] of [[X, Y, 0.1], [X, Y, 100], [few, fewTargets, 2]] as const) {
    const fit = await (await ridgeLadder(await ridgeBasis(x), y, { alphas: [alpha] })).fit(0);
    closeTo((await fitRidge(x, y, { alpha })).weights, [...fit.weights], 1e-12);
  }
});

Deno.test("fitRidge() gives finite weights where the penalty is lost beside the squares of equal columns", async () => {
  for (const scale of [1e9, 3e9, 7e9, 1.1e10]) {
    const x = { rows: 3, cols: 2, values: Float64Array.of(1, 1, -2, -2, 1.3, 1.3).map((value) => value * scale) };
    const { weights } = await fitRidge(x, { rows: 3, cols: 1, values: Float64Array.of(1, -2, 1) }, { alpha: 1e-9 });
    assert.ok(weights.every(Number.isFinite));
  }
});
