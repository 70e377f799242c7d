/** How good a router is. @module */

import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import { constantRouters } from "../routers/constant.ts";
import { oracle } from "../routers/oracle.ts";
import type { EmbeddedOutcomes, QualityPredictions } from "../routers/router.ts";
import { measure, type MeasuredSetting, type Measurement } from "./_measure.ts";
import { referenceCodeMaxCost } from "./aiq.ts";
import { DEFAULT_RESAMPLES, type SettingSample } from "./compare_curves.ts";
import {
  comparedEvaluation,
  type Evaluation,
  type MeasuredRerank,
  type MeasuredSystem,
  type Protocol,
} from "./compared_evaluation.ts";
import type { EvaluationData } from "./evaluation_data.ts";
import { shareOfModels } from "./policy.ts";
import { type EvaluatedRouter, preparedRecipes, type RouterRecipe, type SystemRecipe } from "./recipe.ts";
import { type Part, routerSystem, type System, type SystemSettings, zeroSystem } from "./systems.ts";

export type {
  EvaluatedRouter,
  Evaluation,
  MeasuredRerank,
  MeasuredSetting,
  MeasuredSystem,
  Measurement,
  Protocol,
  RouterRecipe,
  SystemRecipe,
};

/** How an evaluation is run. */
export interface EvaluationOptions {
  /** Default `"ours"`. */
  readonly protocol?: Protocol;
  /** Resamples of the bootstrap. Default 10,000. */
  readonly nResamples?: number;
  /** Seed of the bootstrap. */
  readonly seed: number;
}

/**
 * Evaluates routers beside Zero and the oracle: fits them, chooses their settings and measures them by one protocol for
 * all.
 *
 * @param routers recipes such as `knn({ k: 40 })` and `cascade({ judgeError: 0.1 })`, or routers of one's own:
 *   {@linkcode customRouter}, functions of the prompt, objects `{ name, predict }`
 * @throws TypeError where one is none of these or two systems have one name; whatever fits and predictions throw
 * @example
 * ```ts
 * import { cascade, evaluateRouters, knn, openEncoder, simulateOutcomes, splitForEvaluation } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 40, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes);
 * const data = splitForEvaluation(outcomes, embeddings, { seed: 1 });
 * const longToGpt4 = (prompt: string) => prompt.length > 300 ? "gpt-4-1106-preview" : "mistralai/mixtral-8x7b-chat";
 * const routers = [knn({ k: 10 }), cascade({ judgeError: 0.1 }), longToGpt4];
 * const { systems } = await evaluateRouters(data, routers, { seed: 1, nResamples: 100 });
 * assert.deepEqual(systems.map(({ name }) => name), ["Zero", "KNN, k = 10", "Cascade, ε = 0.1", "longToGpt4"]);
 * ```
 */
export async function evaluateRouters(
  data: EvaluationData,
  routers: readonly EvaluatedRouter[],
  options: EvaluationOptions,
): Promise<Evaluation> {
  const { protocol = "ours", seed, nResamples = DEFAULT_RESAMPLES } = options;
  const [learn, choose] = protocol === "ours" ? [data.fit, data.validation] : [data.train, data.test];
  const all = await systemsOf(routers, learn, {
    settings: protocol === "ours" ? "exact" : "reference-code",
    validation: protocol === "ours" ? choose : null,
    seed,
  });
  const chosenOn = await partOf(choose, all);
  const measuredOn = await partOf(data.test, all);

  const measured = all.filter(({ paysEveryCall = false }) => !paysEveryCall).map((system) => {
    const found = measure(system, chosenOn, measuredOn);
    return {
      ...found,
      notes: system.router?.notes ?? [],
      ladder: system.router?.ladder ?? [],
      ownMaxCostUsd: referenceCodeMaxCost([protocol === "paper" ? system.points(measuredOn) : found.settings]),
    };
  });
  const reranks = all.filter(({ paysEveryCall = false }) => paysEveryCall)
    .map((system) => ({ ...measure(system, chosenOn, measuredOn), notes: [], ladder: [] }));
  const models = constantRouters(data.test.outcomes);
  const best = oracle(data.test.outcomes);
  const nPrompts = {
    learned: learn.outcomes.promptIds.length,
    chosen: choose.outcomes.promptIds.length,
    test: data.test.outcomes.promptIds.length,
  };
  return comparedEvaluation({
    protocol,
    nPrompts,
    models,
    modelSample: byModel(data.test.outcomes),
    oracle: pointOf(best),
    oracleShares: shareOfModels(best.choices, models.length),
    measured,
    reranks,
  }, { nResamples, seed });
}

/** Zero and all systems that were passed, fitted. */
export async function systemsOf(
  routers: readonly EvaluatedRouter[],
  learn: EmbeddedOutcomes,
  { settings, validation, seed }: SystemSettings & {
    readonly validation: EmbeddedOutcomes | null;
    readonly seed: number;
  },
): Promise<System<unknown>[]> {
  const systems: System<unknown>[] = [zeroSystem()];
  for (const recipe of preparedRecipes(routers, { seed })) {
    systems.push(
      "system" in recipe
        ? await recipe.system(learn, { settings, validation, seed, alongside: routers })
        : routerSystem(await recipe.fit(learn, { validation }), learn.outcomes.models, {
          settings,
          family: recipe.family,
        }),
    );
  }
  const names = systems.map(({ name }) => name);
  const twin = names.find((name, at) => names.indexOf(name) !== at);
  if (twin === undefined) return systems;
  throw new TypeError(`Cannot evaluate routers as their names must differ: "${twin}" stands twice; rename one`);
}

/** Prompts with what each system's router predicts for them. */
export async function partOf(
  { outcomes, embeddings }: EmbeddedOutcomes,
  systems: readonly System<unknown>[],
): Promise<Part> {
  const predictions = new Map<string, QualityPredictions>();
  for (const { router } of systems) {
    if (router !== undefined) predictions.set(router.name, await router.predict(embeddings, outcomes.prompts));
  }
  return { outcomes, predictions };
}

/** The outcomes with one row a model. */
function byModel({ models: { length: m }, promptIds: { length: n }, costUsd, quality }: OutcomeTable): SettingSample {
  const turned = (values: Float64Array): Float64Array => values.map((_, at) => values[at % n * m + Math.floor(at / n)]);
  return { nSettings: m, costUsd: turned(costUsd), quality: turned(quality) };
}

function pointOf({ costUsd, quality }: OperatingPoint): OperatingPoint {
  return { costUsd, quality };
}
