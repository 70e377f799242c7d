/** Numerical work, by ONNX Runtime where it is much; it knows nothing of routing. @module */

import { needKnownOptions } from "../base/options.ts";
import { checkCount, checkFinite, checkShape } from "./_checks.ts";
import { ELEMENT_CODES, GraphBuilder } from "./_graph.ts";
import { atLeastTwoRows, threadsFor, withSession } from "./_session.ts";
import type { Matrix } from "./matrix.ts";

/** Options of {@linkcode nearestNeighbours}. */
export interface NearestNeighboursOptions {
  /** Number of neighbours of each query: at least 1, at most the number of points. */
  readonly k: number;
  /** Queries compared with all points at a time; it bounds memory and changes no result. Default: at most 256. */
  readonly blockRows?: number;
  /** Threads of ONNX Runtime; they change no result. Default: 2, for little work 1. */
  readonly threads?: number;
}

/** The k nearest points of each of n queries, nearest first. */
export interface NearestNeighbours {
  /** Row numbers of points, [n · k]. */
  readonly indices: Int32Array;
  /** Their cosine similarities, −1 to 1, [n · k]. */
  readonly similarities: Float32Array;
}

/** 256 rows were the fastest of 128 to 1,024; fewer are taken where a block would hold more than this many numbers (32 MB). */
const MAX_BLOCK_ROWS = 256;
const MAX_BLOCK_NUMBERS = 2 ** 23;

/**
 * Finds the k points of greatest cosine similarity to each query, by comparing it with every point.
 *
 * Vectors are normalised here; one of zeros has similarity 0 to everything. Equally similar points come in ascending order of
 * their index. The results of a query do not depend on the queries beside it.
 *
 * **Shapes**: queries n × d, points m × d; results [n · k], row-major. Time O(n·m·d); memory beside the inputs O(m·d + blockRows·m + n·k).
 *
 * **Source**: as `sklearn.neighbors.NearestNeighbors(metric="cosine")`, whose distances are 1 − similarity.
 *
 * @throws TypeError if a matrix's length is not rows × cols, if both differ in columns, or if an option is unknown
 * @throws RangeError if k or blockRows is out of range, or if a number is not finite
 * @example
 * ```ts
 * import { nearestNeighbours } from "./nearest_neighbours.ts";
 * import assert from "node:assert/strict";
 *
 * const points = { rows: 3, cols: 2, values: Float32Array.of(1, 0, 0, 1, -1, 0) };
 * const queries = { rows: 1, cols: 2, values: Float32Array.of(0, 5) };
 * const nearest = await nearestNeighbours(queries, points, { k: 2 });
 * assert.deepEqual(nearest.indices, Int32Array.of(1, 0));
 * assert.deepEqual(nearest.similarities, Float32Array.of(1, 0));
 * ```
 */
export async function nearestNeighbours(
  queries: Matrix,
  points: Matrix,
  options: NearestNeighboursOptions,
): Promise<NearestNeighbours> {
  return await find(queries, { points, unit: null }, options);
}

/**
 * {@linkcode nearestNeighbours} among points that are searched again and again: they are normalised once, at the first search, and kept so.
 *
 * @returns the search, which throws as {@linkcode nearestNeighbours} does
 * @example
 * ```ts
 * import { neighbourSearch } from "./nearest_neighbours.ts";
 * import assert from "node:assert/strict";
 *
 * const search = neighbourSearch({ rows: 3, cols: 2, values: Float32Array.of(1, 0, 0, 1, -1, 0) });
 * const nearest = await search({ rows: 1, cols: 2, values: Float32Array.of(0, 5) }, { k: 2 });
 * assert.deepEqual(nearest.indices, Int32Array.of(1, 0));
 * ```
 */
export function neighbourSearch(points: Matrix): NeighbourSearch {
  let unit: Float32Array | null = null;
  return async (queries, options) => {
    unit ??= normalised(points, { k: options.k, name: "points", start: 0, end: points.rows });
    return await find(queries, { points, unit }, options);
  };
}

/** Finds the nearest of some points. */
export type NeighbourSearch = (queries: Matrix, options: NearestNeighboursOptions) => Promise<NearestNeighbours>;

/** Called after each block of queries of a long search. */
export type SearchListener = (progress: { readonly done: number; readonly total: number }) => void;

const LISTENERS = new Set<SearchListener>();
/** Searches of fewer multiplications take less than some seconds, and are not told of. */
const LONG_SEARCH = 2 ** 38;

/**
 * Tells a program how far long searches of this process have come, whichever router makes them.
 *
 * @returns ends the telling
 */
export function watchSearches(listener: SearchListener): () => void {
  LISTENERS.add(listener);
  return () => LISTENERS.delete(listener);
}

interface SearchedPoints {
  readonly points: Matrix;
  /** The points at length 1; `null` where that is still to be done. */
  readonly unit: Float32Array | null;
}

async function find(
  queries: Matrix,
  { points, unit }: SearchedPoints,
  options: NearestNeighboursOptions,
): Promise<NearestNeighbours> {
  checkInputs(queries, points, options);
  const { k } = options;
  const { rows, cols } = queries;
  const blockRows = options.blockRows ??
    Math.min(MAX_BLOCK_ROWS, Math.max(2, Math.floor(MAX_BLOCK_NUMBERS / points.rows)));
  const indices = new Int32Array(rows * k);
  const similarities = new Float32Array(rows * k);
  const pointValues = unit ?? normalised(points, { k, name: "points", start: 0, end: points.rows });
  const threads = threadsFor(rows * points.rows * cols, options.threads);
  const isLong = rows * points.rows * cols >= LONG_SEARCH;
  const kind = { key: `neighbours ${cols} ${k}`, graph: () => blockGraph(cols, k), threads };
  await withSession(kind, async (session) => {
    const pointTensor = session.tensor(pointValues, [points.rows, cols]);
    for (let start = 0; start < rows; start += blockRows) {
      const end = Math.min(start + blockRows, rows);
      const block = atLeastTwoRows(normalised(queries, { k, name: "queries", start, end }), cols);
      const found = await session.run({
        queries: session.tensor(block, [block.length / cols, cols]),
        points: pointTensor,
      });
      copyBlock(found.similarities.data as Float32Array, found.indices.data as Int32Array, {
        similarities: similarities.subarray(start * k, end * k),
        indices: indices.subarray(start * k, end * k),
      });
      if (isLong) { for (const listener of LISTENERS) listener({ done: end, total: rows }); }
    }
  });
  return { indices, similarities };
}

/** queries [b, d], points [m, d] → the k greatest of each row of queries · pointsᵀ, the lower index first where they are equal. */
function blockGraph(nDims: number, k: number): Uint8Array {
  const graph = new GraphBuilder();
  const queries = graph.input("queries", "float32", ["b", nDims]);
  const points = graph.input("points", "float32", ["m", nDims]);
  const products = graph.apply("Gemm", [queries, points], { transB: 1 });
  const [greatest, places] = graph.applyMany("TopK", [products, graph.constant("int64", [k])], { nOutputs: 2 });
  graph.output("similarities", greatest, { type: "float32", dims: ["b", k] });
  graph.output("indices", graph.apply("Cast", [places], { to: ELEMENT_CODES.int32 }), {
    type: "int32",
    dims: ["b", k],
  });
  return graph.toBytes();
}

/** Copies the results of a block, without a row that was added to it; rounding beyond ±1 is cut off. */
function copyBlock(similarities: Float32Array, indices: Int32Array, target: NearestNeighbours): void {
  target.indices.set(indices.subarray(0, target.indices.length));
  for (let i = 0; i < target.similarities.length; i++) {
    target.similarities[i] = Math.min(1, Math.max(-1, similarities[i]));
  }
}

/** Rows start … end − 1 divided by their Euclidean lengths; the sums are in double precision, so none overflows. */
function normalised(
  matrix: Matrix,
  { k, name, start, end }: { k: number; name: string; start: number; end: number },
): Float32Array {
  const { cols } = matrix;
  const values = matrix.values.subarray(start * cols, end * cols);
  const result = new Float32Array(values.length);
  for (let rowStart = 0; rowStart < values.length; rowStart += cols) {
    const rowEnd = rowStart + cols;
    let sumOfSquares = 0;
    for (let j = rowStart; j < rowEnd; j++) sumOfSquares += values[j] * values[j];
    if (sumOfSquares === 0) continue;
    // The term that is not finite is searched only if the sum is not, as the search takes as long as the division.
    if (!Number.isFinite(sumOfSquares)) checkFinite(actionOf(k), name, matrix);
    const scale = 1 / Math.sqrt(sumOfSquares);
    for (let j = rowStart; j < rowEnd; j++) result[j] = values[j] * scale;
  }
  return result;
}

/** Completes "Cannot …" in messages. */
function actionOf(k: number): string {
  return `find the ${k} nearest neighbours`;
}

function checkInputs(queries: Matrix, points: Matrix, options: NearestNeighboursOptions): void {
  const action = actionOf(options.k);
  needKnownOptions(action, options, { known: ["k", "blockRows", "threads"] });
  checkShape(action, "queries", queries);
  checkShape(action, "points", points);
  if (queries.cols !== points.cols) {
    const found = `queries are ${queries.rows}×${queries.cols}, points are ${points.rows}×${points.cols}`;
    throw new TypeError(
      `Cannot ${action} as both matrices must have equal columns: ${found}; give both the same columns`,
    );
  }
  checkCount(action, "the number of columns", { value: points.cols, least: 1 });
  checkCount(action, "k", { value: options.k, least: 1 });
  checkCount(action, "blockRows", { value: options.blockRows ?? 1, least: 1 });
  if (options.k > points.rows) {
    const found = `k is ${options.k}, points are ${points.rows}`;
    throw new RangeError(`Cannot ${action} as k must be at most the number of points: ${found}; lower k or add points`);
  }
}
