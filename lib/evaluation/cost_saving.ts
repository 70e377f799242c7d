import { quantileOfSorted } from "../base/quantile.ts";
import { seededRandom } from "../base/random.ts";

/** How an interval of a saving is resampled. */
export interface CostSavingOptions {
  /** Resamples of the prompts. */
  readonly nResamples: number;
  /** Decides the resamples. */
  readonly seed: number;
}

/**
 * The 95 % interval of the share of costs that is saved, by resampling prompts in pairs.
 *
 * **Shapes**: costs `[n]`, USD, of the same prompts in the same order. **Source**: the percentile bootstrap, Efron and
 * Tibshirani 1993.
 *
 * @param ownCostUsd the costs that were paid
 * @param theirCostUsd the costs without saving
 * @example
 * ```ts
 * import { costSavingInterval } from "./cost_saving.ts";
 * import assert from "node:assert/strict";
 *
 * const interval = costSavingInterval([1, 2, 3], [2, 4, 6], { nResamples: 100, seed: 1 });
 * assert.deepEqual(interval, [0.5, 0.5]); // every prompt costs half
 * ```
 */
export function costSavingInterval(
  ownCostUsd: ArrayLike<number>,
  theirCostUsd: ArrayLike<number>,
  { nResamples, seed }: CostSavingOptions,
): readonly [low: number, high: number] {
  const random = seededRandom(seed, "bootstrap");
  const n = ownCostUsd.length;
  const savings = new Float64Array(nResamples).map(() => {
    let own = 0;
    let theirs = 0;
    for (let i = 0; i < n; i++) {
      const row = Math.floor(random.uniform() * n);
      own += ownCostUsd[row];
      theirs += theirCostUsd[row];
    }
    return theirs === 0 ? 0 : 1 - own / theirs;
  }).sort();
  return [quantileOfSorted(savings, 0.025), quantileOfSorted(savings, 0.975)];
}
