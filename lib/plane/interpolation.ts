import type { OperatingPoint } from "./operating_point.ts";

/** A choice by chance between two points of the plane, `null` standing for the null router: no cost, no quality. */
export interface Mix<P extends OperatingPoint> extends OperatingPoint {
  /** The cheaper point. */
  readonly lower: P | null;
  /** The dearer point. */
  readonly upper: P;
  /** With which probability the dearer one is chosen, 0..1. */
  readonly probabilityOfUpper: number;
}

/**
 * The mix of hull vertices that spends at most `costUsd` a prompt: linear interpolation, and extrapolation by the
 * paper's rules.
 *
 * Left of the first vertex it mixes with the null router, on the straight line from the origin; right of the last one
 * it is the last vertex: spending more buys nothing.
 *
 * @param hull vertices by ascending cost, from {@linkcode nonDecreasingHull}
 * @param costUsd mean cost a prompt, USD
 * **Source**: paper section 3.1.
 * @throws RangeError where the cost is negative or not a number, or there is no vertex
 * @example
 * ```ts
 * import { mixAtCost } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const hull = [{ costUsd: 1, quality: 0.4 }, { costUsd: 3, quality: 0.8 }];
 * const mix = mixAtCost(hull, 1.5);
 * assert.equal(mix.probabilityOfUpper, 0.25);
 * assert.equal(mix.quality, 0.5);
 * assert.equal(mixAtCost(hull, 0.5).quality, 0.2);
 * ```
 */
export function mixAtCost<P extends OperatingPoint>(hull: readonly P[], costUsd: number): Mix<P> {
  if (!(costUsd >= 0)) throw new RangeError(`Cannot mix routers as a cost must be 0 USD or more: it is ${costUsd}`);
  if (hull.length === 0) throw new RangeError("Cannot mix routers as the hull needs at least one vertex: it has none");
  const next = hull.findIndex((vertex) => vertex.costUsd >= costUsd);
  if (next < 0) return mix(null, hull[hull.length - 1], 1);
  if (next === 0) return mix(null, hull[0], hull[0].costUsd === 0 ? 1 : costUsd / hull[0].costUsd);
  const lower = hull[next - 1];
  const upper = hull[next];
  return mix(lower, upper, (costUsd - lower.costUsd) / (upper.costUsd - lower.costUsd));
}

function mix<P extends OperatingPoint>(lower: P | null, upper: P, probabilityOfUpper: number): Mix<P> {
  const between = (a: number, b: number): number => probabilityOfUpper === 1 ? b : a + probabilityOfUpper * (b - a);
  return {
    lower,
    upper,
    probabilityOfUpper,
    costUsd: between(lower?.costUsd ?? 0, upper.costUsd),
    quality: between(lower?.quality ?? 0, upper.quality),
  };
}

/**
 * Best quality that a hull reaches with `costUsd` a prompt: the quality of {@linkcode mixAtCost}.
 *
 * @throws RangeError where the cost is negative or not a number, or there is no vertex
 * @example
 * ```ts
 * import { nonDecreasingHull, qualityAtCost } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const hull = nonDecreasingHull([{ costUsd: 0.2, quality: 0.8 }, { costUsd: 0.8, quality: 0.4 }]);
 * assert.equal(qualityAtCost(hull, 0.5), 0.8);
 * ```
 */
export function qualityAtCost(hull: readonly OperatingPoint[], costUsd: number): number {
  return mixAtCost(hull, costUsd).quality;
}

/**
 * Least cost at which a hull, from its first vertex rightwards, reaches a quality; `null` where it never does.
 *
 * A quality within 1e-12 of the last vertex's counts as reached, as both are rounded means.
 */
export function costOfQuality(hull: readonly OperatingPoint[], quality: number): number | null {
  const next = hull.findIndex((vertex) => vertex.quality >= quality - 1e-12);
  if (next < 0) return null;
  if (next === 0) return hull[0].costUsd;
  const lower = hull[next - 1];
  const upper = hull[next];
  const share = Math.min(1, (quality - lower.quality) / (upper.quality - lower.quality));
  return lower.costUsd + share * (upper.costUsd - lower.costUsd);
}
