import { type Embeddings, selectEmbeddings } from "../embeddings/embeddings.ts";
import { selectPrompts } from "../outcomes/outcome_table.ts";
import { splitOutcomes } from "../outcomes/split_outcomes.ts";
import { quantileOfSorted } from "../base/quantile.ts";
import { LEAST_RESAMPLES, meanOf } from "../base/statistics.ts";
import { seededRandom } from "../base/random.ts";
import type { EmbeddedOutcomes, QualityPredictions, Router } from "../routers/router.ts";
import { evaluateRouters, type Evaluation } from "../evaluation/evaluate.ts";
import type { EvaluationData } from "../evaluation/evaluation_data.ts";
import { type EvaluatedRouter, type FittedRecipe, preparedRecipes, type SystemRecipe } from "../evaluation/recipe.ts";
import { selectPredictions } from "../evaluation/select_predictions.ts";

/** A value over the cuts. */
export interface SpreadOverCuts {
  /** Its mean. */
  readonly mean: number;
  /** The range of the middle 95 %. The cuts share prompts: this is scatter, no confidence interval of the mean. */
  readonly interval: readonly [low: number, high: number];
}

/** The optimism of a system chosen on the prompts on which it is measured; all values are AIQ (formula) less Zero's. */
export interface SelectionOptimism {
  /** The system's name, or {@linkcode BEST_ROUTER}. */
  readonly name: string;
  /** Chosen and measured on the same prompts, Zero too. */
  readonly apparent: SpreadOverCuts;
  /** Chosen on as many other prompts. */
  readonly honest: SpreadOverCuts;
  /** The first minus the second. */
  readonly optimism: SpreadOverCuts;
}

/** The row of the router that is best where it is chosen, as a choice among routers is also a choice of settings. */
export const BEST_ROUTER = "best of the routers";

/** Options of {@linkcode selectionOptimism}. */
export interface SelectionOptimismOptions {
  /** Number of cuts of the test prompts into halves. Default 20. */
  readonly nCuts?: number;
  /** Seed of the cuts. */
  readonly seed: number;
}

/**
 * Measures the optimism of choosing on the test split: the test prompts are cut into two halves; settings are chosen on
 * one half and measured on both; the result is the mean over many cuts and both directions.
 *
 * What is chosen: each system's hull vertices, Zero's too, and in the last row the best router. Routers learn once, on
 * `data.fit`. The halves have equal sizes, so that the difference is optimism alone and not a lack of prompts to choose
 * on. It is the optimism at half the number of test prompts; at all of them it is somewhat less.
 *
 * **Source**: Efron and Tibshirani 1993, *An Introduction to the Bootstrap*, section 17.6 (optimism); the paper chooses
 * on its test prompts.
 *
 * @throws RangeError where `nCuts` is not a whole number above 0 or a half has no prompts; whatever the routers throw
 * @example
 * ```ts
 * import { knn, openEncoder, simulateOutcomes, splitForEvaluation } from "routerbench";
 * import { selectionOptimism } from "routerbench/experiments";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 40, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes);
 * const data = splitForEvaluation(outcomes, embeddings, { seed: 1 });
 * const rows = await selectionOptimism(data, [knn({ k: 5 }), knn({ k: 10 })], { nCuts: 3, seed: 1 });
 * assert.deepEqual(rows.map(({ name }) => name), ["KNN, k = 5", "KNN, k = 10", "best of the routers"]);
 * ```
 */
export async function selectionOptimism(
  data: EvaluationData,
  routers: readonly EvaluatedRouter[],
  { nCuts = 20, seed }: SelectionOptimismOptions,
): Promise<SelectionOptimism[]> {
  if (!(Number.isInteger(nCuts) && nCuts >= 1)) {
    throw new RangeError(
      `Cannot measure optimism as the number of cuts must be a whole number above 0: it is ${nCuts}; pass 20`,
    );
  }
  const learned: (LearnedRouter | SystemRecipe)[] = [];
  for (const recipe of preparedRecipes(routers, { seed })) {
    learned.push("system" in recipe ? recipe : await learnedRouter(recipe, data));
  }
  // The choice is among routers: the judge of a cascade knows the outcome.
  const routerNames = new Set(learned.flatMap((each) => "system" in each ? [] : [each.router.name]));
  const random = seededRandom(seed, "cuts");
  const apparent: number[][] = [];
  const honest: number[][] = [];
  let names: string[] = [];
  for (let cut = 0; cut < nCuts; cut++) {
    const halves = halvesOf(data.test, random.integer(2 ** 31));
    const recipes = learned.map((each) => "system" in each ? each : recipeOn(each, halves));
    const run = (chosen: number, measured: number): Promise<Evaluation> =>
      evaluateRouters(
        { ...data, validation: halves[chosen].part, test: halves[measured].part },
        recipes,
        { nResamples: LEAST_RESAMPLES, seed }, // the intervals are not used
      );
    const same = [await run(0, 0), await run(1, 1)];
    const other = [await run(1, 0), await run(0, 1)];
    names = same[0].systems.slice(1).map(({ name }) => name);
    for (const half of [0, 1]) {
      const here = gainsOf(same[half]);
      const there = gainsOf(same[1 - half]);
      const chosenThere = gainsOf(other[half]);
      const ofRouters = (gains: readonly number[]): number[] =>
        gains.map((gain, at) => routerNames.has(names[at]) ? gain : -Infinity);
      const best = there.indexOf(Math.max(...ofRouters(there)));
      apparent.push([...here, Math.max(...ofRouters(here))]);
      honest.push([...chosenThere, chosenThere[best]]);
    }
  }
  return [...names, BEST_ROUTER].map((name, at) => ({
    name,
    apparent: spreadOf(apparent.map((gains) => gains[at])),
    honest: spreadOf(honest.map((gains) => gains[at])),
    optimism: spreadOf(apparent.map((gains, half) => gains[at] - honest[half][at])),
  }));
}

/** A fitted router with its predictions for all test prompts, which are made once. */
interface LearnedRouter {
  readonly family: FittedRecipe["family"];
  readonly router: Router;
  readonly predictions: QualityPredictions;
}

async function learnedRouter(
  { family, fit }: FittedRecipe,
  { fit: train, test }: EvaluationData,
): Promise<LearnedRouter> {
  const router = await fit(train);
  return { family, router, predictions: await router.predict(test.embeddings, test.outcomes.prompts) };
}

/** Half of the test prompts. */
interface Half {
  readonly part: EmbeddedOutcomes;
  readonly rows: readonly number[];
}

function halvesOf({ outcomes, embeddings }: EmbeddedOutcomes, seed: number): readonly [Half, Half] {
  const { trainRows, testRows } = splitOutcomes(outcomes, { trainShare: 0.5, seed });
  const half = (rows: readonly number[]): Half => ({
    rows,
    part: { outcomes: selectPrompts(outcomes, rows), embeddings: selectEmbeddings(embeddings, rows) },
  });
  return [half(trainRows), half(testRows)];
}

/** A recipe that fits nothing and returns the known predictions for the vectors of a half. */
function recipeOn({ family, router, predictions }: LearnedRouter, halves: readonly Half[]): EvaluatedRouter {
  const known = new Map<Embeddings, QualityPredictions>(
    halves.map(({ part, rows }) => [part.embeddings, selectPredictions(predictions, rows)]),
  );
  return {
    family,
    fit: () => ({ ...router, predict: (embeddings: Embeddings) => Promise.resolve(known.get(embeddings)!) }),
  };
}

function gainsOf({ systems }: Evaluation): number[] {
  return systems.slice(1).map(({ againstZero }) => againstZero!.difference);
}

function spreadOf(values: readonly number[]): SpreadOverCuts {
  const sorted = Float64Array.from(values).sort();
  return {
    mean: meanOf(values),
    interval: [quantileOfSorted(sorted, 0.025), quantileOfSorted(sorted, 0.975)],
  };
}
