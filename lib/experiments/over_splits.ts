import { LEAST_RESAMPLES, meanOf } from "../base/statistics.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { type EvaluatedRouter, evaluateRouters } from "../evaluation/evaluate.ts";
import { splitForEvaluation } from "../evaluation/evaluation_data.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";

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
  /** How often each setting was chosen, where settings are chosen. */
  readonly chosen: Readonly<Record<string, number>>;
}

/** Options of {@linkcode gainsOverSplits}. */
export interface OverSplitsOptions {
  /** Seeds of the splits: at least two. */
  readonly seeds: readonly number[];
  /** Called after each split. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
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
  { seeds, onProgress }: OverSplitsOptions,
): Promise<GainOverSplits[]> {
  if (seeds.length < 2) {
    throw new RangeError(
      `Cannot repeat an evaluation as there must be two splits or more: there are ${seeds.length}; pass seeds such as [1, 2, 3]`,
    );
  }
  const gains = new Map<string, number[]>();
  const chosen = new Map<string, Record<string, number>>();
  for (const [done, seed] of seeds.entries()) {
    const data = splitForEvaluation(outcomes, embeddings, { seed });
    const { systems } = await evaluateRouters(data, routers, { seed, nResamples: LEAST_RESAMPLES }); // no intervals shown
    for (const { name, againstZero, ladder } of systems) {
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
    return {
      system,
      gains: found,
      meanGain,
      standardError: Math.sqrt(variance / found.length),
      chosen: chosen.get(system)!,
    };
  });
}
