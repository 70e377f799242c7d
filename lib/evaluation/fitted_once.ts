import type { Embeddings } from "../embeddings/embeddings.ts";
import type { EmbeddedOutcomes, QualityPredictions, Router } from "../routers/router.ts";
import { type EvaluatedRouter, type FittedRecipe, preparedRecipes, type SystemRecipe } from "./recipe.ts";

/**
 * The same recipes, prepared with the seed. They fit once for each training set and predict once for each set of
 * vectors, so that several evaluations of one router need one fit. Systems without a router are left as they are.
 *
 * Sets are compared by identity.
 *
 * @example
 * ```ts
 * import { openEncoder, simulateOutcomes } from "routerbench";
 * import { fittedOnce } from "./fitted_once.ts";
 * import { linear } from "./recipes.ts";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 10, seed: 1 });
 * const train = { outcomes, embeddings: await (await openEncoder("lexical")).encode(outcomes) };
 * const [recipe] = fittedOnce([linear({ alpha: 1 })], { seed: 1 });
 * assert.ok("fit" in recipe);
 * assert.equal(await recipe.fit(train), await recipe.fit(train));
 * ```
 */
export function fittedOnce(
  routers: readonly EvaluatedRouter[],
  { seed }: { readonly seed: number },
): (FittedRecipe | SystemRecipe)[] {
  return preparedRecipes(routers, { seed }).map((recipe) => "system" in recipe ? recipe : once(recipe));
}

function once({ family, fit }: FittedRecipe): FittedRecipe {
  const fitted = new WeakMap<EmbeddedOutcomes, Promise<Router>>();
  return {
    family,
    fit: (train, context) => {
      const known = fitted.get(train) ?? fit(train, context).then(predictingOnce);
      fitted.set(train, known);
      return known;
    },
  };
}

function predictingOnce(router: Router): Router {
  const predicted = new WeakMap<Embeddings, Promise<QualityPredictions>>();
  return {
    ...router,
    predict: (embeddings, prompts) => {
      const known = predicted.get(embeddings) ?? router.predict(embeddings, prompts);
      predicted.set(embeddings, known);
      return known;
    },
  };
}
