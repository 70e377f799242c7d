import type { SimulatedOutcomes } from "../outcomes/simulate_outcomes.ts";
import { type SweepPoint, sweepWillingnessToPay } from "./policy.ts";

/** Curves that no router can beat, known only where outcomes are simulated: of expectations, not of draws. */
export interface RouterBounds {
  /** The best possible router, which knows everything but luck. */
  readonly bestPossible: SweepPoint[];
  /** The best router that sees only the text. */
  readonly bestWithText: SweepPoint[];
}

/**
 * The curves of the best possible router and of the best one that sees only the text.
 *
 * Each is the exact sweep of the router's knowledge, measured by that knowledge: at every willingness to pay it
 * maximises `λ · quality − cost` prompt by prompt, so measured that way no predictive router nor mix of models lies
 * above it. Oracle and cascades see the draws and may.
 *
 * **Source**: data/paper/README.md, "Simulation".
 *
 * @example
 * ```ts
 * import { simulateOutcomes } from "routerbench";
 * import { routerBounds } from "./bounds.ts";
 * import assert from "node:assert/strict";
 *
 * const { bestPossible, bestWithText } = routerBounds(simulateOutcomes({ nPromptsPerEval: 20, seed: 1 }));
 * assert.ok(bestPossible.at(-1)!.quality > bestWithText.at(-1)!.quality);
 * ```
 */
export function routerBounds(outcomes: SimulatedOutcomes): RouterBounds {
  return {
    bestPossible: bestCurve(outcomes, outcomes.trueQuality),
    bestWithText: bestCurve(outcomes, outcomes.textQuality),
  };
}

function bestCurve(outcomes: SimulatedOutcomes, quality: Float64Array): SweepPoint[] {
  const known = {
    nPrompts: outcomes.promptIds.length,
    models: outcomes.models,
    quality,
    costUsd: outcomes.trueCostUsd,
  };
  return sweepWillingnessToPay(known, { ...outcomes, quality, costUsd: outcomes.trueCostUsd });
}
