import assert from "node:assert/strict";
import { countCoincident } from "../../lib/compute/coincident_points.ts";
import { single, WholeNumbers } from "./_numbers.ts";

Deno.test("countCoincident() of no points and of one point", () => {
  assert.deepEqual(countCoincident({ rows: 0, cols: 3, values: new Float32Array(0) }), {
    nCoincidentPoints: 0,
    largestGroup: 0,
    nCoincidentQueries: 0,
  });
  assert.deepEqual(countCoincident({ rows: 1, cols: 2, values: Float32Array.of(1, 2) }), {
    nCoincidentPoints: 0,
    largestGroup: 1,
    nCoincidentQueries: 0,
  });
});

Deno.test("countCoincident() takes −0 for 0", () => {
  const points = { rows: 2, cols: 2, values: Float32Array.of(0, 1, -0, 1) };
  assert.deepEqual(countCoincident(points, points), { nCoincidentPoints: 2, largestGroup: 2, nCoincidentQueries: 2 });
});

Deno.test("countCoincident() agrees with comparing every pair", () => {
  const numbers = new WholeNumbers(7);
  const few = single(numbers.matrix(60, 2));
  // Two columns of three values each: nine different rows, so that most coincide.
  const coarse = { ...few, values: few.values.map((value) => Math.round(value)) };
  const points = { rows: 45, cols: 2, values: coarse.values.slice(0, 90) };
  const queries = { rows: 15, cols: 2, values: coarse.values.slice(90) };
  const text = ({ values }: { values: Float32Array }, i: number): string =>
    `${values[2 * i] + 0} ${values[2 * i + 1] + 0}`;
  const texts = Array.from({ length: 45 }, (_, i) => text(points, i));
  const sizes = texts.map((a) => texts.filter((b) => a === b).length);
  assert.deepEqual(countCoincident(points, queries), {
    nCoincidentPoints: sizes.filter((size) => size > 1).length,
    largestGroup: Math.max(...sizes),
    nCoincidentQueries: Array.from({ length: 15 }, (_, i) => text(queries, i)).filter((a) => texts.includes(a)).length,
  });
});

Deno.test("countCoincident() refuses different columns", () => {
  const points = { rows: 1, cols: 2, values: Float32Array.of(1, 2) };
  const queries = { rows: 2, cols: 1, values: Float32Array.of(1, 2) };
  assert.throws(() => countCoincident(points, queries), {
    name: "TypeError",
    message:
      "Cannot count coincident points as both matrices must have equal columns: points are 1×2, queries are 2×1; give both the same columns",
  });
});
