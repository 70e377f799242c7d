import type { OutcomeTable } from "../outcomes/outcome_table.ts";

/** The accuracy of choosing the better of two models. */
export interface PairAccuracy {
  /** The two models; for the total, `null`. */
  readonly models: readonly [first: string, second: string] | null;
  /** Number of prompts on which one of the two was better (for the total: of prompts and pairs). */
  readonly nDecided: number;
  /** Share of those on which the better one's prediction is higher, equal ones counting half; `null` of none. */
  readonly accuracy: number | null;
  /** The same of always choosing the model with the higher training mean. */
  readonly constantAccuracy: number | null;
}

/** The accuracy of choosing the better model, for each pair of models, and in total. O(n m²). */
export function pairAccuracies(
  predicted: Float64Array,
  { models, promptIds: { length: n }, quality }: OutcomeTable,
  trainMeans: ArrayLike<number>,
): { readonly pairs: PairAccuracy[]; readonly total: PairAccuracy } {
  const m = models.length;
  const counts: Counted[] = [];
  for (let first = 0; first < m; first++) {
    for (let second = first + 1; second < m; second++) {
      const counted: Counted = { models: [models[first], models[second]], nDecided: 0, right: 0, constantRight: 0 };
      const byMeans = Math.sign(trainMeans[first] - trainMeans[second]);
      for (let row = 0; row < n * m; row += m) {
        const better = Math.sign(quality[row + first] - quality[row + second]);
        if (better === 0) continue;
        counted.nDecided++;
        // 1 where the signs agree, 0 where they differ, 1/2 where nothing is preferred.
        counted.right += (1 + better * Math.sign(predicted[row + first] - predicted[row + second])) / 2;
        counted.constantRight += (1 + better * byMeans) / 2;
      }
      counts.push(counted);
    }
  }
  const total: Counted = { models: null, nDecided: 0, right: 0, constantRight: 0 };
  for (const { nDecided, right, constantRight } of counts) {
    total.nDecided += nDecided;
    total.right += right;
    total.constantRight += constantRight;
  }
  return { pairs: counts.map(accuracyOf), total: accuracyOf(total) };
}

interface Counted extends Pick<PairAccuracy, "models"> {
  nDecided: number;
  right: number;
  constantRight: number;
}

function accuracyOf({ models, nDecided, right, constantRight }: Counted): PairAccuracy {
  const share = (count: number): number | null => nDecided === 0 ? null : count / nDecided;
  return { models, nDecided, accuracy: share(right), constantAccuracy: share(constantRight) };
}
