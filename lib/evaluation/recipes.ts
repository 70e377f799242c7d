import { fitKnnRouters } from "../routers/knn.ts";
import { fitLinearRouter } from "../routers/linear.ts";
import { fitMlpRouter, type MlpRouterOptions } from "../routers/mlp.ts";
import type { EmbeddedOutcomes, Router } from "../routers/router.ts";
import type { RouterRecipe, SystemRecipe } from "./recipe.ts";
import { cascadeSystem, rerankSystem } from "./systems.ts";

/** The recipe of a KNN router. */
export interface KnnRecipe extends RouterRecipe {
  /** Its family. */
  readonly family: "knn";
  /** Number of neighbours. */
  readonly k: number;
}

/**
 * The recipe of the paper's KNN router: {@linkcode fitKnnRouter}. Several in one evaluation share one search for
 * neighbours.
 *
 * @throws RangeError, when fitted, where k is not a whole number from 1 to the number of training prompts
 * @example
 * ```ts
 * import { evaluate, knn, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 40, seed: 1 });
 * const routers = [knn({ k: 5 }), knn({ k: 10 })];
 * const { systems } = await evaluate(outcomes, routers, { seed: 1, encoder: "lexical", nResamples: 100 });
 * assert.deepEqual(systems.map(({ name }) => name), ["Zero", "KNN, k = 5", "KNN, k = 10"]);
 * ```
 */
export function knn({ k }: { readonly k: number }): KnnRecipe {
  return {
    family: "knn",
    k,
    fit: async (train, context) => {
      const others = (context?.alongside ?? []).flatMap((recipe) => isKnn(recipe) ? [recipe.k] : []);
      return (await sharedRouters(train, [...new Set([k, ...others])])).get(k)!;
    },
  };
}

function isKnn(recipe: unknown): recipe is KnnRecipe {
  return typeof recipe === "object" && recipe !== null && "k" in recipe && "family" in recipe &&
    recipe.family === "knn";
}

/** The fitted routers of each training set by their numbers of neighbours: the recipes of an evaluation share them. */
const FITTED = new WeakMap<EmbeddedOutcomes, Map<string, Promise<ReadonlyMap<number, Router>>>>();

function sharedRouters(train: EmbeddedOutcomes, ks: readonly number[]): Promise<ReadonlyMap<number, Router>> {
  const ascending = ks.toSorted((a, b) => a - b);
  const key = ascending.join();
  const known = FITTED.get(train) ?? new Map<string, Promise<ReadonlyMap<number, Router>>>();
  FITTED.set(train, known);
  const fitted = known.get(key) ??
    fitKnnRouters(train, { ks: ascending }).then((routers) =>
      new Map(routers.map((each, at) => [ascending[at], each]))
    );
  known.set(key, fitted);
  return fitted;
}

/**
 * The recipe of a linear router: {@linkcode fitLinearRouter}.
 *
 * @param options `alpha`: weight of the ridge penalty, default scikit-learn's 1
 * @throws RangeError, when fitted, where alpha is not above 0
 */
export function linear({ alpha = 1 }: { readonly alpha?: number } = {}): RouterRecipe {
  return { family: "linear", fit: (train) => fitLinearRouter(train, { alpha }) };
}

/**
 * The recipe of the paper's MLP router: {@linkcode fitMlpRouter}. Its seed is the evaluation's unless one is given.
 *
 * @throws TypeError, when fitted outside an evaluation, where there is no seed; whatever the fit throws
 */
export function mlp(
  { seed, ...options }: Omit<MlpRouterOptions, "seed"> & { readonly seed?: number },
): RouterRecipe {
  return {
    family: "mlp",
    fit: (train, context) => {
      const ownSeed = seed ?? context?.seed;
      if (ownSeed === undefined) {
        throw new TypeError(
          "Cannot fit an MLP as its first weights need a seed: there is none; pass mlp({ seed: 1, … })",
        );
      }
      return fitMlpRouter(train, { ...options, seed: ownSeed });
    },
  };
}

/**
 * The recipe of the paper's cascade: {@linkcode cascadeCurve}. It asks models from the cheapest on until a judge, which
 * knows the outcome, accepts an answer.
 *
 * @param options `judgeError`: how often the judge is wrong, 0..1
 */
export function cascade({ judgeError }: { readonly judgeError: number }): SystemRecipe {
  return { system: ({ outcomes }, settings) => cascadeSystem(judgeError, outcomes, settings) };
}

/**
 * The recipe of overgenerate-and-rerank: {@linkcode rerankPoint}. It asks several models and keeps the answer with the
 * highest reward. It pays every call, so an evaluation lists it under `reranks`.
 *
 * @param options `rewardNoise`: standard deviation of the noise of the reward
 */
export function rerank({ rewardNoise }: { readonly rewardNoise: number }): SystemRecipe {
  return { system: ({ outcomes }) => rerankSystem(rewardNoise, outcomes) };
}
