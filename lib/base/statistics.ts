import jstat from "jstat";

/** The mean of some numbers. */
export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The distribution function of the standard normal. */
export function normalCdf(z: number): number {
  return jstat.jStat.normal.cdf(z, 0, 1);
}

/** z of .975 plus z of .8: a true difference of so many standard errors shows at the 5 % level four times out of five. */
export const VISIBLE_STANDARD_ERRORS = 2.8016;

/** The least size of a sample that is compared by itself: the mean of 30 qualities of 0 and 1 has a standard error of up to .09. */
export const LEAST_SAMPLE = 30;
