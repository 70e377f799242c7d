import { Matrix, solve } from "ml-matrix";
import type { Matrix64 } from "./matrix.ts";

/** How a logistic regression is fitted. */
export interface LogisticOptions {
  /** What is known before the columns of x are looked at, as a logit for each row, `[n]`; its weight is 1. */
  readonly offset: ArrayLike<number>;
  /** Weight of the penalty on the squared weights; above 0, so that there is always one best fit. */
  readonly penalty: number;
}

/** Newton's steps end where no weight moves by more. */
const TOLERANCE = 1e-10;
/** Far more steps than a penalised likelihood needs. */
const MOST_STEPS = 100;

/**
 * Logistic regression by Newton's method: the weights w that minimise −log likelihood + penalty · |w|² / 2 of P(y = 1) = σ(offset + x · w).
 *
 * **Shapes**: x n × d, y `[n]` of 0 and 1; d weights. There is no intercept but a column of ones. O(n d²) a step.
 *
 * **Source**: Hastie, Tibshirani, Friedman 2009, section 4.4.1; equals scikit-learn's `LogisticRegression` without offset, with C = 1 / penalty.
 *
 * @throws TypeError where the rows differ; RangeError where the penalty is not above 0
 * @example
 * ```ts
 * import { fitLogistic } from "./logistic.ts";
 * import assert from "node:assert/strict";
 *
 * // Three of four ones, next to no penalty: the weight is the logit of 3/4.
 * const x = { rows: 4, cols: 1, values: Float64Array.of(1, 1, 1, 1) };
 * const [weight] = fitLogistic(x, [1, 1, 1, 0], { offset: [0, 0, 0, 0], penalty: 1e-9 });
 * assert.ok(Math.abs(weight - Math.log(3)) < 1e-6);
 * ```
 */
export function fitLogistic(x: Matrix64, y: ArrayLike<number>, { offset, penalty }: LogisticOptions): Float64Array {
  const { rows: n, cols: d, values } = x;
  if (y.length !== n || offset.length !== n) {
    throw new TypeError(
      `Cannot fit a logistic regression as x, y and the offset must have equal rows: they have ${n}, ${y.length} and ${offset.length}`,
    );
  }
  if (!(penalty > 0 && penalty < Infinity)) {
    throw new RangeError(
      `Cannot fit a logistic regression as the penalty must be above 0: it is ${penalty}; pass one such as 1`,
    );
  }
  let weights = new Float64Array(d);
  for (let step = 0; step < MOST_STEPS; step++) {
    const gradient = weights.map((weight) => -penalty * weight);
    const curvature = Matrix.eye(d, d, penalty);
    for (let i = 0; i < n; i++) {
      const row = values.subarray(i * d, (i + 1) * d);
      const p = logistic(row.reduce((sum, value, k) => sum + value * weights[k], offset[i]));
      for (let k = 0; k < d; k++) {
        gradient[k] += (y[i] - p) * row[k];
        for (let l = 0; l < d; l++) curvature.set(k, l, curvature.get(k, l) + p * (1 - p) * row[k] * row[l]);
      }
    }
    const move = solve(curvature, Matrix.columnVector(gradient)).to1DArray();
    weights = weights.map((weight, k) => weight + move[k]);
    if (move.every((each) => Math.abs(each) < TOLERANCE)) break;
  }
  return weights;
}

/** 1 / (1 + exp(−t)). */
export function logistic(t: number): number {
  return 1 / (1 + Math.exp(-t));
}

/** log(p / (1 − p)). */
export function logit(p: number): number {
  return Math.log(p / (1 - p));
}
