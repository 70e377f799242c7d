import assert from "node:assert/strict";
import { epochGraph } from "../../lib/compute/_mlp_graphs.ts";
import { type MlpLayout, partLengths } from "../../lib/compute/_mlp_layout.ts";
import { openSession } from "../../lib/compute/_session.ts";
import type { Matrix64 } from "../../lib/compute/matrix.ts";
import { WholeNumbers } from "./_numbers.ts";

const CONSTANTS = { batchSize: 3, l2: 0.3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const BATCH = Int32Array.of(4, 0, 6);

/** Parts of one network: W₁ … W_L (row-major), b₁ … b_L. */
type Parts = readonly (readonly number[])[];

/** ½ Σ error² / b and ½ α Σ W² / b over the rows of the batch, written as loops. */
function objective(
  x: Matrix64,
  y: Matrix64,
  { parts, sizes, columns }: { parts: Parts; sizes: readonly number[]; columns: readonly number[] },
): { data: number; penalty: number } {
  const nLayers = sizes.length - 1;
  let data = 0;
  for (const row of BATCH) {
    let activation = Array.from(x.values.slice(row * x.cols, (row + 1) * x.cols));
    for (let l = 0; l < nLayers; l++) {
      const z = Array.from(
        parts[nLayers + l],
        (bias, unit) => activation.reduce((sum, a, i) => sum + a * parts[l][i * sizes[l + 1] + unit], bias),
      );
      activation = l < nLayers - 1 ? z.map((value) => Math.max(value, 0)) : z;
    }
    columns.forEach((column, o) => data += (activation[o] - y.values[row * y.cols + column]) ** 2 / (2 * BATCH.length));
  }
  const squares = parts.slice(0, nLayers).flat().reduce((sum, w) => sum + w * w, 0);
  return { data, penalty: (CONSTANTS.l2 * squares) / (2 * BATCH.length) };
}

/** One step of the graph, checked against the objective's finite differences and Adam written out; returns the losses. */
async function checkedStep(
  layout: MlpLayout,
  x: Matrix64,
  y: Matrix64,
  total: (parameters: Float64Array) => number,
): Promise<Float64Array> {
  const numbers = new WholeNumbers(9);
  const nParameters = (layout.nNetworks ?? 1) * partLengths(layout.sizes).reduce((sum, length) => sum + length, 0);
  const [parameters, momentum, spread] = [1, 2, 3].map(() => numbers.matrix(1, nParameters).values);
  const variance = spread.map((value) => value * value);
  const session = await openSession(epochGraph(layout, CONSTANTS));
  const vector = (values: Float64Array): ReturnType<typeof session.tensor> => session.tensor(values, [values.length]);
  const found = await session.run({
    x: session.tensor(x.values, [x.rows, x.cols]),
    y: session.tensor(y.values, [y.rows, y.cols]),
    order: session.tensor(BATCH, [3]),
    parameters: vector(parameters),
    // The graph keeps m / (1 − β₁) and v / (1 − β₂).
    momentum: vector(momentum.map((m) => m / 0.1)),
    variance: vector(variance.map((v) => v / 0.001)),
    learningRates: vector(Float64Array.of(0.01)),
  });
  await session.release();
  const [losses, newMomentum, newVariance, newParameters] = ["losses", "newMomentum", "newVariance", "newParameters"]
    .map((name) => found[name].data as Float64Array);
  total(parameters); // the first call is at the start itself
  for (let i = 0; i < nParameters; i++) {
    const shifted = (shift: number): number => total(parameters.map((value, j) => (j === i ? value + shift : value)));
    const g = (shifted(1e-6) - shifted(-1e-6)) / 2e-6;
    const [m, v] = [0.1 * newMomentum[i], 0.001 * newVariance[i]];
    assert.ok(Math.abs((m - 0.9 * momentum[i]) / 0.1 - g) < 1e-7, `gradient ${i}`);
    assert.ok(Math.abs((v - 0.999 * variance[i]) / 0.001 - g * g) < 1e-6, `squared gradient ${i}`);
    const expected = parameters[i] - (0.01 * m) / (Math.sqrt(v) + 1e-8);
    assert.ok(Math.abs(newParameters[i] - expected) < 1e-13, `parameter ${i}`);
  }
  return losses;
}

function cut(flat: readonly number[], lengths: readonly number[]): number[][] {
  let start = 0;
  return lengths.map((length) => flat.slice(start, start += length));
}

Deno.test("epochGraph() gives the loss, the gradient by finite differences, and Adam's step", async () => {
  const sizes = [3, 5, 4, 2];
  const numbers = new WholeNumbers(8);
  const x = numbers.matrix(7, 3);
  const y = numbers.matrix(7, 2);
  let atStart: { data: number; penalty: number } | undefined;
  const losses = await checkedStep({ sizes, precision: "float64" }, x, y, (parameters) => {
    const found = objective(x, y, { parts: cut([...parameters], partLengths(sizes)), sizes, columns: [0, 1] });
    atStart ??= found;
    return found.data + found.penalty;
  });
  // The reported loss is the mean over the two outputs, the gradient that of their sum.
  assert.equal(losses.length, 1);
  assert.ok(Math.abs(losses[0] - (atStart!.data / 2 + atStart!.penalty)) < 1e-13);
});

for (const sizes of [[3, 1], [3, 5, 1], [3, 5, 4, 1]]) {
  Deno.test(`epochGraph() of three networks ${sizes.join("-")} gives each its loss, gradient and step`, async () => {
    const numbers = new WholeNumbers(7);
    const x = numbers.matrix(7, 3);
    const y = numbers.matrix(7, 3);
    /** Part by part of all networks; in the first part the networks alternate row by row. */
    const networksIn = (parameters: readonly number[]): Parts[] => {
      const lengths = partLengths(sizes);
      const parts = cut(parameters, lengths.map((length) => 3 * length));
      const nUnits = sizes[1];
      return [0, 1, 2].map((network) =>
        parts.map((part, p) =>
          p === 0
            ? part.filter((_, at) => Math.floor(at / nUnits) % 3 === network)
            : part.slice(network * lengths[p], (network + 1) * lengths[p])
        )
      );
    };
    let atStart: number[] | undefined;
    const losses = await checkedStep({ sizes, precision: "float64", nNetworks: 3 }, x, y, (parameters) => {
      const each = networksIn([...parameters]).map((parts, network) =>
        objective(x, y, { parts, sizes, columns: [network] })
      )
        .map(({ data, penalty }) => data + penalty);
      atStart ??= each;
      return each.reduce((sum, value) => sum + value);
    });
    assert.equal(losses.length, 3);
    losses.forEach((loss, network) => assert.ok(Math.abs(loss - atStart![network]) < 1e-13));
  });
}
