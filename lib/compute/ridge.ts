import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { centred, shifted } from "./_centred.ts";
import type { Matrix64 } from "./matrix.ts";
import { leaveOneOutErrors, leftOutResiduals, leveragesOf } from "./_left_out.ts";
import { atLeastTwoRows } from "./_session.ts";
import { multiply } from "./matrix_product.ts";
import { type RidgeBasis, ridgeBasis } from "./ridge_basis.ts";

/** The coefficients of a ridge regression with an intercept: x ↦ intercept + (x − means) · weights. */
export interface RidgeCoefficients {
  /** Means of the columns of x, `[d]`. */
  readonly means: Float64Array;
  /** Means of the columns of y, `[m]`: the prediction at the means of x. */
  readonly intercept: Float64Array;
  /** `[d · m]`, row-major. */
  readonly weights: Float64Array;
}

/** Ridge regressions of the same data, one for each penalty. */
export interface RidgeLadder {
  /** Mean squared leave-one-out residual: for each penalty one number for each column of y. */
  leaveOneOutErrors(): Promise<readonly Float64Array[]>;
  /** The fit with one of the penalties, by its place in the ladder. */
  fit(place: number): Promise<RidgeCoefficients>;
  /** Residuals of each training row from a fit with one of the penalties and without that row, `[n · m]`. */
  leftOutResiduals(place: number): Promise<Float64Array>;
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
  const { eigenvalues, rotated } = basis;
  const { matrix: target, means: intercept } = centred(y);
  const moments = await multiply(rotated, target, { transposeA: true });
  const shrunkMoments = (alpha: number): Matrix64 =>
    scaledRows(moments, eigenvalues.map((value) => 1 / (value + alpha)));
  return {
    leaveOneOutErrors: () =>
      leaveOneOutErrors({ rotated, target }, {
        coefficients: beside(alphas.map(shrunkMoments)),
        inverses: beside(alphas.map((alpha) => columnOf(eigenvalues.map((value) => 1 / (value + alpha))))),
      }),
    fit: async (place) => {
      const { values: weights } = await multiply(basis.axes, shrunkMoments(alphas[place]));
      return { means: basis.means, intercept, weights };
    },
    leftOutResiduals: async (place) => {
      const predicted = await multiply(rotated, shrunkMoments(alphas[place]));
      const inverse = eigenvalues.map((value) => 1 / (value + alphas[place]));
      return leftOutResiduals(target, { predicted, leverages: leveragesOf(rotated, inverse) });
    },
  };
}

/**
 * The coefficients of {@linkcode ridgeLadder} for a single penalty, without leave-one-out errors: by a Cholesky decomposition, which takes a
 * small part of the time of the ladder's eigendecomposition.
 *
 * **Shapes**: x n × d, y n × m. O(n d min(n, d) + min(n, d)³).
 *
 * @throws RangeError where the penalty is not above 0, or there are less than two rows
 */
export async function fitRidge(
  x: Matrix64,
  y: Matrix64,
  { alpha }: { readonly alpha: number },
): Promise<RidgeCoefficients> {
  checkLadder([alpha]);
  const { matrix, means } = centred(x);
  const { matrix: target, means: intercept } = centred(y);
  // With fewer rows than columns by the rows' products, of which there are fewer.
  const isWide = x.rows < x.cols;
  const products = await multiply(matrix, matrix, isWide ? { transposeB: true } : { transposeA: true });
  const side = isWide ? target : await multiply(matrix, target, { transposeA: true });
  for (let k = 0; k < products.rows; k++) products.values[k * products.cols + k] += alpha;
  const decomposition = new CholeskyDecomposition(Matrix.from1DArray(products.rows, products.cols, products.values));
  // A penalty that is lost to rounding beside the squares of x leaves the products singular; eigenvalues are then cut at 0.
  if (x.rows < 2 || !decomposition.isPositiveDefinite()) {
    return await (await ridgeLadder(await ridgeBasis(x), y, { alphas: [alpha] })).fit(0);
  }
  const values = Float64Array.from(
    decomposition.solve(Matrix.from1DArray(side.rows, side.cols, side.values)).to1DArray(),
  );
  const solved = { ...side, values };
  const { values: weights } = isWide ? await multiply(matrix, solved, { transposeA: true }) : solved;
  return { means, intercept, weights };
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

function columnOf(values: readonly number[]): Matrix64 {
  return { rows: values.length, cols: 1, values: Float64Array.from(values) };
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
