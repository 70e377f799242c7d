import assert from "node:assert/strict";
import reference from "../reference/predictor_quality.json" with { type: "json" };
import jstat from "jstat";
import type { OutcomeTable } from "../../lib/outcomes/outcome_table.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { constantRouters } from "../../lib/routers/constant.ts";
import { oracle } from "../../lib/routers/oracle.ts";
import { expectRerank, type RerankPoint, rerankPoint } from "../../lib/routers/rerank.ts";
import { randomTable, tableOf } from "../_tables.ts";

function onePrompt(qualities: readonly number[]): OutcomeTable {
  return tableOf({ quality: [[...qualities]], costUsd: [qualities.map((_, j) => j + 1)] });
}

Deno.test("expectRerank() equals scipy's adaptive quadrature to 1e-11", () => {
  for (const { qualities, rewardNoise, quality } of reference.rerank) {
    const found = expectRerank(onePrompt(qualities), { rewardNoise }).quality[0];
    assert.ok(Math.abs(found - quality) < 1e-11, `[${qualities}] at ${rewardNoise}: ${found} for ${quality}`);
  }
});

Deno.test("expectRerank() of two answers is the closed form: the better one is kept with Φ(difference / (σ√2))", () => {
  for (const [a, b] of [[0, 1], [0.25, 0.5], [0.9, 1]]) {
    for (const rewardNoise of [0.001, 0.05, 0.3, 2, 100]) {
      const better = jstat.jStat.normal.cdf((b - a) / (rewardNoise * Math.SQRT2), 0, 1);
      const { quality } = expectRerank(onePrompt([a, b]), { rewardNoise });
      assert.ok(Math.abs(quality[0] - (a + (b - a) * better)) < 1e-12);
    }
  }
});

Deno.test("expectRerank() is what a simulated judge does on average", () => {
  const qualities = [0, 0.25, 0.25, 0.75, 1];
  const rewardNoise = 0.4;
  const nRuns = 200_000;
  const random = seededRandom(6, "judge");
  let sum = 0;
  let squares = 0;
  for (let run = 0; run < nRuns; run++) {
    let kept = 0;
    let highest = -Infinity;
    for (const quality of qualities) {
      const reward = quality + rewardNoise * random.normal();
      if (reward > highest) [kept, highest] = [quality, reward];
    }
    sum += kept;
    squares += kept * kept;
  }
  const mean = sum / nRuns;
  const standardError = Math.sqrt((squares / nRuns - mean ** 2) / nRuns);
  const { quality, costUsd } = expectRerank(onePrompt(qualities), { rewardNoise });
  assert.ok(Math.abs(quality[0] - mean) < 4 * standardError, `${quality[0]} for ${mean} ± ${standardError}`);
  assert.equal(costUsd[0], 15, "every call is paid");
});

Deno.test("rerankPoint() with a perfect judge has the oracle's quality and the cost of all models", () => {
  const table = randomTable(80, 5, 2);
  const point = rerankPoint(table, { rewardNoise: 0 });
  assert.ok(Math.abs(point.quality - oracle(table).quality) < 1e-12);
  assert.ok(Math.abs(point.costUsd - constantRouters(table).reduce((sum, { costUsd }) => sum + costUsd, 0)) < 1e-12);
  assert.deepEqual(point.models, table.models);
});

Deno.test("rerankPoint() with a judge that knows nothing has the models' mean quality", () => {
  const table = randomTable(80, 5, 2);
  const models = constantRouters(table);
  const mean = models.reduce((sum, { quality }) => sum + quality, 0) / models.length;
  assert.ok(Math.abs(rerankPoint(table, { rewardNoise: Infinity }).quality - mean) < 1e-12);
  assert.ok(Math.abs(rerankPoint(table, { rewardNoise: 1e6 }).quality - mean) < 1e-5);
});

Deno.test("rerankPoint() falls steadily as the judge's noise rises, and never above the best answer", () => {
  const table = randomTable(80, 5, 2);
  const qualities = [0, 1e-300, 0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, Infinity].map((rewardNoise) =>
    rerankPoint(table, { rewardNoise }).quality
  );
  qualities.slice(1).forEach((quality, k) => assert.ok(quality <= qualities[k] + 1e-15, `${qualities}`));
});

Deno.test("rerankPoint() with one model is that model", () => {
  const table = randomTable(30, 3, 5);
  const [, model] = constantRouters(table);
  const point = rerankPoint(table, { models: [1], rewardNoise: 0.5 });
  assert.ok(Math.abs(point.quality - model.quality) < 1e-12 && Math.abs(point.costUsd - model.costUsd) < 1e-12);
  assert.deepEqual(point.models, ["m1"]);
});

Deno.test("rerankPoint() is dearer with each further model, and with a perfect judge better too", () => {
  const table = randomTable(60, 4, 8);
  const order = [2, 0, 3, 1];
  const firstOf = (rewardNoise: number): RerankPoint[] =>
    order.map((_, k) => rerankPoint(table, { models: order.slice(0, k + 1), rewardNoise }));
  const curve = firstOf(0);
  curve.slice(1).forEach(({ costUsd, quality }, k) =>
    assert.ok(costUsd > curve[k].costUsd && quality >= curve[k].quality)
  );
  const lots = firstOf(Infinity);
  assert.ok(
    lots.some(({ quality }, k) => k > 0 && quality < lots[k - 1].quality),
    "a judge that knows nothing can lose by a further model",
  );
});

Deno.test("expectRerank() refuses noise below 0 and models that are not there", () => {
  const table = randomTable(3, 2, 1);
  assert.throws(() => expectRerank(table, { rewardNoise: -1 }), /RangeError: .* must be 0 or more: it is -1/);
  assert.throws(() => expectRerank(table, { rewardNoise: NaN }), /RangeError: .* it is NaN/);
  assert.throws(() => expectRerank(table, { models: [], rewardNoise: 0 }), /RangeError: .* they are \[\]/);
  assert.throws(
    () => expectRerank(table, { models: [0, 0], rewardNoise: 0 }),
    /RangeError: .* once each: they are \[0,0\]/,
  );
  assert.throws(() => expectRerank(table, { models: [2], rewardNoise: 0 }), /RangeError: .* they are \[2\]/);
});
