import type { OperatingPoint } from "./operating_point.ts";

/**
 * The area between the cost axis and a line of straight pieces, over a range of costs. Outside the line there is no
 * area.
 *
 * @param line the corners by ascending cost
 * @example
 * ```ts
 * import { areaUnder } from "./area.ts";
 * import assert from "node:assert/strict";
 *
 * const line = [{ costUsd: 0, quality: 0 }, { costUsd: 2, quality: 1 }];
 * assert.equal(areaUnder(line, [0, 2]), 1);
 * assert.equal(areaUnder(line, [1, 9]), 0.75);
 * ```
 */
export function areaUnder(
  line: readonly OperatingPoint[],
  [low, high]: readonly [low: number, high: number],
): number {
  let area = 0;
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1];
    const b = line[i];
    const from = Math.max(a.costUsd, low);
    const to = Math.min(b.costUsd, high);
    if (to <= from) continue;
    const slope = (b.quality - a.quality) / (b.costUsd - a.costUsd);
    area += (to - from) * (a.quality + slope * ((from + to) / 2 - a.costUsd));
  }
  return area;
}
