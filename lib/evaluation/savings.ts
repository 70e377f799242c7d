import { costOfQuality } from "../plane/interpolation.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";

/** How many times cheaper a system is at a share of the best single model's quality. */
export interface Saving {
  /** Share x of the best single model's quality. */
  readonly qualityShare: number;
  /** Cost of the best single model ÷ least cost of the system at x of its quality; `null` where it never gets there. */
  readonly timesCheaper: number | null;
  /** The same against the Zero router at equal quality; `null` where either never reaches it. */
  readonly timesCheaperThanZero: number | null;
}

/** The shares of the best single model's quality at which savings are reported. */
export const QUALITY_SHARES: readonly number[] = [0.9, 0.95, 0.99, 1];

/**
 * Savings at equal quality: how many times cheaper than the best single model (of equals the cheapest) a system gets x
 * of its quality.
 *
 * Costs are read off the system's non-decreasing hull from its first vertex rightwards: no mixing with the null router,
 * whose answers are worthless.
 *
 * **Source**: the paper claims 2–5× but computes no saving (it compares prices); this definition is the project's.
 *
 * @param system the system's points
 * @param models the models' own points
 * @param zero the Zero router's points, measured like the system's
 * @throws RangeError where there is no model, no point, or a point is negative or not finite
 */
export function savings(
  system: readonly OperatingPoint[],
  models: readonly OperatingPoint[],
  zero: readonly OperatingPoint[],
): Saving[] {
  const best = [...models].sort((a, b) => b.quality - a.quality || a.costUsd - b.costUsd)[0];
  if (best === undefined) {
    throw new RangeError("Cannot compute savings as there must be a single model to compare with: there is none");
  }
  const hull = nonDecreasingHull(system);
  const zeroHull = nonDecreasingHull(zero);
  return QUALITY_SHARES.map((qualityShare) => {
    // A share of no quality is had for nothing.
    const cost = best.quality === 0 ? null : costOfQuality(hull, qualityShare * best.quality);
    const zeroCost = costOfQuality(zeroHull, qualityShare * best.quality);
    return {
      qualityShare,
      timesCheaper: cost === null || cost === 0 ? null : best.costUsd / cost,
      timesCheaperThanZero: cost === null || cost === 0 || zeroCost === null ? null : zeroCost / cost,
    };
  });
}
