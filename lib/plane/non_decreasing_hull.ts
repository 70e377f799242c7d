/** The cost–quality plane. @module */

import type { OperatingPoint } from "./operating_point.ts";

/**
 * The non-decreasing convex hull: the vertices of the upper convex hull on which quality rises with cost.
 *
 * Between neighbouring vertices every point is reached by choosing one of them by chance (linear interpolation); to the
 * right of the last one quality stays what it is. At equal cost the greatest quality is kept, of equal points the
 * first; points on a straight line between two others are dropped.
 *
 * **Shapes**: k points → at most k vertices by ascending cost, the same objects that went in, so that what belongs to a
 * point stays known. O(k log k): one sort and one pass (the monotone chain of Andrew 1979).
 *
 * **Source**: paper section 3.2. **Differs from** the reference code, which takes O(k³), fails on two or fewer distinct
 * costs and is wrong on tied ones.
 *
 * @throws RangeError where there are no points, or a cost or quality is negative or not finite
 * @example
 * ```ts
 * import { nonDecreasingHull } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const [dear, below, cheap] = [[3, 0.8], [2, 0.5], [1, 0.4]].map(([costUsd, quality]) => ({ costUsd, quality }));
 * assert.deepEqual(nonDecreasingHull([dear, below, cheap]), [cheap, dear]);
 * ```
 */
export function nonDecreasingHull<P extends OperatingPoint>(points: readonly P[]): P[] {
  if (points.length === 0) {
    throw new RangeError("Cannot draw the non-decreasing hull as it needs at least one point: there are none");
  }
  for (const { costUsd, quality } of points) {
    if (!(costUsd >= 0 && costUsd < Infinity && quality >= 0 && quality < Infinity)) {
      throw new RangeError(
        `Cannot draw the non-decreasing hull as costs and qualities must be finite and not negative: a point has cost ${costUsd} and quality ${quality}`,
      );
    }
  }
  const byCost = [...points].sort((a, b) => a.costUsd - b.costUsd || b.quality - a.quality);
  const hull: P[] = [];
  for (const point of byCost) {
    if (hull.length > 0 && point.quality <= hull[hull.length - 1].quality) continue;
    while (hull.length > 1 && !isAbove(hull[hull.length - 1], hull[hull.length - 2], point)) hull.pop();
    hull.push(point);
  }
  return hull;
}

/** Whether `middle` lies strictly above the straight line from `left` to `right`. */
function isAbove(middle: OperatingPoint, left: OperatingPoint, right: OperatingPoint): boolean {
  return (middle.quality - left.quality) * (right.costUsd - middle.costUsd) >
    (right.quality - middle.quality) * (middle.costUsd - left.costUsd);
}
