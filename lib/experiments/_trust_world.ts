import { LEAST_RESAMPLES, rangeOf } from "../base/statistics.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { lexicalEncoder } from "../embeddings/lexical_encoder.ts";
import { type EvaluatedRouter, evaluateRouters } from "../evaluation/evaluate.ts";
import type { SettingSample } from "../evaluation/compare_curves.ts";
import { splitForEvaluation } from "../evaluation/evaluation_data.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { simulateOutcomes } from "../outcomes/simulate_outcomes.ts";
import { negativeControl } from "./negative_control.ts";

/** Fitted systems at their chosen settings, with the result of each on every prompt of the population. */
export interface FittedWorld {
  /** The population from which test prompts are drawn. */
  readonly outcomes: OutcomeTable;
  /** Zero on the population. */
  readonly zero: SettingSample;
  /** The routers, with their true gains: those on the whole population. */
  readonly routers: readonly {
    readonly name: string;
    readonly sample: SettingSample;
    readonly trueGain: number;
  }[];
}

/** Sizes of a simulation. */
export interface WorldSizes {
  /** Prompts of each evaluation to learn from, settings included. */
  readonly nLearnedPerEval: number;
  /** Prompts of each evaluation in the population. */
  readonly nPopulationPerEval: number;
}

const N_DIMS = 128;

/**
 * Learns routers from one simulated set and measures them on a far larger one.
 *
 * @param options.isControl shuffles vectors and texts within each part, so that there is nothing to be learned
 */
export async function fittedWorld(
  routers: readonly EvaluatedRouter[],
  { sizes, isControl, seed }: { readonly sizes: WorldSizes; readonly isControl: boolean; readonly seed: number },
): Promise<FittedWorld> {
  const learned = simulateOutcomes({ nPromptsPerEval: sizes.nLearnedPerEval, seed });
  // The population has a seed of its own: it shares the simulated world with the training prompts, but no draw.
  const population = simulateOutcomes({ nPromptsPerEval: sizes.nPopulationPerEval, seed: seed ^ POPULATION });
  const encoder = lexicalEncoder({ nDims: N_DIMS });
  const encoded = (outcomes: OutcomeTable): Promise<Embeddings> => encoder.encode(outcomes.prompts!);
  const split = splitForEvaluation(learned, await encoded(learned), { seed });
  const test = { outcomes: population, embeddings: await encoded(population) };
  const plain = { ...split, test, testRows: [...population.promptIds.keys()] };
  const data = isControl ? negativeControl(plain, { seed }) : plain;
  const { systems: [zero, ...others] } = await evaluateRouters(data, routers, { seed, nResamples: LEAST_RESAMPLES });
  return {
    outcomes: population,
    zero: zero.sample,
    routers: others.map(({ name, sample, againstZero }) => ({ name, sample, trueGain: againstZero!.difference })),
  };
}

const POPULATION = 0x5eed;

/** The same settings on some prompts, a prompt as often as it is named. */
export function sampleRows({ nSettings, costUsd, quality }: SettingSample, rows: Int32Array): SettingSample {
  const nAll = costUsd.length / nSettings;
  const n = rows.length;
  const of = (values: Float64Array): Float64Array => {
    const picked = new Float64Array(nSettings * n);
    for (let s = 0; s < nSettings; s++) {
      for (let i = 0; i < n; i++) picked[s * n + i] = values[s * nAll + rows[i]];
    }
    return picked;
  };
  return { nSettings, costUsd: of(costUsd), quality: of(quality) };
}

/** From the cheapest to the dearest model's mean cost on some prompts, as in an evaluation. */
export function costRangeOn(outcomes: OutcomeTable, rows: Int32Array): [low: number, high: number] {
  const m = outcomes.models.length;
  const sums = new Float64Array(m);
  for (const row of rows) {
    for (let j = 0; j < m; j++) sums[j] += outcomes.costUsd[row * m + j];
  }
  return rangeOf(sums.map((sum) => sum / rows.length));
}
