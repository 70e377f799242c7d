/** Counts of right answers of two policies on the same prompts. */
export interface PairedCounts {
  /** Prompts that only the first answers rightly. */
  readonly onlyFirst: number;
  /** Prompts that only the second answers rightly. */
  readonly onlySecond: number;
  /** Prompts that both answer rightly. */
  readonly both: number;
  /** Prompts that neither answers rightly. */
  readonly neither: number;
  /** Two-sided exact p-value of "both are right equally often": differing prompts as tosses of a fair coin. */
  readonly pValue: number;
}

/**
 * Compares two fixed policies prompt by prompt: counts the prompts on which only one of them is right, and does
 * McNemar's exact test.
 *
 * It compares two policies at one setting each, such as a router at its λ and one model; {@linkcode compareCurves}
 * compares whole curves. Both policies must be fixed before these prompts are seen. Costs do not count.
 *
 * **Shapes**: qualities `[n]` of the same n prompts. **Source**: McNemar 1947; the exact form is scipy's
 * `binomtest(onlyFirst, n, .5)`.
 *
 * @param options.rightFrom an answer is right from this quality on; default 1
 * @throws TypeError where the numbers of prompts differ
 * @example
 * ```ts
 * import { pairedCounts } from "./paired_counts.ts";
 * import assert from "node:assert/strict";
 *
 * const [first, second] = [Float64Array.of(1, 1, 1, 0, 1), Float64Array.of(0, 0, 0, 0, 1)];
 * const { onlyFirst, onlySecond, pValue } = pairedCounts(first, second);
 * assert.deepEqual([onlyFirst, onlySecond], [3, 0]);
 * assert.ok(Math.abs(pValue - 0.25) < 1e-12);
 * ```
 */
export function pairedCounts(
  first: Float64Array,
  second: Float64Array,
  { rightFrom = 1 }: { readonly rightFrom?: number } = {},
): PairedCounts {
  if (first.length !== second.length) {
    throw new TypeError(
      `Cannot compare two policies as both must have answered the same prompts: they are ${first.length} and ${second.length}`,
    );
  }
  let onlyFirst = 0;
  let onlySecond = 0;
  let both = 0;
  for (let i = 0; i < first.length; i++) {
    const isFirst = first[i] >= rightFrom;
    const isSecond = second[i] >= rightFrom;
    if (isFirst && isSecond) both++;
    else if (isFirst) onlyFirst++;
    else if (isSecond) onlySecond++;
  }
  const neither = first.length - both - onlyFirst - onlySecond;
  return { onlyFirst, onlySecond, both, neither, pValue: exactPValue(onlyFirst, onlySecond) };
}

/** Twice the chance that a fair coin shows its rarer side at most so often, at most 1. */
function exactPValue(heads: number, tails: number): number {
  const n = heads + tails;
  const rarer = Math.min(heads, tails);
  if (2 * rarer === n) return 1;
  // In logarithms, as 2 to the power of n overflows; then down from the rarer side, where terms only get smaller.
  let logTerm = -n * Math.LN2;
  for (let k = 1; k <= rarer; k++) logTerm += Math.log((n - k + 1) / k);
  let term = 1;
  let sum = 0;
  for (let k = rarer; k >= 0 && term > 0; k--) {
    sum += term;
    term *= k / (n - k + 1);
  }
  return Math.min(1, 2 * Math.exp(logTerm) * sum);
}
