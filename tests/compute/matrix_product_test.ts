import assert from "node:assert/strict";
import type { Matrix64 } from "../../lib/compute/matrix.ts";
import { multiply } from "../../lib/compute/matrix_product.ts";
import { relativeDistance, WholeNumbers } from "./_numbers.ts";

function transposed({ rows, cols, values }: Matrix64): Matrix64 {
  return {
    rows: cols,
    cols: rows,
    values: values.map((_, place) => values[(place % rows) * cols + Math.floor(place / rows)]),
  };
}

/** Three loops. */
function product(a: Matrix64, b: Matrix64): Float64Array {
  return Float64Array.from({ length: a.rows * b.cols }, (_, place) => {
    const [i, j] = [Math.floor(place / b.cols), place % b.cols];
    let sum = 0;
    for (let l = 0; l < a.cols; l++) sum += a.values[i * a.cols + l] * b.values[l * b.cols + j];
    return sum;
  });
}

Deno.test("multiply() agrees with three loops for every choice of transposition", async () => {
  for (const [p, q, r] of [[1, 1, 1], [1, 7, 3], [5, 1, 2], [13, 300, 17]]) {
    const a = new WholeNumbers(p).matrix(p, q);
    const b = new WholeNumbers(q).matrix(q, r);
    const expected = product(a, b);
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const found = await multiply(transposeA ? transposed(a) : a, transposeB ? transposed(b) : b, {
          transposeA,
          transposeB,
        });
        assert.deepEqual([found.rows, found.cols], [p, r]);
        assert.ok(relativeDistance(found.values, expected) < 1e-14);
      }
    }
  }
});

Deno.test("multiply() of an empty matrix is empty or zero", async () => {
  const none = { rows: 0, cols: 2, values: new Float64Array(0) };
  assert.deepEqual(await multiply(none, none, { transposeA: true }), { rows: 2, cols: 2, values: new Float64Array(4) });
  assert.deepEqual(await multiply(none, none, { transposeB: true }), { rows: 0, cols: 0, values: new Float64Array(0) });
});

Deno.test("multiply() gives the same bytes for every number of threads", async () => {
  const x = new WholeNumbers(8).matrix(3000, 40);
  const thrice = { ...x, values: x.values.map((value) => value / 3) };
  const one = await multiply(thrice, thrice, { transposeA: true, threads: 1 });
  assert.deepEqual(await multiply(thrice, thrice, { transposeA: true, threads: 2 }), one);
});

Deno.test("multiply() refuses inner sizes that differ", async () => {
  const a = { rows: 2, cols: 3, values: new Float64Array(6) };
  await assert.rejects(() => multiply(a, a, { transposeB: false }), {
    name: "TypeError",
    message:
      "Cannot multiply matrices as the columns of a must equal the rows of b: a is 2×3, b is 2×3 after transposition; transpose one or correct its shape",
  });
});

Deno.test("multiply() refuses to run without threads", async () => {
  const a = { rows: 1, cols: 1, values: Float64Array.of(2) };
  await assert.rejects(async () => await multiply(a, a, { threads: 0 }), {
    name: "RangeError",
    message: "Cannot open an ONNX graph as threads must be a whole number of at least 1: it is 0; correct it",
  });
});
