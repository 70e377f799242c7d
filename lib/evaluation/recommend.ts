import { shortModelName } from "../outcomes/paper_table.ts";
import { checkedGoal, demandOf, type Goal, reasonOf, type Recommendation } from "./_goal.ts";
import { bestSingleModel, cheapestFirst, type JudgedSetting, judgedSettings, modelRow } from "./_judged_settings.ts";
import type { MeasuredSetting } from "./_measure.ts";
import { costSavingInterval } from "./cost_saving.ts";
import type { Evaluation } from "./evaluate.ts";

export type { Goal, Recommendation };

/** Options of {@linkcode recommend}, beside the goal. */
export interface RecommendOptions {
  /** Probability with which the promise is kept, whatever the number of settings compared. Default .95. */
  readonly confidence?: number;
  /** Resamples of the test prompts. Default 2000. */
  readonly nResamples?: number;
  /** Decides the resamples. Default: the evaluation's. */
  readonly seed?: number;
}

/**
 * Recommends the setting to run: the cheapest of any system that keeps a share of the best single model's quality
 * (`keep`), or a quality, on the test prompts; or the one of greatest quality within a budget.
 *
 * A setting keeps its goal where the lower end of the paired bootstrap interval of its margin is 0 or more. The margin
 * is taken prompt by prompt: quality − keep · quality of the best single model, quality − `quality`, or `budgetUsd` −
 * cost. As the best of many settings looks better than it is, the ends of all settings hold at once with the
 * probability `confidence` (a balanced max-t over the same resamples).
 *
 * Only systems that send a prompt to exactly one model take part: the judge of a cascade and of a rerank knows the
 * outcome, which is unknown in production. The protocol must be "ours", which chooses settings on validation prompts.
 * By the paper's they are chosen on the test prompts, and no interval corrects for that.
 *
 * **Units**: USD a prompt. **Source**: as {@linkcode simultaneousBounds}; the paper names no setting to run.
 *
 * @throws TypeError where not exactly one goal is given, an option is unknown, or the evaluation is not by our protocol
 * @throws RangeError where a number is out of its range
 * @example
 * ```ts
 * import { evaluate, linear, recommend, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 60, seed: 1 });
 * const options = { seed: 1, encoder: "lexical", nResamples: 100 };
 * const evaluation = await evaluate(outcomes, [linear({ alpha: 10 })], options);
 * const { setting, bestModel, isKept } = recommend(evaluation, { keep: 0.8, nResamples: 500 });
 * assert.ok(isKept && setting.costUsd <= bestModel.costUsd);
 * ```
 */
export function recommend(evaluation: Evaluation, options: Goal & RecommendOptions): Recommendation {
  const goal = checkedGoal(options);
  needOurProtocol(evaluation);
  const { confidence = 0.95 } = options;
  const judged = judgedSettings(evaluation, goal, options);
  const kept = judged.filter(({ low }) => low >= 0);
  const bestModel = bestSingleModel(evaluation);
  const chosen = cheapestFirst(goal)(kept);
  const single = singleModel(evaluation, goal);
  // The best model keeps every share of its own quality.
  const isSingle = chosen === null || (goal.keep !== undefined && single.setting.costUsd <= chosen.setting.costUsd);
  const answer = isSingle ? single : chosen;
  const found = {
    isKept: chosen !== null || goal.keep !== undefined,
    system: answer.system,
    place: answer.place,
    setting: answer.setting,
    bestModel,
    goal,
    confidence,
    demanded: demandOf(goal, bestModel),
    margin: answer.mean,
    marginLow: answer.low,
    ...savingOf(evaluation, answer, options),
    nSettings: judged.length,
  };
  return { ...found, reason: reasonOf(found) };
}

function needOurProtocol({ protocol }: Evaluation): void {
  if (protocol === "ours") return;
  throw new TypeError(
    `Cannot recommend a setting as settings must be chosen on other prompts than they are measured on: the protocol is "${protocol}"; evaluate by "ours"`,
  );
}

/** The answer where no setting keeps the goal: the best model, or for a budget the cheapest. */
function singleModel(evaluation: Evaluation, goal: Goal): JudgedSetting {
  const { models } = evaluation;
  const model = goal.budgetUsd === undefined
    ? bestSingleModel(evaluation)
    : models.toSorted((a, b) => a.costUsd - b.costUsd)[0];
  const at = models.indexOf(model);
  const { costUsd, quality } = model;
  const demanded = demandOf(goal, bestSingleModel(evaluation));
  const mean = goal.budgetUsd === undefined ? quality - demanded : demanded - costUsd;
  const setting: MeasuredSetting = {
    costUsd,
    quality,
    label: shortModelName(model.model),
    modelShares: Float64Array.from(models, (_, j) => j === at ? 1 : 0),
    willingnessToPay: null,
  };
  // Every prompt's margin against itself is 0 or more.
  const low = goal.keep === undefined ? -Infinity : 0;
  return { system: SINGLE_MODEL, place: null, setting, costUsd: modelRow(evaluation, at).costUsd, mean, low };
}

/** Name of the system where the answer is one model for all prompts. */
const SINGLE_MODEL = "Single model";

function savingOf(
  evaluation: Evaluation,
  { costUsd, setting }: JudgedSetting,
  { nResamples = 2000, seed = evaluation.seed }: RecommendOptions,
): Pick<Recommendation, "saving" | "savingInterval"> {
  const best = modelRow(evaluation, evaluation.models.indexOf(bestSingleModel(evaluation)));
  const bestCostUsd = bestSingleModel(evaluation).costUsd;
  return {
    saving: bestCostUsd === 0 ? 0 : 1 - setting.costUsd / bestCostUsd,
    savingInterval: costSavingInterval(costUsd, best.costUsd, { nResamples, seed }),
  };
}
