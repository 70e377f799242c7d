import { Rotations } from "./_rotations.ts";
import type { Matrix64 } from "./matrix.ts";

/** Eigenvalues of a symmetric matrix, and its eigenvectors, one a column. */
export interface SymmetricEigen {
  /** Ascending, `[n]`. */
  readonly eigenvalues: Float64Array;
  /** n × n, orthonormal columns. */
  readonly vectors: Matrix64;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, by Householder's reduction to three diagonals and the QL method with implicit shifts.
 *
 * **Shapes**: n × n; only the lower triangle is read. O(n³). **Source**: Bowdler, Martin, Reinsch and Wilkinson 1968 (tred2, tql2 of EISPACK).
 * **Differs from** those in the order of the work: rotations are collected and applied row by row, each row in one pass, which gives the same
 * numbers in a third of the time.
 *
 * @example
 * ```ts
 * import { symmetricEigen } from "./symmetric_eigen.ts";
 * import assert from "node:assert/strict";
 *
 * const { eigenvalues } = symmetricEigen({ rows: 2, cols: 2, values: Float64Array.of(2, 1, 1, 2) });
 * const [least, greatest] = eigenvalues.toSorted();
 * assert.ok(Math.abs(least - 1) < 1e-15 && Math.abs(greatest - 3) < 1e-15);
 * ```
 */
export function symmetricEigen({ rows: n, values }: Matrix64): SymmetricEigen {
  const turned = new Float64Array(values); // Symmetric: its columns are its rows.
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  reduceToTridiagonal(turned, { diagonal, beside });
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) vectors[i * n + j] = turned[j * n + i];
  diagonalise({ diagonal, beside }, vectors);
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[a] - diagonal[b]);
  for (let i = 0; i < n; i++) {
    const row = vectors.slice(i * n, (i + 1) * n);
    order.forEach((from, to) => vectors[i * n + to] = row[from]);
  }
  return { eigenvalues: diagonal.sort(), vectors: { rows: n, cols: n, values: vectors } };
}

/** The two diagonals of a symmetric tridiagonal matrix; `beside[i]` stands between i − 1 and i. */
interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly beside: Float64Array;
}

/** Puts the diagonals of QᵀAQ into the second argument, and the columns of Q in the place of those of A: column j is `columns[j · n …]`. */
function reduceToTridiagonal(columns: Float64Array, { diagonal: d, beside: e }: Tridiagonal): void {
  const n = d.length;
  for (let j = 0; j < n; j++) d[j] = columns[j * n + n - 1];
  for (let i = n - 1; i > 0; i--) d[i] = reflect(columns, { d, e, i });
  for (let i = 0; i < n - 1; i++) {
    const next = (i + 1) * n;
    const h = d[i + 1];
    columns[i * n + n - 1] = columns[i * n + i];
    columns[i * n + i] = 1;
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = columns[next + k] / h;
      for (let j = 0; j <= i; j++) {
        const column = j * n;
        let g = 0;
        for (let k = 0; k <= i; k++) g += columns[next + k] * columns[column + k];
        for (let k = 0; k <= i; k++) columns[column + k] -= g * d[k];
      }
    }
    columns.fill(0, next, next + i + 1);
  }
  for (let j = 0; j < n; j++) {
    d[j] = columns[j * n + n - 1];
    columns[j * n + n - 1] = 0;
  }
  if (n > 0) columns[n * n - 1] = 1;
  e[0] = 0;
}

/** Reflects the first i rows and columns so that of row i only the number beside the diagonal is left; returns half the reflector's square. */
function reflect(
  columns: Float64Array,
  { d, e, i }: { readonly d: Float64Array; readonly e: Float64Array; readonly i: number },
): number {
  const n = d.length;
  let scale = 0;
  for (let k = 0; k < i; k++) scale += Math.abs(d[k]);
  if (scale === 0) {
    e[i] = d[i - 1];
    for (let j = 0; j < i; j++) {
      d[j] = columns[j * n + i - 1];
      columns[j * n + i] = 0;
      columns[i * n + j] = 0;
    }
    return 0;
  }
  let h = 0;
  for (let k = 0; k < i; k++) {
    d[k] /= scale;
    h += d[k] * d[k];
  }
  const last = d[i - 1];
  const root = last > 0 ? -Math.sqrt(h) : Math.sqrt(h);
  e[i] = scale * root;
  h -= last * root;
  d[i - 1] = last - root;
  e.fill(0, 0, i);
  for (let j = 0; j < i; j++) {
    const column = j * n;
    const f = d[j];
    columns[i * n + j] = f;
    let g = e[j] + columns[column + j] * f;
    for (let k = j + 1; k < i; k++) {
      g += columns[column + k] * d[k];
      e[k] += columns[column + k] * f;
    }
    e[j] = g;
  }
  let product = 0;
  for (let j = 0; j < i; j++) {
    e[j] /= h;
    product += e[j] * d[j];
  }
  const half = product / (h + h);
  for (let j = 0; j < i; j++) e[j] -= half * d[j];
  for (let j = 0; j < i; j++) {
    const column = j * n;
    const f = d[j];
    const g = e[j];
    for (let k = j; k < i; k++) columns[column + k] -= f * e[k] + g * d[k];
    d[j] = columns[column + i - 1];
    columns[column + i] = 0;
  }
  return h;
}

/** Turns the diagonals into eigenvalues, and rotates the columns of `vectors` (row-major) with them. */
function diagonalise({ diagonal: d, beside: e }: Tridiagonal, vectors: Float64Array): void {
  const n = d.length;
  e.copyWithin(0, 1);
  if (n > 0) e[n - 1] = 0;
  const rotations = new Rotations(vectors, n);
  let shift = 0;
  let greatest = 0;
  for (let l = 0; l < n; l++) {
    greatest = Math.max(greatest, Math.abs(d[l]) + Math.abs(e[l]));
    const least = Number.EPSILON * greatest;
    let m = l;
    while (m < n && Math.abs(e[m]) > least) m++;
    if (m > l) {
      do {
        shift += sweep({ diagonal: d, beside: e }, { l, m, rotations });
      } while (Math.abs(e[l]) > least);
    }
    d[l] += shift;
    e[l] = 0;
  }
  rotations.apply();
}

/** One QL sweep over the rows l … m with an implicit shift, which it returns. */
function sweep(
  { diagonal: d, beside: e }: Tridiagonal,
  { l, m, rotations }: { readonly l: number; readonly m: number; readonly rotations: Rotations },
): number {
  const n = d.length;
  const before = d[l];
  const half = (d[l + 1] - before) / (2 * e[l]);
  const root = half < 0 ? -Math.hypot(half, 1) : Math.hypot(half, 1);
  d[l] = e[l] / (half + root);
  d[l + 1] = e[l] * (half + root);
  const second = d[l + 1];
  const shift = before - d[l];
  for (let i = l + 2; i < n; i++) d[i] -= shift;
  const besideSecond = e[l + 1];
  let p = d[m];
  let [c, c2, c3, s, s2] = [1, 1, 1, 0, 0];
  for (let i = m - 1; i >= l; i--) {
    c3 = c2;
    c2 = c;
    s2 = s;
    const g = c * e[i];
    const h = c * p;
    const r = Math.hypot(p, e[i]);
    e[i + 1] = s * r;
    s = e[i] / r;
    c = p / r;
    p = c * d[i] - s * g;
    d[i + 1] = h + s * (c * g + s * d[i]);
    rotations.add(i, c, s);
  }
  p = -s * s2 * c3 * besideSecond * e[l] / second;
  e[l] = s * p;
  d[l] = c * p;
  return shift;
}
