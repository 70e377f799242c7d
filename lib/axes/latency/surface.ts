import type { OperatingPoint } from "../../plane/operating_point.ts";

/** A point of cost, quality and time: means per prompt. */
export interface TimedPoint extends OperatingPoint {
  /** Mean time to an answer, seconds. */
  readonly latencySeconds: number;
}

/** The most that a mix may spend a prompt on average. `Infinity` seconds: no limit. */
export interface TimedBudget {
  /** USD a prompt. */
  readonly costUsd: number;
  /** Seconds a prompt. */
  readonly latencySeconds: number;
}

/** A choice by chance among settings that keeps a budget. */
export interface TimedMix<P extends TimedPoint> extends TimedPoint {
  /** The settings with their probabilities, each above 0; what is missing to 1 goes to no model: no cost, no time, no quality. */
  readonly parts: readonly { readonly point: P; readonly probability: number }[];
  /** What one more dollar a prompt would add to the quality: the price of the cost budget at the optimum. */
  readonly qualityPerUsd: number;
  /** What one more second a prompt would add to the quality. */
  readonly qualityPerSecond: number;
}

/** At most four settings are mixed; steps between them in the search end when a line is met to this precision. */
const SAME_VALUE = 1e-13;
const MOST_STEPS = 200;

/**
 * The surface above the plane of cost and latency budgets: for each budget the best mix of some settings.
 *
 * The mix is the optimum of a linear programme: greatest Σ wₖ qₖ with Σ wₖ cₖ ≤ the cost budget, Σ wₖ sₖ ≤ the latency budget, wₖ ≥ 0 and
 * Σ wₖ ≤ 1, what is missing going to no model. Its dual has one price for each budget. For a given price of a second μ the best mix is found on
 * the non-decreasing hull of the points (cₖ, qₖ − μ sₖ); the right μ is where the lines of a mix that is too slow and of one that is not meet, so
 * that the search ends after finitely many steps in the exact optimum (Kelley's cutting planes in one dimension).
 *
 * With no limit on seconds it is the non-decreasing hull of {@linkcode qualityAtCost}.
 *
 * **Shapes**: k settings; O(k log k) once and O(k) for each step, about ten of them, for each budget.
 * **Source**: the paper's mixes of hull vertices (section 3.1), with one more budget; Dantzig and Wolfe 1960 for the decomposition.
 *
 * @returns the best mix within a budget
 * @throws RangeError where there is no setting, a number is negative or not finite, or a budget is negative
 * @example
 * ```ts
 * import { timedSurface } from "routerbench/axes";
 * import assert from "node:assert/strict";
 *
 * const slow = { costUsd: 1, latencySeconds: 4, quality: 0.8 }, fast = { costUsd: 1, latencySeconds: 2, quality: 0.6 };
 * const within = timedSurface([slow, fast]);
 * assert.equal(within({ costUsd: 1, latencySeconds: Infinity }).quality, 0.8);
 * assert.ok(Math.abs(within({ costUsd: 1, latencySeconds: 3 }).quality - 0.7) < 1e-12); // half of each
 * assert.ok(Math.abs(within({ costUsd: 0.5, latencySeconds: 1 }).quality - 0.3) < 1e-12); // every second prompt, by the fast one
 * ```
 */
export function timedSurface<P extends TimedPoint>(points: readonly P[]): (budget: TimedBudget) => TimedMix<P> {
  checkPoints(points);
  const kept = withoutDominated(points);
  const costs = Float64Array.from(kept, ({ costUsd }) => costUsd);
  const seconds = Float64Array.from(kept, ({ latencySeconds }) => latencySeconds);
  const qualities = Float64Array.from(kept, ({ quality }) => quality);
  const chain = new Chain(costs, seconds, qualities);
  const mixOf = (weights: ReadonlyMap<number, number>, slope: number, price: number): TimedMix<P> => {
    const parts = [...weights].filter(([, probability]) => probability > 0)
      .map(([k, probability]) => ({ point: kept[k], probability }));
    const total = (of: (point: P) => number): number =>
      parts.reduce((sum, { point, probability }) => sum + probability * of(point), 0);
    return {
      costUsd: total(({ costUsd }) => costUsd),
      latencySeconds: total(({ latencySeconds }) => latencySeconds),
      quality: total(({ quality }) => quality),
      parts,
      qualityPerUsd: slope,
      qualityPerSecond: price,
    };
  };
  return (budget) => {
    checkBudget(budget);
    const limit = budget.latencySeconds;
    let slow = chain.best(budget.costUsd, 0);
    if (!(slow.seconds > limit)) return mixOf(slow.weights, slow.slope, 0);
    let fast: PricedMix = { seconds: 0, quality: 0, slope: 0, weights: new Map() };
    let slope = slow.slope;
    for (let step = 0; step < MOST_STEPS; step++) {
      const price = (slow.quality - fast.quality) / (slow.seconds - fast.seconds);
      const next = chain.best(budget.costUsd, price);
      slope = next.slope;
      const gain = next.quality - price * next.seconds - (slow.quality - price * slow.seconds);
      if (gain <= SAME_VALUE) break;
      if (next.seconds > limit) slow = next;
      else fast = next;
    }
    const share = (limit - fast.seconds) / (slow.seconds - fast.seconds);
    const weights = new Map<number, number>();
    for (const [mix, part] of [[slow, share], [fast, 1 - share]] as const) {
      for (const [k, weight] of mix.weights) weights.set(k, (weights.get(k) ?? 0) + part * weight);
    }
    return mixOf(weights, slope, (slow.quality - fast.quality) / (slow.seconds - fast.seconds));
  };
}

/** The best mix where a second has a price. */
interface PricedMix {
  readonly seconds: number;
  readonly quality: number;
  /** What one more dollar adds to quality less the price of the seconds. */
  readonly slope: number;
  readonly weights: ReadonlyMap<number, number>;
}

/** Settings by ascending cost, and the hull of their quality less a price of their seconds. */
class Chain {
  private readonly hull: Int32Array;

  constructor(
    private readonly costs: Float64Array,
    private readonly seconds: Float64Array,
    private readonly qualities: Float64Array,
  ) {
    this.hull = new Int32Array(costs.length);
  }

  /** The mix of two settings, or of one and no model, that is best within a cost budget at a price of a second. */
  best(budgetUsd: number, price: number): PricedMix {
    const size = this.hullAt(price);
    const value = (k: number): number => this.qualities[k] - price * this.seconds[k];
    let above = 0;
    while (above < size && this.costs[this.hull[above]] < budgetUsd) above++;
    const upper = above < size ? this.hull[above] : -1;
    const lower = above > 0 ? this.hull[above - 1] : -1;
    if (upper < 0) return this.mixed(lower, lower, { share: 1, slope: 0 });
    const from = lower < 0 ? { cost: 0, value: 0 } : { cost: this.costs[lower], value: value(lower) };
    const width = this.costs[upper] - from.cost;
    if (width === 0) return this.mixed(lower, upper, { share: 1, slope: 0 });
    return this.mixed(lower, upper, {
      share: (budgetUsd - from.cost) / width,
      slope: (value(upper) - from.value) / width,
    });
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
        const middleValue = qualities[middle] - price * seconds[middle];
        const isAbove =
          (middleValue - leftValue) * (costs[k] - costs[middle]) > (value - middleValue) * (costs[middle] - leftCost);
        if (isAbove) break;
        size--;
      }
      hull[size++] = k;
    }
    return size;
  }

  private mixed(
    lower: number,
    upper: number,
    { share, slope }: { readonly share: number; readonly slope: number },
  ): PricedMix {
    const weights = new Map<number, number>();
    if (upper >= 0) weights.set(upper, share);
    if (lower >= 0 && lower !== upper) weights.set(lower, 1 - share);
    let seconds = 0;
    let quality = 0;
    for (const [k, weight] of weights) {
      seconds += weight * this.seconds[k];
      quality += weight * this.qualities[k];
    }
    return { seconds, quality, slope, weights };
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
    const place = upperBound(stairSeconds, latencySeconds);
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

/** The first place of ascending numbers that is above a value. */
function upperBound(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function checkPoints(points: readonly TimedPoint[]): void {
  if (points.length === 0) {
    throw new RangeError("Cannot mix settings as there must be at least one: there is none");
  }
  const isAmount = (value: number): boolean => value >= 0 && value < Infinity;
  const wrong = points.find(({ costUsd, latencySeconds, quality }) =>
    !isAmount(costUsd) || !isAmount(latencySeconds) || !isAmount(quality)
  );
  if (wrong === undefined) return;
  throw new RangeError(
    `Cannot mix settings as costs, seconds and qualities must be finite and not negative: one has ${wrong.costUsd} USD, ${wrong.latencySeconds} s and quality ${wrong.quality}`,
  );
}

function checkBudget({ costUsd, latencySeconds }: TimedBudget): void {
  if (costUsd >= 0 && latencySeconds >= 0) return;
  throw new RangeError(
    `Cannot mix settings as budgets must be 0 or more: they are ${costUsd} USD and ${latencySeconds} s`,
  );
}
