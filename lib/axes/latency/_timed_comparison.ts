import { quantileOfSorted } from "../../base/quantile.ts";
import { seededRandom } from "../../base/random.ts";
import { VISIBLE_STANDARD_ERRORS } from "../../base/statistics.ts";
import type { CurveComparison, SettingSample } from "../../evaluation/compare_curves.ts";
import type { TimedPoint } from "./timed_point.ts";

/** A system's settings on the same n prompts, times included. */
export interface TimedSample extends SettingSample {
  /** Seconds of each prompt under each setting, `[s · n]`. */
  readonly latencySeconds: Float64Array;
}

/** A number of a system's settings, such as its AIQ under a limit. */
export type TimedMeasure = (points: readonly TimedPoint[]) => number;

/**
 * Differences of several numbers between two systems, each with its interval at 95 %, by a paired bootstrap over prompts: each resample is the same
 * for both systems and for all numbers.
 */
export function compareTimed(
  first: TimedSample,
  second: TimedSample,
  { measures, nResamples, seed }: {
    readonly measures: readonly TimedMeasure[];
    readonly nResamples: number;
    readonly seed: number;
  },
): CurveComparison[] {
  const n = first.costUsd.length / first.nSettings;
  const differences = (weights: Float64Array): number[] => {
    const ours = timedMeans(first, weights);
    const theirs = timedMeans(second, weights);
    return measures.map((measure) => measure(ours) - measure(theirs));
  };
  const found = differences(new Float64Array(n).fill(1));
  const random = seededRandom(seed, "bootstrap");
  const weights = new Float64Array(n);
  const resampled = measures.map(() => new Float64Array(nResamples));
  for (let r = 0; r < nResamples; r++) {
    weights.fill(0);
    for (let i = 0; i < n; i++) weights[Math.floor(random.uniform() * n)]++;
    differences(weights).forEach((difference, k) => resampled[k][r] = difference);
  }
  return found.map((difference, k) => {
    const sorted = resampled[k].toSorted();
    const mean = sorted.reduce((sum, value) => sum + value, 0) / nResamples;
    const standardError = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (nResamples - 1));
    return {
      difference,
      interval: [quantileOfSorted(sorted, 0.025), quantileOfSorted(sorted, 0.975)] as const,
      standardError,
      smallestVisible: VISIBLE_STANDARD_ERRORS * standardError,
    };
  });
}

/** Means of each setting where prompt i counts `weights[i]` times; the weights add up to n. */
export function timedMeans(
  { nSettings, costUsd, quality, latencySeconds }: TimedSample,
  weights: Float64Array,
): TimedPoint[] {
  const n = weights.length;
  return Array.from({ length: nSettings }, (_, s) => {
    let cost = 0;
    let good = 0;
    let seconds = 0;
    for (let i = 0, at = s * n; i < n; i++, at++) {
      cost += weights[i] * costUsd[at];
      good += weights[i] * quality[at];
      seconds += weights[i] * latencySeconds[at];
    }
    return { costUsd: cost / n, quality: good / n, latencySeconds: seconds / n };
  });
}
