/** A number that was measured in one group. */
export interface MeasuredEffect {
  /** What was found. */
  readonly effect: number;
  /** Its standard error. */
  readonly standardError: number;
}

/** A number of one group, drawn towards that of all groups. */
export interface ShrunkEffect {
  /** The mean of what the group's true number may be. */
  readonly effect: number;
  /** Where it lies with 95 %. */
  readonly interval: readonly [low: number, high: number];
  /** How much of the group's own number is in it, 0..1; what is missing to 1 is the mean of all groups. */
  readonly ownShare: number;
}

/** What several groups tell together. */
export interface PooledEffects {
  /** Mean over groups, weighted by how sure each is. */
  readonly mean: number;
  /** Its interval at 95 %. */
  readonly interval: readonly [low: number, high: number];
  /** Standard deviation of the groups' true numbers around that mean. */
  readonly spread: number;
  /** The groups' own numbers, drawn towards the mean, in the order given. */
  readonly groups: readonly ShrunkEffect[];
}

const Z_95 = 1.959964;
/** Errors below this count as this: a group in which nothing varies would else count as certain. */
const LEAST_ERROR = 1e-6;

/**
 * Draws the numbers of groups towards their mean, small groups more than large ones: a group of ten prompts says little by itself, and something
 * beside the others.
 *
 * The true numbers are taken to be normal around their mean. Their spread τ is estimated by the method of moments, the groups' means and intervals
 * are those of the normal model with that spread (empirical Bayes); the uncertainty of τ itself is left out.
 *
 * **Source**: DerSimonian and Laird 1986 for τ; Efron and Morris 1975 for shrinkage.
 * @throws RangeError where there is no group, or a number is not finite
 * @example
 * ```ts
 * import { pooledEffects } from "routerbench/axes";
 * import assert from "node:assert/strict";
 *
 * const { mean, groups } = pooledEffects([{ effect: 0, standardError: 0.01 }, { effect: 1, standardError: 0.01 }, { effect: 5, standardError: 2 }]);
 * assert.ok(groups[2].effect < 5 && groups[2].effect > mean && groups[0].ownShare > 0.99);
 * ```
 */
export function pooledEffects(effects: readonly MeasuredEffect[]): PooledEffects {
  const wrong = effects.find(({ effect, standardError }) => !Number.isFinite(effect) || !(standardError >= 0));
  if (effects.length === 0 || wrong !== undefined) {
    throw new RangeError(
      `Cannot pool groups as each needs a finite number and a standard error of 0 or more: ${
        wrong === undefined ? "there is none" : `one has ${wrong.effect} ± ${wrong.standardError}`
      }`,
    );
  }
  const variances = effects.map(({ standardError }) => Math.max(LEAST_ERROR, standardError) ** 2);
  const spreadSquared = momentSpread(effects.map(({ effect }) => effect), variances);
  const weights = variances.map((variance) => 1 / (variance + spreadSquared));
  const total = sumOf(weights);
  const mean = sumOf(effects.map(({ effect }, g) => weights[g] * effect)) / total;
  const around = (centre: number, variance: number): [number, number] => {
    const half = Z_95 * Math.sqrt(variance);
    return [centre - half, centre + half];
  };
  return {
    mean,
    interval: around(mean, 1 / total),
    spread: Math.sqrt(spreadSquared),
    groups: effects.map(({ effect }, g) => {
      const ownShare = spreadSquared / (spreadSquared + variances[g]);
      const shrunk = ownShare * effect + (1 - ownShare) * mean;
      // The spread that is left by the group's own number, and what is not known of the mean.
      const variance = ownShare * variances[g] + (1 - ownShare) ** 2 / total;
      return { effect: shrunk, interval: around(shrunk, variance), ownShare };
    }),
  };
}

/** DerSimonian and Laird's estimate of the variance between groups. */
function momentSpread(effects: readonly number[], variances: readonly number[]): number {
  const weights = variances.map((variance) => 1 / variance);
  const total = sumOf(weights);
  const mean = sumOf(effects.map((effect, g) => weights[g] * effect)) / total;
  const q = sumOf(effects.map((effect, g) => weights[g] * (effect - mean) ** 2));
  const scale = total - sumOf(weights.map((weight) => weight * weight)) / total;
  return scale > 0 ? Math.max(0, (q - (effects.length - 1)) / scale) : 0;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
