// Processors differ in the last bits of sums; what is printed must not. Here vectors move by 1e-7 of their size, as float32 rounds them, and the
// dimensions change their order, so that every sum over them is made in another order.
import assert from "node:assert/strict";
import { seededRandom } from "../../lib/base/random.ts";
import type { Embeddings } from "../../lib/embeddings/embeddings.ts";
import { lexicalEncoder } from "../../lib/embeddings/lexical_encoder.ts";
import type { Matrix } from "../../lib/compute/matrix.ts";
import { type Mlp, mlpPredict } from "../../lib/compute/mlp.ts";
import { aiqAmong } from "../../lib/evaluation/aiq_among.ts";
import { sweepWillingnessToPay } from "../../lib/evaluation/policy.ts";
import { modelMeans } from "../../lib/outcomes/outcome_table.ts";
import { trainOne } from "../compute/_training.ts";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { splitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { cascade, knn, linear } from "../../lib/evaluation/recipes.ts";
import { chosenRouters } from "../../lib/experiments/paper_routers.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { embedPrompts } from "../../lib/paper/run/reproduce.ts";
import { summaryOf, terminalTable } from "../../lib/paper/run/summary.ts";

function perturbed(embeddings: Embeddings, seed: number): Embeddings {
  const random = seededRandom(seed, "perturbed vectors");
  return { ...embeddings, values: embeddings.values.map((value) => value * (1 + 1e-7 * (2 * random.uniform() - 1))) };
}

function reordered({ values, nDims, ...rest }: Embeddings): Embeddings {
  const reversed = values.map((_, at) => values[at - at % nDims + nDims - 1 - at % nDims]);
  return { ...rest, nDims, values: reversed };
}

Deno.test("what is printed of routers without a network does not depend on the last bits of vectors or on the order of sums", async () => {
  const outcomes = simulateOutcomes({ seed: 1, nPromptsPerEval: 40 });
  const embeddings = await embedPrompts(outcomes, lexicalEncoder());
  const printed = async (vectors: Embeddings): Promise<string> => {
    const data = splitForEvaluation(outcomes, vectors, { seed: 1 });
    const recipes = [knn({ k: 5 }), knn({ k: 40 }), linear(), ...chosenRouters(data.fit), cascade({ judgeError: 0.1 })];
    const evaluation = await evaluateRouters(data, recipes, { seed: 1, protocol: "ours", nResamples: 1000 });
    return terminalTable(summaryOf({ evalName: "pooled", evaluation, byOther: null, leftOut: null }));
  };
  const plain = await printed(embeddings);
  assert.match(plain, /Best router/);
  assert.equal(await printed(perturbed(embeddings, 1)), plain, "perturbed");
  assert.equal(await printed(reordered(embeddings)), plain, "reordered");
  assert.equal(await printed(reordered(perturbed(embeddings, 2))), plain, "both");
});

/** A network from uniform numbers within Glorot's bound. */
function networkOf(sizes: readonly number[], seed: number): Mlp {
  const random = seededRandom(seed, "first weights");
  const layers = sizes.slice(1).map((cols, at) => ({
    rows: sizes[at],
    cols,
    bound: Math.sqrt(6 / (sizes[at] + cols)),
  }));
  const draw = (length: number, bound: number): Float32Array =>
    Float32Array.from({ length }, () => bound * (2 * random.uniform() - 1));
  return {
    weights: layers.map(({ rows, cols, bound }) => ({ rows, cols, values: draw(rows * cols, bound) })),
    biases: layers.map(({ cols, bound }) => draw(cols, bound)),
  };
}

/** The same network with inputs and hidden units in the opposite order; its outputs stay where they are. */
function turned({ weights, biases }: Mlp): Mlp {
  const last = weights.length - 1;
  return {
    weights: weights.map(({ rows, cols, values }, at) => {
      const column = (j: number): number => at === last ? j : cols - 1 - j;
      const cell = (i: number): number => values[(rows - 1 - Math.floor(i / cols)) * cols + column(i % cols)];
      return { rows, cols, values: Float32Array.from({ length: rows * cols }, (_, i) => cell(i)) };
    }),
    biases: biases.map((values, at) => Float32Array.from(at === last ? values : [...values].reverse())),
  };
}

Deno.test("three digits of a mean of networks do not depend on the order of the sums inside them", async () => {
  const outcomes = simulateOutcomes({ seed: 1, nPromptsPerEval: 40 });
  const vectors = await lexicalEncoder({ nDims: 64 }).encode(outcomes);
  const sizes = [64, 24, 24, outcomes.models.length];
  const predictedBy = async (
    embeddings: Embeddings,
    turn: (net: Mlp) => Mlp,
  ): Promise<[aiq: number, first: number]> => {
    const { fit, test } = splitForEvaluation(outcomes, embeddings, { seed: 1 });
    const matrix = ({ nPrompts, nDims, values }: Embeddings): Matrix => ({ rows: nPrompts, cols: nDims, values });
    const y = { rows: fit.embeddings.nPrompts, cols: sizes[3], values: Float32Array.from(fit.outcomes.quality) };
    const quality = new Float64Array(test.embeddings.nPrompts * sizes[3]);
    for (const seed of [1, 2, 3]) {
      const options = { hiddenSizes: sizes.slice(1, 3), seed, maxEpochs: 100, initial: turn(networkOf(sizes, seed)) };
      const net = await trainOne(matrix(fit.embeddings), y, options);
      const { values } = await mlpPredict(net, matrix(test.embeddings));
      values.forEach((value, at) => quality[at] += value / 3);
    }
    const { costUsd } = modelMeans(fit.outcomes);
    const predictions = { nPrompts: test.embeddings.nPrompts, models: outcomes.models, quality, costUsd };
    return [aiqAmong(test.outcomes, sweepWillingnessToPay(predictions, test.outcomes)), quality[0]];
  };
  const [aiq, first] = await predictedBy(vectors, (net) => net);
  const [other, otherFirst] = await predictedBy(reordered(vectors), turned);
  assert.notEqual(first, otherFirst, "the order of the sums is another one");
  assert.ok(Math.abs(first - otherFirst) < 1e-3, `${first}, ${otherFirst}`);
  assert.ok(Math.abs(aiq - other) < 5e-4, `${aiq}, ${other}`);
});
