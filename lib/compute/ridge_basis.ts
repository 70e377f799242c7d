import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { centred } from "./_centred.ts";
import type { Matrix64 } from "./matrix.ts";
import { multiply } from "./matrix_product.ts";

/** An axis along which rows differ by less, relative to the longest, is none: it is rounding. */
const NO_SPREAD = 1e-13;

/** The rows that ridge regressions learn from, rotated to axes on which they do not correlate, for regressions of many targets. */
export interface RidgeBasis {
  /** Means of the columns, `[d]`. */
  readonly means: Float64Array;
  /** The r axes, d × r, one a column. */
  readonly axes: Matrix64;
  /** Sum of squares along each axis, `[r]`. */
  readonly eigenvalues: readonly number[];
  /** The centred rows along the axes, n × r. */
  readonly rotated: Matrix64;
}

/**
 * Decomposes the rows once, for any number of ridge regressions.
 *
 * **Shapes**: x n × d; r axes, d where there are as many rows, else at most n. O(n d min(n, d) + min(n, d)³).
 *
 * @throws RangeError where there are less than two rows
 */
export async function ridgeBasis(x: Matrix64): Promise<RidgeBasis> {
  if (x.rows < 2) {
    throw new RangeError(`Cannot fit a ridge regression as there must be two rows or more: there are ${x.rows}`);
  }
  const { matrix, means } = centred(x);
  const basis = await (x.rows < x.cols ? basisOfFewRows(matrix) : basisOfManyRows(matrix));
  return { means, ...basis };
}

/** By the columns' products, d × d. */
async function basisOfManyRows(matrix: Matrix64): Promise<Pick<RidgeBasis, "axes" | "eigenvalues" | "rotated">> {
  const { eigenvalues, vectors: axes } = symmetricAxes(await multiply(matrix, matrix, { transposeA: true }));
  return { axes, eigenvalues, rotated: await multiply(matrix, axes) };
}

/** By the rows' products, n × n, which are fewer: X Xᵀ = U S Uᵀ gives the same axes Xᵀ U S^(−½), and the rows along them are U S^½. */
async function basisOfFewRows(matrix: Matrix64): Promise<Pick<RidgeBasis, "axes" | "eigenvalues" | "rotated">> {
  const { eigenvalues: all, vectors } = symmetricAxes(await multiply(matrix, matrix, { transposeB: true }));
  const n = matrix.rows;
  const least = NO_SPREAD * Math.max(...all);
  const kept = all.flatMap((value, k) => value > least ? [k] : []);
  const eigenvalues = kept.map((k) => all[k]);
  const columns = (factorOf: (value: number) => number): Matrix64 => ({
    rows: n,
    cols: kept.length,
    values: Float64Array.from({ length: n * kept.length }, (_, at) => {
      const column = at % kept.length;
      return vectors.values[Math.floor(at / kept.length) * n + kept[column]] * factorOf(eigenvalues[column]);
    }),
  });
  const axes = await multiply(matrix, columns((value) => 1 / Math.sqrt(value)), { transposeA: true });
  return { axes, eigenvalues, rotated: columns(Math.sqrt) };
}

/** Eigenvalues of a symmetric matrix without negative ones, and its eigenvectors, one a column. */
export function symmetricAxes(
  { rows: n, values }: Matrix64,
): { readonly eigenvalues: readonly number[]; readonly vectors: Matrix64 } {
  const decomposition = new EigenvalueDecomposition(Matrix.from1DArray(n, n, values), { assumeSymmetric: true });
  const vectors = { rows: n, cols: n, values: Float64Array.from(decomposition.eigenvectorMatrix.to1DArray()) };
  // Rounding may leave an eigenvalue of a singular matrix a hair below 0.
  return { eigenvalues: decomposition.realEigenvalues.map((value) => Math.max(0, value)), vectors };
}
