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
  /**
   * Greater weights are cut to it, which makes estimates steadier and biases them by what `support.cutShare` tells.
   * Default: none is cut.
   */
  readonly mostWeight?: number;
}

/** What estimates are ratios of: numbers of each request, or their sums over groups of requests. */
export interface PolicyTerms {
  /** Number of requests: 1, or how many a group has. */
  readonly nRequests: Float64Array;
  /** The outcomes as logged. */
  readonly logged: PointColumns;
  /** The weights. */
  readonly weights: Float64Array;
  /** The outcomes times the weights. */
  readonly weighted: PointColumns;
  /** Σⱼ πⱼ r̂ⱼ + w (r − r̂); `null` where there is no model of outcomes. */
  readonly robust: PointColumns | null;
}

/** A number of quality and one of cost for each request or group. */
export interface PointColumns {
  readonly quality: Float64Array;
  readonly costUsd: Float64Array;
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
 * const options = { outcomeModel: null, nResamples: 200, seed: 1 };
 * const { selfNormalised, support } = evaluatePolicy(log, constantPolicy(log, "large"), options);
 * assert.equal(selfNormalised.quality.value, 1);
 * assert.equal(support.effectivePrompts, 10);
 * ```
 */
export function evaluatePolicy(
  log: LoggedOutcomes,
  policy: TargetPolicy,
  { outcomeModel, nResamples, seed, mostWeight }: OffPolicyOptions,
): OffPolicyEvaluation {
  const support = policySupport(log, policy, { mostWeight });
  if (support.refusal !== null) {
    throw new RangeError(
      `Cannot judge "${policy.name}" as every choice of a policy must have had a chance in the log: ${support.refusal}; log with some exploration, so that each model answers now and then`,
    );
  }
  const { quality, costUsd } = log;
  const { weights } = support;
  const weighted = (values: Float64Array): Float64Array => values.map((value, i) => weights[i] * value);
  const robust = outcomeModel === null ? null : {
    quality: robustTerms(log, policy, { weights, values: quality, predicted: outcomeModel.quality }),
    costUsd: robustTerms(log, policy, { weights, values: costUsd, predicted: outcomeModel.costUsd }),
  };
  const terms: PolicyTerms = {
    nRequests: new Float64Array(quality.length).fill(1),
    logged: { quality, costUsd },
    weights,
    weighted: { quality: weighted(quality), costUsd: weighted(costUsd) },
    robust,
  };
  return { name: policy.name, support, ...policyEstimates(terms, log, { nResamples, seed }) };
}

/**
 * The estimates that terms yield.
 *
 * @param resampled `promptIds`: the prompt of each request or the name of each group, which are resampled as wholes;
 * the resamples are kept with this object
 * @throws RangeError where there are fewer than 100 resamples or two groups
 */
export function policyEstimates(
  { nRequests, logged, weights, weighted, robust }: PolicyTerms,
  resampled: { readonly promptIds: readonly string[] },
  options: Pick<OffPolicyOptions, "nResamples" | "seed">,
): Omit<OffPolicyEvaluation, "name" | "support"> {
  const samples = ratioSamples(resampled, options);
  const ratios = (tops: PointColumns, bottom: Float64Array): PolicyMeans => ({
    quality: samples.ratio(tops.quality, bottom),
    costUsd: samples.ratio(tops.costUsd, bottom),
  });
  const over = (tops: PointColumns, bottom: Float64Array): PolicyMeans => ({
    quality: samples.difference([tops.quality, bottom], [logged.quality, nRequests]),
    costUsd: samples.difference([tops.costUsd, bottom], [logged.costUsd, nRequests]),
  });
  return {
    inversePropensity: ratios(weighted, nRequests),
    selfNormalised: ratios(weighted, weights),
    doublyRobust: robust === null ? null : ratios(robust, nRequests),
    overLog: robust === null ? over(weighted, weights) : over(robust, nRequests),
  };
}

/** The logging policy's means, which are the plain means of the log. */
export function loggedMeans(
  log: LoggedOutcomes,
  options: Pick<OffPolicyOptions, "nResamples" | "seed">,
): PolicyMeans {
  return meansOfTerms({ nRequests: new Float64Array(log.quality.length).fill(1), logged: log }, log, options);
}

/** The plain means of terms. */
export function meansOfTerms(
  { nRequests, logged: { quality, costUsd } }: Pick<PolicyTerms, "nRequests" | "logged">,
  resampled: { readonly promptIds: readonly string[] },
  options: Pick<OffPolicyOptions, "nResamples" | "seed">,
): PolicyMeans {
  const samples = ratioSamples(resampled, options);
  return { quality: samples.ratio(quality, nRequests), costUsd: samples.ratio(costUsd, nRequests) };
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
