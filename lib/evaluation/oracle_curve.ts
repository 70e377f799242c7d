import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { type SweepPoint, sweepWillingnessToPay } from "./policy.ts";

/**
 * The oracle at every willingness to pay: the exact λ-curve of realised quality and true cost.
 *
 * The paper's oracle is one point: the best quality at any cost. It is no measure for a router that cannot spend so
 * much. Here each prompt goes to the model with the greatest `λ · realised quality − true cost`, or to none (no cost,
 * no quality), as the paper's oracle calls none where no model is right. The curve starts at the null router and ends
 * in the paper's point, and no router, cascade or mix of them lies above its hull on the same prompts. Like that point
 * it is a maximum over recorded outcomes, luck included: a bound, not a goal.
 *
 * **Units**: means per prompt. **Shapes**: n × m outcomes → at most n · m + 1 points by ascending λ, cost and quality,
 * each on the hull of them all. O(n m² + e log e) for e switches.
 *
 * **Source**: the paper's oracle (section 3) under the decision rule of its section 4; not in the paper.
 *
 * @example
 * ```ts
 * import { oracle, simulateOutcomes } from "routerbench";
 * import { oracleCurve } from "./oracle_curve.ts";
 * import assert from "node:assert/strict";
 *
 * const table = simulateOutcomes({ nPromptsPerEval: 20, seed: 1 });
 * const curve = oracleCurve(table), end = curve[curve.length - 1], point = oracle(table);
 * assert.deepEqual([curve[0].costUsd, curve[0].quality], [0, 0]);
 * assert.ok(Math.abs(end.quality - point.quality) < 1e-12 && Math.abs(end.costUsd - point.costUsd) < 1e-12);
 * ```
 */
export function oracleCurve(outcomes: OutcomeTable): SweepPoint[] {
  const withNone = withNullRouter(outcomes);
  const { models, quality, costUsd } = withNone;
  return sweepWillingnessToPay({ nPrompts: outcomes.promptIds.length, models, quality, costUsd }, withNone);
}

/** The table with a last column for calling no model, which costs and yields nothing. As the last one it loses ties. */
function withNullRouter(outcomes: OutcomeTable): OutcomeTable {
  const n = outcomes.promptIds.length;
  const m = outcomes.models.length;
  const widened = (cells: Float64Array): Float64Array => {
    const wide = new Float64Array(n * (m + 1));
    for (let i = 0; i < n; i++) wide.set(cells.subarray(i * m, (i + 1) * m), i * (m + 1));
    return wide;
  };
  return {
    ...outcomes,
    models: [...outcomes.models, "no model"],
    quality: widened(outcomes.quality),
    costUsd: widened(outcomes.costUsd),
    latencySeconds: outcomes.latencySeconds && widened(outcomes.latencySeconds),
  };
}
