import assert from "node:assert/strict";
import { areaUnder } from "../../lib/plane/area.ts";

const LINE = [{ costUsd: 1, quality: 0.4 }, { costUsd: 3, quality: 0.8 }, { costUsd: 4, quality: 0.8 }];

Deno.test("areaUnder() of nothing, of one point and outside the line is 0", () => {
  assert.equal(areaUnder([], [0, 1]), 0);
  assert.equal(areaUnder(LINE.slice(0, 1), [0, 9]), 0);
  assert.equal(areaUnder(LINE, [5, 6]), 0);
});

Deno.test("areaUnder() is a trapezium a piece, cut by the range", () => {
  assert.ok(Math.abs(areaUnder(LINE, [0, 9]) - 2) < 1e-12);
  assert.ok(Math.abs(areaUnder(LINE, [2, 3.5]) - (0.7 + 0.4)) < 1e-12);
});
