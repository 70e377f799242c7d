import { meanOf } from "../base/statistics.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { PAPER_MODEL_ORDER, PRICE_USD_PER_MILLION_TOKENS } from "../outcomes/paper_table.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import { acceptanceQuality, budgetGrid, cascadeOrder, expectCascade, PAPER_BUDGETS_USD } from "../routers/cascade.ts";
import { constantRouters } from "../routers/constant.ts";
import { expectRerank } from "../routers/rerank.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import type { QualityPredictions, Router } from "../routers/router.ts";
import type { RouterState } from "../routers/router_state.ts";
import { chooseModels, PAPER_WILLINGNESS_TO_PAY, type SweepOptions, sweepWillingnessToPay } from "./policy.ts";

/** A group of prompts with the predictions that systems need. */
export interface Part {
  /** The prompts' outcomes. */
  readonly outcomes: OutcomeTable;
  /** The predictions of each router, by its name. */
  readonly predictions: ReadonlyMap<string, QualityPredictions>;
}

/** The results of a system under one setting: cost and quality of each prompt. */
export interface PromptResults {
  /** `[n]`, USD. */
  readonly costUsd: Float64Array;
  /** `[n]`, 0..1. */
  readonly quality: Float64Array;
  /** The model of each prompt, `[n]`, where exactly one is chosen; else `null`. */
  readonly choices: Int32Array | null;
  /** Time to each answer, `[n]`, seconds; absent or `null` where it is not known. */
  readonly latencySeconds?: Float64Array | null;
}

/** The family of a system, which decides its colour, line and place in tables and figures. */
export type Family = "zero" | "knn" | "mlp" | "linear" | "kernel" | "group" | "best" | "cascade" | "other";

/**
 * A system: a router with all the ways in which it can be set. Its settings are chosen on one part and measured on
 * another, so that all systems, the Zero router included, are treated alike.
 */
export interface System<Setting> {
  /** Its name. */
  readonly name: string;
  /** Its family. */
  readonly family: Family;
  /** The router that predicts for it, where there is one. */
  readonly router?: Router;
  /** Whether it pays every call; its costs then do not widen the X of the reference code's AIQ. Default no. */
  readonly paysEveryCall?: boolean;
  /** All operating points on a part, with their settings. */
  points(part: Part): (OperatingPoint & { readonly setting: Setting })[];
  /** The results on a part under a setting. */
  results(part: Part, setting: Setting): PromptResults;
  /** A setting in words. */
  describe(setting: Setting): string;
  /** The system for use outside an evaluation, by the settings chosen on a part; absent where none can be saved. */
  deployed?(chosenOn: Part): DeployedSystem<Setting> | null;
}

/** A system as a router with a willingness to pay for each setting. */
export interface DeployedSystem<Setting> {
  /** The router as plain data. */
  readonly state: RouterState;
  /** The willingness to pay at which the router makes the choices of a setting. */
  willingnessToPay(setting: Setting): number;
}

/** The Zero router as a system: its settings are the models. */
export function zeroSystem(): System<number> {
  return {
    name: "Zero",
    family: "zero",
    points: ({ outcomes }) => constantRouters(outcomes).map((router, model) => ({ ...router, setting: model })),
    results: ({ outcomes }, model) => resultsOfChoices(outcomes, new Int32Array(outcomes.promptIds.length).fill(model)),
    describe: (model) => `model ${model}`,
    deployed: ({ outcomes }) => deployedMeans(outcomes),
  };
}

/** Zero's models, chosen by their means on the prompts on which its vertices were chosen. */
function deployedMeans(outcomes: OutcomeTable): DeployedSystem<number> {
  const means = constantRouters(outcomes);
  const { models } = outcomes;
  const predictor = {
    kind: "means",
    quality: Float64Array.from(means, ({ quality }) => quality),
    costUsd: Float64Array.from(means, ({ costUsd }) => costUsd),
  } as const;
  const hull = nonDecreasingHull(means.map((point, model) => ({ ...point, model })));
  const slopes = hull.slice(1).map(({ costUsd, quality }, at) =>
    (costUsd - hull[at].costUsd) / (quality - hull[at].quality)
  );
  return {
    state: { name: "Zero", notes: [], models, reads: null, predictor, costs: null },
    willingnessToPay: (model) => {
      const at = hull.findIndex((vertex) => vertex.model === model);
      if (at === 0) return 0;
      return at === slopes.length ? Infinity : Math.sqrt(slopes[at - 1]) * Math.sqrt(slopes[at]);
    },
  };
}

/** The settings of routers and cascades by a protocol. */
export interface SystemSettings {
  /**
   * `exact`: every willingness to pay, costs as the router predicts them, budgets from the part's own costs, the
   * judge's threshold from the training prompts. `reference-code`: its grid of 32 values, costs and ties, its 11
   * budgets, the threshold from the part itself.
   */
  readonly settings: "exact" | "reference-code";
}

/** A predictive router as a system: its settings are values of the willingness to pay. */
export function routerSystem(
  router: Router,
  models: readonly string[],
  { settings, family }: SystemSettings & { readonly family: Family },
): System<number> {
  const isExact = settings === "exact";
  return {
    ...predictedSystem(router.name, family, isExact ? {} : referenceCodeSweep(models)),
    router,
    describe: isExact ? describeWillingnessToPay : (value) => `λ = ${value} USD a token`,
    // The reference code's rule for ties is not that of a saved router.
    deployed: () =>
      isExact && router.state !== undefined ? { state: router.state, willingnessToPay: (value) => value } : null,
  };
}

/** Predictions of a name as a system, wherever they are from: its settings are values of the willingness to pay. */
export function predictedSystem(name: string, family: Family, options: SweepOptions = {}): System<number> {
  const predictionsOf = ({ predictions }: Part): QualityPredictions => predictions.get(name)!;
  return {
    name,
    family,
    points: (part) =>
      sweepWillingnessToPay(predictionsOf(part), part.outcomes, options).map((point) => ({
        ...point,
        setting: point.willingnessToPay,
      })),
    results: (part, willingnessToPay) =>
      resultsOfChoices(part.outcomes, chooseModels(predictionsOf(part), willingnessToPay, options)),
    describe: describeWillingnessToPay,
  };
}

/** The reference code divides list prices per million tokens by this to get one per token; a million would be right. */
const REFERENCE_CODE_DIVISOR = 1e7;

/** The reference code's sweep of λ: its grid, its order of ties, list prices of two tokens as cost. */
function referenceCodeSweep(models: readonly string[]): SweepOptions {
  const costs = models.map((model) => {
    const price = PRICE_USD_PER_MILLION_TOKENS[model];
    if (price === undefined) {
      throw new RangeError(
        `Cannot follow the paper's protocol as it needs every model's list price: "${model}" has none; use our protocol`,
      );
    }
    return price.completion / REFERENCE_CODE_DIVISOR + price.prompt / REFERENCE_CODE_DIVISOR;
  });
  const place = (model: string): number => PAPER_MODEL_ORDER.indexOf(model);
  const tieOrder = [...models.keys()].sort((a, b) => place(models[a]) - place(models[b]));
  return { costs, grid: PAPER_WILLINGNESS_TO_PAY, tieOrder };
}

/** Number of budgets that a cascade tries: its AIQ is then within .0003 of that of 2,000 on the simulated outcomes. */
const N_BUDGETS = 120;

/** The paper's cascade with one rate of judge's errors: its settings are the budgets T; `learned` orders the models. */
export function cascadeSystem(judgeError: number, learned: OutcomeTable, { settings }: SystemSettings): System<number> {
  const order = cascadeOrder(learned);
  const isExact = settings === "exact";
  const learnedThreshold = acceptanceQuality(learned);
  const results = ({ outcomes }: Part, budgetUsd: number): PromptResults => {
    const acceptFromQuality = isExact ? learnedThreshold : acceptanceQuality(outcomes);
    return { ...expectCascade(outcomes, budgetUsd, { order, judgeError, acceptFromQuality }), choices: null };
  };
  return {
    name: `Cascade, ε = ${judgeError}`,
    family: "cascade",
    points: (part) =>
      (isExact ? budgetGrid(part.outcomes, order, N_BUDGETS) : PAPER_BUDGETS_USD).map((budgetUsd) => {
        const { costUsd, quality } = results(part, budgetUsd);
        return { costUsd: meanOf(costUsd), quality: meanOf(quality), setting: budgetUsd };
      }),
    results,
    describe: (budgetUsd) => `T = ${budgetUsd.toPrecision(3)} USD`,
  };
}

/**
 * Overgenerate-and-rerank with one noise of its judge's reward as a system: its settings are how many models are
 * called, by the order of `learned`, the cheapest first.
 */
export function rerankSystem(rewardNoise: number, learned: OutcomeTable): System<number> {
  const order = cascadeOrder(learned);
  const results = ({ outcomes }: Part, nCalled: number): PromptResults => {
    return { ...expectRerank(outcomes, { models: order.slice(0, nCalled), rewardNoise }), choices: null };
  };
  return {
    name: `Rerank, σ = ${rewardNoise}`,
    family: "other",
    paysEveryCall: true,
    points: (part) =>
      order.map((_, at) => {
        const { costUsd, quality } = results(part, at + 1);
        return { costUsd: meanOf(costUsd), quality: meanOf(quality), setting: at + 1 };
      }),
    results,
    describe: (nCalled) => `${nCalled} models called`,
  };
}

/** A willingness to pay in words. */
export function describeWillingnessToPay(value: number): string {
  return value === 0 ? "λ → 0" : value === Infinity ? "λ → ∞" : `λ = ${value.toPrecision(3)} USD`;
}

function resultsOfChoices(
  { models: { length: m }, costUsd, quality, latencySeconds }: OutcomeTable,
  choices: Int32Array,
): PromptResults {
  const chosen = (cells: Float64Array): Float64Array => {
    const row = new Float64Array(choices.length);
    for (let i = 0; i < row.length; i++) row[i] = cells[i * m + choices[i]];
    return row;
  };
  return {
    costUsd: chosen(costUsd),
    quality: chosen(quality),
    choices,
    latencySeconds: latencySeconds && chosen(latencySeconds),
  };
}
