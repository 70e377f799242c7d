import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import { type ConstantRouter, constantRouters } from "../routers/constant.ts";
import { oracle } from "../routers/oracle.ts";
import type { EmbeddedOutcomes, LadderStep, QualityPredictions } from "../routers/router.ts";
import { costRangeOf, measure, type MeasuredSetting, type Measurement } from "./_measure.ts";
import { aiq, referenceCodeMaxCost } from "./aiq.ts";
import {
  comparisonOf,
  type ComparisonOptions,
  type CurveComparison,
  DEFAULT_RESAMPLES,
  resampledDifferencesFrom,
  type SettingSample,
} from "./compare_curves.ts";
import type { EvaluationData } from "./evaluation_data.ts";
import { shareOfModels } from "./policy.ts";
import { type EvaluatedRouter, preparedRecipes, type RouterRecipe, type SystemRecipe } from "./recipe.ts";
import { type Saving, savings } from "./savings.ts";
import { type SimultaneousInterval, simultaneousIntervals } from "./simultaneous.ts";
import { type Part, routerSystem, type System, type SystemSettings, zeroSystem } from "./systems.ts";

export type { EvaluatedRouter, MeasuredSetting, Measurement, RouterRecipe, SystemRecipe };

/**
 * On which prompts the settings of all systems are chosen.
 *
 * - `ours`: hull vertices are chosen on a validation part of the training split for all systems, Zero included; only those are measured,
 *   and hulled again, on the test split.
 * - `paper`: everything is chosen and measured on the test split, after learning from the whole training split, with the reference code's
 *   settings: 32 values of λ with its own prices and order of ties, 11 budgets, the judge's threshold from the test split. To follow the paper in
 *   everything, cut the data by {@linkcode paperSplitForEvaluation}.
 */
export type Protocol = "ours" | "paper";

/** A system, measured on the test split. */
export interface MeasuredSystem extends Measurement {
  /** What its fit has to say. */
  readonly notes: readonly string[];
  /** The settings among which its own were chosen on validation prompts; empty where nothing was chosen. */
  readonly ladder: readonly LadderStep[];
  /** AIQ by the paper's formula over the evaluation's `costRangeUsd`. */
  readonly aiqFormula: number;
  /** AIQ by the reference code's rule with the evaluation's `maxCostUsd`. */
  readonly aiqReferenceCode: number;
  /** The largest cost at which it attains its own greatest quality: the evaluation's `maxCostUsd` is the largest of them. */
  readonly ownMaxCostUsd: number;
  /** Its AIQ (formula) against Zero's, with the interval; `null` for Zero itself. */
  readonly againstZero: CurveComparison | null;
  /** The same gain with an interval that is corrected for all systems compared with Zero in this evaluation; `null` for Zero itself. */
  readonly amongAll: SimultaneousInterval | null;
  /** How many times cheaper than the best single model it is at shares of that model's quality. */
  readonly savings: readonly Saving[];
}

/** Overgenerate-and-rerank, measured on the test split. Its AIQ by the reference code's rule is not there: it would widen every other's X. */
export type MeasuredRerank = Omit<MeasuredSystem, "aiqReferenceCode" | "ownMaxCostUsd">;

/** All systems on the same prompts. */
export interface Evaluation {
  /** The protocol. */
  readonly protocol: Protocol;
  /** Number of prompts on which routers learned, settings were chosen, and everything was measured. */
  readonly nPrompts: { readonly learned: number; readonly chosen: number; readonly test: number };
  /** The models on the test split. */
  readonly models: readonly ConstantRouter[];
  /** Cost and quality of each test prompt under each model. */
  readonly modelSample: SettingSample;
  /** Seed of the bootstrap. */
  readonly seed: number;
  /** The oracle on the test split. */
  readonly oracle: OperatingPoint;
  /** Share of the test prompts for which the oracle picks each model, `[m]`; what is missing to 1 no model answers. */
  readonly oracleShares: Float64Array;
  /** From the cheapest to the dearest model's mean cost on the test split: the range of the formula's AIQ. */
  readonly costRangeUsd: readonly [low: number, high: number];
  /** X of the reference code's AIQ. */
  readonly maxCostUsd: number;
  /** Zero first, then the others in the order given. */
  readonly systems: readonly MeasuredSystem[];
  /** Overgenerate-and-rerank, in the order given. It pays every call, so it stands apart from `systems`. */
  readonly reranks: readonly MeasuredRerank[];
}

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
 * Evaluates routers beside Zero and the oracle: fits them, chooses their settings and measures them by one protocol for all.
 *
 * @param routers recipes such as `knn({ k: 40 })` and `cascade({ judgeError: 0.1 })`, or routers of one's own: {@linkcode customRouter},
 *   functions of the prompt, objects `{ name, predict }`
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

  const models = constantRouters(data.test.outcomes), costRangeUsd = costRangeOf(models);
  const measured = all.filter(({ paysEveryCall = false }) => !paysEveryCall).map((system) => {
    const found = measure(system, chosenOn, measuredOn);
    return {
      ...found,
      notes: system.router?.notes ?? [],
      ladder: system.router?.ladder ?? [],
      ownMaxCostUsd: referenceCodeMaxCost([protocol === "paper" ? system.points(measuredOn) : found.settings]),
    };
  });
  const maxCostUsd = Math.max(...measured.map(({ ownMaxCostUsd }) => ownMaxCostUsd));
  const zero = measured[0];
  const best = oracle(data.test.outcomes);
  const reranks = all.filter(({ paysEveryCall = false }) => paysEveryCall)
    .map((system) => ({ ...measure(system, chosenOn, measuredOn), notes: [], ladder: [] }));
  const gains = gainsOver(zero, [...measured.slice(1), ...reranks], { costRangeUsd, nResamples, seed });
  const judged = <S extends Measurement>(system: S): S & Judgement => ({
    ...system,
    aiqFormula: aiq(system.hull, { rule: "formula", costRangeUsd }),
    ...gains.get(system.sample) ?? { againstZero: null, amongAll: null },
    savings: savings(system.hull, models, zero.hull),
  });
  return {
    protocol,
    nPrompts: {
      learned: learn.outcomes.promptIds.length,
      chosen: choose.outcomes.promptIds.length,
      test: data.test.outcomes.promptIds.length,
    },
    models,
    modelSample: byModel(data.test.outcomes),
    seed,
    oracle: pointOf(best),
    oracleShares: shareOfModels(best.choices, models.length),
    costRangeUsd,
    maxCostUsd,
    systems: measured.map((system) => ({
      ...judged(system),
      aiqReferenceCode: aiq(system.hull, { rule: "reference-code", maxCostUsd }),
    })),
    reranks: reranks.map(judged),
  };
}

/** What is said of a system beside others. */
type Judgement = Pick<MeasuredSystem, "aiqFormula" | "againstZero" | "amongAll" | "savings">;

/** The gains of all systems over Zero, each with its own interval and with one that holds for all of them together. */
function gainsOver(
  zero: Measurement,
  others: readonly Measurement[],
  options: ComparisonOptions,
): ReadonlyMap<SettingSample, Pick<MeasuredSystem, "againstZero" | "amongAll">> {
  const differenceFrom = resampledDifferencesFrom(zero.sample, options);
  const differences = others.map(({ sample }) => differenceFrom(sample));
  const amongAll = simultaneousIntervals(differences);
  return new Map(
    others.map(({ sample }, k) => [sample, { againstZero: comparisonOf(differences[k]), amongAll: amongAll[k] }]),
  );
}

/** Zero and all that was passed, fitted. */
async function systemsOf(
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

async function partOf(
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
