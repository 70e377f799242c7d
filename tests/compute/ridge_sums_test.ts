import assert from "node:assert/strict";
import { seededRandom } from "../../lib/base/random.ts";
import type { Matrix64 } from "../../lib/compute/matrix.ts";
import { ridgeLadder } from "../../lib/compute/ridge.ts";
import { ridgeBasis } from "../../lib/compute/ridge_basis.ts";
import { RidgeSums } from "../../lib/compute/ridge_sums.ts";

const ALPHAS = [0.1, 1, 10, 100];

function randomRows(n: number): { readonly x: Matrix64; readonly y: Matrix64 } {
  const random = seededRandom(3, "rows");
  // Far from 0, and columns that depend on each other.
  const x = Float64Array.from({ length: n * 6 }, (_, at) => 5 + (at % 6) * random.uniform());
  for (let i = 0; i < n; i++) x[i * 6 + 5] = x[i * 6] + x[i * 6 + 1];
  const y = Float64Array.from(
    { length: n * 3 },
    (_, at) => x[Math.floor(at / 3) * 6 + at % 3 + 1] / 9 + random.uniform(),
  );
  return { x: { rows: n, cols: 6, values: x }, y: { rows: n, cols: 3, values: y } };
}

function blocksOf({ rows, cols, values }: Matrix64, size: number): Matrix64[] {
  return Array.from({ length: Math.ceil(rows / size) }, (_, at) => {
    const part = values.subarray(at * size * cols, (at + 1) * size * cols);
    return { rows: part.length / cols, cols, values: part };
  });
}

Deno.test("sums of blocks give the coefficients of all rows together, whatever the blocks", async () => {
  const { x, y } = randomRows(400);
  const ladder = await ridgeLadder(await ridgeBasis(x), y, { alphas: ALPHAS });
  for (const size of [1, 37, 400]) {
    const sums = new RidgeSums();
    const targets = blocksOf(y, size);
    for (const [at, block] of blocksOf(x, size).entries()) await sums.add(block, targets[at]);
    for (const [place, alpha] of ALPHAS.entries()) {
      const wanted = await ladder.fit(place), found = sums.fit([alpha]);
      for (const name of ["means", "intercept", "weights"] as const) {
        wanted[name].forEach((value, k) =>
          assert.ok(Math.abs(found[name][k] - value) < 1e-10, `${name} of α = ${alpha}`)
        );
      }
    }
    const errors = (await ladder.leaveOneOutErrors()).map((each) => each.reduce((sum, error) => sum + error));
    assert.equal(sums.fit(ALPHAS).alpha, ALPHAS[errors.indexOf(Math.min(...errors))]);
    const [own] = [sums.fit([1], [1, 2])];
    assert.deepEqual([...own.weights], [...sums.fit([1]).weights].filter((_, at) => at % 3 === 1));
  }
});

Deno.test("generalised cross-validation is that of its formula", async () => {
  const { x, y } = randomRows(40);
  const sums = new RidgeSums();
  await sums.add(x, y);
  const errorOf = (alpha: number): number => {
    const { means, intercept, weights } = sums.fit([alpha], [0, 1]);
    // The trace of the hat matrix, from predictions for one unit of y at each row.
    let residual = 0;
    for (let i = 0; i < 40; i++) {
      const predicted = means.reduce((sum, mean, k) => sum + (x.values[i * 6 + k] - mean) * weights[k], intercept[0]);
      residual += (y.values[i * 3] - predicted) ** 2;
    }
    return residual;
  };
  const trace = async (alpha: number): Promise<number> => {
    let sum = 0;
    for (let i = 0; i < 40; i++) {
      const unit = new RidgeSums();
      await unit.add(x, { rows: 40, cols: 1, values: Float64Array.from({ length: 40 }, (_, at) => Number(at === i)) });
      const { means, intercept, weights } = unit.fit([alpha]);
      sum += means.reduce((total, mean, k) => total + (x.values[i * 6 + k] - mean) * weights[k], intercept[0]);
    }
    return sum;
  };
  const ladder = [0.01, 30, 1000];
  const errors: number[] = [];
  for (const alpha of ladder) errors.push(40 * errorOf(alpha) / (40 - await trace(alpha)) ** 2);
  assert.equal(sums.fit(ladder, [0, 1]).alpha, ladder[errors.indexOf(Math.min(...errors))]);
});

Deno.test("sums refuse rows of another width, and a fit of one row", async () => {
  const sums = new RidgeSums();
  const rows = (n: number, cols: number): Matrix64 => ({ rows: n, cols, values: new Float64Array(n * cols) });
  await sums.add(rows(1, 2), rows(1, 1));
  assert.throws(
    () => sums.fit([1]),
    /^RangeError: Cannot fit a ridge regression as there must be two rows or more: there are 1/,
  );
  await assert.rejects(
    sums.add(rows(2, 3), rows(2, 1)),
    /^TypeError: Cannot add rows to sums as they must be n×2 and n×1: they are 2×3 and 2×1/,
  );
});
