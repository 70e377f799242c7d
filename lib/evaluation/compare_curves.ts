import { LEAST_RESAMPLES, meanOf, VISIBLE_STANDARD_ERRORS } from "../base/statistics.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import { quantileOfSorted } from "../base/quantile.ts";
import { type Draws, drawsOf } from "./_draws.ts";
import { LANES, ResampledAiq } from "./_resampled_aiq.ts";
import { aiq } from "./aiq.ts";

/** A system's settings on the same n prompts: cost and quality of each setting on each prompt. */
export interface SettingSample {
  /** Number of settings, s. */
  readonly nSettings: number;
  /** Cost of each prompt under each setting, `[s · n]`, USD. */
  readonly costUsd: Float64Array;
  /** Quality of each prompt under each setting, `[s · n]`. */
  readonly quality: Float64Array;
}

/** Default number of resamples of an interval; with 1,000 the third decimal of its ends still depends on the seed. */
export const DEFAULT_RESAMPLES = 10_000;

/** The difference of two systems' AIQ with its uncertainty. */
export interface CurveComparison {
  /** AIQ of the first minus AIQ of the second, on the prompts themselves. */
  readonly difference: number;
  /** Percentile interval at 95 % from the paired bootstrap. */
  readonly interval: readonly [low: number, high: number];
  /** Standard deviation of the difference over the resamples. */
  readonly standardError: number;
  /** Smallest true difference that a sample of this size shows at 5 % with 80 % probability: 2.8 standard errors. */
  readonly smallestVisible: number;
}

/**
 * Compares two systems on the same prompts by their AIQ (formula rule), with a paired bootstrap over prompts: each
 * resample is the same for both.
 *
 * The settings stay as they were chosen and the range of costs stays fixed; only the prompts on which they are measured
 * vary. Choosing settings on those same prompts adds optimism that this interval does not show.
 *
 * @param options the range of costs over which the AIQ averages, USD a prompt; the number of resamples; the seed
 *
 * **Source**: Efron and Tibshirani 1993, *An Introduction to the Bootstrap*, chapters 8 and 13; the paper gives no
 * intervals.
 * @throws TypeError where the samples differ in their prompts; RangeError where there are less than 100 resamples
 */
export function compareCurves(
  first: SettingSample,
  second: SettingSample,
  options: ComparisonOptions,
): CurveComparison {
  return comparisonOf(resampledDifferencesFrom(second, options)(first));
}

/** How curves are compared. */
export interface ComparisonOptions {
  /** The range of costs over which the AIQ averages, USD a prompt. */
  readonly costRangeUsd: readonly [low: number, high: number];
  /** Number of resamples, 100 or more. */
  readonly nResamples: number;
  /** Decides the resamples. */
  readonly seed: number;
}

/** The difference of two systems' AIQ on the prompts themselves and on each resample of them. */
export interface ResampledDifference {
  /** On the prompts themselves. */
  readonly difference: number;
  /** On each resample, in the order of the resamples: the same resamples for all systems of as many prompts. */
  readonly resampled: Float64Array;
  /** Standard deviation over the resamples. */
  readonly standardError: number;
}

/**
 * Differences of many systems from one, resample by resample, from which intervals of one and of several comparisons
 * are computed.
 *
 * @returns the difference of a first system from `second`
 * @throws as {@linkcode compareCurves}
 */
export function resampledDifferencesFrom(
  second: SettingSample,
  options: ComparisonOptions,
): (first: SettingSample) => ResampledDifference {
  const { nResamples } = options;
  if (!(nResamples >= LEAST_RESAMPLES)) {
    throw new RangeError(
      `Cannot compare curves as an interval needs at least ${LEAST_RESAMPLES} resamples: it is ${nResamples}; pass 10000`,
    );
  }
  const of = (sample: SettingSample): number => sample.costUsd.length / sample.nSettings;
  const { costRangeUsd } = options;
  const draws = drawsOf(of(second), options);
  const theirs = aiqsOfResamples(second, { costRangeUsd, draws });
  return (first) => {
    if (of(first) !== of(second)) {
      throw new TypeError(
        `Cannot compare curves as both must be measured on the same prompts: they are ${of(first)} and ${of(second)}`,
      );
    }
    const ours = aiqsOfResamples(first, { costRangeUsd, draws });
    const resampled = ours.resampled.map((aiq, r) => aiq - theirs.resampled[r]);
    const mean = meanOf(resampled);
    const standardError = Math.sqrt(resampled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (nResamples - 1));
    return { difference: ours.asTheyAre - theirs.asTheyAre, resampled, standardError };
  };
}

/** A difference with its own percentile interval at 95 %. */
export function comparisonOf({ difference, resampled, standardError }: ResampledDifference): CurveComparison {
  const sorted = resampled.toSorted();
  return {
    difference,
    interval: [quantileOfSorted(sorted, 0.025), quantileOfSorted(sorted, 0.975)],
    standardError,
    smallestVisible: VISIBLE_STANDARD_ERRORS * standardError,
  };
}

/** A system's AIQ on the prompts themselves, and on each resample of them: the same for all systems. */
function aiqsOfResamples(
  sample: SettingSample,
  { costRangeUsd, draws }: { readonly costRangeUsd: readonly [low: number, high: number]; readonly draws: Draws },
): { readonly asTheyAre: number; readonly resampled: Float64Array } {
  const system = new ResampledAiq(sample);
  const resampled = new Float64Array(draws.nResamples);
  draws.forEach((weights, r) => system.of(weights, costRangeUsd, resampled.subarray(r, r + LANES)));
  const weights = new Float64Array(draws.nPrompts).fill(1);
  const hull = nonDecreasingHull(weightedMeans(sample, weights));
  return { asTheyAre: aiq(hull, { rule: "formula", costRangeUsd }), resampled };
}

/** Mean cost and quality of each setting where prompt i counts `weights[i]` times; the weights add up to n. */
export function weightedMeans({ nSettings, costUsd, quality }: SettingSample, weights: Float64Array): OperatingPoint[] {
  const n = weights.length;
  return Array.from({ length: nSettings }, (_, s) => {
    let cost = 0;
    let good = 0;
    for (let i = 0, at = s * n; i < n; i++, at++) {
      cost += weights[i] * costUsd[at];
      good += weights[i] * quality[at];
    }
    return { costUsd: cost / n, quality: good / n };
  });
}
