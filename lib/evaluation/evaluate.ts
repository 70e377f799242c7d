import { shortModelName } from "../outcomes/paper_table.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import { type ConstantRouter, constantRouters } from "../routers/constant.ts";
import { oracle } from "../routers/oracle.ts";
import type { EmbeddedOutcomes, QualityPredictions, Router } from "../routers/router.ts";
import { aiq, referenceCodeMaxCost } from "./aiq.ts";
import { type CurveComparison, curvesComparedWith, type SettingSample } from "./compare_curves.ts";
import type { EvaluationData } from "./evaluation_data.ts";
import { shareOfModels } from "./policy.ts";
import { type EvaluatedRouter, recipeOf, type RouterRecipe } from "./router_recipe.ts";
import { type Saving, savings } from "./savings.ts";
import {
  cascadeSystem,
  type Family,
  meanOf,
  type Part,
  rerankSystem,
  routerSystem,
  type System,
  type SystemSettings,
} from "./systems.ts";
import { zeroSystem } from "./systems.ts";

export type { EvaluatedRouter, RouterRecipe };

/**
 * On which prompts the settings of all systems are chosen.
 *
 * - `ours`: hull vertices are chosen on a validation part of the training split for all systems, Zero included; only those are measured,
 *   and hulled again, on the test split.
 * - `paper`: everything is chosen and measured on the test split, after learning from the whole training split, with the reference code's
 *   settings: 32 values of λ with list prices a token, 11 budgets, the judge's threshold from the test split. To follow the paper in
 *   everything, cut the data by {@linkcode paperSplitForEvaluation}.
 */
export type Protocol = "ours" | "paper";

/** One setting of a system, measured on the test split. */
export interface MeasuredSetting extends OperatingPoint {
  /** The setting in words, such as "λ = 0.012 USD". */
  readonly label: string;
  /** Share of the test prompts that goes to each model, `[m]`; `null` for a cascade, which may call several. */
  readonly modelShares: Float64Array | null;
}

/** A system, measured on the test split. */
export interface MeasuredSystem {
  /** Its name. */
  readonly name: string;
  /** Its family. */
  readonly family: Family;
  /** What its fit has to say. */
  readonly notes: readonly string[];
  /** The chosen settings, by ascending cost where they were chosen. */
  readonly settings: readonly MeasuredSetting[];
  /** Their non-decreasing hull. */
  readonly hull: readonly MeasuredSetting[];
  /** Cost and quality of each test prompt under each setting. */
  readonly sample: SettingSample;
  /** AIQ by the paper's formula over the evaluation's `costRangeUsd`. */
  readonly aiqFormula: number;
  /**
   * AIQ by the formula on the prompts on which its settings were chosen, over those prompts' own range of costs: by it the best of several
   * variants is chosen without a look at the test prompts (by the paper's protocol they are the test prompts).
   */
  readonly aiqWhereChosen: number;
  /** AIQ by the reference code's rule with the evaluation's `maxCostUsd`. */
  readonly aiqReferenceCode: number;
  /** The largest cost at which it attains its own greatest quality: the evaluation's `maxCostUsd` is the largest of them. */
  readonly ownMaxCostUsd: number;
  /** Its AIQ (formula) against Zero's, with the interval; `null` for Zero itself. */
  readonly againstZero: CurveComparison | null;
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
  /** The oracle on the test split. */
  readonly oracle: OperatingPoint;
  /** Share of the test prompts for which the oracle picks each model, `[m]`; what is missing to 1 no model answers. */
  readonly oracleShares: Float64Array;
  /** From the cheapest to the dearest model's mean cost on the test split: the range of the formula's AIQ. */
  readonly costRangeUsd: readonly [low: number, high: number];
  /** X of the reference code's AIQ. */
  readonly maxCostUsd: number;
  /** Zero first, then routers and cascades in the order given. */
  readonly systems: readonly MeasuredSystem[];
  /** Overgenerate-and-rerank at each noise asked for. It pays every call, so it stands apart from `systems`. */
  readonly reranks: readonly MeasuredRerank[];
}

/** How an evaluation is run. */
export interface EvaluationOptions {
  /** Default `"ours"`. */
  readonly protocol?: Protocol;
  /** Rates of the judge's errors, a cascade each; default none. */
  readonly judgeErrors?: readonly number[];
  /** Noise of the reward by which overgenerate-and-rerank keeps an answer, a system each; default none. */
  readonly rewardNoises?: readonly number[];
  /** Resamples of the bootstrap. Default 1000. */
  readonly nResamples?: number;
  /** Seed of the bootstrap. */
  readonly seed: number;
}

/**
 * Evaluates routers beside Zero, the oracle and cascades: fits them, chooses their settings and measures them by one protocol for all.
 *
 * @param routers recipes that fit a router, or routers of one's own that need no fit: functions of the prompt, objects `{ name, predict }`
 * @throws TypeError where one is none of these or two systems have one name; whatever fits and predictions throw
 * @example
 * ```ts
 * import { evaluateRouters, fitKnnRouter, openEncoder, simulateOutcomes, splitForEvaluation } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 40, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes.prompts!);
 * const data = splitForEvaluation(outcomes, embeddings, { seed: 1 });
 * const knn = { family: "knn" as const, fit: (train: typeof data.fit) => fitKnnRouter(train, { k: 10 }) };
 * const longToGpt4 = (prompt: string) => prompt.length > 300 ? "gpt-4-1106-preview" : "mistralai/mixtral-8x7b-chat";
 * const { systems } = await evaluateRouters(data, [knn, longToGpt4], { seed: 1, nResamples: 100 });
 * assert.deepEqual(systems.map(({ name }) => name), ["Zero", "KNN, k = 10", "longToGpt4"]);
 * ```
 */
export async function evaluateRouters(
  data: EvaluationData,
  routers: readonly EvaluatedRouter[],
  options: EvaluationOptions,
): Promise<Evaluation> {
  const { protocol = "ours", judgeErrors = [], rewardNoises = [] } = options;
  const [learn, choose] = protocol === "ours" ? [data.fit, data.validation] : [data.train, data.test];
  const settings: SystemSettings = { settings: protocol === "ours" ? "exact" : "reference-code" };
  const fitted: { router: Router; family: Family }[] = [];
  for (const { fit, family } of routers.map(recipeOf)) fitted.push({ router: await fit(learn), family });
  const chosenOn = await partOf(choose, fitted), measuredOn = await partOf(data.test, fitted);
  const systems = [
    zeroSystem(),
    ...fitted.map(({ router, family }) =>
      routerSystem({ name: router.name, models: learn.outcomes.models }, family, settings)
    ),
    ...judgeErrors.map((judgeError) => cascadeSystem(judgeError, learn.outcomes, settings)),
  ];
  const names = systems.map(({ name }) => name);
  const twin = names.find((name, at) => names.indexOf(name) !== at);
  if (twin !== undefined) {
    throw new TypeError(`Cannot evaluate routers as their names must differ: "${twin}" stands twice; rename one`);
  }

  const models = constantRouters(data.test.outcomes), costRangeUsd = costRangeOf(models);
  const measured = systems.map((system) => {
    const found = measure(system, chosenOn, measuredOn);
    return {
      ...found,
      ownMaxCostUsd: referenceCodeMaxCost([protocol === "paper" ? system.points(measuredOn) : found.settings]),
    };
  });
  const maxCostUsd = Math.max(...measured.map(({ ownMaxCostUsd }) => ownMaxCostUsd)),
    zero = measured[0],
    best = oracle(data.test.outcomes);
  const againstZero = curvesComparedWith(zero.sample, {
    costRangeUsd,
    nResamples: options.nResamples ?? 1000,
    seed: options.seed,
  });
  const judged = <S extends Measurement>(
    system: S,
  ): S & Pick<MeasuredSystem, "notes" | "aiqFormula" | "againstZero" | "savings"> => ({
    ...system,
    notes: fitted.find(({ router }) => router.name === system.name)?.router.notes ?? [],
    aiqFormula: aiq(system.hull, { rule: "formula", costRangeUsd }),
    againstZero: system.sample === zero.sample ? null : againstZero(system.sample),
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
    oracle: pointOf(best),
    oracleShares: shareOfModels(best.choices, models.length),
    costRangeUsd,
    maxCostUsd,
    systems: measured.map((system) => ({
      ...judged(system),
      aiqReferenceCode: aiq(system.hull, { rule: "reference-code", maxCostUsd }),
    })),
    reranks: rewardNoises.map((noise) => judged(measure(rerankSystem(noise, learn.outcomes), chosenOn, measuredOn))),
  };
}

/** From the cheapest to the dearest point. */
function costRangeOf(points: readonly OperatingPoint[]): [low: number, high: number] {
  const costs = points.map(({ costUsd }) => costUsd);
  return [Math.min(...costs), Math.max(...costs)];
}

async function partOf(
  { outcomes, embeddings }: EmbeddedOutcomes,
  fitted: readonly { readonly router: Router }[],
): Promise<Part> {
  const predictions = new Map<string, QualityPredictions>();
  for (const { router } of fitted) predictions.set(router.name, await router.predict(embeddings, outcomes.prompts));
  return { outcomes, predictions };
}

type Measurement = Pick<MeasuredSystem, "name" | "family" | "settings" | "hull" | "sample" | "aiqWhereChosen">;

/** Chooses a system's hull vertices on one part and measures them on another. */
function measure<S>(system: System<S>, chosenOn: Part, measuredOn: Part): Measurement {
  const chosenHull = nonDecreasingHull(system.points(chosenOn)), chosen = chosenHull.map(({ setting }) => setting);
  const results = chosen.map((setting) => system.results(measuredOn, setting));
  const { models } = measuredOn.outcomes, [low, high] = costRangeOf(constantRouters(chosenOn.outcomes));
  const settings = results.map(({ costUsd, quality, choices }, s): MeasuredSetting => ({
    costUsd: meanOf(costUsd),
    quality: meanOf(quality),
    label: system.family === "zero" ? shortModelName(models[choices![0]]) : system.describe(chosen[s]),
    modelShares: choices && shareOfModels(choices, models.length),
  }));
  return {
    name: system.name,
    family: system.family,
    settings,
    hull: nonDecreasingHull(settings),
    // Where all models cost the same there is no range to average over, only a best quality.
    aiqWhereChosen: low < high
      ? aiq(chosenHull, { rule: "formula", costRangeUsd: [low, high] })
      : chosenHull[chosenHull.length - 1].quality,
    sample: {
      nSettings: chosen.length,
      costUsd: joined(results.map(({ costUsd }) => costUsd)),
      quality: joined(results.map(({ quality }) => quality)),
    },
  };
}

function joined(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from(rows.flatMap((row) => [...row]));
}

function pointOf({ costUsd, quality }: OperatingPoint): OperatingPoint {
  return { costUsd, quality };
}
