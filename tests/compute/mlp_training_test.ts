import assert from "node:assert/strict";
import reference from "../reference/mlp.json" with { type: "json" };
import type { Matrix64 } from "../../lib/compute/matrix.ts";
import { type Mlp, mlpPredict } from "../../lib/compute/mlp.ts";
import { type MlpTrainingOptions, trainMlp } from "../../lib/compute/mlp_training.ts";
import { relativeDistance, single, WholeNumbers } from "./_numbers.ts";
import { type ComparedOptions, trainOne } from "./_training.ts";

/** The inputs of tests/reference/make_reference.py. */
function referenceData(): { x: Matrix64; y: Matrix64 } {
  const x = new WholeNumbers(reference.inputSeed).matrix(reference.nRows, reference.nInputs);
  const y = { rows: x.rows, cols: 3, values: new Float64Array(x.rows * 3) };
  for (let i = 0; i < x.rows; i++) {
    const row = x.values.subarray(i * x.cols, (i + 1) * x.cols);
    for (let o = 0; o < 3; o++) y.values[3 * i + o] = row[o] - row[o + 3] * row[o + 5];
  }
  return { x, y };
}

function referenceOptions(hiddenSizes: readonly number[], learningRate: number, initial: Mlp): ComparedOptions {
  const numbers = new WholeNumbers(reference.orderSeed);
  let order = Array.from({ length: reference.nRows }, (_, i) => i);
  return { hiddenSizes, learningRate, initial, seed: 0, nextOrder: () => order = numbers.shuffled(order) };
}

function networkOf(parameters: { weights: number[][][]; biases: number[][] }): Mlp {
  return {
    weights: parameters.weights.map((rows) => ({
      rows: rows.length,
      cols: rows[0].length,
      values: Float64Array.from(rows.flat()),
    })),
    biases: parameters.biases.map((values) => Float64Array.from(values)),
  };
}

function parametersOf({ weights, biases }: Mlp): number[] {
  return [...weights.map(({ values }) => values), ...biases].flatMap((values) => Array.from<number>(values));
}

for (const { hiddenSizes, learningRate, maxEpochs, initial, ...expected } of reference.cases) {
  const options = (): ComparedOptions => referenceOptions(hiddenSizes, learningRate, networkOf(initial));
  const { x, y } = referenceData();
  const expectedStop = expected.nEpochs < maxEpochs ? "converged" : "max-epochs";

  Deno.test(`trainMlp() with hidden layers ${hiddenSizes} in float64 agrees with scikit-learn to 1e-10`, async () => {
    for (const [nEpochs, parameters] of [[1, expected.after1], [20, expected.after20]] as const) {
      const net = await trainOne(x, y, { ...options(), precision: "float64", maxEpochs: nEpochs });
      assert.ok(relativeDistance(parametersOf(net), parametersOf(networkOf(parameters))) < 1e-10, `after ${nEpochs}`);
    }
    const net = await trainOne(x, y, { ...options(), precision: "float64", maxEpochs });
    assert.deepEqual([net.nEpochs, net.stopped], [expected.nEpochs, expectedStop]);
    assert.ok(relativeDistance(net.lossCurve, expected.lossCurve) < 1e-10);
    const predicted = await mlpPredict(net, x);
    assert.ok(relativeDistance(predicted.values.slice(0, 120), expected.predictions.flat()) < 1e-10);
  });

  Deno.test(`trainMlp() with hidden layers ${hiddenSizes} in float32 agrees with scikit-learn to 1e-3`, async () => {
    const net = await trainOne(x, y, { ...options(), maxEpochs });
    assert.deepEqual([net.nEpochs, net.stopped], [expected.nEpochs, expectedStop]);
    assert.ok(relativeDistance(net.lossCurve, expected.lossCurve) < 1e-3);
    const predicted = await mlpPredict(net, single(x));
    assert.ok(relativeDistance(predicted.values.slice(0, 120), expected.predictions.flat()) < 1e-3);
  });
}

Deno.test("trainMlp() gives the same bytes for the same seed and every number of threads, and others for another seed", async () => {
  const numbers = new WholeNumbers(11);
  const [x, y] = [single(numbers.matrix(500, 30)), single(numbers.matrix(500, 2))];
  const train = (seed: number, threads: number): Promise<Mlp> =>
    trainMlp(x, y, { hiddenSizes: [40], seed, maxEpochs: 5, threads });
  const first = await train(1, 2);
  assert.deepEqual(await train(1, 2), first);
  assert.deepEqual(await train(1, 1), first);
  assert.ok(relativeDistance(parametersOf(await train(2, 2)), parametersOf(first)) > 0.1);
});

Deno.test("trainMlp() starts uniform within Glorot's bound, weights and biases alike", async () => {
  const x = single(new WholeNumbers(12).matrix(10, 300));
  const y = { rows: 10, cols: 100, values: new Float32Array(1000) };
  const net = await trainOne(x, y, { hiddenSizes: [200], seed: 1, maxEpochs: 1, learningRate: 0 });
  for (const [l, bound] of [Math.sqrt(6 / 500), Math.sqrt(6 / 300)].entries()) {
    for (const values of [net.weights[l].values, net.biases[l]]) {
      const sizes = Array.from<number>(values).map(Math.abs);
      assert.ok(Math.max(...sizes.slice(0, 5000)) <= bound && Math.max(...sizes.slice(0, 5000)) > 0.95 * bound);
      const meanSquare = sizes.reduce((sum, size) => sum + size * size, 0) / sizes.length;
      assert.ok(Math.abs(meanSquare / (bound * bound / 3) - 1) < 0.3);
    }
  }
});

Deno.test("trainMlp() without hidden layers learns a linear function", async () => {
  const x = new WholeNumbers(13).matrix(100, 2);
  const y = {
    rows: 100,
    cols: 1,
    values: Float64Array.from({ length: 100 }, (_, i) => 2 * x.values[2 * i] - x.values[2 * i + 1] + 0.5),
  };
  const options = {
    hiddenSizes: [],
    seed: 1,
    learningRate: 0.1,
    l2: 0,
    tolerance: 1e-9,
    patience: 100,
    maxEpochs: 1000,
    precision: "float64",
  } as const;
  const net = await trainOne(x, y, options);
  assert.ok(relativeDistance(parametersOf(net), [2, -1, 0.5]) < 1e-2);
});

Deno.test("trainMlp() stops after more than `patience` epochs without improvement", async () => {
  const x = { rows: 3, cols: 1, values: Float32Array.of(1, 2, 3) };
  const net = await trainOne(x, x, { hiddenSizes: [2], seed: 1, learningRate: 0, patience: 4 });
  assert.deepEqual([net.nEpochs, net.stopped], [6, "converged"]);
});

Deno.test("trainMlp() leaves its inputs as they were", async () => {
  const { x, y } = referenceData();
  const initial = networkOf(reference.cases[0].initial);
  await trainOne(x, y, { hiddenSizes: [12], seed: 1, precision: "float64", maxEpochs: 2, initial });
  assert.deepEqual({ x, y }, referenceData());
  assert.deepEqual(initial, networkOf(reference.cases[0].initial));
});

Deno.test("trainMlp() refuses bad input", async (t) => {
  const x = { rows: 2, cols: 1, values: Float32Array.of(1, 2) };
  const y = { rows: 3, cols: 1, values: Float32Array.of(1, 2, 3) };
  const none = { rows: 0, cols: 1, values: new Float32Array(0) };
  const options = { hiddenSizes: [2], seed: 1 };
  const start = "Cannot train a multilayer perceptron as ";
  const cases: [string, () => Promise<unknown>, { name: string; message: string }][] = [
    ["different rows", () => trainMlp(x, y, options), {
      name: "TypeError",
      message: `${start}x and y must have equal rows: x is 2×1, y is 3×1; give one row of each per example`,
    }],
    ["no rows", () => trainMlp(none, none, options), {
      name: "RangeError",
      message: `${start}x and y must not be empty: x is 0×1, y is 0×1; give at least one row and column of each`,
    }],
    ["NaN", () => trainMlp(x, { ...x, values: Float32Array.of(1, NaN) }, options), {
      name: "RangeError",
      message: `${start}y must be finite: NaN is at row 1, column 0; remove that row or fill the gap`,
    }],
    ["a hidden layer without units", () => trainMlp(x, x, { ...options, hiddenSizes: [2, 0] }), {
      name: "RangeError",
      message: `${start}each hidden size must be a whole number of at least 1: it is 0; correct it`,
    }],
    ["an unknown option", () => trainMlp(x, x, { ...options, alpha: 1 } as MlpTrainingOptions), {
      name: "TypeError",
      message: `${start}options must be among hiddenSizes, seed, maxEpochs, validationShare, threads: "alpha" is not`,
    }],
    ["a loss beyond all numbers", () => trainMlp({ ...x, values: Float32Array.of(3e38, 3e38) }, x, options), {
      name: "RangeError",
      message: `${start}its loss must stay finite: it is Infinity in epoch 1; scale the data`,
    }],
  ];
  for (const [name, act, expected] of cases) await t.step(name, () => assert.rejects(act, expected));
});
