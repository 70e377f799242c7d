import type { LoggedOutcomes, LoggedPredictions } from "../outcomes/logged_outcomes.ts";
import { type PolicyEstimate, ratioSamples } from "./_ratio_samples.ts";
import { type PolicySupport, policySupport } from "./policy_support.ts";
import type { TargetPolicy } from "./target_policy.ts";

export type { PolicyEstimate };

/** A policy's mean quality, and its mean cost of a response in USD. */
export interface PolicyMeans {
  /** Mean quality, 0..1. */
  readonly quality: PolicyEstimate;
  /** Mean cost of a response, USD. */
  readonly costUsd: PolicyEstimate;
}

/** The estimate of a policy from a log. */
export interface OffPolicyEvaluation {
  /** The policy's name. */
  readonly name: string;
  /** The support of the policy in the log. */
  readonly support: PolicySupport;
  /** Inverse propensity: the weighted outcomes' mean. Unbiased; of great variance where weights are great. */
  readonly inversePropensity: PolicyMeans;
  /** Self-normalised: the weighted mean of outcomes. Never outside their range; its bias vanishes as the log grows. */
  readonly selfNormalised: PolicyMeans;
  /** Doubly robust: the model's means, corrected by its weighted errors; `null` where there is no model. */
  readonly doublyRobust: PolicyMeans | null;
  /** The last of these that exists, minus the logging policy's on the same prompts, paired. */
  readonly overLog: PolicyMeans;
}

/** Options of {@linkcode evaluatePolicy}. */
export interface OffPolicyOptions {
  /** Expected quality and cost of each model on each prompt, from other prompts; `null`: no doubly robust estimate. */
  readonly outcomeModel: LoggedPredictions | null;
  /** Number of resamples, 100 or more. */
  readonly nResamples: number;
  /** Decides the resamples: the same for every policy. */
  readonly seed: number;
}

/**
 * Estimates the mean cost and quality that a policy would have had on the prompts of a log, in which only the chosen
 * model answered.
 *
 * With the outcome r of the choice, its propensity p, the policy's probability π of that choice and w = π / p: inverse
 * propensity is the mean of w r; self-normalised is Σ w r / Σ w; doubly robust is the mean of Σⱼ πⱼ r̂ⱼ + w (r − r̂),
 * right where either the propensities or the model r̂ are right. Standard errors are those of a ratio of sums over the
 * distinct prompts; intervals are percentiles of a bootstrap that draws distinct prompts, with all requests of each.
 *
 * **Shapes**: n × m probabilities and predictions. **Units**: quality 0..1, USD. O(nResamples · n + n m).
 *
 * **Source**: Horvitz and Thompson 1952 (inverse propensity); Swaminathan and Joachims 2015 (self-normalised); Dudík,
 * Langford, Li 2011 (doubly robust). The paper has no logs.
 * @throws RangeError where the log cannot judge the policy, or there are fewer than 100 resamples; TypeError where
 * shapes do not agree
 * @example
 * ```ts
 * import { constantPolicy, evaluatePolicy, loggedOutcomes } from "routerbench/experiments";
 * import assert from "node:assert/strict";
 *
 * const n = 40, large = Array.from({ length: n }, (_, i) => i % 4 === 0);
 * const log = loggedOutcomes({
 *   models: ["small", "large"],
 *   requestIds: large.map((_, i) => `request ${i}`),
 *   promptIds: large.map((_, i) => `prompt ${i}`),
 *   prompts: null,
 *   chosen: Int32Array.from(large, Number),
 *   quality: Float64Array.from(large, (isLarge) => isLarge ? 1 : 0.5),
 *   costUsd: Float64Array.from(large, (isLarge) => isLarge ? 0.01 : 0.001),
 *   propensity: Float64Array.from(large, (isLarge) => isLarge ? 0.25 : 0.75),
 *   propensities: Float64Array.from({ length: 2 * n }, (_, at) => at % 2 === 0 ? 0.75 : 0.25),
 *   predictions: null,
 *   source: { kind: "file", name: "forty requests", sha256: "", notes: [] },
 * });
 * const { selfNormalised, support } = evaluatePolicy(log, constantPolicy(log, "large"), { outcomeModel: null, nResamples: 200, seed: 1 });
 * assert.equal(selfNormalised.quality.value, 1);
 * assert.equal(support.effectivePrompts, 10);
 * ```
 */
export function evaluatePolicy(
  log: LoggedOutcomes,
  policy: TargetPolicy,
  { outcomeModel, nResamples, seed }: OffPolicyOptions,
): OffPolicyEvaluation {
  const support = policySupport(log, policy);
  if (support.refusal !== null) {
    throw new RangeError(
      `Cannot judge "${policy.name}" as every choice of a policy must have had a chance in the log: ${support.refusal}; log with some exploration, so that each model answers now and then`,
    );
  }
  const { quality, costUsd } = log;
  const { weights } = support;
  const weighted = (values: Float64Array): Float64Array => values.map((value, i) => weights[i] * value);
  const ones = new Float64Array(quality.length).fill(1);
  const robust = outcomeModel === null ? null : {
    quality: robustTerms(log, policy, { weights, values: quality, predicted: outcomeModel.quality }),
    costUsd: robustTerms(log, policy, { weights, values: costUsd, predicted: outcomeModel.costUsd }),
  };
  const sums = { quality: weighted(quality), costUsd: weighted(costUsd) };
  const samples = ratioSamples(log, { nResamples, seed });
  const ratios = (tops: PointColumns, bottom: Float64Array): PolicyMeans => ({
    quality: samples.ratio(tops.quality, bottom),
    costUsd: samples.ratio(tops.costUsd, bottom),
  });
  const over = (tops: PointColumns, bottom: Float64Array): PolicyMeans => ({
    quality: samples.difference([tops.quality, bottom], [quality, ones]),
    costUsd: samples.difference([tops.costUsd, bottom], [costUsd, ones]),
  });
  return {
    name: policy.name,
    support,
    inversePropensity: ratios(sums, ones),
    selfNormalised: ratios(sums, weights),
    doublyRobust: robust === null ? null : ratios(robust, ones),
    overLog: robust === null ? over(sums, weights) : over(robust, ones),
  };
}

/** The logging policy's means, which are the plain means of the log. */
export function loggedMeans(
  log: LoggedOutcomes,
  { nResamples, seed }: Omit<OffPolicyOptions, "outcomeModel">,
): PolicyMeans {
  const { quality, costUsd } = log;
  const ones = new Float64Array(quality.length).fill(1);
  const samples = ratioSamples(log, { nResamples, seed });
  return { quality: samples.ratio(quality, ones), costUsd: samples.ratio(costUsd, ones) };
}

/** What an A/B test found. */
export interface AbTest {
  /** Requests that each arm had. */
  readonly nRequests: { readonly routed: number; readonly default: number };
  /** Means of the requests that were routed. */
  readonly routed: PolicyMeans;
  /** Means of those that went to the default model. */
  readonly byDefault: PolicyMeans;
  /** The first less the second. */
  readonly difference: PolicyMeans;
}

/**
 * Compares the arms of an A/B test by their plain means: which request was routed was drawn by chance. `null` where the
 * log has no arms.
 *
 * **Source**: the bootstrap of a difference of means, over prompts.
 */
export function abTest(
  log: LoggedOutcomes,
  options: Omit<OffPolicyOptions, "outcomeModel">,
): AbTest | null {
  const { arms = null, quality, costUsd } = log;
  if (arms === null) return null;
  const samples = ratioSamples(log, options);
  const routed = Float64Array.from(arms, (arm) => Number(arm === "router"));
  const byDefault = routed.map((isRouted) => 1 - isRouted);
  const within = (values: Float64Array, arm: Float64Array): Float64Array => values.map((value, i) => value * arm[i]);
  const [routedQuality, defaultQuality] = [routed, byDefault].map((arm) => within(quality, arm));
  const [routedCost, defaultCost] = [routed, byDefault].map((arm) => within(costUsd, arm));
  const nRouted = routed.reduce((sum, isRouted) => sum + isRouted, 0);
  return {
    nRequests: { routed: nRouted, default: arms.length - nRouted },
    routed: { quality: samples.ratio(routedQuality, routed), costUsd: samples.ratio(routedCost, routed) },
    byDefault: { quality: samples.ratio(defaultQuality, byDefault), costUsd: samples.ratio(defaultCost, byDefault) },
    difference: {
      quality: samples.difference([routedQuality, routed], [defaultQuality, byDefault]),
      costUsd: samples.difference([routedCost, routed], [defaultCost, byDefault]),
    },
  };
}

interface PointColumns {
  readonly quality: Float64Array;
  readonly costUsd: Float64Array;
}

/** Σⱼ πⱼ r̂ⱼ + w (r − r̂) of each prompt. */
function robustTerms(
  { chosen, models }: LoggedOutcomes,
  { name, probabilities }: TargetPolicy,
  { weights, values, predicted }: {
    readonly weights: Float64Array;
    readonly values: Float64Array;
    readonly predicted: Float64Array;
  },
): Float64Array {
  const m = models.length;
  if (predicted.length !== probabilities.length) {
    throw new TypeError(
      `Cannot judge "${name}" as the model of outcomes must be prompts × models: there are ${predicted.length} predictions for ${values.length}×${m}`,
    );
  }
  return values.map((value, i) => {
    let expected = 0;
    for (let j = 0; j < m; j++) expected += probabilities[i * m + j] * predicted[i * m + j];
    return expected + weights[i] * (value - predicted[i * m + chosen[i]]);
  });
}
