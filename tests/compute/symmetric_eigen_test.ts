import assert from "node:assert/strict";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { seededRandom } from "../../lib/base/random.ts";
import { symmetricEigen } from "../../lib/compute/symmetric_eigen.ts";

/** The products of the columns of a random matrix of some rows. */
function productsOf(nRows: number, n: number): Float64Array {
  const random = seededRandom(n, "symmetric");
  const rows = Array.from({ length: nRows }, () => Float64Array.from({ length: n }, () => random.normal()));
  return Float64Array.from(
    { length: n * n },
    (_, at) => rows.reduce((sum, row) => sum + row[Math.floor(at / n)] * row[at % n], 0),
  );
}

Deno.test("symmetricEigen() gives orthonormal vectors that the matrix only stretches, by ml-matrix's eigenvalues", () => {
  for (const [nRows, n] of [[1, 1], [2, 2], [2, 3], [9, 4], [3, 5], [40, 17], [30, 50], [200, 66]]) {
    const values = productsOf(nRows, n);
    const { eigenvalues, vectors: { values: vectors } } = symmetricEigen({ rows: n, cols: n, values });
    const greatest = eigenvalues[n - 1];
    const { realEigenvalues } = new EigenvalueDecomposition(Matrix.from1DArray(n, n, values), {
      assumeSymmetric: true,
    });
    realEigenvalues.sort((a, b) => a - b).forEach((value, k) => {
      assert.ok(Math.abs(eigenvalues[k] - value) <= 1e-13 * greatest, `${n}: ${k}`);
    });
    for (let k = 0; k < n; k++) {
      for (let i = 0; i < n; i++) {
        let stretched = 0;
        let product = 0;
        for (let j = 0; j < n; j++) {
          stretched += values[i * n + j] * vectors[j * n + k];
          product += vectors[j * n + i] * vectors[j * n + k];
        }
        assert.ok(Math.abs(stretched - eigenvalues[k] * vectors[i * n + k]) <= 1e-13 * greatest);
        assert.ok(Math.abs(product - Number(i === k)) <= 1e-13);
      }
    }
  }
});

Deno.test("symmetricEigen() of a diagonal, a zero and an empty matrix", () => {
  const diagonal = { rows: 3, cols: 3, values: Float64Array.of(2, 0, 0, 0, -1, 0, 0, 0, 5) };
  assert.deepEqual(symmetricEigen(diagonal).eigenvalues, Float64Array.of(-1, 2, 5));
  assert.deepEqual(symmetricEigen({ rows: 2, cols: 2, values: new Float64Array(4) }).eigenvalues, new Float64Array(2));
  assert.equal(symmetricEigen({ rows: 0, cols: 0, values: new Float64Array(0) }).eigenvalues.length, 0);
});
