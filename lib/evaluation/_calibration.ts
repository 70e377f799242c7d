import { ascendingOrder, endOfRun } from "./_ranks.ts";

/** Predictions of about one size, beside the realised qualities. */
export interface CalibrationBin {
  /** Mean predicted quality. */
  readonly predicted: number;
  /** Mean realised quality. */
  readonly realised: number;
  /** Number of predictions. */
  readonly count: number;
}

/**
 * Bins of equal counts by ascending prediction. A prediction with s smaller ones among n is in bin ⌊nBins · s / n⌋, so
 * equal predictions stay together whatever the order of rows; bins that are left empty by that are dropped.
 */
export function calibrationBins(
  predicted: ArrayLike<number>,
  quality: ArrayLike<number>,
  nBins: number,
): CalibrationBin[] {
  const n = predicted.length;
  const order = ascendingOrder(predicted);
  const sums = Array.from({ length: nBins }, () => ({ predicted: 0, realised: 0, count: 0 }));
  for (let start = 0; start < n;) {
    const end = endOfRun(predicted, order, start);
    const bin = sums[Math.floor(nBins * start / n)];
    for (let at = start; at < end; at++) {
      bin.predicted += predicted[order[at]];
      bin.realised += quality[order[at]];
    }
    bin.count += end - start;
    start = end;
  }
  return sums.filter(({ count }) => count > 0).map(({ predicted, realised, count }) => ({
    predicted: predicted / count,
    realised: realised / count,
    count,
  }));
}

/** Mean over the predictions of |mean predicted − mean realised| of their bin. */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number {
  const n = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce((sum, { predicted, realised, count }) => sum + count * Math.abs(predicted - realised), 0) / n;
}
