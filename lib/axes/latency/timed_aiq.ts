import { areaUnder } from "../../plane/area.ts";
import { nonDecreasingHull } from "../../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../../plane/operating_point.ts";
import { aiq } from "../../evaluation/aiq.ts";
import { optima } from "./_optima.ts";
import { settingsToMix } from "./surface.ts";
import type { TimedPoint } from "./timed_point.ts";

/** From the cheapest to the dearest cost over which an AIQ averages, USD a prompt. */
export type CostRange = readonly [low: number, high: number];

/** A difference of qualities that is rounding. */
const SAME_QUALITY = 1e-12;
const MOST_HALVINGS = 60;

/**
 * The best quality at every cost under a limit on mean seconds: the corners of a concave line from the low to the high end of a range of costs.
 *
 * The line is found exactly: at both ends of a piece the dual price of the cost budget gives a tangent; where the two meet is a corner, or the
 * piece is cut there.
 *
 * @throws RangeError as {@linkcode timedSurface}, or where the range is empty
 */
export function curveWithin(
  points: readonly TimedPoint[],
  { latencySeconds, costRangeUsd }: { readonly latencySeconds: number; readonly costRangeUsd: CostRange },
): OperatingPoint[] {
  const [low, high] = checkedRange(costRangeUsd);
  return cornersOf(optima(settingsToMix(points)), { latencySeconds, low, high });
}

function cornersOf(
  within: ReturnType<typeof optima>,
  { latencySeconds, low, high }: { readonly latencySeconds: number; readonly low: number; readonly high: number },
): OperatingPoint[] {
  const at = (costUsd: number): Corner => {
    const { quality, qualityPerUsd: slope } = within({ costUsd, latencySeconds });
    return { costUsd, quality, slope };
  };
  const corners: OperatingPoint[] = [];
  const walk = (left: Corner, right: Corner, depth: number): void => {
    const drop = left.slope - right.slope;
    const gap = left.quality + left.slope * (right.costUsd - left.costUsd) - right.quality;
    if (depth === MOST_HALVINGS || drop <= 0 || gap <= SAME_QUALITY) return;
    const costUsd = right.costUsd - gap / drop;
    if (!(costUsd > left.costUsd && costUsd < right.costUsd)) return;
    const corner = at(costUsd);
    const tangents = left.quality + left.slope * (costUsd - left.costUsd);
    if (corner.quality >= tangents - SAME_QUALITY) {
      corners.push(corner);
      return;
    }
    walk(left, corner, depth + 1);
    corners.push(corner);
    walk(corner, right, depth + 1);
  };
  const first = at(low);
  const last = at(high);
  corners.push(first);
  walk(first, last, 0);
  corners.push(last);
  return corners.map(({ costUsd, quality }) => ({ costUsd, quality }));
}

interface Corner extends OperatingPoint {
  readonly slope: number;
}

/**
 * AIQ by the paper's formula under a limit on mean seconds: the mean over a range of costs of the best quality within both budgets.
 *
 * Without a limit (`Infinity`) it is {@linkcode aiq} of the points' hull, the very number.
 *
 * @returns mean quality, 0..1
 * @throws RangeError as {@linkcode curveWithin}
 * @example
 * ```ts
 * import { aiqWithin } from "routerbench/axes";
 * import assert from "node:assert/strict";
 *
 * const points = [{ costUsd: 1, latencySeconds: 4, quality: 0.8 }, { costUsd: 1, latencySeconds: 2, quality: 0.6 }];
 * const at = (latencySeconds: number) => aiqWithin(points, { latencySeconds, costRangeUsd: [1, 2] });
 * assert.deepEqual([at(Infinity), at(2)].map((value) => value.toFixed(6)), ["0.800000", "0.600000"]);
 * ```
 */
export function aiqWithin(
  points: readonly TimedPoint[],
  { latencySeconds, costRangeUsd }: { readonly latencySeconds: number; readonly costRangeUsd: CostRange },
): number {
  const [low, high] = checkedRange(costRangeUsd);
  if (latencySeconds === Infinity) return aiq(nonDecreasingHull(points), { rule: "formula", costRangeUsd });
  return areaUnder(curveWithin(points, { latencySeconds, costRangeUsd }), [low, high]) / (high - low);
}

/** An AIQ over both budgets, between two bounds. */
export interface SurfaceAiq {
  /** The middle of the bounds. */
  readonly aiq: number;
  /** Between these the exact mean lies. */
  readonly bounds: readonly [low: number, high: number];
}

/** Pieces into which the range of seconds is cut: the bounds are then some .0005 apart on eleven models. */
const LATENCY_PIECES = 32;

/**
 * AIQ over both ranges: the mean height of the surface over a rectangle of cost and latency budgets.
 *
 * Over costs it is exact. Over seconds it is a concave function, so that the trapezoidal rule gives a lower bound of its mean and the midpoint
 * rule an upper one.
 *
 * @throws RangeError as {@linkcode curveWithin}
 */
export function surfaceAiq(
  points: readonly TimedPoint[],
  { costRangeUsd, latencyRangeSeconds, nPieces = LATENCY_PIECES }: {
    readonly costRangeUsd: CostRange;
    readonly latencyRangeSeconds: readonly [low: number, high: number];
    readonly nPieces?: number;
  },
): SurfaceAiq {
  const [low, high] = checkedRange(costRangeUsd);
  const [fast, slow] = latencyRangeSeconds;
  if (!(fast >= 0 && fast < slow && slow < Infinity)) {
    throw new RangeError(
      `Cannot average over latencies as their range must be 0 ≤ low < high: it is ${fast} to ${slow} s`,
    );
  }
  const within = optima(settingsToMix(points));
  const at = (share: number): number => {
    const latencySeconds = fast + share * (slow - fast);
    return areaUnder(cornersOf(within, { latencySeconds, low, high }), [low, high]) / (high - low);
  };
  let edges = (at(0) + at(1)) / 2;
  let middles = at(0.5 / nPieces);
  for (let piece = 1; piece < nPieces; piece++) {
    edges += at(piece / nPieces);
    middles += at((piece + 0.5) / nPieces);
  }
  const bounds = [edges / nPieces, middles / nPieces] as const;
  return { aiq: (bounds[0] + bounds[1]) / 2, bounds };
}

function checkedRange([low, high]: CostRange): CostRange {
  if (low >= 0 && low < high && high < Infinity) return [low, high];
  throw new RangeError(`Cannot average over costs as their range must be 0 ≤ low < high: it is ${low} to ${high} USD`);
}
