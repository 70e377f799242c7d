import { countBelow } from "../base/quantile.ts";

/** Rank of each value among all, 1 for the least; equal values share the mean of their ranks. O(n log n). */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const order = ascendingOrder(values);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    const end = endOfRun(values, order, start);
    // Places start + 1 … end share their mean.
    for (let at = start; at < end; at++) ranks[order[at]] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/** Spearman's rank correlation: Pearson's of the ranks, ties averaged; `null` where either side is constant. */
export function rankCorrelation(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  const a = averageRanks(first);
  const b = averageRanks(second);
  const middle = (a.length + 1) / 2;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - middle) * (b[i] - middle);
    aa += (a[i] - middle) ** 2;
    bb += (b[i] - middle) ** 2;
  }
  return aa === 0 || bb === 0 ? null : ab / Math.sqrt(aa * bb);
}

/**
 * Of two items with different qualities, the probability that the better one has the higher prediction, equal
 * predictions counting half; `null` where all qualities are equal. For 0/1 qualities this is the area under the ROC
 * curve. Pairs are counted exactly, in O(n log n).
 */
export function probabilityOfOrder(predicted: ArrayLike<number>, quality: ArrayLike<number>): number | null {
  const n = predicted.length;
  const order = ascendingOrder(predicted);
  const { levels, nLevels } = levelsOf(quality);
  // The items with lower predictions, counted by level of quality.
  const lower = new PrefixCounts(nLevels);
  const ofLevel = new Float64Array(nLevels);
  let nSeen = 0;
  let nRight = 0;
  let nWrong = 0;
  for (let start = 0; start < n;) {
    const end = endOfRun(predicted, order, start);
    for (let at = start; at < end; at++) {
      const level = levels[order[at]];
      nRight += lower.below(level);
      nWrong += nSeen - lower.below(level + 1);
    }
    for (let at = start; at < end; at++) {
      lower.add(levels[order[at]]);
      ofLevel[levels[order[at]]]++;
    }
    nSeen += end - start;
    start = end;
  }
  const nPairs = n * (n - 1) / 2 - ofLevel.reduce((sum, count) => sum + count * (count - 1) / 2, 0);
  return nPairs === 0 ? null : (nRight + (nPairs - nRight - nWrong) / 2) / nPairs;
}

/**
 * Indices by ascending value, of equal values by ascending index. Numbers are sorted natively: a comparator takes ten
 * times as long.
 */
export function ascendingOrder(values: ArrayLike<number>): Uint32Array {
  const sorted = new Float64Array(values).sort();
  const order = new Uint32Array(sorted.length);
  // How many of the equal values that begin at a place have been put there.
  const nPut = new Uint32Array(sorted.length);
  for (let i = 0; i < sorted.length; i++) {
    const place = countBelow(sorted, values[i]);
    order[place + nPut[place]++] = i;
  }
  return order;
}

/** Where, in ascending order, the run of values equal to the one at `start` ends. */
export function endOfRun(values: ArrayLike<number>, order: Uint32Array, start: number): number {
  let end = start + 1;
  while (end < order.length && values[order[end]] === values[order[start]]) end++;
  return end;
}

/** The place of each value among the distinct values, ascending, from 0. */
function levelsOf(values: ArrayLike<number>): { readonly levels: Uint32Array; readonly nLevels: number } {
  const order = ascendingOrder(values);
  const levels = new Uint32Array(values.length);
  let nLevels = 0;
  for (let start = 0; start < order.length; nLevels++) {
    const end = endOfRun(values, order, start);
    for (let at = start; at < end; at++) levels[order[at]] = nLevels;
    start = end;
  }
  return { levels, nLevels };
}

/** Counts of whole numbers below `size`, with their running sums (Fenwick 1994): both steps take O(log size). */
class PrefixCounts {
  private readonly tree: Float64Array;

  constructor(size: number) {
    this.tree = new Float64Array(size + 1);
  }

  add(value: number): void {
    for (let at = value + 1; at < this.tree.length; at += at & -at) this.tree[at]++;
  }

  /** How many of the numbers added are below `value`. */
  below(value: number): number {
    let sum = 0;
    for (let at = value; at > 0; at -= at & -at) sum += this.tree[at];
    return sum;
  }
}
