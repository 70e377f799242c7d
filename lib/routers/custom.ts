import type { Embeddings } from "../embeddings/embeddings.ts";
import { checkedTrainingSet, checkEmbeddings, type EmbeddedOutcomes, type QualityPredictions, type Router } from "./router.ts";

/**
 * A router of one's own, from a function that predicts the quality of every model for one prompt's vector.
 *
 * @param name shown in tables and figures
 * @param train the prompts it was made from; gives the models and their mean costs
 * @param predictPrompt from a prompt's vector to one quality a model, in the order of `train.outcomes.models`
 * @throws TypeError, when it predicts, where the function does not return one finite number a model
 * @example
 * ```ts
 * import { customRouter, openEncoder, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 10, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes.prompts!);
 * const router = customRouter("first model", { outcomes, embeddings }, () => outcomes.models.map((_, j) => j === 0 ? 1 : 0));
 * assert.equal((await router.predict(embeddings)).quality[0], 1);
 * ```
 */
export function customRouter(name: string, train: EmbeddedOutcomes, predictPrompt: (vector: Float32Array) => ArrayLike<number>): Router {
  const { models, meanCostUsd } = checkedTrainingSet(train);
  return {
    name,
    notes: [],
    predict: (embeddings: Embeddings): Promise<QualityPredictions> => {
      checkEmbeddings(embeddings, train.embeddings);
      const { nPrompts, nDims, values } = embeddings;
      const quality = new Float64Array(nPrompts * models.length);
      for (let i = 0; i < nPrompts; i++) {
        const predicted = Float64Array.from(predictPrompt(values.slice(i * nDims, (i + 1) * nDims)));
        if (predicted.length !== models.length || !predicted.every(Number.isFinite)) {
          throw new TypeError(
            `Cannot predict with "${name}" as its function must return one finite quality a model: it returned ${predicted.length} numbers [${
              predicted.slice(0, 3)
            }…] for ${models.length} models`,
          );
        }
        quality.set(predicted, i * models.length);
      }
      return Promise.resolve({ nPrompts, models, quality, costUsd: meanCostUsd });
    },
  };
}
