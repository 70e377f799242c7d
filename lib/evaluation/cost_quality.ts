import { meanOf } from "../base/statistics.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";

/** How well the cost of one model's responses is predicted. */
export interface CostQuality {
  /** The model. */
  readonly model: string;
  /** Mean cost of a response, USD. */
  readonly meanCostUsd: number;
  /** Mean of predicted less real cost, USD: above 0 the predictions are too dear. */
  readonly biasUsd: number;
  /**
   * Share of the variance of log cost that the predictions explain, at most 1: 0 for a constant. `null` where a
   * response was free, or all cost the same.
   */
  readonly rSquaredOfLog: number | null;
}

/**
 * How well costs are predicted: for each model the share of the variance of log cost that is explained, 1 − Var(log c −
 * log ĉ) / Var(log c), and the bias in USD. A constant factor of the predictions, such as exp(s²/2), is a matter of the
 * bias alone.
 *
 * **Shapes**: `predictedUsd` n × m as the outcomes. **Units**: USD. O(n m).
 *
 * **Source**: the coefficient of determination, as scikit-learn's `explained_variance_score`; the paper predicts no
 * costs.
 * @throws TypeError where there is not one prediction a cell
 * @example
 * ```ts
 * import { simulateOutcomes } from "../outcomes/simulate_outcomes.ts";
 * import { costQuality } from "./cost_quality.ts";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 20, seed: 1 });
 * const [first] = costQuality(outcomes.costUsd.map((cost) => 2 * cost), outcomes);
 * assert.ok(Math.abs(first.rSquaredOfLog! - 1) < 1e-9);
 * assert.ok(Math.abs(first.biasUsd - first.meanCostUsd) < 1e-9);
 * ```
 */
export function costQuality(predictedUsd: Float64Array, { models, promptIds, costUsd }: OutcomeTable): CostQuality[] {
  const n = promptIds.length;
  const m = models.length;
  if (predictedUsd.length !== n * m) {
    throw new TypeError(
      `Cannot measure predicted costs as there must be one a cell: there are ${predictedUsd.length} for ${n}×${m}`,
    );
  }
  return models.map((model, j) => {
    const column = (values: Float64Array): Float64Array => Float64Array.from(promptIds, (_, i) => values[i * m + j]);
    const real = column(costUsd);
    const predicted = column(predictedUsd);
    const logs = real.map(Math.log);
    const spread = varianceOf(logs);
    const left = varianceOf(logs.map((log, i) => log - Math.log(predicted[i])));
    return {
      model,
      meanCostUsd: meanOf(real),
      biasUsd: meanOf(predicted.map((cost, i) => cost - real[i])),
      rSquaredOfLog: Number.isFinite(left) && spread > NO_VARIANCE ? 1 - left / spread : null,
    };
  });
}

/** Logarithms of one cost vary by so much through rounding. */
const NO_VARIANCE = 1e-20;

function varianceOf(values: Float64Array): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
