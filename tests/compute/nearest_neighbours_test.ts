import assert from "node:assert/strict";
import reference from "../reference/neighbours.json" with { type: "json" };
import type { Matrix } from "../../lib/compute/matrix.ts";
import { nearestNeighbours } from "../../lib/compute/nearest_neighbours.ts";
import { single, WholeNumbers } from "./_numbers.ts";

function matrix(rows: number, cols: number, ...values: number[]): Matrix {
  return { rows, cols, values: Float32Array.from(values) };
}

/** All similarities of each query in double precision, fully sorted. */
function fullSort(queries: Matrix, points: Matrix): { index: number; similarity: number }[][] {
  const row = (m: Matrix, i: number): Float64Array =>
    Float64Array.from(m.values.subarray(i * m.cols, (i + 1) * m.cols));
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, j) => sum + value * b[j], 0);
  return Array.from({ length: queries.rows }, (_, i) => {
    const q = row(queries, i);
    return Array.from({ length: points.rows }, (_, index) => {
      const p = row(points, index);
      return { index, similarity: dot(q, p) / (Math.sqrt(dot(q, q) * dot(p, p)) || 1) };
    }).sort((a, b) => b.similarity - a.similarity || a.index - b.index);
  });
}

Deno.test("nearestNeighbours() finds the only point, and nothing for no query", async () => {
  const found = await nearestNeighbours(matrix(1, 2, 1, 1), matrix(1, 2, 2, 2), { k: 1 });
  assert.deepEqual(found.indices, Int32Array.of(0));
  assert.ok(Math.abs(found.similarities[0] - 1) < 1e-6 && found.similarities[0] <= 1);
  const none = await nearestNeighbours(matrix(0, 2), matrix(1, 2, 2, 2), { k: 1 });
  assert.deepEqual([none.indices.length, none.similarities.length], [0, 0]);
});

Deno.test("nearestNeighbours() gives zero vectors similarity 0", async () => {
  const found = await nearestNeighbours(matrix(2, 2, 0, 0, 1, 0), matrix(3, 2, -1, 0, 0, 0, 1, 0), { k: 3 });
  assert.deepEqual(found.indices, Int32Array.of(0, 1, 2, 2, 1, 0));
  assert.deepEqual(found.similarities, Float32Array.of(0, 0, 0, 1, 0, -1));
});

Deno.test("nearestNeighbours() orders equally similar points by index", async () => {
  const distinct = single(new WholeNumbers(5).matrix(40, 33));
  const points = { rows: 200, cols: 33, values: new Float32Array(200 * 33) };
  for (let copy = 0; copy < 5; copy++) points.values.set(distinct.values, copy * distinct.values.length);
  const { indices } = await nearestNeighbours(distinct, points, { k: 8 });
  for (let i = 0; i < 40; i++) {
    const found = Array.from(indices.subarray(8 * i, 8 * i + 8));
    assert.deepEqual(found.slice(0, 5), [i, i + 40, i + 80, i + 120, i + 160]);
    assert.deepEqual(found.slice(5), [found[5], found[5] + 40, found[5] + 80]);
  }
});

Deno.test("nearestNeighbours() survives numbers whose squares overflow or vanish", async () => {
  const found = await nearestNeighbours(matrix(1, 2, 1e-30, 2e-30), matrix(2, 2, -3e38, 0, 1e38, 2e38), { k: 2 });
  assert.deepEqual(found.indices, Int32Array.of(1, 0));
  assert.ok(Math.abs(found.similarities[0] - 1) < 1e-6 && Math.abs(found.similarities[1] + Math.sqrt(0.2)) < 1e-6);
});

Deno.test("nearestNeighbours() agrees with scikit-learn", async (t) => {
  const { nPoints, nQueries, nDims, k } = reference;
  const numbers = new WholeNumbers(reference.inputSeed);
  const points = single(numbers.matrix(nPoints, nDims));
  const queries = single(numbers.matrix(nQueries, nDims));
  const found = await nearestNeighbours(queries, points, { k });
  let nCompared = 0;
  for (let i = 0; i < nQueries; i++) {
    const distances = reference.distances[i];
    for (let j = 0; j < k; j++) assert.ok(Math.abs(1 - found.similarities[i * k + j] - distances[j]) < 1e-6);
    // Where the 40th and the 41st are nearly as near, rounding decides which belongs to the set.
    if (distances[k] - distances[k - 1] < 1e-5) continue;
    nCompared++;
    const byNumber = (a: number, b: number): number => a - b;
    assert.deepEqual(
      Array.from(found.indices.subarray(i * k, (i + 1) * k)).sort(byNumber),
      reference.indices[i].slice(0, k).sort(byNumber),
    );
  }
  await t.step(
    `the sets of ${nCompared} of ${nQueries} queries were compared; the others are tied at the border`,
    () => {
      assert.ok(nCompared >= 0.9 * nQueries);
    },
  );
});

Deno.test("nearestNeighbours() agrees with a full sort", async () => {
  for (
    const [nQueries, nPoints, nDims, k] of [[7, 5, 1, 5], [20, 100, 3, 1], [33, 257, 20, 257], [5, 1000, 65, 17], [
      30,
      400,
      384,
      40,
    ], [
      20,
      300,
      768,
      40,
    ], [20, 200, 1536, 40]]
  ) {
    const numbers = new WholeNumbers(nPoints);
    const points = single(numbers.matrix(nPoints, nDims));
    const queries = single(numbers.matrix(nQueries, nDims));
    const found = await nearestNeighbours(queries, points, { k });
    for (const [i, sorted] of fullSort(queries, points).entries()) {
      const similarityOf = new Map(sorted.map(({ index, similarity }) => [index, similarity]));
      for (let j = 0; j < k; j++) {
        const place = i * k + j;
        assert.ok(Math.abs(found.similarities[place] - sorted[j].similarity) < 1e-6);
        assert.ok(Math.abs(found.similarities[place] - similarityOf.get(found.indices[place])!) < 1e-6);
      }
      assert.equal(new Set(found.indices.subarray(i * k, (i + 1) * k)).size, k);
    }
  }
});

Deno.test("nearestNeighbours() gives the same bytes for every block size, number of threads and subset of queries", async () => {
  const numbers = new WholeNumbers(6);
  const points = single(numbers.matrix(1003, 50));
  const queries = single(numbers.matrix(97, 50));
  const whole = await nearestNeighbours(queries, points, { k: 10 });
  for (const blockRows of [1, 2, 3, 16, 96, 97, 500]) {
    for (const threads of [1, 2]) {
      assert.deepEqual(await nearestNeighbours(queries, points, { k: 10, blockRows, threads }), whole);
    }
  }
  const one = { rows: 1, cols: 50, values: queries.values.slice(13 * 50, 14 * 50) };
  const alone = await nearestNeighbours(one, points, { k: 10 });
  assert.deepEqual(alone.indices, whole.indices.slice(130, 140));
  assert.deepEqual(alone.similarities, whole.similarities.slice(130, 140));
});

Deno.test("nearestNeighbours() leaves its inputs as they were", async () => {
  const queries = matrix(2, 2, 3, 4, 5, 6);
  const points = matrix(2, 2, 1, 2, 7, 8);
  await nearestNeighbours(queries, points, { k: 1 });
  assert.deepEqual([...queries.values, ...points.values], [3, 4, 5, 6, 1, 2, 7, 8]);
});

Deno.test("nearestNeighbours() refuses bad input", async (t) => {
  const points = matrix(3, 2, 1, 2, 3, 4, 5, 6);
  const start = "Cannot find the 2 nearest neighbours as ";
  const cases: [string, () => Promise<unknown>, { name: string; message: string }][] = [
    ["k above the number of points", () => nearestNeighbours(points, points, { k: 40 }), {
      name: "RangeError",
      message:
        "Cannot find the 40 nearest neighbours as k must be at most the number of points: k is 40, points are 3; lower k or add points",
    }],
    ["k below 1", () => nearestNeighbours(points, points, { k: 0 }), {
      name: "RangeError",
      message: "Cannot find the 0 nearest neighbours as k must be a whole number of at least 1: it is 0; correct it",
    }],
    ["blockRows below 1", () => nearestNeighbours(points, points, { k: 2, blockRows: 0 }), {
      name: "RangeError",
      message: `${start}blockRows must be a whole number of at least 1: it is 0; correct it`,
    }],
    ["different columns", () => nearestNeighbours(matrix(1, 3, 1, 2, 3), points, { k: 2 }), {
      name: "TypeError",
      message:
        `${start}both matrices must have equal columns: queries are 1×3, points are 3×2; give both the same columns`,
    }],
    ["no columns", () => nearestNeighbours(matrix(1, 0), matrix(3, 0), { k: 2 }), {
      name: "RangeError",
      message: `${start}the number of columns must be a whole number of at least 1: it is 0; correct it`,
    }],
    ["a wrong length", () => nearestNeighbours(matrix(2, 2, 1, 2, 3), points, { k: 2 }), {
      name: "TypeError",
      message: `${start}queries must hold rows × cols numbers: shape is 2×2, length is 3; correct the shape`,
    }],
    ["NaN", () => nearestNeighbours(points, matrix(2, 2, 1, 2, 3, NaN), { k: 2 }), {
      name: "RangeError",
      message: `${start}points must be finite: NaN is at row 1, column 1; remove that row or fill the gap`,
    }],
    ["an unknown option", () => nearestNeighbours(points, points, { k: 2, metric: "cosine" } as { k: number }), {
      name: "TypeError",
      message: `${start}options must be among k, blockRows, threads: "metric" is not`,
    }],
  ];
  for (const [name, act, expected] of cases) await t.step(name, () => assert.rejects(act, expected));
});
