import { seededRandom } from "../base/random.ts";
import { comparisonOf, resampledDifferencesFrom } from "../evaluation/compare_curves.ts";
import { pairedCounts } from "../evaluation/paired_counts.ts";
import { simultaneousIntervals } from "../evaluation/simultaneous.ts";
import { costRangeOn, type FittedWorld, sampleRows } from "./_trust_world.ts";

/** Ends of an interval. */
export type Interval = readonly [low: number, high: number];

/** The intervals of one test set beside the truth. */
export interface DrawnSet {
  readonly own: readonly Interval[];
  readonly all: readonly Interval[];
  readonly truth: readonly number[];
  readonly holdsAll: boolean;
}

/** All test sets, with the true gains of each fit. */
export interface Sets {
  readonly gains: number[][];
  readonly sets: DrawnSet[];
}

/** Draws a test set from the population and compares every router with Zero on it, as an evaluation does. */
export function drawnSet(
  { outcomes, zero, routers }: FittedWorld,
  { nPrompts, nResamples, seed }: { readonly nPrompts: number; readonly nResamples: number; readonly seed: number },
): DrawnSet {
  const rows = drawnRows(outcomes.promptIds.length, nPrompts, seed);
  const costRangeUsd = costRangeOn(outcomes, rows);
  const differenceFrom = resampledDifferencesFrom(sampleRows(zero, rows), { costRangeUsd, nResamples, seed });
  const differences = routers.map(({ sample }) => differenceFrom(sampleRows(sample, rows)));
  const all = simultaneousIntervals(differences).map(({ interval }) => interval);
  const truth = routers.map(({ trueGain }) => trueGain);
  return {
    own: differences.map((difference) => comparisonOf(difference).interval),
    all,
    truth,
    holdsAll: all.every((interval, k) => holds(interval, truth[k])),
  };
}

function drawnRows(nAll: number, n: number, seed: number): Int32Array {
  const random = seededRandom(seed, "test set");
  return Int32Array.from({ length: n }, () => random.integer(nAll));
}

/** Two policies that send each prompt to one of two models by tosses of their own, so that any difference is chance. */
export function equalPolicies(
  { outcomes }: FittedWorld,
  { nSets, nPrompts, seed }: { readonly nSets: number; readonly nPrompts: number; readonly seed: number },
): boolean[] {
  const m = outcomes.models.length;
  return Array.from({ length: nSets }, (_, set) => {
    const rows = drawnRows(outcomes.promptIds.length, nPrompts, seed + set);
    const random = seededRandom(seed + set, "policies");
    const policy = (): Float64Array =>
      Float64Array.from(rows, (row) => outcomes.quality[row * m + (random.uniform() < 0.5 ? 0 : m - 1)]);
    return pairedCounts(policy(), policy()).pValue < 0.05;
  });
}

/** True where a value lies in an interval. */
export function holds([low, high]: Interval, value: number): boolean {
  return low <= value && value <= high;
}

/** True where an interval says that there is a gain. */
export function isAbove([low]: Interval): boolean {
  return low > 0;
}
