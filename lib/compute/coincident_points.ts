import { checkShape } from "./_checks.ts";
import type { Matrix } from "./matrix.ts";

/** Counts of rows with equal vectors. */
export interface CoincidenceCounts {
  /** Points whose vector is also that of another point. */
  readonly nCoincidentPoints: number;
  /** The most points with one vector: 1 where all differ, 0 where there are none. From k on, a neighbourhood is decided by index alone. */
  readonly largestGroup: number;
  /** Queries whose vector is also that of a point; 0 where no queries are given. */
  readonly nCoincidentQueries: number;
}

/**
 * Counts the rows that are equal in every number.
 *
 * Neighbours at equal distance are ordered by index, so where many points coincide the nearest k depend on the order of the
 * data; a query that coincides with a point was already among the points.
 *
 * **Shapes**: points m × d, queries n × d. Time O((m + n)·d), memory O(m).
 *
 * @throws TypeError if a matrix's length is not rows × cols, or if both differ in columns
 * @example
 * ```ts
 * import { countCoincident } from "./coincident_points.ts";
 * import assert from "node:assert/strict";
 *
 * const points = { rows: 3, cols: 2, values: Float32Array.of(1, 2, 3, 4, 1, 2) };
 * const queries = { rows: 1, cols: 2, values: Float32Array.of(3, 4) };
 * assert.deepEqual(countCoincident(points, queries), { nCoincidentPoints: 2, largestGroup: 2, nCoincidentQueries: 1 });
 * ```
 */
export function countCoincident(points: Matrix, queries?: Matrix): CoincidenceCounts {
  const others = queries ?? { rows: 0, cols: points.cols, values: new Float32Array(0) };
  checkShape("count coincident points", "points", points);
  checkShape("count coincident points", "queries", others);
  if (others.cols !== points.cols) {
    const found = `points are ${points.rows}×${points.cols}, queries are ${others.rows}×${others.cols}`;
    throw new TypeError(
      `Cannot count coincident points as both matrices must have equal columns: ${found}; give both the same columns`,
    );
  }
  const groups = groupsByHash(points);
  let nCoincidentPoints = 0;
  let largestGroup = 0;
  for (const { size } of [...groups.values()].flat()) {
    if (size > 1) nCoincidentPoints += size;
    largestGroup = Math.max(largestGroup, size);
  }
  let nCoincidentQueries = 0;
  for (let i = 0; i < others.rows; i++) {
    const row = rowOf(others, i);
    if (groups.get(hashOf(row))?.some((group) => areEqual(group.row, row))) nCoincidentQueries++;
  }
  return { nCoincidentPoints, largestGroup, nCoincidentQueries };
}

/** The distinct rows with the number of times each occurs, by hash: rows that only share the hash stay apart. */
function groupsByHash(matrix: Matrix): Map<number, { row: Float32Array; size: number }[]> {
  const groups = new Map<number, { row: Float32Array; size: number }[]>();
  for (let i = 0; i < matrix.rows; i++) {
    const row = rowOf(matrix, i);
    const hash = hashOf(row);
    const sameHash = groups.get(hash);
    const group = sameHash?.find((candidate) => areEqual(candidate.row, row));
    if (group !== undefined) group.size++;
    else if (sameHash !== undefined) sameHash.push({ row, size: 1 });
    else groups.set(hash, [{ row, size: 1 }]);
  }
  return groups;
}

function rowOf({ cols, values }: Matrix, i: number): Float32Array {
  return values.subarray(i * cols, (i + 1) * cols);
}

/** FNV-1a over the 32-bit words of a row. Zero is added to make −0 and 0, which are equal, the same word. */
function hashOf(row: Float32Array): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < row.length; i++) {
    NUMBER[0] = row[i] + 0;
    hash = Math.imul(hash ^ WORD[0], 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash;
}

const NUMBER = new Float32Array(1);
const WORD = new Int32Array(NUMBER.buffer);

function areEqual(a: Float32Array, b: Float32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
