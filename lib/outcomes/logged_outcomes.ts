import { counted } from "../base/words.ts";
import { needUnique } from "./need_unique.ts";
import type { OutcomeSource } from "./outcome_table.ts";

/**
 * Outcomes logged by a running router: on each prompt one model was drawn with a known probability, and only that model
 * answered.
 *
 * **Shapes**: n requests × m models, row-major: cell (i, j) is at `i · m + j`.
 */
export interface LoggedOutcomes {
  /** The m models' names, each once. */
  readonly models: readonly string[];
  /** The n requests' identifiers, each once. */
  readonly requestIds: readonly string[];
  /** The prompt of each request, `[n]`; requests of equal prompts share one: they do not vary independently. */
  readonly promptIds: readonly string[];
  /** The requests' texts, `[n]`, or `null` where they were not logged. */
  readonly prompts: readonly string[] | null;
  /** Index of the model that answered, `[n]`. */
  readonly chosen: Int32Array;
  /** Quality of its response, `[n]`, 0..1. */
  readonly quality: Float64Array;
  /** Cost of its response, `[n]`, USD. */
  readonly costUsd: Float64Array;
  /** Probability with which it was chosen, `[n]`, above 0. */
  readonly propensity: Float64Array;
  /** Probability of every model, `[n · m]`, rows that add up to 1; `null` where only the choice's was logged. */
  readonly propensities: Float64Array | null;
  /** The router's predictions for every model, or `null` where they were not logged. */
  readonly predictions: LoggedPredictions | null;
  /** In an A/B test who chose, `[n]`: "router", or "default" for the default model; absent or `null` without one. */
  readonly arms?: readonly string[] | null;
  /** Where the log came from. */
  readonly source: OutcomeSource;
}

/** A router's predictions at the time of its choices, `[n · m]` each. */
export interface LoggedPredictions {
  /** Predicted quality. */
  readonly quality: Float64Array;
  /** Predicted cost of a response, USD. */
  readonly costUsd: Float64Array;
}

/** Tolerance for sums and repeated numbers, as logs round their probabilities. */
export const PROPENSITY_ROUNDING = 1e-6;

/**
 * Checks a log and returns it; all logged outcomes enter the library through this function.
 *
 * @throws TypeError where shapes do not agree, there are no requests or models, or a name stands twice
 * @throws RangeError where a quality or cost is out of range, a choice is no model's index, a propensity is not in
 * 0..1, the propensity of a choice is 0, or those of a request do not add up to 1
 * @example
 * ```ts
 * import { loggedOutcomes } from "routerbench/experiments";
 * import assert from "node:assert/strict";
 *
 * const log = loggedOutcomes({
 *   models: ["small", "large"],
 *   requestIds: ["request 1", "request 2"],
 *   promptIds: ["a", "b"],
 *   prompts: null,
 *   chosen: Int32Array.of(0, 1),
 *   quality: Float64Array.of(1, 0),
 *   costUsd: Float64Array.of(0.001, 0.01),
 *   propensity: Float64Array.of(0.9, 0.1),
 *   propensities: Float64Array.of(0.9, 0.1, 0.9, 0.1),
 *   predictions: null,
 *   source: { kind: "file", name: "two requests", sha256: "", notes: [] },
 * });
 * assert.equal(log.requestIds.length, 2);
 * ```
 */
export function loggedOutcomes(log: LoggedOutcomes): LoggedOutcomes {
  const { models, requestIds, prompts, chosen, quality, costUsd, propensity, propensities, predictions } = log;
  const n = requestIds.length;
  const m = models.length;
  if (n === 0 || m === 0) {
    throw new TypeError(`${REFUSED} it needs requests and models: it has ${n} requests and ${m} models`);
  }
  needUnique(models, `${REFUSED} its models`);
  needUnique(requestIds, `${REFUSED} its request ids`);
  const lengths: readonly (readonly [string, number | undefined, number])[] = [
    ["prompt ids", log.promptIds.length, n],
    ["prompts", prompts?.length, n],
    ["choices", chosen.length, n],
    ["arms", log.arms?.length, n],
    ["qualities", quality.length, n],
    ["costs", costUsd.length, n],
    ["propensities of choices", propensity.length, n],
    ["propensities", propensities?.length, n * m],
    ["predicted qualities", predictions?.quality.length, n * m],
    ["predicted costs", predictions?.costUsd.length, n * m],
  ];
  for (const [what, length, wanted] of lengths) {
    if (length === undefined || length === wanted) continue;
    throw new TypeError(`${REFUSED} its ${what} must be ${wanted}, for ${n}×${m}: there are ${length}`);
  }
  for (let i = 0; i < n; i++) needChoice(log, i);
  if (propensities !== null) { for (let i = 0; i < n; i++) needPropensities(log, propensities, i); }
  if (predictions !== null && ![predictions.quality, predictions.costUsd].every((all) => all.every(Number.isFinite))) {
    throw new RangeError(`${REFUSED} predictions must be finite: one is not`);
  }
  return log;
}

const REFUSED = "Cannot make logged outcomes as";

function needChoice(log: LoggedOutcomes, i: number): void {
  const { models, requestIds, chosen, quality, costUsd, propensity } = log;
  const where = `in request "${requestIds[i]}"`;
  if (!(chosen[i] >= 0 && chosen[i] < models.length)) {
    throw new RangeError(
      `${REFUSED} a choice must be the index of one of ${counted(models.length, "model")}: ${where} it is ${chosen[i]}`,
    );
  }
  if (!(quality[i] >= 0 && quality[i] <= 1)) {
    throw new RangeError(`${REFUSED} a quality must be in 0..1: ${where} it is ${quality[i]}`);
  }
  if (!(costUsd[i] >= 0 && costUsd[i] < Infinity)) {
    throw new RangeError(`${REFUSED} a cost must be a finite number of USD, 0 or more: ${where} it is ${costUsd[i]}`);
  }
  if (!(propensity[i] > 0 && propensity[i] <= 1 + PROPENSITY_ROUNDING)) {
    throw new RangeError(
      `${REFUSED} the propensity of a choice must be above 0 and at most 1: ${where} it is ${
        propensity[i]
      }; log the probability with which the model was drawn`,
    );
  }
}

function needPropensities(log: LoggedOutcomes, propensities: Float64Array, i: number): void {
  const m = log.models.length;
  const row = propensities.subarray(i * m, (i + 1) * m);
  const sum = row.reduce((total, value) => total + value, 0);
  if (!row.every((value) => value >= 0) || Math.abs(sum - 1) > PROPENSITY_ROUNDING) {
    throw new RangeError(
      `${REFUSED} the propensities of a request must be 0 or more and add up to 1: those of "${
        log.requestIds[i]
      }" are [${row}]`,
    );
  }
  if (Math.abs(row[log.chosen[i]] - log.propensity[i]) > PROPENSITY_ROUNDING) {
    throw new RangeError(
      `${REFUSED} the propensity of a choice must be that of the chosen model: in request "${
        log.requestIds[i]
      }" they are ${log.propensity[i]} and ${row[log.chosen[i]]}`,
    );
  }
}
