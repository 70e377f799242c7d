import type { StageProgress } from "../base/progress.ts";
import { LEAST_RESAMPLES } from "../base/statistics.ts";
import { type Table, tableOfRows } from "../base/table.ts";
import { seededRandom } from "../base/random.ts";
import { selectEmbeddings } from "../embeddings/embeddings.ts";
import { evaluateRouters, type RouterRecipe } from "../evaluation/evaluate.ts";
import { sweepWillingnessToPay } from "../evaluation/policy.ts";
import { aiqAmong } from "../evaluation/aiq_among.ts";
import { FIT_SHARE, splitForEvaluation } from "../evaluation/evaluation_data.ts";
import { type OutcomeTable, selectPrompts } from "../outcomes/outcome_table.ts";
import { splitOutcomes } from "../outcomes/split_outcomes.ts";
import { costOfQuality } from "../plane/interpolation.ts";
import { fitKernelRouters } from "../routers/kernel.ts";
import { meanRouter } from "../routers/mean.ts";
import type { EmbeddedOutcomes, Router } from "../routers/router.ts";
import { type LabelRow, type Plan, rowOf, type Trial } from "./_label_row.ts";
import { drawnLabels, estimatedOutcomes, fitOnLabels, labelledParts } from "./_partial_labels.ts";

export type { LabelRow } from "./_label_row.ts";

/** How labels are counted and priced. */
export interface LabelEconomicsOptions {
  /** Numbers of labelled prompts; default 100, 200, 400, … below what the training split has, and all of it. */
  readonly nPrompts?: readonly number[];
  /** Numbers of models whose answers are labelled; default a third of them, and all. */
  readonly modelsPerPrompt?: readonly number[];
  /** What judging one answer costs, USD; default 0, as where a test decides. */
  readonly judgementUsd?: number;
  /** Share of the best single model's quality at which a request's cost is compared; default .95. */
  readonly keep?: number;
  /**
   * The routers, which must need no validation prompts: the one with the greatest AIQ there is taken. Default: kernel
   * averages of sharpness 8 to 64, and the models' means, which is no router at all.
   */
  readonly routers?: readonly RouterRecipe[];
  /** Draws of split and labels, at least two. Default 5. */
  readonly nRepeats?: number;
  /** Decides the draws. */
  readonly seed: number;
  /** Called before each evaluation. */
  readonly onProgress?: (progress: StageProgress) => void;
}

/** With fewer answers of a model to learn from nothing is said. */
const LEAST_ANSWERS = 10;
const SHARPNESSES: readonly number[] = [8, 16, 32, 64];

/**
 * What labels are worth: a router's AIQ against the number of labelled prompts and of models labelled for each, and
 * after how many requests the labels are repaid.
 *
 * A split by chance keeps 30 % of the prompts for the test; of the others so many are labelled, 70 % of them to learn
 * from and the rest to choose settings on, for the router and for Zero alike. Where only some models' answers to a
 * prompt are labelled, each model is learned from the prompts that have its label, and settings are chosen by doubly
 * robust estimates of what is missing. Test prompts are always labelled in full, and their labels are not counted: they
 * serve the measurement, not the router.
 *
 * **Units**: USD; AIQ by the formula. O(nRepeats · rows) evaluations.
 *
 * @throws RangeError where a number of prompts or models cannot be had, or there are less than two repeats
 * @example
 * ```ts
 * import { openEncoder, simulateOutcomes } from "routerbench";
 * import { labelEconomics } from "routerbench/experiments";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 40, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes);
 * const options = { nPrompts: [60, 120], modelsPerPrompt: [4, 11], nRepeats: 2, seed: 1 };
 * const rows = await labelEconomics({ outcomes, embeddings }, options);
 * assert.deepEqual(rows.map(({ nLabels }) => nLabels), [240, 480, 660, 1320]);
 * ```
 */
export async function labelEconomics(data: EmbeddedOutcomes, options: LabelEconomicsOptions): Promise<LabelRow[]> {
  const { seed, nRepeats = 5, onProgress } = options;
  if (!(Number.isInteger(nRepeats) && nRepeats >= 2)) {
    throw new RangeError(
      `Cannot count what labels are worth as there must be two repeats or more: there are ${nRepeats}; pass 5`,
    );
  }
  const m = data.outcomes.models.length;
  const splits = Array.from(
    { length: nRepeats },
    (_, repeat) => splitForEvaluation(data.outcomes, data.embeddings, { seed: seed + repeat }),
  );
  const nAll = Math.min(...splits.map(({ train }) => train.outcomes.promptIds.length));
  const { modelsPerPrompt = [...new Set([Math.max(1, Math.round(m / 3)), m])], nPrompts = ladderTo(nAll) } = options;
  const plans = modelsPerPrompt.flatMap((models) => nPrompts.map((prompts) => ({ models, prompts })));
  for (const plan of plans) checkPlan(plan, { nAll, m });
  const rows: LabelRow[] = [];
  for (const [done, plan] of plans.entries()) {
    const trials: Trial[] = [];
    for (const [repeat, split] of splits.entries()) {
      onProgress?.({
        stage: "What labels are worth",
        done: done * nRepeats + repeat,
        total: plans.length * nRepeats,
      });
      trials.push(await trialOf(split, plan, { ...options, seed: seed + repeat }));
    }
    rows.push(rowOf(trials, plan));
  }
  return rows;
}

/** The rows as a table. */
export function labelEconomicsTable(rows: readonly LabelRow[]): Table {
  return tableOfRows(
    rows.map(({ interval: [low, high], ...row }) => ({ ...row, intervalLow: low, intervalHigh: high })),
  );
}

/** 100, 200, 400, …, and all. */
function ladderTo(nAll: number): number[] {
  const steps: number[] = [];
  for (let n = 100; n < 0.8 * nAll; n *= 2) steps.push(n);
  return [...steps, nAll];
}

function checkPlan({ models, prompts }: Plan, { nAll, m }: { readonly nAll: number; readonly m: number }): void {
  const areWhole = Number.isInteger(models) && Number.isInteger(prompts);
  if (areWhole && models >= 1 && models <= m && prompts <= nAll && FIT_SHARE * prompts * models / m >= LEAST_ANSWERS) {
    return;
  }
  throw new RangeError(
    `Cannot count what labels are worth as there must be 1 to ${m} models a prompt, at most ${nAll} prompts, and ${LEAST_ANSWERS} answers of each model to learn from: asked are ${models} of ${m} models for ${prompts} prompts; correct modelsPerPrompt or nPrompts`,
  );
}

/** The models' means, then kernel averages that share one search. */
function meansAndKernels(): RouterRecipe[] {
  const fitted = new WeakMap<EmbeddedOutcomes, Router[]>();
  const kernelsOf = (train: EmbeddedOutcomes): Router[] => {
    const known = fitted.get(train) ?? fitKernelRouters(train, SHARPNESSES);
    fitted.set(train, known);
    return known;
  };
  return [{ fit: meanRouter }, ...SHARPNESSES.map((_, at): RouterRecipe => ({ fit: (train) => kernelsOf(train)[at] }))];
}

/** Labels some prompts of a training split, learns from them, and measures on the test split. */
async function trialOf(
  split: ReturnType<typeof splitForEvaluation>,
  { models, prompts }: Plan,
  { routers = meansAndKernels(), judgementUsd = 0, keep = 0.95, seed }: LabelEconomicsOptions,
): Promise<Trial> {
  const { train } = split;
  const all = Array.from(train.outcomes.promptIds.keys());
  const rows = seededRandom(seed, "labelled prompts").shuffle(all).slice(0, prompts);
  const outcomes = selectPrompts(train.outcomes, rows);
  const embeddings = selectEmbeddings(train.embeddings, rows);
  const parts = splitOutcomes(outcomes, { trainShare: FIT_SHARE, seed });
  const fit = { outcomes: parts.train, embeddings: selectEmbeddings(embeddings, parts.trainRows) };
  const validation = { outcomes: parts.test, embeddings: selectEmbeddings(embeddings, parts.testRows) };
  const draw = { modelsPerPrompt: models, seed };
  const [toLearn, toChoose] = [drawnLabels(fit.outcomes, draw), drawnLabels(validation.outcomes, draw)];
  const learnedFrom = labelledParts(fit, toLearn);
  const tried: { readonly router: Router; readonly known: OutcomeTable; readonly aiq: number }[] = [];
  for (const recipe of routers) {
    const router = await fitOnLabels(recipe, learnedFrom, { models: outcomes.models, seed });
    const predictions = await router.predict(validation.embeddings, validation.outcomes.prompts);
    // What is missing is estimated by the first router's predictions for all, so that they are judged by one table.
    const known = tried[0]?.known ??
      estimatedOutcomes(validation.outcomes, predictions, { labelled: toChoose, modelsPerPrompt: models });
    tried.push({ router, known, aiq: aiqAmong(known, sweepWillingnessToPay(predictions, known)) });
  }
  const { router: learned, known } = tried.reduce((a, b) => b.aiq > a.aiq ? b : a);
  const evaluation = await evaluateRouters(
    { ...split, fit, validation: { ...validation, outcomes: known } },
    [learned],
    { seed, nResamples: LEAST_RESAMPLES },
  );
  const [zero, system] = evaluation.systems;
  const quality = keep * Math.max(...evaluation.models.map((model) => model.quality));
  const zeroCost = costOfQuality(zero.hull, quality);
  const cost = costOfQuality(system.hull, quality);
  const spent = (labelled: Uint8Array, costUsd: Float64Array): number =>
    costUsd.reduce((sum, each, at) => sum + labelled[at] * (each + judgementUsd), 0);
  return {
    labelCostUsd: spent(toLearn, fit.outcomes.costUsd) + spent(toChoose, validation.outcomes.costUsd),
    aiq: system.aiqFormula,
    gain: system.againstZero!.difference,
    savedUsd: zeroCost === null || cost === null ? null : zeroCost - cost,
  };
}
