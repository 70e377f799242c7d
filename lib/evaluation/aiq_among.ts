import { rangeOf } from "../base/statistics.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import { constantRouters } from "../routers/constant.ts";
import { aiq } from "./aiq.ts";

/** From the cheapest to the dearest point. */
export function costRangeOf(points: readonly OperatingPoint[]): [low: number, high: number] {
  return rangeOf(points.map(({ costUsd }) => costUsd));
}

/** AIQ by the paper's formula of some points over the models' own range of costs on these prompts. */
export function aiqAmong(outcomes: OutcomeTable, points: readonly OperatingPoint[]): number {
  const hull = nonDecreasingHull(points);
  const [low, high] = costRangeOf(constantRouters(outcomes));
  // Where all models cost the same there is no range to average over, only a best quality.
  return low < high ? aiq(hull, { rule: "formula", costRangeUsd: [low, high] }) : hull[hull.length - 1].quality;
}
