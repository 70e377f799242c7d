import jstat from "jstat";
import { meanOf } from "../base/statistics.ts";

/** What so many labels are worth. */
export interface LabelRow {
  /** Number of prompts that were labelled: those to learn from and those to choose settings on. */
  readonly nPrompts: number;
  /** Number of models whose answers to each prompt were labelled. */
  readonly modelsPerPrompt: number;
  /** Number of answers that were bought and judged. */
  readonly nLabels: number;
  /** What the labels cost, USD: each answer at its recorded cost, and a judgement of each. */
  readonly labelCostUsd: number;
  /** AIQ (formula) of the router, the mean over the repeats. */
  readonly aiq: number;
  /** Its gain over the Zero router that chose its models by the same labels, the mean over the repeats. */
  readonly gain: number;
  /** 95 % interval of that mean over other draws of labels and splits of the same outcomes (Student's t). */
  readonly interval: readonly [low: number, high: number];
  /** Mean saving of a request against Zero at equal quality, USD; `null` where half of the repeats never reach it. */
  readonly savedUsdPerRequest: number | null;
  /** Number of requests after which the savings have paid the labels; `null` where nothing is saved. */
  readonly requestsToRepay: number | null;
  /**
   * The numbers of requests at the ends of the 95 % interval of the mean saving over the repeats (Student's t); `null` at
   * its upper end where the lower end of the saving is none, so that the labels may never be repaid. `null` where
   * nothing is saved, or less than two repeats reach the quality.
   */
  readonly repayInterval: readonly [least: number, most: number | null] | null;
}

/** How many prompts are labelled, and how many models for each. */
export interface Plan {
  readonly models: number;
  readonly prompts: number;
}

/** What one draw of labels gave. */
export interface Trial {
  readonly labelCostUsd: number;
  readonly aiq: number;
  readonly gain: number;
  readonly savedUsd: number | null;
}

/** The means of some draws, with their intervals. */
export function rowOf(trials: readonly Trial[], { models, prompts }: Plan): LabelRow {
  const gains = trials.map(({ gain }) => gain);
  const gain = meanOf(gains);
  const reach = reachOf(gains);
  const savings = trials.flatMap(({ savedUsd }) => savedUsd === null ? [] : [savedUsd]);
  const saved = savings.length > trials.length / 2 ? meanOf(savings) : null;
  const labelCostUsd = meanOf(trials.map((trial) => trial.labelCostUsd));
  return {
    nPrompts: prompts,
    modelsPerPrompt: models,
    nLabels: prompts * models,
    labelCostUsd,
    aiq: meanOf(trials.map(({ aiq }) => aiq)),
    gain,
    interval: [gain - reach, gain + reach],
    savedUsdPerRequest: saved,
    requestsToRepay: saved !== null && saved > 0 ? Math.ceil(labelCostUsd / saved) : null,
    repayInterval: saved === null || saved <= 0 || savings.length < 2
      ? null
      : repaidBetween(labelCostUsd, { saved, reach: reachOf(savings) }),
  };
}

/** How far the 95 % interval of a mean reaches on either side, by Student's t. */
function reachOf(values: readonly number[]): number {
  const n = values.length;
  const mean = meanOf(values);
  const error = Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (n - 1) / n);
  return error * jstat.jStat.studentt.inv(0.975, n - 1);
}

function repaidBetween(
  costUsd: number,
  { saved, reach }: { readonly saved: number; readonly reach: number },
): [least: number, most: number | null] {
  return [Math.ceil(costUsd / (saved + reach)), saved > reach ? Math.ceil(costUsd / (saved - reach)) : null];
}
