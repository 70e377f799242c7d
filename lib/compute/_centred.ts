import type { Matrix64 } from "./matrix.ts";

/** A matrix minus the means of its columns, and those means. */
export function centred(matrix: Matrix64): { readonly matrix: Matrix64; readonly means: Float64Array } {
  const { rows, cols, values } = matrix;
  const means = new Float64Array(cols);
  for (let i = 0, at = 0; i < rows; i++) for (let k = 0; k < cols; k++, at++) means[k] += values[at];
  for (let k = 0; k < cols; k++) means[k] /= rows;
  return { matrix: shifted(matrix, means), means };
}

/** Subtracts the same numbers from each row of a matrix. It uses loops, as a typed array's `map` takes three times as long. */
export function shifted({ rows, cols, values }: Matrix64, means: Float64Array): Matrix64 {
  const left = new Float64Array(values.length);
  for (let i = 0, at = 0; i < rows; i++) for (let k = 0; k < cols; k++, at++) left[at] = values[at] - means[k];
  return { rows, cols, values: left };
}
