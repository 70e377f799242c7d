import { quantileOfSorted } from "../base/quantile.ts";
import type { ResampledDifference } from "./compare_curves.ts";

/** A difference among several that were compared together. */
export interface SimultaneousInterval {
  /** The difference ± a number of standard errors with which all intervals hold together with 95 % confidence. */
  readonly interval: readonly [low: number, high: number];
  /** Chance that the largest of all differences, in standard errors, is as large where no system differs. */
  readonly adjustedPValue: number;
  /** Number of differences compared, K. */
  readonly nCompared: number;
}

/**
 * Simultaneous intervals of several differences, and p-values corrected for their number, by max-t over the resamples.
 *
 * With t_kr = |d*_kr − d_k| ÷ se_k in resample r, the interval of k is d_k ± c · se_k, where c is the .95 quantile of
 * max_k t_kr; the p-value is the share of resamples with max_k t_kr ≥ |d_k| ÷ se_k, the observed one counted. All
 * differences come from the same resamples, so that correlated systems widen the intervals little, and copies of one
 * system not at all. A difference that never varies (of a router that is Zero) has a point as its interval and takes no
 * part in the maximum.
 *
 * **Shapes**: K differences over r resamples → K intervals; O(K r + r log r). **Source**: Westfall and Young 1993,
 * *Resampling-Based Multiple Testing*, single step; Romano and Wolf 2005.
 *
 * @param differences of one set of resamples, from `resampledDifferencesFrom`
 * @throws TypeError where they have different numbers of resamples
 * @example
 * ```ts
 * import { simultaneousIntervals } from "./simultaneous.ts";
 * import assert from "node:assert/strict";
 *
 * const resampled = Float64Array.from({ length: 1000 }, (_, r) => 2 + Math.sin(r));
 * const one = { difference: 2, resampled, standardError: 0.7 };
 * const [alone] = simultaneousIntervals([one]);
 * assert.deepEqual(simultaneousIntervals([one, one])[1].interval, alone.interval);
 * ```
 */
export function simultaneousIntervals(differences: readonly ResampledDifference[]): SimultaneousInterval[] {
  const nResamples = differences[0]?.resampled.length ?? 0;
  const other = differences.find(({ resampled }) => resampled.length !== nResamples);
  if (other !== undefined) {
    throw new TypeError(
      `Cannot compare several curves at once as all need the same resamples: they have ${nResamples} and ${other.resampled.length}`,
    );
  }
  const varying = differences.filter(({ standardError }) => standardError > 0);
  const greatest = Float64Array.from(
    { length: nResamples },
    (_, r) =>
      varying.reduce(
        (max, { difference, resampled, standardError }) =>
          Math.max(max, Math.abs(resampled[r] - difference) / standardError),
        0,
      ),
  ).sort();
  const critical = nResamples === 0 ? 0 : quantileOfSorted(greatest, 0.95);
  return differences.map(({ difference, standardError }) => ({
    interval: [difference - critical * standardError, difference + critical * standardError],
    adjustedPValue: standardError > 0 ? shareFrom(greatest, Math.abs(difference) / standardError) : 1,
    nCompared: differences.length,
  }));
}

/** Share of ascending numbers that are at least a value, the value itself counted as one of them: never zero. */
function shareFrom(sorted: Float64Array, value: number): number {
  const first = sorted.findIndex((each) => each >= value);
  const nAtLeast = first < 0 ? 0 : sorted.length - first;
  return (1 + nAtLeast) / (1 + sorted.length);
}
