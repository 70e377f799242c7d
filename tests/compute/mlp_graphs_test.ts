import assert from "node:assert/strict";
import { epochGraph, partLengths } from "../../lib/compute/_mlp_graphs.ts";
import { openSession } from "../../lib/compute/_session.ts";
import type { Matrix64 } from "../../lib/compute/matrix.ts";
import { WholeNumbers } from "./_numbers.ts";

const SIZES = [3, 5, 4, 2];
const CONSTANTS = { batchSize: 3, l2: 0.3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const BATCH = Int32Array.of(4, 0, 6);

/** ½ Σ error² / b and ½ α Σ W² / b over the rows of the batch, written as loops. */
function objective(x: Matrix64, y: Matrix64, parameters: Float64Array): { data: number; penalty: number } {
  const lengths = partLengths(SIZES);
  const parts = lengths.map((length, i) => {
    const start = lengths.slice(0, i).reduce((sum, n) => sum + n, 0);
    return parameters.slice(start, start + length);
  });
  const nLayers = SIZES.length - 1;
  let data = 0;
  for (const row of BATCH) {
    let activation = Array.from(x.values.slice(row * 3, row * 3 + 3));
    for (let l = 0; l < nLayers; l++) {
      const z = Array.from(
        parts[nLayers + l],
        (bias, unit) => activation.reduce((sum, a, i) => sum + a * parts[l][i * SIZES[l + 1] + unit], bias),
      );
      activation = l < nLayers - 1 ? z.map((value) => Math.max(value, 0)) : z;
    }
    for (let o = 0; o < 2; o++) data += (activation[o] - y.values[row * 2 + o]) ** 2 / (2 * BATCH.length);
  }
  const squares = parts.slice(0, nLayers).flatMap((part) => Array.from(part)).reduce((sum, w) => sum + w * w, 0);
  return { data, penalty: (CONSTANTS.l2 * squares) / (2 * BATCH.length) };
}

Deno.test("epochGraph() gives the loss, the gradient by finite differences, and Adam's step", async () => {
  const numbers = new WholeNumbers(9);
  const x = numbers.matrix(7, 3);
  const y = numbers.matrix(7, 2);
  const nParameters = partLengths(SIZES).reduce((sum, length) => sum + length, 0);
  const [parameters, momentum, spread] = [1, 2, 3].map(() => numbers.matrix(1, nParameters).values);
  const variance = spread.map((value) => value * value);
  const session = await openSession(epochGraph({ sizes: SIZES, precision: "float64" }, CONSTANTS));
  const vector = (values: Float64Array): ReturnType<typeof session.tensor> => session.tensor(values, [values.length]);
  const found = await session.run({
    x: session.tensor(x.values, [7, 3]),
    y: session.tensor(y.values, [7, 2]),
    order: session.tensor(BATCH, [3]),
    parameters: vector(parameters),
    momentum: vector(momentum),
    variance: vector(variance),
    learningRates: vector(Float64Array.of(0.01)),
  });
  await session.release();
  const [losses, newMomentum, newVariance, newParameters] = ["losses", "newMomentum", "newVariance", "newParameters"].map((name) =>
    found[name].data as Float64Array
  );
  const { data, penalty } = objective(x, y, parameters);
  // The reported loss is the mean over the two outputs, the gradient that of their sum.
  assert.equal(losses.length, 1);
  assert.ok(Math.abs(losses[0] - (data / 2 + penalty)) < 1e-14);
  for (let i = 0; i < nParameters; i++) {
    const total = (shift: number): number => {
      const { data, penalty } = objective(x, y, parameters.map((value, j) => (j === i ? value + shift : value)));
      return data + penalty;
    };
    const g = (total(1e-6) - total(-1e-6)) / 2e-6;
    assert.ok(Math.abs((newMomentum[i] - 0.9 * momentum[i]) / 0.1 - g) < 1e-7, `gradient ${i}`);
    assert.ok(Math.abs((newVariance[i] - 0.999 * variance[i]) / 0.001 - g * g) < 1e-6, `squared gradient ${i}`);
    const expected = parameters[i] - (0.01 * newMomentum[i]) / (Math.sqrt(newVariance[i]) + 1e-8);
    assert.ok(Math.abs(newParameters[i] - expected) < 1e-14, `parameter ${i}`);
  }
});
