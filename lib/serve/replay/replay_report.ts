import { quantileOfSorted } from "../../base/quantile.ts";
import { costSavingInterval } from "../../evaluation/cost_saving.ts";
import { measureChoices, shareOfModels } from "../../evaluation/policy.ts";
import type { OperatingPoint } from "../../plane/operating_point.ts";
import { modelMeans, type OutcomeTable } from "../../outcomes/outcome_table.ts";
import type { Replayed, ReplayedPrompt } from "./replay.ts";

/** Quantiles of a time. */
export interface Quantiles {
  /** The median. */
  readonly p50: number;
  /** 95 % are at most this. */
  readonly p95: number;
  /** 99 % are at most this. */
  readonly p99: number;
}

/** What was measured live beside what the evaluation of the same choices says. */
export interface ReplayReport {
  /** Prompts that were sent. */
  readonly nPrompts: number;
  /** Prompts that some model answered. */
  readonly nAnswered: number;
  /** Prompts that another model answered than the chosen one. */
  readonly nByAnother: number;
  /** Attempts at models that failed. */
  readonly nFailedAttempts: number;
  /** Prompts on which the live choice is the evaluation's. */
  readonly nEqualChoices: number;
  /** Means of the recorded outcomes of the evaluation's choices. */
  readonly evaluated: OperatingPoint;
  /** Means of what the client was told; a prompt without an answer has quality 0 and cost 0. */
  readonly live: OperatingPoint;
  /** Share of the prompts that each model answered by the evaluation's choices, and live, `[m]`. */
  readonly shares: { readonly evaluated: Float64Array; readonly live: Float64Array };
  /** The best single model on the same prompts, of equals the cheapest. */
  readonly bestModel: OperatingPoint & { readonly model: string };
  /** Share of the best single model's cost that was saved live. */
  readonly saving: number;
  /** Its 95 % interval. */
  readonly savingInterval: readonly [low: number, high: number];
  /** Seconds from request to answer, as the client measured them. */
  readonly latencySeconds: Quantiles;
  /** Milliseconds of decisions, embedding and waiting for a batch included. */
  readonly routingMilliseconds: Quantiles;
  /** Answers a second. */
  readonly answersPerSecond: number;
}

/** Resamples of the saving's interval. */
const N_RESAMPLES = 2000;

/**
 * Compares a replay with an evaluation.
 *
 * @param outcomes the table that was replayed, n prompts × m models
 * @param replayed each of its prompts
 * @param options `choices`: index of the model that the evaluation chose for each prompt, `[n]`; `seed` of the interval
 */
export function replayReport(
  outcomes: OutcomeTable,
  replayed: Replayed,
  { choices, seed }: { readonly choices: Int32Array; readonly seed: number },
): ReplayReport {
  const { models, quality, costUsd } = outcomes;
  const m = models.length;
  const { prompts } = replayed;
  const n = prompts.length;
  const means = modelMeans(outcomes);
  const best =
    models.keys().toArray().toSorted((a, b) =>
      means.quality[b] - means.quality[a] || means.costUsd[a] - means.costUsd[b]
    )[0];
  const answeredBy = Int32Array.from(prompts, (prompt) => prompt.answeredBy ?? -1);
  const liveCostUsd = Float64Array.from(prompts, (prompt) => prompt.costUsd);
  const bestCostUsd = Float64Array.from(prompts, (_, row) => costUsd[row * m + best]);
  const live = {
    costUsd: sum(liveCostUsd) / n,
    quality: sum(Float64Array.from(answeredBy, (j, row) => j < 0 ? 0 : quality[row * m + j])) / n,
  };
  return {
    nPrompts: n,
    nAnswered: count(prompts, ({ answeredBy }) => answeredBy !== null),
    nByAnother: count(prompts, ({ answeredBy, chosen }) => answeredBy !== null && answeredBy !== chosen),
    nFailedAttempts: sum(prompts.map(({ nAttempts, answeredBy }) => nAttempts - (answeredBy === null ? 0 : 1))),
    nEqualChoices: count(prompts, ({ chosen }, row) => chosen === choices[row]),
    evaluated: measureChoices(outcomes, choices),
    live,
    shares: { evaluated: shareOfModels(choices, m), live: shareOfModels(answeredBy, m) },
    bestModel: { model: models[best], quality: means.quality[best], costUsd: means.costUsd[best] },
    saving: means.costUsd[best] === 0 ? 0 : 1 - live.costUsd / means.costUsd[best],
    savingInterval: costSavingInterval(liveCostUsd, bestCostUsd, { nResamples: N_RESAMPLES, seed }),
    latencySeconds: quantilesOf(prompts.map(({ seconds }) => seconds)),
    routingMilliseconds: quantilesOf(prompts.map(({ routingMilliseconds }) => routingMilliseconds)),
    answersPerSecond: n / replayed.seconds,
  };
}

function count(
  prompts: readonly ReplayedPrompt[],
  holds: (prompt: ReplayedPrompt, row: number) => boolean,
): number {
  return prompts.filter(holds).length;
}

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}

function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = Float64Array.from(values).sort();
  return {
    p50: quantileOfSorted(sorted, 0.5),
    p95: quantileOfSorted(sorted, 0.95),
    p99: quantileOfSorted(sorted, 0.99),
  };
}
