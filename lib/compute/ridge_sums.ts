import { shifted } from "./_centred.ts";
import type { Matrix64 } from "./matrix.ts";
import { multiply } from "./matrix_product.ts";
import type { RidgeCoefficients } from "./ridge.ts";
import { symmetricAxes } from "./ridge_basis.ts";

/** A ridge regression that was fitted from sums. */
export interface SummedRidge extends RidgeCoefficients {
  /** Weight of the penalty. */
  readonly alpha: number;
}

/**
 * What ridge regressions need to know of rows that are not kept: XᵀX, XᵀY and the sums of x, y and y², to which blocks of
 * rows are added.
 *
 * Rows are taken relative to the mean of the first block, so that little is lost where all rows are far from 0.
 *
 * **Shapes**: blocks of n × d and n × t; memory O(d (d + t)), whatever the number of rows.
 *
 * @example
 * ```ts
 * import { RidgeSums } from "./ridge_sums.ts";
 * import assert from "node:assert/strict";
 *
 * const sums = new RidgeSums();
 * const column = (...values: number[]) => ({ rows: values.length, cols: 1, values: Float64Array.from(values) });
 * await sums.add(column(0, 1), column(0, 1));
 * await sums.add(column(2), column(2));
 * const { weights } = sums.fit([2]);
 * assert.ok(Math.abs(weights[0] - 0.5) < 1e-12);
 * ```
 */
export class RidgeSums {
  #nRows = 0;
  #shift = new Float64Array(0);
  #x = new Float64Array(0);
  #y = new Float64Array(0);
  #ySquares = new Float64Array(0);
  #xx = new Float64Array(0);
  #xy = new Float64Array(0);
  #axes: ReturnType<typeof symmetricAxes> | null = null;

  /** Number of rows that were added. */
  get nRows(): number {
    return this.#nRows;
  }

  /** Adds rows of x and y. */
  async add(x: Matrix64, y: Matrix64): Promise<void> {
    const d = x.cols, t = y.cols;
    if (this.#nRows === 0) {
      this.#shift = columnSums(x).map((sum) => sum / x.rows);
      [this.#x, this.#y, this.#ySquares] = [d, t, t].map((length) => new Float64Array(length));
      [this.#xx, this.#xy] = [d * d, d * t].map((length) => new Float64Array(length));
    }
    if (d !== this.#x.length || t !== this.#y.length || x.rows !== y.rows) {
      throw new TypeError(
        `Cannot add rows to sums as they must be n×${this.#x.length} and n×${this.#y.length}: they are ${x.rows}×${d} and ${y.rows}×${t}`,
      );
    }
    const near = shifted(x, this.#shift);
    addTo(this.#x, columnSums(near));
    addTo(this.#y, columnSums(y));
    addTo(this.#ySquares, columnSums({ ...y, values: y.values.map((value) => value * value) }));
    addTo(this.#xx, (await multiply(near, near, { transposeA: true })).values);
    addTo(this.#xy, (await multiply(near, y, { transposeA: true })).values);
    this.#nRows += x.rows;
    this.#axes = null;
  }

  /**
   * The ridge regression with an intercept of some columns of y, equal to that of all rows together. Of several penalties
   * the one with the least error by generalised cross-validation, summed over these columns, is taken: leave-one-out
   * errors need the rows, and for many more rows than columns they are nearly the same.
   *
   * **Source**: Golub, Heath, Wahba 1979.
   *
   * @param columns of y: from, to. Default all
   * @throws RangeError where there are less than two rows
   */
  fit(alphas: readonly number[], columns: readonly [from: number, to: number] = [0, this.#y.length]): SummedRidge {
    const n = this.#nRows, d = this.#x.length, all = this.#y.length, [from, to] = columns;
    if (n < 2) {
      throw new RangeError(`Cannot fit a ridge regression as there must be two rows or more: there are ${n}`);
    }
    const targets = Array.from({ length: to - from }, (_, at) => from + at);
    const { eigenvalues, vectors } = this.#axes ??= symmetricAxes({ rows: d, cols: d, values: this.#centredSquares() });
    const moments = targets.map((target) => {
      const own = this.#x.map((sum, k) => this.#xy[k * all + target] - sum * this.#y[target] / n);
      return eigenvalues.map((_, axis) => own.reduce((sum, value, k) => sum + value * vectors.values[k * d + axis], 0));
    });
    const squares = targets.map((target) => this.#ySquares[target] - this.#y[target] ** 2 / n);
    const errors = alphas.map((alpha) => crossValidation(alpha, { n, eigenvalues, moments, squares }));
    const alpha = alphas[errors.indexOf(Math.min(...errors))];
    const weights = new Float64Array(d * targets.length);
    for (let k = 0; k < d; k++) {
      for (let at = 0; at < targets.length; at++) {
        let sum = 0;
        for (let axis = 0; axis < d; axis++) {
          sum += vectors.values[k * d + axis] * moments[at][axis] / (eigenvalues[axis] + alpha);
        }
        weights[k * targets.length + at] = sum;
      }
    }
    return {
      alpha,
      means: this.#x.map((sum, k) => this.#shift[k] + sum / n),
      intercept: Float64Array.from(targets, (target) => this.#y[target] / n),
      weights,
    };
  }

  /** XᵀX of the centred rows. */
  #centredSquares(): Float64Array {
    const d = this.#x.length;
    return this.#xx.map((sum, at) => sum - this.#x[Math.floor(at / d)] * this.#x[at % d] / this.#nRows);
  }
}

/** n · RSS ÷ (n − degrees of freedom)², summed over the targets. */
function crossValidation(
  alpha: number,
  { n, eigenvalues, moments, squares }: {
    readonly n: number;
    readonly eigenvalues: readonly number[];
    readonly moments: readonly (readonly number[])[];
    readonly squares: readonly number[];
  },
): number {
  const used = eigenvalues.reduce((sum, value) => sum + value / (value + alpha), 1);
  if (used >= n) return Infinity;
  const residual = moments.reduce((total, moment, at) => {
    const explained = eigenvalues.reduce((sum, value, axis) => {
      const weight = 1 / (value + alpha);
      return sum + moment[axis] ** 2 * weight * (2 - value * weight);
    }, 0);
    return total + Math.max(0, squares[at] - explained);
  }, 0);
  return n * residual / (n - used) ** 2;
}

function columnSums({ rows, cols, values }: Matrix64): Float64Array {
  const sums = new Float64Array(cols);
  for (let i = 0, at = 0; i < rows; i++) for (let k = 0; k < cols; k++, at++) sums[k] += values[at];
  return sums;
}

function addTo(sums: Float64Array, values: Float64Array): void {
  for (let at = 0; at < sums.length; at++) sums[at] += values[at];
}
