import { countUpTo } from "../../base/quantile.ts";
import type { TimedBudget, TimedPoint } from "./timed_point.ts";

/** Steps of the search end where a line is met to this precision. */
const SAME_VALUE = 1e-13;
const MOST_STEPS = 200;

/** The best height within a budget, and two mixes of which it is a mix. */
export interface Optimum {
  readonly quality: number;
  readonly qualityPerUsd: number;
  readonly qualityPerSecond: number;
  readonly slow: PricedMix;
  readonly fast: PricedMix;
  readonly shareOfSlow: number;
}

const NO_MODEL: PricedMix = { seconds: 0, quality: 0, slope: 0, lower: -1, upper: -1, share: 1 };

/** The optimum of settings by ascending cost, none of them dominated; budgets are not checked. */
export function optima(points: readonly TimedPoint[]): (budget: TimedBudget) => Optimum {
  const chain = new Chain(points);
  return ({ costUsd, latencySeconds: limit }) => {
    let slow = chain.best(costUsd, 0);
    let slope = slow.slope;
    if (!(slow.seconds > limit)) {
      return {
        quality: slow.quality,
        qualityPerUsd: slope,
        qualityPerSecond: 0,
        slow,
        fast: NO_MODEL,
        shareOfSlow: 1,
      };
    }
    let fast = NO_MODEL;
    let price = 0;
    for (let step = 0; step < MOST_STEPS; step++) {
      price = (slow.quality - fast.quality) / (slow.seconds - fast.seconds);
      const next = chain.best(costUsd, price);
      slope = next.slope;
      const gain = next.quality - price * next.seconds - (slow.quality - price * slow.seconds);
      if (gain <= SAME_VALUE) break;
      if (next.seconds > limit) slow = next;
      else fast = next;
    }
    const shareOfSlow = (limit - fast.seconds) / (slow.seconds - fast.seconds);
    const quality = fast.quality + shareOfSlow * (slow.quality - fast.quality);
    return { quality, qualityPerUsd: slope, qualityPerSecond: price, slow, fast, shareOfSlow };
  };
}

/** The best mix where a second has a price: `upper` with probability `share`, else `lower`; −1 is no model. */
export interface PricedMix {
  readonly seconds: number;
  readonly quality: number;
  /** What one more dollar adds to quality less the price of the seconds. */
  readonly slope: number;
  readonly lower: number;
  readonly upper: number;
  readonly share: number;
}

/** Settings by ascending cost, and the hull of their quality less a price of their seconds. */
class Chain {
  private readonly costs: Float64Array;
  private readonly seconds: Float64Array;
  private readonly qualities: Float64Array;
  private readonly hull: Int32Array;

  constructor(points: readonly TimedPoint[]) {
    this.costs = Float64Array.from(points, ({ costUsd }) => costUsd);
    this.seconds = Float64Array.from(points, ({ latencySeconds }) => latencySeconds);
    this.qualities = Float64Array.from(points, ({ quality }) => quality);
    this.hull = new Int32Array(points.length);
  }

  /** The mix of two settings, or of one and no model, that is best within a cost budget at a price of a second. */
  best(budgetUsd: number, price: number): PricedMix {
    const { hull, costs, seconds, qualities } = this;
    const size = this.hullAt(price);
    let above = 0;
    while (above < size && costs[hull[above]] < budgetUsd) above++;
    const lower = above > 0 ? hull[above - 1] : -1;
    const upper = above < size ? hull[above] : lower;
    const [lowerCost, lowerSeconds, lowerQuality] = lower < 0
      ? [0, 0, 0]
      : [costs[lower], seconds[lower], qualities[lower]];
    if (upper < 0) return NO_MODEL;
    const width = costs[upper] - lowerCost;
    const share = width === 0 ? 1 : (budgetUsd - lowerCost) / width;
    const rise = qualities[upper] - price * seconds[upper] - (lowerQuality - price * lowerSeconds);
    const between = (from: number, to: number): number => share === 1 ? to : from + share * (to - from);
    return {
      seconds: between(lowerSeconds, seconds[upper]),
      quality: between(lowerQuality, qualities[upper]),
      slope: width === 0 ? 0 : rise / width,
      lower,
      upper,
      share,
    };
  }

  /** The non-decreasing hull from no model (nothing for nothing) on; number of its vertices beside that. */
  private hullAt(price: number): number {
    const { hull, costs, seconds, qualities } = this;
    let size = 0;
    for (let k = 0; k < costs.length; k++) {
      const value = qualities[k] - price * seconds[k];
      const last = size > 0 ? hull[size - 1] : -1;
      if (value <= (last < 0 ? 0 : qualities[last] - price * seconds[last])) continue;
      while (size > 0) {
        const middle = hull[size - 1];
        const left = size > 1 ? hull[size - 2] : -1;
        const leftCost = left < 0 ? 0 : costs[left];
        const leftValue = left < 0 ? 0 : qualities[left] - price * seconds[left];
        const rise = qualities[middle] - price * seconds[middle];
        if ((rise - leftValue) * (costs[k] - costs[middle]) > (value - rise) * (costs[middle] - leftCost)) break;
        size--;
      }
      hull[size++] = k;
    }
    return size;
  }
}

/**
 * The settings that are not beaten in all three numbers by another, by ascending cost: only these can be part of a best mix.
 *
 * O(k log k): settings come by ascending cost, and a staircase of (seconds, quality) knows the best quality so far for each time.
 */
export function withoutDominated<P extends TimedPoint>(points: readonly P[]): P[] {
  const order = Array.from(points.keys()).sort((a, b) =>
    points[a].costUsd - points[b].costUsd || points[b].quality - points[a].quality ||
    points[a].latencySeconds - points[b].latencySeconds || a - b
  );
  const stairSeconds: number[] = [];
  const stairQuality: number[] = [];
  const kept: P[] = [];
  for (const at of order) {
    const { latencySeconds, quality } = points[at];
    const place = countUpTo(stairSeconds, latencySeconds);
    if (place > 0 && stairQuality[place - 1] >= quality) continue;
    kept.push(points[at]);
    const from = place > 0 && stairSeconds[place - 1] === latencySeconds ? place - 1 : place;
    let to = from;
    while (to < stairQuality.length && stairQuality[to] <= quality) to++;
    stairSeconds.splice(from, to - from, latencySeconds);
    stairQuality.splice(from, to - from, quality);
  }
  return kept;
}
