import type { Embeddings } from "../embeddings/embeddings.ts";
import type { EmbeddedOutcomes, QualityPredictions, Router } from "../routers/router.ts";
import type { FittedRecipe, RouterRecipe } from "./router_recipe.ts";

/**
 * The same recipe, which fits once for each training set and predicts once for each set of vectors: what is asked of one router in several
 * ways costs one fit.
 *
 * Sets are the same where they are the same object.
 *
 * @example
 * ```ts
 * import { openEncoder, simulateOutcomes } from "routerbench";
 * import { fitLinearRouter } from "../routers/linear.ts";
 * import { fittedOnce } from "./fitted_once.ts";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 10, seed: 1 });
 * const train = { outcomes, embeddings: await (await openEncoder("lexical")).encode(outcomes.prompts!) };
 * const recipe = fittedOnce({ fit: (train) => fitLinearRouter(train, { alpha: 1 }) });
 * assert.equal(await recipe.fit(train), await recipe.fit(train));
 * ```
 */
export function fittedOnce(recipe: RouterRecipe): FittedRecipe {
  const fitted = new WeakMap<EmbeddedOutcomes, Promise<Router>>();
  return {
    family: recipe.family ?? "other",
    fit: (train) => {
      const known = fitted.get(train) ?? Promise.resolve(recipe.fit(train)).then(predictingOnce);
      fitted.set(train, known);
      return known;
    },
  };
}

function predictingOnce(router: Router): Router {
  const predicted = new WeakMap<Embeddings, Promise<QualityPredictions>>();
  return {
    name: router.name,
    notes: router.notes,
    predict: (embeddings, prompts) => {
      const known = predicted.get(embeddings) ?? router.predict(embeddings, prompts);
      predicted.set(embeddings, known);
      return known;
    },
  };
}
