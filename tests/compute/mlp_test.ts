import assert from "node:assert/strict";
import { mlpPredict } from "../../lib/compute/mlp.ts";
import { single, WholeNumbers } from "./_numbers.ts";

Deno.test("mlpPredict() cuts hidden units at zero, and not the outputs", async () => {
  const net = {
    weights: [{ rows: 1, cols: 2, values: Float64Array.of(1, -1) }, {
      rows: 2,
      cols: 1,
      values: Float64Array.of(-1, 3),
    }],
    biases: [Float64Array.of(0, 0.5), Float64Array.of(0.25)],
  };
  const { values } = await mlpPredict(net, { rows: 3, cols: 1, values: Float64Array.of(-2, 0, 4) });
  assert.deepEqual(values, Float64Array.of(7.75, 1.75, -3.75));
});

Deno.test("mlpPredict() of a subset is the subset of the predictions", async () => {
  for (const nOutputs of [1, 3]) {
    const numbers = new WholeNumbers(10);
    const net = {
      weights: [single(numbers.matrix(20, 9)), single(numbers.matrix(9, nOutputs))],
      biases: [single(numbers.matrix(1, 9)).values, single(numbers.matrix(1, nOutputs)).values],
    };
    const x = single(numbers.matrix(41, 20));
    const whole = await mlpPredict(net, x);
    for (const [start, end] of [[0, 0], [0, 1], [40, 41], [3, 5], [1, 40], [7, 30]]) {
      const part = { rows: end - start, cols: 20, values: x.values.slice(start * 20, end * 20) };
      assert.deepEqual((await mlpPredict(net, part)).values, whole.values.slice(start * nOutputs, end * nOutputs));
    }
  }
});

Deno.test("mlpPredict() refuses bad input", async (t) => {
  const net = { weights: [{ rows: 2, cols: 1, values: Float32Array.of(1, 10) }], biases: [Float32Array.of(0.5)] };
  const x = { rows: 1, cols: 2, values: Float32Array.of(3, 4) };
  const cases: [string, () => Promise<unknown>, { name: string; message: string }][] = [
    ["other columns", () => mlpPredict(net, { rows: 2, cols: 1, values: x.values }), {
      name: "TypeError",
      message:
        "Cannot predict as x must have the columns of the training data: x is 2×1, the network takes 2 columns; give those columns",
    }],
    ["an infinity", () => mlpPredict(net, { ...x, values: Float32Array.of(1, -Infinity) }), {
      name: "RangeError",
      message: "Cannot predict as x must be finite: -Infinity is at row 0, column 1; remove that row or fill the gap",
    }],
    ["a network that does not fit together", () => mlpPredict({ ...net, biases: [Float32Array.of(1, 2)] }, x), {
      name: "TypeError",
      message:
        "Cannot read the network as weights and biases must fit its layers 2-1: they have 2, 2 numbers, the layers need 2, 1; correct them",
    }],
    ["a network without layers", () => mlpPredict({ weights: [], biases: [] }, x), {
      name: "TypeError",
      message: "Cannot read the network as it must have at least one layer: it has none; train it by trainMlp",
    }],
  ];
  for (const [name, act, expected] of cases) await t.step(name, () => assert.rejects(act, expected));
});
