import { countCoincident } from "../compute/coincident_points.ts";
import { nearestNeighbours } from "../compute/nearest_neighbours.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { checkedTrainingSet, checkEmbeddings, type EmbeddedOutcomes, type QualityPredictions, type Router, vectorsOf } from "./router.ts";

/**
 * Fits the paper's KNN router: the predicted quality of a model is its mean quality on the k training prompts nearest by cosine.
 *
 * Neighbours at equal distance are taken in the training set's order. The mean is a sum divided by k, so that equal means stay equal, as
 * ties are frequent and decide much of the curve. `notes` warns where training prompts share one vector.
 *
 * **Shapes**: n training prompts; predictions n′ × m. O(n′ · n · d) by one matrix product. **Source**: paper section 4, reference code.
 *
 * @param train the training prompts
 * @param options `k`: number of neighbours; the paper tries 5, 10 and 40
 * @throws RangeError where k is not a whole number from 1 to the number of training prompts
 * @example
 * ```ts
 * import { fitKnnRouter, openEncoder, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 10, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes.prompts!);
 * const router = await fitKnnRouter({ outcomes, embeddings }, { k: 1 });
 * assert.deepEqual((await router.predict(embeddings)).quality.slice(0, 11), outcomes.quality.slice(0, 11));
 * ```
 */
export function fitKnnRouter(train: EmbeddedOutcomes, { k }: { readonly k: number }): Promise<Router> {
  const { models, meanCostUsd } = checkedTrainingSet(train);
  const n = train.outcomes.promptIds.length, m = models.length;
  if (!Number.isInteger(k) || k < 1 || k > n) {
    throw new RangeError(
      `Cannot fit a KNN router as k must be a whole number from 1 to the number of training prompts: k is ${k}, there are ${n}`,
    );
  }
  const points = vectorsOf(train.embeddings), trained = train.outcomes.quality;
  const { nCoincidentPoints, largestGroup } = countCoincident(points);
  const notes = nCoincidentPoints === 0 ? [] : [
    `${nCoincidentPoints} of ${n} training prompts share their vector with another, up to ${largestGroup} one vector; the encoder may not read what differs`,
  ];
  const predict = async (embeddings: Embeddings): Promise<QualityPredictions> => {
    checkEmbeddings(embeddings, train.embeddings);
    const { indices } = await nearestNeighbours(vectorsOf(embeddings), points, { k });
    const quality = new Float64Array(embeddings.nPrompts * m);
    for (let i = 0; i < embeddings.nPrompts; i++) {
      for (let j = 0; j < m; j++) {
        let sum = 0;
        for (let neighbour = i * k; neighbour < (i + 1) * k; neighbour++) sum += trained[indices[neighbour] * m + j];
        quality[i * m + j] = sum / k;
      }
    }
    return { nPrompts: embeddings.nPrompts, models, quality, costUsd: meanCostUsd };
  };
  return Promise.resolve({ name: `KNN, k = ${k}`, notes, predict });
}
