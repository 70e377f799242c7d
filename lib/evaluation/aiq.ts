import { rangeOf } from "../base/statistics.ts";
import { areaUnder } from "../plane/area.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";

/** The rule by which an AIQ is computed. The rules differ by far more than routers do, so always name the rule. */
export type AiqRule =
  /** The paper's formula, with the range of costs over which it averages, USD a prompt; one range for all systems. */
  | { readonly rule: "formula"; readonly costRangeUsd: readonly [low: number, high: number] }
  /** The reference code's rule, that of every printed AIQ; {@linkcode referenceCodeMaxCost} of all systems compared. */
  | { readonly rule: "reference-code"; readonly maxCostUsd: number };

/**
 * Average improvement in quality (AIQ): the area under a system's non-decreasing hull, divided by a width of costs.
 *
 * - `formula`: ∫ f(c) dc ÷ (high − low) over [low, high], where f is the straight line from the origin left of the
 *   first vertex, linear between vertices and flat after the last.
 * - `reference-code`: the area from the hull's *own* first vertex to X, flat after the last vertex and nothing to the
 *   left of the first, divided by X. It punishes a system whose cheapest setting is dear, and changes with the systems
 *   plotted beside it, through X.
 *
 * @param hull the system's non-decreasing hull, from {@linkcode nonDecreasingHull}
 * @returns mean quality, 0..1
 *
 * **Source**: paper section 3.3 and the reference code (data/paper/README.md, "AIQ").
 * @throws RangeError where the points are no hull, the range is empty or negative, or X lies left of the last vertex
 * @example
 * ```ts
 * import { aiq } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const hull = [{ costUsd: 1, quality: 0.4 }, { costUsd: 3, quality: 0.8 }];
 * assert.ok(Math.abs(aiq(hull, { rule: "formula", costRangeUsd: [0, 4] }) - 0.55) < 1e-12);
 * assert.ok(Math.abs(aiq(hull, { rule: "reference-code", maxCostUsd: 4 }) - 0.5) < 1e-12);
 * ```
 */
export function aiq(hull: readonly OperatingPoint[], rule: AiqRule): number {
  const vertices = nonDecreasingHull(hull);
  const outside = hull.findIndex((point, at) => point !== vertices[at]);
  if (outside >= 0) {
    throw new RangeError(
      `Cannot compute an AIQ as it needs the vertices of a hull: point ${
        outside + 1
      } of ${hull.length} is none; pass nonDecreasingHull(points)`,
    );
  }
  return rule.rule === "formula" ? byFormula(hull, rule.costRangeUsd) : byReferenceCode(hull, rule.maxCostUsd);
}

/**
 * X of the reference code's AIQ: over the systems compared, the largest cost at which a system attains its own greatest
 * quality.
 *
 * A dearer point of equal quality counts, so pass all points of each system, not hulls.
 *
 * @throws RangeError where there is no system or a system has no point
 */
export function referenceCodeMaxCost(systems: readonly (readonly OperatingPoint[])[]): number {
  const costs = systems.map((points) => {
    const [, best] = rangeOf(points.map((point) => point.quality));
    return rangeOf(points.filter((point) => point.quality === best).map((point) => point.costUsd))[1];
  });
  const [, maxCostUsd] = rangeOf(costs);
  if (!Number.isFinite(maxCostUsd)) {
    throw new RangeError("Cannot find the largest cost as every system compared needs a point: one has none");
  }
  return maxCostUsd;
}

function byFormula(vertices: readonly OperatingPoint[], [low, high]: readonly [number, number]): number {
  if (!(low >= 0 && low < high && high < Infinity)) {
    throw new RangeError(
      `Cannot compute the AIQ by the formula as its range of costs must be 0 ≤ low < high: it is ${low} to ${high}`,
    );
  }
  const first = vertices[0];
  const last = vertices[vertices.length - 1];
  const origin = first.costUsd === 0 ? first : { costUsd: 0, quality: 0 };
  const line = [origin, ...vertices, { costUsd: Math.max(high, last.costUsd), quality: last.quality }];
  return areaUnder(line, [low, high]) / (high - low);
}

function byReferenceCode(vertices: readonly OperatingPoint[], maxCostUsd: number): number {
  const last = vertices[vertices.length - 1];
  if (!(maxCostUsd > 0 && maxCostUsd < Infinity) || maxCostUsd < last.costUsd) {
    throw new RangeError(
      `Cannot compute the AIQ by the reference code as its largest cost must be above 0 and not left of the hull's last vertex at ${last.costUsd}: it is ${maxCostUsd}`,
    );
  }
  return areaUnder([...vertices, { costUsd: maxCostUsd, quality: last.quality }], [vertices[0].costUsd, maxCostUsd]) /
    maxCostUsd;
}
