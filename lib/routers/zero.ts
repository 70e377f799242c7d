import { type Mix, mixAtCost } from "../plane/interpolation.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";

/** The Zero router, which ignores the prompt and picks one of two models at random. */
export interface ZeroRouter<P extends OperatingPoint> {
  /** The models it uses, by ascending cost. */
  readonly hull: readonly P[];
  /** The two models, and the probability of the dearer one, for a mean cost per prompt in USD. */
  mixAt(costUsd: number): Mix<P>;
}

/**
 * The Zero router: the non-decreasing hull of the models' own points. A router that does not lie above it has learned nothing.
 *
 * **Source**: paper section 3.2. **Differs from** the reference code in that the hull may be that of validation prompts, see the protocols.
 *
 * @throws RangeError where there are no points or one is negative or not finite
 * @example
 * ```ts
 * import { zeroRouter } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const zero = zeroRouter([{ model: "small", costUsd: 1, quality: 0.5 }, { model: "large", costUsd: 3, quality: 0.9 }]);
 * const mix = zero.mixAt(2);
 * assert.deepEqual([mix.lower?.model, mix.upper.model, mix.probabilityOfUpper], ["small", "large", 0.5]);
 * ```
 */
export function zeroRouter<P extends OperatingPoint>(points: readonly P[]): ZeroRouter<P> {
  const hull = nonDecreasingHull(points);
  return { hull, mixAt: (costUsd) => mixAtCost(hull, costUsd) };
}
