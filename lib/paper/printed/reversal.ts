import { aiq, referenceCodeMaxCost } from "../../evaluation/aiq.ts";
import { paperPanel, type PaperPoint, paperSystemName } from "./panels.ts";
import { nonDecreasingHull } from "../../plane/non_decreasing_hull.ts";

/** One system of a comparison whose ranking depends on the rule. */
export interface ReversedSystem {
  /** `Zero` or `Cascade, ε = 0.01`. */
  readonly name: string;
  /** Its kind. */
  readonly family: "zero" | "cascade";
  /** The vertices of its hull, total USD of the test split. */
  readonly hull: readonly PaperPoint[];
  /** AIQ by the reference code's rule. */
  readonly referenceCode: number;
  /** AIQ by the formula. */
  readonly formula: number;
}

/** The same hulls, two rules, two rankings. */
export interface RankReversal {
  /** The evaluation. */
  readonly evalName: string;
  /** Zero, then the cascade. */
  readonly systems: readonly ReversedSystem[];
  /** X of the reference code: where the wider of the two hulls ends. */
  readonly maxCostUsd: number;
  /** The formula's range: from the cheapest model to X. */
  readonly costRangeUsd: readonly [low: number, high: number];
}

/**
 * HellaSwag in Figure 8: the cascade lies above Zero wherever it has a point, is printed far below it, and is above it
 * by the formula.
 *
 * The rules are applied to the same two hulls, the formula from the cheapest model's cost to X. The cascade is that of
 * error rate .01, from which the printed number comes.
 *
 * @example
 * ```ts
 * import { rankReversal } from "../errata/errata.ts";
 * import assert from "node:assert/strict";
 *
 * const [zero, cascade] = rankReversal().systems;
 * assert.ok(cascade.referenceCode < zero.referenceCode && cascade.formula > zero.formula);
 * ```
 */
export function rankReversal(): RankReversal {
  const { evalName, models, systems } = paperPanel(8, "hellaswag");
  const shown = systems.filter(({ router, errorRate }) => router === "zero" || errorRate === 0.01);
  const maxCostUsd = referenceCodeMaxCost(shown.map(({ points }) => points));
  const costRangeUsd = [Math.min(...models.map(({ costUsd }) => costUsd)), maxCostUsd] as const;
  return {
    evalName,
    maxCostUsd,
    costRangeUsd,
    systems: shown.map(({ router, errorRate, points }): ReversedSystem => ({
      name: paperSystemName({ router, errorRate }),
      family: router === "zero" ? "zero" : "cascade",
      hull: nonDecreasingHull(points),
      referenceCode: aiq(nonDecreasingHull(points), { rule: "reference-code", maxCostUsd }),
      formula: aiq(nonDecreasingHull(points), { rule: "formula", costRangeUsd }),
    })),
  };
}
