import type { LoggedOutcomes } from "../outcomes/logged_outcomes.ts";
import { ratioSamples } from "./_ratio_samples.ts";
import {
  meansOfTerms,
  type OffPolicyOptions,
  type PointColumns,
  type PolicyEstimate,
  type PolicyMeans,
  type PolicyTerms,
} from "./off_policy.ts";

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
 * log has no arms, or one of them has no request.
 *
 * **Source**: the bootstrap of a difference of means, over prompts.
 */
export function abTest(
  log: LoggedOutcomes,
  options: Pick<OffPolicyOptions, "nResamples" | "seed">,
): AbTest | null {
  const { arms = null, quality, costUsd } = log;
  if (arms === null) return null;
  const termsOf = (name: "router" | "default"): ArmTerms => {
    const nRequests = Float64Array.from(arms, (arm) => Number(arm === name));
    const within = (values: Float64Array): Float64Array => values.map((value, i) => value * nRequests[i]);
    return { nRequests, logged: { quality: within(quality), costUsd: within(costUsd) } };
  };
  return abTestOfTerms({ routed: termsOf("router"), byDefault: termsOf("default") }, log, options);
}

/** The requests of one arm among all requests or groups. */
export type ArmTerms = Pick<PolicyTerms, "nRequests" | "logged">;

/** Compares the arms of an A/B test by their terms; `null` where one has no request. */
export function abTestOfTerms(
  { routed, byDefault }: { readonly routed: ArmTerms; readonly byDefault: ArmTerms },
  resampled: { readonly promptIds: readonly string[] },
  options: Pick<OffPolicyOptions, "nResamples" | "seed">,
): AbTest | null {
  const nOf = ({ nRequests }: ArmTerms): number => nRequests.reduce((sum, n) => sum + n, 0);
  if (nOf(routed) === 0 || nOf(byDefault) === 0) return null;
  const samples = ratioSamples(resampled, options);
  const difference = (of: keyof PointColumns): PolicyEstimate =>
    samples.difference([routed.logged[of], routed.nRequests], [byDefault.logged[of], byDefault.nRequests]);
  return {
    nRequests: { routed: nOf(routed), default: nOf(byDefault) },
    routed: meansOfTerms(routed, resampled, options),
    byDefault: meansOfTerms(byDefault, resampled, options),
    difference: { quality: difference("quality"), costUsd: difference("costUsd") },
  };
}
