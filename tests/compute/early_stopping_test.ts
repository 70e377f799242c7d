import assert from "node:assert/strict";
import data from "../reference/mlp.json" with { type: "json" };
import reference from "../reference/mlp_early_stopping.json" with { type: "json" };
import type { Matrix64 } from "../../lib/compute/matrix.ts";
import { type Mlp, mlpPredict } from "../../lib/compute/mlp.ts";
import { trainMlp } from "../../lib/compute/mlp_training.ts";
import { relativeDistance, single, WholeNumbers } from "./_numbers.ts";
import { type ComparedOptions, trainEach, trainOne } from "./_training.ts";

const X = new WholeNumbers(data.inputSeed).matrix(data.nRows, data.nInputs);
const Y = {
  rows: X.rows,
  cols: 3,
  values: Float64Array.from({ length: 3 * X.rows }, (_, at) => {
    const row = X.values.subarray(Math.floor(at / 3) * X.cols);
    const output = at % 3;
    return row[output] - row[output + 3] * row[output + 5];
  }),
};
const FIRST_VALIDATION_ROW = X.rows - reference.nValidationRows;
const LEARNED = Array.from({ length: FIRST_VALIDATION_ROW }, (_, row) => row);
const VALIDATION = Array.from({ length: reference.nValidationRows }, (_, i) => FIRST_VALIDATION_ROW + i);

function parametersOf({ weights, biases }: Mlp): number[] {
  return [...weights.map(({ values }) => values), ...biases].flatMap((values) => Array.from<number>(values));
}

function columnOf({ rows, cols, values }: Matrix64, column: number): Matrix64 {
  return { rows, cols: 1, values: Float64Array.from({ length: rows }, (_, i) => values[i * cols + column]) };
}

Deno.test("trainMlp() with early stopping agrees with scikit-learn to 1e-10: both curves, where it stops, and the best network", async () => {
  const numbers = new WholeNumbers(data.orderSeed);
  let order: readonly number[] = LEARNED;
  const net = await trainOne(X, Y, {
    hiddenSizes: [12],
    learningRate: 0.02,
    patience: 3,
    tolerance: 1e-3,
    maxEpochs: 500,
    precision: "float64",
    seed: 0,
    validationRows: VALIDATION,
    initial: {
      weights: reference.initial.weights.map((rows) => ({
        rows: rows.length,
        cols: rows[0].length,
        values: Float64Array.from(rows.flat()),
      })),
      biases: reference.initial.biases.map((values) => Float64Array.from(values)),
    },
    nextOrder: () => order = numbers.shuffled(order),
  });
  assert.deepEqual([net.nEpochs, net.stopped], [reference.nEpochs, "converged"]);
  assert.ok(relativeDistance(net.lossCurve, reference.lossCurve) < 1e-10);
  assert.ok(relativeDistance(net.validationCurve!, reference.validationCurve) < 1e-10);
  assert.ok(
    relativeDistance(parametersOf(net), [...reference.best.weights.flat(2), ...reference.best.biases.flat()]) < 1e-10,
  );
});

Deno.test("trainMlp() with early stopping returns the best network, not the last", async () => {
  const options = { hiddenSizes: [12], learningRate: 0.1, patience: 6, precision: "float64", seed: 3 } as const;
  const net = await trainOne(X, Y, { ...options, validationRows: VALIDATION });
  const curve = [...net.validationCurve!];
  const best = Math.max(...curve);
  assert.ok(curve.indexOf(best) < curve.length - 1, "the case is worth something only if the best is not the last");
  const predicted = await mlpPredict(net, X);
  const rSquared = [0, 1, 2].map((output) => {
    const truth = VALIDATION.map((row) => Y.values[3 * row + output]);
    const mean = truth.reduce((sum, value) => sum + value) / truth.length;
    const left = VALIDATION.reduce((sum, row, i) => sum + (truth[i] - predicted.values[3 * row + output]) ** 2, 0);
    return 1 - left / truth.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  });
  assert.ok(Math.abs(rSquared.reduce((sum, value) => sum + value) / 3 - best) < 1e-12);
});

Deno.test("trainMlp() with early stopping draws the validation rows by the seed, and learns nothing from them", async () => {
  const options: ComparedOptions = { hiddenSizes: [5], seed: 4, maxEpochs: 4, validationShare: 0.1 };
  const first = await trainOne(single(X), single(Y), options);
  assert.deepEqual(await trainOne(single(X), single(Y), options), first);
  assert.equal(first.validationCurve!.length, 4);
  const other = await trainOne(single(X), single(Y), { ...options, validationShare: 0.5 });
  assert.ok(relativeDistance(parametersOf(other), parametersOf(first)) > 1e-4);
  const fixed = { ...options, maxEpochs: 1, validationRows: VALIDATION };
  const changed = { ...Y, values: Y.values.map((value, at) => at < 3 * FIRST_VALIDATION_ROW ? value : value / 2) };
  assert.deepEqual(parametersOf(await trainOne(X, changed, fixed)), parametersOf(await trainOne(X, Y, fixed)));
});

Deno.test("trainMlp() with early stopping gives a constant truth R² 1 if predicted exactly, else 0", async () => {
  const zeros = { rows: 8, cols: 1, values: new Float64Array(8) };
  const still = { hiddenSizes: [], seed: 1, learningRate: 0, maxEpochs: 1, validationRows: [0, 1] };
  const net = (bias: number): Mlp => ({
    weights: [{ rows: 1, cols: 1, values: Float64Array.of(0) }],
    biases: [Float64Array.of(bias)],
  });
  for (const [bias, score] of [[0, 1], [1, 0]]) {
    assert.deepEqual(
      (await trainOne(zeros, zeros, { ...still, initial: net(bias) })).validationCurve,
      Float64Array.of(score),
    );
  }
});

Deno.test("trainMlpPerOutput() with early stopping makes what trainMlp() makes of each column alone", async () => {
  const options = {
    hiddenSizes: [8],
    learningRate: 0.05,
    patience: 4,
    precision: "float64",
    seed: 5,
    validationShare: 0.1,
  } as const;
  const nets = await trainEach(X, Y, options);
  for (const [column, net] of nets.entries()) {
    const alone = await trainOne(X, columnOf(Y, column), options);
    assert.deepEqual([net.nEpochs, net.stopped], [alone.nEpochs, alone.stopped]);
    assert.ok(relativeDistance(net.validationCurve!, alone.validationCurve!) < 1e-9);
    assert.ok(relativeDistance(parametersOf(net), parametersOf(alone)) < 1e-9);
  }
  assert.ok(new Set(nets.map(({ nEpochs }) => nEpochs)).size > 1);
});

Deno.test("trainMlp() refuses a validation share that leaves too few rows on either side", async () => {
  const start =
    "Cannot train a multilayer perceptron as early stopping needs at least two rows to validate on and one to learn from";
  for (const validationShare of [0, 1, 0.003, -1, NaN]) {
    await assert.rejects(trainMlp(X, Y, { hiddenSizes: [2], seed: 1, validationShare }), {
      name: "RangeError",
      message: `${start}: it has a share of ${validationShare}, there are 300 rows; correct it`,
    });
  }
});
