import { fitKnnRouters } from "../routers/knn.ts";
import type { EmbeddedOutcomes, Router } from "../routers/router.ts";
import type { RouterRecipe } from "./evaluate.ts";

/**
 * Recipes of KNN routers for several k, which share one search for each set of vectors.
 *
 * `evaluateRouters` knows nothing of it: each recipe fits one router, but those that are fitted on the same training set come from one call
 * of {@linkcode fitKnnRouters}. The evaluation is number for number that of single routers.
 *
 * @param ks numbers of neighbours, each once
 * @throws RangeError, when fitted, where one is not a whole number from 1 to the number of training prompts
 * @example
 * ```ts
 * import { evaluateRouters, knnRecipes, openEncoder, simulateOutcomes, splitForEvaluation } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 40, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes.prompts!);
 * const data = splitForEvaluation(outcomes, embeddings, { seed: 1 });
 * const { systems } = await evaluateRouters(data, knnRecipes([5, 10]), { seed: 1, nResamples: 100 });
 * assert.deepEqual(systems.map(({ name }) => name), ["Zero", "KNN, k = 5", "KNN, k = 10"]);
 * ```
 */
export function knnRecipes(ks: readonly number[]): RouterRecipe[] {
  const fitted = new WeakMap<EmbeddedOutcomes, Promise<Router[]>>();
  const fitAll = (train: EmbeddedOutcomes): Promise<Router[]> => {
    const routers = fitted.get(train) ?? fitKnnRouters(train, { ks });
    fitted.set(train, routers);
    return routers;
  };
  return ks.map((_, at) => ({ family: "knn", fit: async (train) => (await fitAll(train))[at] }));
}
