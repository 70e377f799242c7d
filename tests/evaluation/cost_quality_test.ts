import assert from "node:assert/strict";
import { costQuality } from "../../lib/evaluation/cost_quality.ts";
import type { OutcomeTable } from "../../lib/outcomes/outcome_table.ts";

/** Only what is read. */
function tableOf(models: readonly string[], costUsd: readonly number[]): OutcomeTable {
  const promptIds = Array.from({ length: costUsd.length / models.length }, (_, i) => `p${i}`);
  return { models, promptIds, costUsd: Float64Array.from(costUsd) } as unknown as OutcomeTable;
}

Deno.test("costQuality() is what Python computes", () => {
  // from math import log; from statistics import mean, pvariance
  // c = [.001, .004, .002, .0035]; p = [.0015, .003, .0022, .0025]
  // print(1 - pvariance([log(a) - log(b) for a, b in zip(c, p)]) / pvariance([log(a) for a in c]), mean(b - a for a, b in zip(c, p)))
  const [found] = costQuality(
    Float64Array.of(0.0015, 0.003, 0.0022, 0.0025),
    tableOf(["a"], [0.001, 0.004, 0.002, 0.0035]),
  );
  assert.ok(Math.abs(found.rSquaredOfLog! - 0.6942130746658723) < 1e-12, String(found.rSquaredOfLog));
  assert.ok(Math.abs(found.biasUsd + 0.000325) < 1e-15);
  assert.equal(found.meanCostUsd, 0.002625);
});

Deno.test("costQuality() says nothing of the variance of free responses and of those of one price, and of a constant that it explains none", () => {
  const table = tableOf(["free", "fixed", "varied"], [0, 2, 1, 0.5, 2, 3]);
  const found = costQuality(Float64Array.of(0.25, 2, 2, 0.25, 2, 2), table);
  assert.deepEqual(found.map(({ rSquaredOfLog }) => rSquaredOfLog), [null, null, 0]);
  assert.deepEqual(found.map(({ biasUsd }) => biasUsd), [0, 0, 0]);
});

Deno.test("costQuality() refuses predictions of another shape", () => {
  assert.throws(
    () => costQuality(new Float64Array(3), tableOf(["a"], [1, 2])),
    /^TypeError: Cannot measure predicted costs as there must be one a cell: there are 3 for 2×1$/,
  );
});
