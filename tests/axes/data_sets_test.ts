import assert from "node:assert/strict";
import { evaluateRouters, knn, linear, simulateOutcomes, splitForEvaluation } from "routerbench";
import { dataSetsPanel, dataSetsTable, encoderGrid, encoderGridPanel, evaluateDataSets } from "routerbench/axes";
import { lexicalEncoder } from "../../lib/embeddings/lexical_encoder.ts";

const OPTIONS = { seed: 1, nResamples: 100 };

Deno.test("evaluateDataSets() finds on each data set what its own evaluation finds, and ranks", async () => {
  const sets = await Promise.all([1, 2, 3].map(async (seed) => {
    const outcomes = simulateOutcomes({ nPromptsPerEval: 30, seed });
    return { name: `seed ${seed}`, outcomes, embeddings: await lexicalEncoder({ nDims: 48 }).encode(outcomes) };
  }));
  const routers = [knn({ k: 5 }), linear()];
  const found = await evaluateDataSets(sets, routers, OPTIONS);
  const alone = await evaluateRouters(
    splitForEvaluation(sets[1].outcomes, sets[1].embeddings, { seed: 1 }),
    routers,
    OPTIONS,
  );
  const second = found.gains.filter(({ dataSet }) => dataSet === "seed 2");
  assert.deepEqual(
    second.map(({ difference }) => difference),
    alone.systems.slice(1).map(({ againstZero }) => againstZero!.difference),
  );
  const better = (aiq: number): number => alone.systems.filter(({ aiqFormula }) => aiqFormula > aiq).length + 1;
  assert.deepEqual(second.map(({ rank }) => rank), alone.systems.slice(1).map(({ aiqFormula }) => better(aiqFormula)));
  assert.ok(Math.abs(Object.values(found.meanRanks).reduce((a, b) => a + b) - 6) < 1e-12);
  assert.equal(dataSetsTable(found).rows.length, 6);
  const ticks = (dataSetsPanel(found, { title: "Sets" }).layout.yaxis as { ticktext: string[] }).ticktext;
  assert.deepEqual(ticks, [
    "seed 1",
    "seed 2",
    "seed 3",
    "all data sets",
    "seed 1",
    "seed 2",
    "seed 3",
    "all data sets",
  ]);
  await assert.rejects(evaluateDataSets([], routers, OPTIONS), /there is none/);
});

Deno.test("encoderGrid() has every encoder with every k", async () => {
  const outcomes = simulateOutcomes({ nPromptsPerEval: 30, seed: 1 });
  const vectors = {
    "48 dims": await lexicalEncoder({ nDims: 48 }).encode(outcomes),
    "96 dims": await lexicalEncoder({ nDims: 96 }).encode(outcomes),
  };
  const grid = await encoderGrid({ name: "simulated", outcomes, vectors }, { ...OPTIONS, ks: [3, 10] });
  assert.deepEqual(grid.map(({ encoder, k }) => `${encoder} ${k}`), [
    "48 dims 3",
    "48 dims 10",
    "96 dims 3",
    "96 dims 10",
  ]);
  const data = splitForEvaluation(outcomes, vectors["96 dims"], { seed: 1 });
  const { systems } = await evaluateRouters(data, [knn({ k: 10 })], OPTIONS);
  assert.equal(grid[3].difference, systems[1].againstZero!.difference);
  assert.equal(encoderGridPanel(grid, { title: "Grid" }).data.length > 0, true);
});
