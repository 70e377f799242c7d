import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import type { QualityPredictions } from "../routers/router.ts";
import { Lines, SAME_BREAKPOINT } from "./_lines.ts";

/** One point of a router's curve and its willingness to pay (λ, USD for one unit of quality). */
export interface SweepPoint extends OperatingPoint {
  /** A value of λ inside the interval: 0 and Infinity stand for the limits, else the geometric mean of its ends. */
  readonly willingnessToPay: number;
  /** The interval of λ with the same choices for every prompt, its start belonging to it. */
  readonly interval: readonly [from: number, to: number];
  /** Mean time to a response, seconds; absent where the outcomes have no times. */
  readonly latencySeconds?: number;
}

/** Options of {@linkcode sweepWillingnessToPay}. */
export interface SweepOptions {
  /**
   * What the router believes a response to cost: `[m]` or `[n · m]`, USD. Default: the costs in the predictions. It
   * must not be the true cost of the row, which no router knows.
   */
  readonly costs?: ArrayLike<number>;
  /** Values of λ to try instead of the exact sweep, such as {@linkcode PAPER_WILLINGNESS_TO_PAY}. */
  readonly grid?: readonly number[];
  /** With a `grid`: the models' indices in the order in which the first of equals wins; default that of the columns. */
  readonly tieOrder?: readonly number[];
}

/** The reference code's 32 values of λ (data/paper/README.md, "Routers"), for prices in USD a token. */
export const PAPER_WILLINGNESS_TO_PAY: readonly number[] = [
  ...[1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.005, 0.01, 0.1, 0.5, 1, 1.5, 2],
  ...[10, 50, 100, 500, 1000, 2000, 3000, 4000, 5000, 7500, 1e4, 2.5e4, 5e4, 7.5e4, 1e5, 1e6, 1e9],
];

/**
 * A router's whole curve: for every willingness to pay λ each prompt goes to the model with the greatest
 * `λ · predicted quality − cost`.
 *
 * As λ moves from 0 to ∞ each prompt's choice walks along the upper envelope of m lines, so the curve is computed
 * exactly: one point for each interval between breakpoints. At λ → 0 the least cost wins, then the greatest quality,
 * then the first model; at λ → ∞ the greatest quality, then the least cost, then the first model.
 *
 * @param predictions what the router expects, n × m
 * @param outcomes the true outcomes of the same prompts, by which each point is measured
 *
 * **Units**: λ in USD for one unit of quality; points are means per prompt. **Shapes**: at most n(m − 1) + 1 points by
 * ascending λ. O(n m² + e log e) for e breakpoints.
 *
 * **Source**: paper section 4; **differs from** the reference code, which tries 32 values of λ (`grid`).
 * @throws TypeError where predictions, outcomes and costs do not match; RangeError where one is not finite
 * @example
 * ```ts
 * import { outcomeTable, sweepWillingnessToPay } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = outcomeTable({
 *   models: ["small", "large"], promptIds: ["a"], evalNames: ["mine"], prompts: null, latencySeconds: null,
 *   quality: Float64Array.of(0, 1), costUsd: Float64Array.of(1, 3),
 *   source: { kind: "file", name: "one prompt", sha256: "", notes: [] },
 * });
 * const [quality, costUsd] = [Float64Array.of(0.25, 0.75), Float64Array.of(1, 3)];
 * const predictions = { nPrompts: 1, models: outcomes.models, quality, costUsd };
 * const curve = sweepWillingnessToPay(predictions, outcomes);
 * assert.deepEqual(curve.map((point) => [point.costUsd, point.quality, point.interval[0]]), [[1, 0, 0], [3, 1, 4]]);
 * ```
 */
export function sweepWillingnessToPay(
  predictions: QualityPredictions,
  outcomes: OutcomeTable,
  options: SweepOptions = {},
): SweepPoint[] {
  const costs = checkedCosts(predictions, options);
  checkOutcomes(predictions, outcomes);
  const { grid } = options;
  if (grid === undefined) return exactSweep(predictions, outcomes, costs);
  return grid.map((willingnessToPay) => {
    const point = measureChoices(outcomes, chooseModels(predictions, willingnessToPay, options));
    return { ...point, willingnessToPay, interval: [willingnessToPay, willingnessToPay] };
  });
}

/**
 * The model that each prompt goes to at one willingness to pay.
 *
 * By the exact sweep's rules, of which 0 and Infinity are the limits; where a `grid` is given by the reference code's:
 * the first maximum in `tieOrder`, and at λ ≤ 0 the greatest predicted quality.
 *
 * @returns index of the model of each prompt, `[n]`
 * @throws RangeError where λ is negative, without a grid, or not a number
 */
export function chooseModels(
  predictions: QualityPredictions,
  willingnessToPay: number,
  options: SweepOptions = {},
): Int32Array {
  const { grid, tieOrder = [...predictions.models.keys()] } = options;
  const lines = new Lines(predictions, checkedCosts(predictions, options));
  const isExact = grid === undefined;
  if (Number.isNaN(willingnessToPay) || (isExact && willingnessToPay < 0)) {
    throw new RangeError(`Cannot choose models as the willingness to pay must be 0 or more: it is ${willingnessToPay}`);
  }
  const choices = new Int32Array(predictions.nPrompts);
  for (let i = 0; i < choices.length; i++) {
    lines.of(i);
    choices[i] = isExact ? lines.chosenAt(willingnessToPay) : lines.firstMaximum(willingnessToPay, tieOrder);
  }
  return choices;
}

/** Mean cost, quality and, where the outcomes have times, seconds of sending prompt i to model `choices[i]`. */
export function measureChoices(
  outcomes: OutcomeTable,
  choices: Int32Array,
): OperatingPoint & { readonly latencySeconds?: number } {
  const n = outcomes.promptIds.length;
  const m = outcomes.models.length;
  const times = outcomes.latencySeconds;
  let costUsd = 0;
  let quality = 0;
  let seconds = 0;
  for (let i = 0; i < n; i++) {
    costUsd += outcomes.costUsd[i * m + choices[i]];
    quality += outcomes.quality[i * m + choices[i]];
    if (times !== null) seconds += times[i * m + choices[i]];
  }
  const point = { costUsd: costUsd / n, quality: quality / n };
  return times === null ? point : { ...point, latencySeconds: seconds / n };
}

/** Share of the prompts that goes to each model, `[m]`; the rest to 1 went to none. */
export function shareOfModels(choices: Int32Array, nModels: number): Float64Array {
  const shares = new Float64Array(nModels);
  for (const model of choices) if (model >= 0) shares[model] += 1 / choices.length;
  return shares;
}

/** All switches of all prompts in one sort, then running sums. */
function exactSweep(predictions: QualityPredictions, outcomes: OutcomeTable, costs: Float64Array): SweepPoint[] {
  const n = predictions.nPrompts;
  const m = predictions.models.length;
  const lines = new Lines(predictions, costs);
  const at: number[] = [];
  const costSteps: number[] = [];
  const qualitySteps: number[] = [];
  const secondSteps: number[] = [];
  const cost = new CompensatedSum();
  const quality = new CompensatedSum();
  const seconds = new CompensatedSum();
  const times = outcomes.latencySeconds;
  for (let i = 0; i < n; i++) {
    let model = lines.of(i).cheapest();
    cost.add(outcomes.costUsd[i * m + model]);
    quality.add(outcomes.quality[i * m + model]);
    if (times !== null) seconds.add(times[i * m + model]);
    for (let next = lines.nextSwitch(model); next !== null; next = lines.nextSwitch(model)) {
      at.push(next.at);
      costSteps.push(outcomes.costUsd[i * m + next.model] - outcomes.costUsd[i * m + model]);
      qualitySteps.push(outcomes.quality[i * m + next.model] - outcomes.quality[i * m + model]);
      if (times !== null) secondSteps.push(times[i * m + next.model] - times[i * m + model]);
      model = next.model;
    }
  }
  const order = Uint32Array.from(at.keys()).sort((a, b) => at[a] - at[b] || a - b);
  const points: SweepPoint[] = [];
  let from = 0;
  for (let e = 0; e <= order.length;) {
    const to = e < order.length ? at[order[e]] : Infinity;
    const interval: [number, number] = [from, to];
    const point = {
      costUsd: cost.total() / n,
      quality: quality.total() / n,
      willingnessToPay: inside(from, to),
      interval,
    };
    points.push(times === null ? point : { ...point, latencySeconds: seconds.total() / n });
    if (e === order.length) break;
    for (; e < order.length && at[order[e]] - to <= SAME_BREAKPOINT * to; e++) {
      cost.add(costSteps[order[e]]);
      quality.add(qualitySteps[order[e]]);
      if (times !== null) seconds.add(secondSteps[order[e]]);
    }
    from = to;
  }
  return points;
}

/** A value of λ inside an interval. */
function inside(from: number, to: number): number {
  if (from === 0) return 0;
  return to === Infinity ? Infinity : Math.sqrt(from) * Math.sqrt(to);
}

/** Neumaier's sum, so that thousands of additions and subtractions leave no drift. */
class CompensatedSum {
  private sum = 0;
  private lost = 0;
  add(value: number): void {
    const next = this.sum + value;
    this.lost += Math.abs(this.sum) >= Math.abs(value) ? this.sum - next + value : value - next + this.sum;
    this.sum = next;
  }
  total(): number {
    // A sum of costs that cancels must not fall below 0.
    return Math.max(0, this.sum + this.lost);
  }
}

function checkedCosts(
  { nPrompts, models, quality, costUsd }: QualityPredictions,
  options: Pick<SweepOptions, "costs">,
): Float64Array {
  const costs = options.costs === undefined ? costUsd : new Float64Array(options.costs);
  const m = models.length;
  const cells = nPrompts * m;
  if (nPrompts === 0 || quality.length !== cells) {
    throw new TypeError(
      `Cannot sweep the willingness to pay as predictions must be prompts × models: there are ${quality.length} for ${nPrompts}×${m}`,
    );
  }
  if (costs.length !== m && costs.length !== cells) {
    throw new TypeError(
      `Cannot sweep the willingness to pay as costs must be one a model (${m}) or one a cell (${cells}): there are ${costs.length}`,
    );
  }
  if (!areFinite(quality) || !areFinite(costs)) {
    throw new RangeError("Cannot sweep the willingness to pay as predictions and costs must be finite: one is not");
  }
  return costs;
}

/** A loop, as `every` takes ten times as long, and this is asked for every setting of a router. */
function areFinite(values: Float64Array): boolean {
  for (let at = 0; at < values.length; at++) if (!Number.isFinite(values[at])) return false;
  return true;
}

function checkOutcomes(predictions: QualityPredictions, outcomes: OutcomeTable): void {
  const sameModels = predictions.models.length === outcomes.models.length &&
    predictions.models.every((model, j) => model === outcomes.models[j]);
  if (predictions.nPrompts !== outcomes.promptIds.length || !sameModels) {
    throw new TypeError(
      `Cannot sweep the willingness to pay as predictions and outcomes must have the same prompts and models: they are ${predictions.nPrompts}×${predictions.models.length} and ${outcomes.promptIds.length}×${outcomes.models.length}`,
    );
  }
}
