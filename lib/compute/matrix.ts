/**
 * A dense matrix in single precision.
 *
 * **Shapes**: `values` is row-major, [rows · cols]: row i is `values.subarray(i * cols, (i + 1) * cols)`.
 */
export interface Matrix {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly cols: number;
  /** The numbers, row after row. */
  readonly values: Float32Array;
}

/** A dense matrix in double precision, laid out like {@linkcode Matrix}. */
export interface Matrix64 {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly cols: number;
  /** The numbers, row after row. */
  readonly values: Float64Array;
}

/**
 * Widens a matrix to double precision; one that is double already is returned as it is.
 *
 * **Shapes**: those of the input. O(rows · cols).
 *
 * @example
 * ```ts
 * import { toMatrix64 } from "./matrix.ts";
 * import assert from "node:assert/strict";
 *
 * const wide = toMatrix64({ rows: 1, cols: 2, values: Float32Array.of(0.5, 2) });
 * assert.deepEqual(wide.values, Float64Array.of(0.5, 2));
 * ```
 */
export function toMatrix64(matrix: Matrix | Matrix64): Matrix64 {
  return matrix.values instanceof Float64Array
    ? (matrix as Matrix64)
    : { ...matrix, values: new Float64Array(matrix.values) };
}
