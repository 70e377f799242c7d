import { countBelow } from "../base/quantile.ts";
import { drawsOf, sumsOfLanes } from "./_draws.ts";
import { LANES } from "./_resampled_aiq.ts";

/** Margins of several settings on the same n prompts: the surplus of each prompt over the goal. */
export interface Margins {
  /** Number of settings, s. */
  readonly nSettings: number;
  /** `[s · n]`. */
  readonly values: Float64Array;
  /** For each setting the least margin that a prompt may have, `[s]`. */
  readonly worst: readonly number[];
}

/** The mean margin of a setting and the end of its interval. */
export interface MarginBound {
  /** Mean over the prompts as they are. */
  readonly mean: number;
  /** Lower end of the one-sided interval; −∞ where there is none. */
  readonly low: number;
}

/** How bounds are computed. */
export interface BoundOptions {
  /** Probability with which all bounds hold at once, between 0 and 1. */
  readonly confidence: number;
  /** Resamples of the prompts. */
  readonly nResamples: number;
  /** Decides the resamples. */
  readonly seed: number;
}

/**
 * Lower bounds of the mean margins of several settings that hold simultaneously, so that the bound of a setting holds
 * even if the setting is picked by them.
 *
 * Each resample of the prompts gives each setting a t: how far its mean moved, in standard errors of the resample. A
 * setting's critical value is a quantile of its own ts; the level of that quantile is the same for all settings, and
 * the least for which no t is beyond its critical value in `confidence` of the resamples. One prompt on which every
 * setting has the worst margin is added to the sample, to account for failures that are too rare to have been seen.
 *
 * **Shapes**: one bound a setting. O(r s n) for r resamples.
 *
 * **Source**: Efron and Tibshirani 1993, section 12.5 (bootstrap-t); Beran 1988, "Balanced simultaneous confidence
 * sets"; Romano and Wolf 2005 (one max-t over the same resamples). The added prompt as in Agresti and Coull 1998.
 */
export function simultaneousBounds({ nSettings, values, worst }: Margins, options: BoundOptions): MarginBound[] {
  const { confidence, nResamples, seed } = options;
  const n = values.length / nSettings;
  const rows = Array.from({ length: nSettings }, (_, s) => {
    const row = new Float64Array(n + 1).fill(worst[s]);
    row.set(values.subarray(s * n, (s + 1) * n));
    return row;
  });
  const squares = rows.map((row) => row.map((margin) => margin * margin));
  const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const found = rows.map((row, s) => meanAndError(sumOf(row), sumOf(squares[s]), n + 1));
  const ts = rows.map(() => new Float64Array(nResamples));
  const sums = new Float64Array(LANES);
  const sumsOfSquares = new Float64Array(LANES);
  drawsOf(n + 1, { nResamples, seed }).forEach((block, first) => {
    rows.forEach((row, s) => {
      sumsOfLanes(block, row, sums);
      sumsOfLanes(block, squares[s], sumsOfSquares);
      for (let lane = 0; lane < Math.min(LANES, nResamples - first); lane++) {
        const { mean, error } = meanAndError(sums[lane], sumsOfSquares[lane], n + 1);
        const moved = mean - found[s].mean;
        ts[s][first + lane] = moved === 0 ? 0 : moved / error;
      }
    });
  });
  const criticalValues = balancedQuantiles(ts, confidence);
  return found.map(({ mean, error }, s) => {
    const asMeasured = rows[s].subarray(0, n).reduce((sum, value) => sum + value, 0) / n;
    return { mean: asMeasured, low: error === 0 ? mean : mean - criticalValues[s] * error };
  });
}

/** Mean and its standard error of n numbers with a sum and a sum of squares. */
function meanAndError(sum: number, squares: number, n: number): { readonly mean: number; readonly error: number } {
  const mean = sum / n;
  const variance = squares / n - mean * mean;
  // Rounding may leave a small variance where there is none.
  return { mean, error: variance <= 1e-14 * (squares / n) ? 0 : Math.sqrt(variance / n) };
}

/** For each row its value at one rank: the least at which `confidence` of the columns lie at or below all values. */
function balancedQuantiles(ts: readonly Float64Array[], confidence: number): number[] {
  const nColumns = ts[0].length;
  const sorted = ts.map((row) => row.toSorted());
  const greatestRank = new Int32Array(nColumns);
  ts.forEach((row, s) => {
    row.forEach((t, column) => {
      const rank = countBelow(sorted[s], t);
      if (rank > greatestRank[column]) greatestRank[column] = rank;
    });
  });
  const level = greatestRank.toSorted()[Math.ceil(confidence * nColumns) - 1];
  return sorted.map((row) => row[level]);
}
