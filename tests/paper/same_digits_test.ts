// Processors differ in the last bits of sums; what is printed must not. Here vectors move by 1e-7 of their size, as float32 rounds them, and the
// dimensions change their order, so that every sum over them is made in another order.
import assert from "node:assert/strict";
import { seededRandom } from "../../lib/base/random.ts";
import type { Embeddings } from "../../lib/embeddings/embeddings.ts";
import { lexicalEncoder } from "../../lib/embeddings/lexical_encoder.ts";
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
