import { modelMeans, type OutcomeTable } from "../outcomes/outcome_table.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";

/** A model as a router that sends every prompt to it. */
export interface ConstantRouter extends OperatingPoint {
  /** The model. */
  readonly model: string;
}

/**
 * Every model as a constant router: its mean cost and quality over the table's prompts.
 *
 * **Shapes**: m points in the table's order of models. **Source**: paper section 3.
 *
 * @example
 * ```ts
 * import { constantRouters, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * assert.equal(constantRouters(simulateOutcomes({ nPromptsPerEval: 10, seed: 1 })).length, 11);
 * ```
 */
export function constantRouters(table: OutcomeTable): ConstantRouter[] {
  const { quality, costUsd } = modelMeans(table);
  return table.models.map((model, j) => ({ model, costUsd: costUsd[j], quality: quality[j] }));
}
