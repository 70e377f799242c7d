import { optima, type PricedMix, withoutDominated } from "./_optima.ts";
import type { TimedBudget, TimedPoint } from "./timed_point.ts";

/** A choice by chance among settings that keeps a budget. */
export interface TimedMix<P extends TimedPoint> extends TimedPoint {
  /** The settings with their probabilities, each above 0; what is missing to 1 goes to no model: no cost, no time, no quality. */
  readonly parts: readonly { readonly point: P; readonly probability: number }[];
  /** What one more dollar a prompt would add to the quality: the price of the cost budget at the optimum. */
  readonly qualityPerUsd: number;
  /** What one more second a prompt would add to the quality. */
  readonly qualityPerSecond: number;
}

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
  const kept = settingsToMix(points);
  const optimum = optima(kept);
  return (budget) => {
    checkBudget(budget);
    const found = optimum(budget);
    const weights = new Map<P, number>();
    const add = ({ lower, upper, share }: PricedMix, probability: number): void => {
      for (const [k, weight] of [[upper, share], [lower, lower === upper ? 0 : 1 - share]] as const) {
        if (k >= 0 && probability * weight > 0) {
          weights.set(kept[k], (weights.get(kept[k]) ?? 0) + probability * weight);
        }
      }
    };
    add(found.slow, found.shareOfSlow);
    add(found.fast, 1 - found.shareOfSlow);
    const parts = [...weights].map(([point, probability]) => ({ point, probability }));
    const total = (of: (point: P) => number): number =>
      parts.reduce((sum, { point, probability }) => sum + probability * of(point), 0);
    return {
      costUsd: total(({ costUsd }) => costUsd),
      latencySeconds: total(({ latencySeconds }) => latencySeconds),
      quality: total(({ quality }) => quality),
      parts,
      qualityPerUsd: found.qualityPerUsd,
      qualityPerSecond: found.qualityPerSecond,
    };
  };
}

/**
 * Checks settings and leaves out the dominated ones.
 *
 * @throws RangeError where there is no setting, or a number is negative or not finite
 */
export function settingsToMix<P extends TimedPoint>(points: readonly P[]): P[] {
  checkPoints(points);
  return withoutDominated(points);
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
