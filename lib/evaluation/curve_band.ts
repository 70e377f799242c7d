import { qualityAtCost } from "../plane/interpolation.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import { quantileOfSorted } from "../base/quantile.ts";
import { seededRandom } from "../base/random.ts";
import { LEAST_RESAMPLES } from "../base/statistics.ts";
import { type SettingSample, weightedMeans } from "./compare_curves.ts";

/** The range of a curve's quality at a cost. */
export interface BandPoint {
  /** Mean cost a prompt, USD. */
  readonly costUsd: number;
  /** Its 2.5 % quantile over the resamples. */
  readonly low: number;
  /** Its 97.5 % quantile. */
  readonly high: number;
}

/**
 * The band of a system's curve under other draws of prompts: 95 % of the bootstrap's curves at each cost.
 *
 * Each resample of the prompts gives the hull of the settings' means, read off at the same costs; the settings stay as
 * they were chosen. With the same seed all systems see the same resamples. The band holds at each cost by itself, not
 * for the whole curve at once. It tells nothing about differences: systems are measured on the same prompts and move
 * together, so that bands may overlap where {@linkcode compareCurves} finds a difference.
 *
 * **Shapes**: k costs → k points. O(r (s n + s log s + k)) for r resamples of n prompts under s settings.
 *
 * **Source**: Efron and Tibshirani 1993, *An Introduction to the Bootstrap*, chapter 13; the paper gives no intervals.
 * @param costsUsd the costs at which the curve is read off
 * @throws RangeError where there are less than 100 resamples or a cost is negative
 * @example
 * ```ts
 * import { curveBand } from "./curve_band.ts";
 * import assert from "node:assert/strict";
 *
 * const sample = { nSettings: 1, costUsd: Float64Array.of(1, 1, 1, 1), quality: Float64Array.of(0, 1, 1, 0) };
 * const [{ low, high }] = curveBand(sample, [1], { nResamples: 200, seed: 1 });
 * assert.ok(low < 0.5 && high > 0.5);
 * ```
 */
export function curveBand(
  sample: SettingSample,
  costsUsd: readonly number[],
  { nResamples, seed }: { readonly nResamples: number; readonly seed: number },
): BandPoint[] {
  if (!(nResamples >= LEAST_RESAMPLES)) {
    throw new RangeError(
      `Cannot draw a band as an interval needs at least ${LEAST_RESAMPLES} resamples: it is ${nResamples}; pass 1000`,
    );
  }
  const n = sample.costUsd.length / sample.nSettings;
  const random = seededRandom(seed, "bootstrap");
  const weights = new Float64Array(n);
  const qualities = costsUsd.map(() => new Float64Array(nResamples));
  for (let r = 0; r < nResamples; r++) {
    weights.fill(0);
    for (let i = 0; i < n; i++) weights[Math.floor(random.uniform() * n)]++;
    const hull = nonDecreasingHull(weightedMeans(sample, weights));
    costsUsd.forEach((costUsd, c) => qualities[c][r] = qualityAtCost(hull, costUsd));
  }
  return costsUsd.map((costUsd, c) => {
    const sorted = qualities[c].sort();
    return { costUsd, low: quantileOfSorted(sorted, 0.025), high: quantileOfSorted(sorted, 0.975) };
  });
}
