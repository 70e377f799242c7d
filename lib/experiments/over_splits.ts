import type { Progress } from "../base/progress.ts";
import { LEAST_RESAMPLES, meanOf } from "../base/statistics.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { aiq } from "../evaluation/aiq.ts";
import { routerBounds } from "../evaluation/bounds.ts";
import { type EvaluatedRouter, evaluateRouters, type Evaluation } from "../evaluation/evaluate.ts";
import { type EvaluationData, splitForEvaluation } from "../evaluation/evaluation_data.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { isSimulated, selectSimulated } from "../outcomes/simulate_outcomes.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";

/** The gains of a system over Zero, on several splits of the same prompts. */
export interface GainOverSplits {
  /** The system. */
  readonly system: string;
  /** Its AIQ (formula) minus Zero's, a number a split. */
  readonly gains: readonly number[];
  /** Mean of the gains. */
  readonly meanGain: number;
  /**
   * Standard error of that mean as if the splits were independent. They share prompts, so it tells how much the split
   * matters, and not how certain the gain is on other prompts, which the interval of one evaluation tells.
   */
  readonly standardError: number;
  /**
   * Standard error that counts the prompts that splits share: √(1/J + test ÷ training prompts) standard deviations of
   * the J gains, which are 2.3 times the plain one where 10 splits hold out 30 %. **Source**: Nadeau and Bengio 2003,
   * *Inference for the Generalization Error*, Machine Learning 52.
   */
  readonly correctedStandardError: number;
  /** Mean share of the gain of the best router that reads only the text; `null` where outcomes are not simulated. */
  readonly shareOfOptimum: number | null;
  /** How often each setting was chosen, where settings are chosen. */
  readonly chosen: Readonly<Record<string, number>>;
}

/** Options of {@linkcode gainsOverSplits}. */
export interface OverSplitsOptions {
  /** Seeds of the splits: at least two. */
  readonly seeds: readonly number[];
  /** Share of the prompts for training, as of `splitForEvaluation`. */
  readonly trainShare?: number;
  /** Called after each split. */
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Repeats an evaluation by our protocol over several splits, to show which gains last when the prompts of training and
 * test change.
 *
 * @param routers as of {@linkcode evaluateRouters}
 * @throws RangeError where there are less than two seeds; whatever an evaluation throws
 */
export async function gainsOverSplits(
  { outcomes, embeddings }: { readonly outcomes: OutcomeTable; readonly embeddings: Embeddings },
  routers: readonly EvaluatedRouter[],
  { seeds, trainShare, onProgress }: OverSplitsOptions,
): Promise<GainOverSplits[]> {
  if (seeds.length < 2) {
    throw new RangeError(
      `Cannot repeat an evaluation as there must be two splits or more: there are ${seeds.length}; pass seeds such as [1, 2, 3]`,
    );
  }
  const gains = new Map<string, number[]>();
  const optima: (number | null)[] = [];
  let testPerTraining = 0;
  const chosen = new Map<string, Record<string, number>>();
  for (const [done, seed] of seeds.entries()) {
    const data = splitForEvaluation(outcomes, embeddings, { seed, trainShare });
    const evaluation = await evaluateRouters(data, routers, { seed, nResamples: LEAST_RESAMPLES }); // no intervals shown
    optima.push(gainOfOptimum(outcomes, data, evaluation));
    testPerTraining = data.testRows.length / data.train.outcomes.promptIds.length;
    for (const { name, againstZero, ladder } of evaluation.systems) {
      if (againstZero === null) continue;
      gains.set(name, [...(gains.get(name) ?? []), againstZero.difference]);
      const counts = chosen.get(name) ?? {};
      for (const { setting, isChosen } of ladder) if (isChosen) counts[setting] = (counts[setting] ?? 0) + 1;
      chosen.set(name, counts);
    }
    onProgress?.({ done: done + 1, total: seeds.length });
  }
  return [...gains].map(([system, found]) => {
    const meanGain = meanOf(found);
    const variance = found.reduce((sum, gain) => sum + (gain - meanGain) ** 2, 0) / (found.length - 1);
    const shares = found.map((gain, at) => gain / (optima[at] ?? NaN));
    return {
      system,
      gains: found,
      meanGain,
      standardError: Math.sqrt(variance / found.length),
      correctedStandardError: Math.sqrt(variance * (1 / found.length + testPerTraining)),
      shareOfOptimum: optima.includes(null) ? null : meanOf(shares),
      chosen: chosen.get(system)!,
    };
  });
}

/** The gain over Zero of the best router that reads only the text, on simulated test prompts. */
function gainOfOptimum(outcomes: OutcomeTable, { testRows }: EvaluationData, evaluation: Evaluation): number | null {
  if (!isSimulated(outcomes)) return null;
  const { bestWithText } = routerBounds(selectSimulated(outcomes, testRows));
  const { costRangeUsd, systems } = evaluation;
  return aiq(nonDecreasingHull(bestWithText), { rule: "formula", costRangeUsd }) - systems[0].aiqFormula;
}
