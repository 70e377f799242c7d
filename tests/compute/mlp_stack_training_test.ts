import assert from "node:assert/strict";
import { type Mlp, mlpPredict } from "../../lib/compute/mlp.ts";
import { trainMlpPerOutput } from "../../lib/compute/mlp_training.ts";
import type { Matrix64 } from "../../lib/compute/matrix.ts";
import { relativeDistance, single, WholeNumbers } from "./_numbers.ts";
import { type ComparedOptions, trainEach, trainOne } from "./_training.ts";

/** 130 rows with three targets: one hard, one constant that is learnt at once, one linear. */
function data(): { x: Matrix64; y: Matrix64 } {
  const x = new WholeNumbers(21).matrix(130, 6);
  const y = { rows: 130, cols: 3, values: new Float64Array(390) };
  for (let i = 0; i < 130; i++) {
    const row = x.values.subarray(6 * i, 6 * i + 6);
    y.values.set([row[0] * row[1] - row[2], 0.25, row[3] + row[4] / 2], 3 * i);
  }
  return { x, y };
}

function columnOf({ rows, cols, values }: Matrix64, column: number): Matrix64 {
  return { rows, cols: 1, values: Float64Array.from({ length: rows }, (_, i) => values[i * cols + column]) };
}

function parametersOf({ weights, biases }: Mlp): number[] {
  return [...weights.map(({ values }) => values), ...biases].flatMap((values) => Array.from<number>(values));
}

for (const hiddenSizes of [[], [7], [7, 5]]) {
  const options: ComparedOptions = {
    hiddenSizes,
    seed: 3,
    batchSize: 50,
    learningRate: 0.01,
    maxEpochs: 150,
    tolerance: 1e-3,
  };

  Deno.test(`trainMlpPerOutput() with hidden layers [${hiddenSizes}] makes what trainMlp() makes of each column alone`, async () => {
    const { x, y } = data();
    for (const [precision, closeness] of [["float64", 1e-9], ["float32", 1e-2]] as const) {
      const nets = await trainEach(x, y, { ...options, precision });
      assert.equal(nets.length, 3);
      for (const [column, net] of nets.entries()) {
        const alone = await trainOne(x, columnOf(y, column), { ...options, precision });
        if (precision === "float64") assert.deepEqual([net.nEpochs, net.stopped], [alone.nEpochs, alone.stopped]);
        if (net.nEpochs !== alone.nEpochs) continue; // rounding may move the end by an epoch
        assert.ok(relativeDistance(net.lossCurve, alone.lossCurve) < closeness);
        assert.ok(relativeDistance(parametersOf(net), parametersOf(alone)) < closeness);
        const [together, apart] = [await mlpPredict(net, x), await mlpPredict(alone, x)];
        assert.ok(relativeDistance(together.values, apart.values) < closeness);
      }
      // The case is worth something only if networks leave at different times.
      assert.ok(new Set(nets.map(({ nEpochs }) => nEpochs)).size > 1);
    }
  });
}

Deno.test("trainMlpPerOutput() leaves its inputs as they were", async () => {
  const { x, y } = data();
  await trainMlpPerOutput(x, y, { hiddenSizes: [4], seed: 2, maxEpochs: 3 });
  assert.deepEqual({ x, y }, data());
});

Deno.test("trainMlpPerOutput() gives the same bytes for the same seed and every number of threads", async () => {
  const { x, y } = data();
  const train = (threads: number): Promise<Mlp[]> =>
    trainMlpPerOutput(single(x), single(y), { hiddenSizes: [40], seed: 5, maxEpochs: 4, threads });
  assert.deepEqual(await train(2), await train(1));
});

Deno.test("trainMlpPerOutput() starts all networks from the same parameters", async () => {
  const { x, y } = data();
  const initial = {
    weights: [{ rows: 6, cols: 1, values: new Float64Array(6).fill(0.5) }],
    biases: [new Float64Array(1)],
  };
  const nets = await trainEach(x, y, { hiddenSizes: [], seed: 1, initial, learningRate: 0, maxEpochs: 1 });
  for (const net of nets) assert.deepEqual(parametersOf(net), [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0]);
});
