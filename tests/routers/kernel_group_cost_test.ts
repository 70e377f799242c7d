import assert from "node:assert/strict";
import reference from "../reference/ridge_ladder.json" with { type: "json" };
import { seededRandom } from "../../lib/base/random.ts";
import type { Embeddings } from "../../lib/embeddings/embeddings.ts";
import { fitGroupRouter } from "../../lib/routers/group.ts";
import { fitKernelRouters } from "../../lib/routers/kernel.ts";
import { fitCostPredictor } from "../../lib/routers/predicted_cost.ts";
import { tableOf } from "../_tables.ts";

function vectors(n: number, nDims: number, seed: number): Embeddings {
  const random = seededRandom(seed, "vectors");
  const values = Float32Array.from({ length: n * nDims }, () => random.normal());
  return { nPrompts: n, nDims, values, encoder: "made" };
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, d) => sum + value * y[d], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

const N = 90;
const random = seededRandom(5, "outcomes");
const quality = Array.from({ length: N }, () => [random.integer(2), random.integer(2), random.integer(2)]);
const costUsd = Array.from({ length: N }, () => [0.001, 0.002, 0.004].map((cost) => cost * (1 + random.integer(9))));

Deno.test("fitKernelRouters() averages all training prompts where there are less than 200, as a plain loop does", async () => {
  const train = { outcomes: tableOf({ quality, costUsd }), embeddings: vectors(N, 5, 1) };
  const asked = vectors(7, 5, 2);
  const router = fitKernelRouters(train, [6])[0];
  const { quality: predicted } = await router.predict(asked);
  const row = ({ values }: Embeddings, i: number): Float32Array => values.subarray(i * 5, (i + 1) * 5);
  for (let i = 0; i < 7; i++) {
    const weights = quality.map((_, t) => Math.exp(6 * cosine(row(asked, i), row(train.embeddings, t))));
    const total = weights.reduce((sum, weight) => sum + weight);
    for (let j = 0; j < 3; j++) {
      const mean = weights.reduce((sum, weight, t) => sum + weight * quality[t][j], 0) / total;
      assert.ok(Math.abs(predicted[3 * i + j] - mean) < 1e-6, `${predicted[3 * i + j]} for ${mean}`);
    }
  }
});

Deno.test("fitKernelRouters() refuses a sharpness below 0", () => {
  const train = { outcomes: tableOf({ quality, costUsd }), embeddings: vectors(N, 5, 1) };
  assert.throws(() => fitKernelRouters(train, [-1])[0], /sharpness must be 0 or more: it is -1/);
});

Deno.test("fitGroupRouter() predicts shrunk means of the group that a prompt lies in", async () => {
  const evalNames = quality.map((_, i) => i % 3 === 0 ? "far" : "near");
  const embeddings = vectors(N, 5, 3);
  // The groups lie apart on the first axis.
  for (let i = 0; i < N; i++) embeddings.values[i * 5] = i % 3 === 0 ? 9 : -9;
  const train = { outcomes: tableOf({ quality, costUsd, evalNames }), embeddings };
  const router = await fitGroupRouter(train, { shrinkBy: 20 });
  const predictions = await router.predict(embeddings);
  const mean = (rows: readonly (readonly number[])[], j: number): number =>
    rows.reduce((sum, row) => sum + row[j], 0) / rows.length;
  for (const [row, rowIndex] of [[0, 0], [1, 1], [2, 1]]) {
    const isMember = (_: unknown, i: number): boolean => (i % 3 === 0) === (rowIndex === 0);
    for (const [values, found] of [[quality, predictions.quality], [costUsd, predictions.costUsd]] as const) {
      const members = values.filter(isMember);
      for (let j = 0; j < 3; j++) {
        const expected = (members.length * mean(members, j) + 20 * mean(values, j)) / (members.length + 20);
        assert.ok(Math.abs(found[3 * row + j] - expected) < 1e-12);
      }
    }
  }
});

Deno.test("fitGroupRouter() gives one group's means where there is one group, and refuses to shrink by less than 0", async () => {
  const train = { outcomes: tableOf({ quality, costUsd }), embeddings: vectors(N, 5, 3) };
  const { quality: predicted } = await (await fitGroupRouter(train)).predict(vectors(2, 5, 4));
  const mean = quality.reduce((sum, row) => sum + row[1], 0) / N;
  assert.ok(Math.abs(predicted[1] - mean) < 1e-12 && Math.abs(predicted[4] - mean) < 1e-12);
  await assert.rejects(() => fitGroupRouter(train, { shrinkBy: -1 }), /shrinkBy must be 0 or more: it is -1/);
});

Deno.test("fitCostPredictor() follows costs that depend on the prompt, without bias, and leaves free models at their mean", async () => {
  const n = reference.rows;
  const m = reference.targets;
  const embeddings = {
    nPrompts: n,
    nDims: reference.cols,
    values: Float32Array.from(reference.x),
    encoder: "made",
  };
  const costs = Array.from({ length: n }, (_, i) => [...reference.costs.slice(i * m, (i + 1) * m), i === 0 ? 0 : 1]);
  const outcomes = tableOf({ quality: costs.map((row) => row.map(() => 1)), costUsd: costs });
  const predicted = await (await fitCostPredictor({ outcomes, embeddings })).predict(embeddings);
  for (let j = 0; j < m; j++) {
    const errors = costs.map((row, i) => Math.log(predicted[i * (m + 1) + j] / row[j]));
    assert.ok(Math.max(...errors.map(Math.abs)) < 0.4, "noise of .1 about a slope of .3 is followed");
    const bias = costs.reduce((sum, row, i) => sum + predicted[i * (m + 1) + j] - row[j], 0) / n;
    assert.ok(Math.abs(bias) < 0.02, `the mean cost is kept: off by ${bias}`);
  }
  assert.ok(costs.every((_, i) => Math.abs(predicted[i * (m + 1) + m] - (n - 1) / n) < 1e-12));
});
