import { centred, shifted } from "./_centred.ts";
import type { Matrix64 } from "./matrix.ts";
import { atLeastTwoRows } from "./_session.ts";
import { multiply } from "./matrix_product.ts";
import type { RidgeBasis } from "./ridge_basis.ts";

/** Penalties whose predictions are computed by one product: more would take more memory and no less time. */
const ALPHAS_AT_A_TIME = 10;

/** The coefficients of a ridge regression with an intercept: x ↦ intercept + (x − means) · weights. */
export interface RidgeCoefficients {
  /** Means of the columns of x, `[d]`. */
  readonly means: Float64Array;
  /** Means of the columns of y, `[m]`: the prediction at the means of x. */
  readonly intercept: Float64Array;
  /** `[d · m]`, row-major. */
  readonly weights: Float64Array;
}

/** A fitted ridge regression. */
export interface RidgeFit extends RidgeCoefficients {
  /** Weight of the penalty. */
  readonly alpha: number;
  /** Residuals of each training row from a fit without that row, `[n · m]`. */
  readonly leftOutResiduals: Float64Array;
}

/** Ridge regressions of the same data, one for each penalty. */
export interface RidgeLadder {
  /** Mean squared leave-one-out residual: for each penalty one number for each column of y. */
  readonly leaveOneOutErrors: readonly Float64Array[];
  /** The fit with one of the penalties, by its place in the ladder. */
  fit(place: number): Promise<RidgeFit>;
}

/**
 * Ridge regression with an intercept for a whole ladder of penalties, with every leave-one-out error in closed form.
 *
 * With the centred data's XᵀX = V S Vᵀ, Z = X V and B = Zᵀ Y, the predictions for a penalty α are Z (S + α)⁻¹ B, and the leverage of row i
 * is hᵢ = 1/n + Σₖ Zᵢₖ² / (Sₖ + α). The residual of a row from a fit without it is its residual divided by 1 − hᵢ.
 *
 * **Shapes**: y n × m. O(a n d m) for a penalties.
 *
 * **Source**: Hastie, Tibshirani, Friedman 2009, sections 3.4.1 and 7.10.1; equals scikit-learn's `RidgeCV` with an intercept.
 *
 * @param options `alphas`: penalties, each above 0
 * @throws RangeError where there is no penalty or one is not above 0
 * @example
 * ```ts
 * import { ridgeLadder } from "./ridge.ts";
 * import { ridgeBasis } from "./ridge_basis.ts";
 * import assert from "node:assert/strict";
 *
 * const basis = await ridgeBasis({ rows: 3, cols: 1, values: Float64Array.of(0, 1, 2) });
 * const y = { rows: 3, cols: 1, values: Float64Array.of(0, 1, 2) };
 * const { weights } = await (await ridgeLadder(basis, y, { alphas: [2] })).fit(0);
 * assert.ok(Math.abs(weights[0] - 0.5) < 1e-12);
 * ```
 */
export async function ridgeLadder(
  basis: RidgeBasis,
  y: Matrix64,
  { alphas }: { readonly alphas: readonly number[] },
): Promise<RidgeLadder> {
  checkLadder(alphas);
  const { eigenvalues, rotated, squares } = basis;
  const { matrix: target, means: intercept } = centred(y);
  const moments = await multiply(rotated, target, { transposeA: true });
  const shrunkMoments = (alpha: number): Matrix64 =>
    scaledRows(moments, eigenvalues.map((value) => 1 / (value + alpha)));
  const leaveOneOutErrors: Float64Array[] = [];
  for (let first = 0; first < alphas.length; first += ALPHAS_AT_A_TIME) {
    const some = alphas.slice(first, first + ALPHAS_AT_A_TIME);
    const predicted = await multiply(rotated, beside(some.map(shrunkMoments)));
    const leverages = await leveragesOf(squares, eigenvalues, some);
    some.forEach((_, place) => {
      leaveOneOutErrors.push(meanSquares(leftOutResiduals(target, { predicted, leverages, place }), y.cols));
    });
  }
  return {
    leaveOneOutErrors,
    fit: async (place) => {
      const alpha = alphas[place];
      const shrunk = shrunkMoments(alpha);
      const { values: weights } = await multiply(basis.axes, shrunk);
      const predicted = await multiply(rotated, shrunk);
      const leverages = await leveragesOf(squares, eigenvalues, [alpha]);
      const residuals = leftOutResiduals(target, { predicted, leverages, place: 0 });
      return { alpha, means: basis.means, intercept, weights, leftOutResiduals: residuals };
    },
  };
}

/**
 * Predictions of a ridge regression. Those of a row do not depend on the rows beside it.
 *
 * **Shapes**: x n × d; the result n × m.
 */
export async function predictRidge({ means, intercept, weights }: RidgeCoefficients, x: Matrix64): Promise<Matrix64> {
  const d = means.length;
  const m = intercept.length;
  const values = atLeastTwoRows(shifted(x, means).values, d);
  const product = await multiply({ rows: values.length / d, cols: d, values }, { rows: d, cols: m, values: weights });
  const asked = { rows: x.rows, cols: m, values: product.values.subarray(0, x.rows * m) };
  return shifted(asked, intercept.map((value) => -value));
}

/** The coefficients of a fit alone. */
export function coefficientsOf({ means, intercept, weights }: RidgeFit): RidgeCoefficients {
  return { means, intercept, weights };
}

/** The leverage of each row for each penalty, minus the intercept's 1/n: `[n · a]`. */
async function leveragesOf(
  squares: Matrix64,
  eigenvalues: readonly number[],
  alphas: readonly number[],
): Promise<Matrix64> {
  const { cols } = squares;
  const inverse = Float64Array.from(
    { length: cols * alphas.length },
    (_, at) => 1 / (eigenvalues[Math.floor(at / alphas.length)] + alphas[at % alphas.length]),
  );
  return await multiply(squares, { rows: cols, cols: alphas.length, values: inverse });
}

/** Residuals of each row from a fit without it, `[n · m]`, for the penalty at a place of those predicted side by side. */
function leftOutResiduals(
  { rows: n, cols: m, values: target }: Matrix64,
  { predicted, leverages, place }: {
    readonly predicted: Matrix64;
    readonly leverages: Matrix64;
    readonly place: number;
  },
): Float64Array {
  const residuals = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    const left = 1 - 1 / n - leverages.values[i * leverages.cols + place];
    const start = i * predicted.cols + place * m;
    for (let j = 0; j < m; j++) residuals[i * m + j] = (target[i * m + j] - predicted.values[start + j]) / left;
  }
  return residuals;
}

/** Mean of the squares in each column. */
function meanSquares(values: Float64Array, cols: number): Float64Array {
  const means = new Float64Array(cols);
  for (let at = 0; at < values.length; at++) means[at % cols] += values[at] * values[at] * cols / values.length;
  return means;
}

/** Matrices of equal shape as one, side by side. */
function beside(matrices: readonly Matrix64[]): Matrix64 {
  const [{ rows, cols }] = matrices;
  const width = cols * matrices.length;
  const values = new Float64Array(rows * width);
  matrices.forEach((matrix, at) => {
    for (let i = 0; i < rows; i++) values.set(matrix.values.subarray(i * cols, (i + 1) * cols), i * width + at * cols);
  });
  return { rows, cols: width, values };
}

function scaledRows({ rows, cols, values }: Matrix64, factors: readonly number[]): Matrix64 {
  const scaled = new Float64Array(values.length);
  for (let at = 0; at < values.length; at++) scaled[at] = values[at] * factors[Math.floor(at / cols)];
  return { rows, cols, values: scaled };
}

function checkLadder(alphas: readonly number[]): void {
  const wrong = alphas.find((alpha) => !(alpha > 0 && alpha < Infinity));
  if (alphas.length > 0 && wrong === undefined) return;
  const found = wrong === undefined ? "there is none" : `one is ${wrong}`;
  throw new RangeError(
    `Cannot fit a ridge regression as each alpha must be above 0: ${found}; pass some such as [1, 10, 100]`,
  );
}
