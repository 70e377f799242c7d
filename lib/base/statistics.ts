import jstat from "jstat";

/** The mean of some numbers. */
export function meanOf(values: readonly number[] | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The least and the greatest of some numbers; unlike arguments of `Math.min`, there may be millions of them. */
export function rangeOf(values: Iterable<number>): [low: number, high: number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** The standard error of a mean of `n` qualities of 0 and 1. */
export function standardErrorOfShare(share: number, n: number): number {
  return Math.sqrt(Math.max(0, share * (1 - share)) / n);
}

/** The distribution function of the standard normal. */
export function normalCdf(z: number): number {
  return jstat.jStat.normal.cdf(z, 0, 1);
}

/** z of .975 plus z of .8: a true difference of so many standard errors shows at the 5 % level 4 times out of 5. */
export const VISIBLE_STANDARD_ERRORS = 2.8016;

/** The least sample that is compared by itself: the mean of 30 qualities of 0 and 1 has a standard error up to .09. */
export const LEAST_SAMPLE = 30;

/** The fewest resamples from which an interval is read. */
export const LEAST_RESAMPLES = 100;
