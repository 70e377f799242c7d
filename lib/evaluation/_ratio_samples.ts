import { quantileOfSorted } from "../base/quantile.ts";
import { type Draws, drawsOf, sumsOfLanes } from "./_draws.ts";
import { LANES } from "./_resampled_aiq.ts";
import { LEAST_RESAMPLES } from "../base/statistics.ts";

/** An estimate with its uncertainty. */
export interface PolicyEstimate {
  /** The estimate. */
  readonly value: number;
  /** Its standard error by the delta method. */
  readonly standardError: number;
  /** Percentile interval at 95 % from the bootstrap over prompts. */
  readonly interval: readonly [low: number, high: number];
}

/** Numerators and denominators of a ratio of sums, row by row. */
type Columns = readonly [tops: Float64Array, bottoms: Float64Array];

/** A ratio of sums on the groups themselves, and on each resample of them. */
interface Resampled {
  readonly value: number;
  /** Contribution of each group to the estimate, which adds up to 0. */
  readonly influence: Float64Array;
  readonly resampled: Float64Array;
}

/** The same resamples of groups of rows for any number of ratios of sums. */
class RatioSamples {
  private readonly groupOfRow: Int32Array;
  private readonly nGroups: number;
  private readonly draws: Draws;
  private readonly known = new WeakMap<Float64Array, WeakMap<Float64Array, Resampled>>();

  /**
   * @param options `groups`: rows of equal name are drawn together
   * @throws RangeError where there are fewer than 100 resamples or two groups
   */
  constructor({ groups, nResamples, seed }: {
    readonly groups: readonly string[];
    readonly nResamples: number;
    readonly seed: number;
  }) {
    if (!(nResamples >= LEAST_RESAMPLES)) {
      throw new RangeError(
        `Cannot judge a policy as an interval needs at least ${LEAST_RESAMPLES} resamples: it is ${nResamples}; pass 1000`,
      );
    }
    const known = new Map<string, number>();
    this.groupOfRow = Int32Array.from(groups, (text) => {
      const group = known.get(text) ?? known.size;
      known.set(text, group);
      return group;
    });
    this.nGroups = known.size;
    if (this.nGroups < 2) {
      throw new RangeError("Cannot judge a policy as an interval needs two different prompts or more: there is one");
    }
    this.draws = drawsOf(this.nGroups, { nResamples, seed });
  }

  /** Σ tops / Σ bottoms. */
  ratio(tops: Float64Array, bottoms: Float64Array): PolicyEstimate {
    return this.estimate(this.resampled([tops, bottoms]));
  }

  /** The first ratio less the second. */
  difference(first: Columns, second: Columns): PolicyEstimate {
    const a = this.resampled(first);
    const b = this.resampled(second);
    return this.estimate({
      value: a.value - b.value,
      influence: a.influence.map((value, g) => value - b.influence[g]),
      resampled: a.resampled.map((value, r) => value - b.resampled[r]),
    });
  }

  private estimate({ value, influence, resampled }: Resampled): PolicyEstimate {
    const squares = influence.reduce((sum, each) => sum + each * each, 0);
    const sorted = resampled.toSorted();
    return {
      value,
      standardError: Math.sqrt(squares * this.nGroups / (this.nGroups - 1)),
      interval: [quantileOfSorted(sorted, 0.025), quantileOfSorted(sorted, 0.975)],
    };
  }

  private resampled([tops, bottoms]: Columns): Resampled {
    const known = this.known.get(tops)?.get(bottoms);
    if (known !== undefined) return known;
    const top = this.sums(tops);
    const bottom = this.sums(bottoms);
    const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
    const whole = sumOf(bottom);
    const value = sumOf(top) / whole;
    const influence = top.map((each, g) => (each - value * bottom[g]) / whole);
    const resampled = new Float64Array(this.draws.nResamples);
    const [ups, downs] = [new Float64Array(LANES), new Float64Array(LANES)];
    this.draws.forEach((counts, first) => {
      sumsOfLanes(counts, top, ups);
      sumsOfLanes(counts, bottom, downs);
      for (let lane = 0; lane < Math.min(LANES, resampled.length - first); lane++) {
        // A resample without any choice of the policy, at worst one in thousands, gives no ratio.
        resampled[first + lane] = downs[lane] === 0 ? value : ups[lane] / downs[lane];
      }
    });
    const found = { value, influence, resampled };
    const ofTops = this.known.get(tops) ?? new WeakMap<Float64Array, Resampled>();
    this.known.set(tops, ofTops.set(bottoms, found));
    return found;
  }

  /** Sums over the rows of each group. */
  private sums(values: Float64Array): Float64Array {
    const sums = new Float64Array(this.nGroups);
    for (let i = 0; i < values.length; i++) sums[this.groupOfRow[i]] += values[i];
    return sums;
  }
}

const SAMPLES = new WeakMap<object, Map<string, RatioSamples>>();

/** The resamples of a log's prompts, kept as long as the log, so that all policies share them. */
export function ratioSamples(
  log: { readonly promptIds: readonly string[] },
  { nResamples, seed }: { readonly nResamples: number; readonly seed: number },
): RatioSamples {
  const ofLog = SAMPLES.get(log) ?? new Map<string, RatioSamples>();
  SAMPLES.set(log, ofLog);
  const key = `${nResamples} ${seed}`;
  const samples = ofLog.get(key) ?? new RatioSamples({ groups: log.promptIds, nResamples, seed });
  ofLog.set(key, samples);
  return samples;
}
