import type { LoggedOutcomes } from "../outcomes/logged_outcomes.ts";
import type { TargetPolicy } from "./target_policy.ts";

/** How well a log supports a policy. */
export interface PolicySupport {
  /** (Σ weights)² / Σ weights²: the log is worth so many prompts on which the policy itself chose. */
  readonly effectivePrompts: number;
  /** Mean of the weights, before any is cut: 1 in expectation where every choice of the policy had a chance. */
  readonly meanWeight: number;
  /** Its standard error. */
  readonly meanWeightStandardError: number;
  /**
   * Share of the sum of weights above the greatest one that is allowed: by so much of the policy's choices estimates
   * can be wrong. 0 where none is cut.
   */
  readonly cutShare: number;
  /**
   * Share of the prompts on which the policy's choice had propensity 0. Where only the propensities of the choices were
   * logged, this is 1 minus the weights' mean if that is more than three standard errors, else 0.
   */
  readonly shareWithoutChance: number;
  /** The reason for which this log cannot judge the policy; `null` where it can. */
  readonly refusal: string | null;
}

/** The support, and the weights themselves. */
export interface WeightedSupport extends PolicySupport {
  /**
   * How many times as probable each logged choice is under the policy as under the logging policy, at most the greatest
   * weight allowed, `[n]`.
   */
  readonly weights: Float64Array;
}

/** Sums over a log's requests, from which the support follows. */
export interface WeightSums {
  /** Number of requests. */
  readonly n: number;
  /** Σ weights and Σ weights². */
  readonly sum: number;
  readonly squares: number;
  /** The same of weights of which none is greater than allowed. */
  readonly cutSum: number;
  readonly cutSquares: number;
  /**
   * Sum of the policy's probabilities of models whose propensity was 0; `null` where only the propensities of the
   * choices were logged.
   */
  readonly impossible: number | null;
}

/** With a smaller effective number of prompts no interval is given. */
const LEAST_EFFECTIVE = 10;
/** A smaller probability of a choice, over all prompts together, is taken for a rounding error. */
const NO_SHARE = 1e-9;
const SURE_STANDARD_ERRORS = 3;

/**
 * Weights of a policy on a log, and whether the log can judge it: every choice of the policy must have had a positive
 * propensity, and some must have been made.
 *
 * **Shapes**: n × m probabilities, n weights. O(n m).
 *
 * **Source**: Kish 1965, *Survey Sampling*, section 8.2 (the effective number); Owen 2013, *Monte Carlo*, section 9.3;
 * Ionides 2008, *Truncated Importance Sampling* (greatest weight).
 * @param options `mostWeight`: greater weights are cut to it; default none is
 * @throws TypeError where the policy is not for the log's prompts and models; RangeError where its probabilities are
 * none
 */
export function policySupport(
  log: LoggedOutcomes,
  policy: TargetPolicy,
  { mostWeight = Infinity }: { readonly mostWeight?: number } = {},
): WeightedSupport {
  checkPolicy(log, policy);
  const { chosen, propensity, models } = log;
  const { probabilities } = policy;
  const m = models.length;
  const weights = propensity.map((p, i) => probabilities[i * m + chosen[i]] / p);
  const cut = weights.map((weight) => Math.min(weight, mostWeight));
  const impossible = log.propensities === null ? null : sumOfImpossible(probabilities, log.propensities);
  const sums = { n: chosen.length, impossible, sum: sumOf(weights), squares: squaresOf(weights) };
  return { weights: cut, ...supportOfSums({ ...sums, cutSum: sumOf(cut), cutSquares: squaresOf(cut) }) };
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function squaresOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

/** The support that sums over a log's requests tell. */
export function supportOfSums({ n, sum, squares, cutSum, cutSquares, impossible }: WeightSums): PolicySupport {
  const meanWeight = sum / n;
  const meanWeightStandardError = n < 2
    ? Infinity
    : Math.sqrt(Math.max(0, squares / n - meanWeight * meanWeight) / (n - 1));
  const effectivePrompts = cutSum === 0 ? 0 : cutSum * cutSum / cutSquares;
  const cutShare = sum === 0 ? 0 : (sum - cutSum) / sum;
  const isSure = meanWeight + SURE_STANDARD_ERRORS * meanWeightStandardError < 1;
  const share = impossible === null ? (isSure ? 1 - meanWeight : 0) : impossible / n;
  const shareWithoutChance = share < NO_SHARE ? 0 : share;
  const support = { effectivePrompts, meanWeight, meanWeightStandardError, cutShare, shareWithoutChance };
  return { ...support, refusal: refusalOf(support, impossible === null ? "about " : "") };
}

function sumOfImpossible(probabilities: Float64Array, propensities: Float64Array): number {
  return probabilities.reduce((sum, value, at) => propensities[at] === 0 ? sum + value : sum, 0);
}

function refusalOf(
  { shareWithoutChance, effectivePrompts }: Omit<PolicySupport, "refusal">,
  about: "about " | "",
): string | null {
  if (effectivePrompts === 0) return "none of its choices was made in the log";
  if (shareWithoutChance > 0) {
    const percent = Math.max(0.1, 100 * shareWithoutChance).toFixed(1);
    return `on ${about}${percent} % of the prompts its choice had propensity 0`;
  }
  if (effectivePrompts >= LEAST_EFFECTIVE) return null;
  return `its choices were made too rarely: they are worth ${
    effectivePrompts.toFixed(1)
  } prompts, ${LEAST_EFFECTIVE} are needed`;
}

function checkPolicy({ requestIds, models }: LoggedOutcomes, { name, probabilities }: TargetPolicy): void {
  const n = requestIds.length;
  const m = models.length;
  if (probabilities.length !== n * m) {
    throw new TypeError(
      `Cannot judge "${name}" as its probabilities must be the log's prompts × models: there are ${probabilities.length} for ${n}×${m}`,
    );
  }
  for (let i = 0; i < n; i++) {
    const row = probabilities.subarray(i * m, (i + 1) * m);
    const sum = row.reduce((total, value) => total + value, 0);
    if (row.every((value) => value >= 0) && Math.abs(sum - 1) <= 1e-6) continue;
    throw new RangeError(
      `Cannot judge "${name}" as its probabilities of a request must be 0 or more and add up to 1: those of "${
        requestIds[i]
      }" are [${row}]`,
    );
  }
}

/** A model that was chosen more or less often than its propensities say. */
export interface PropensityConflict {
  /** Its name. */
  readonly model: string;
  /** Number of times that it was chosen. */
  readonly nChosen: number;
  /** The sum of its propensities, which is the expected number of its choices. */
  readonly nExpected: number;
}

/** Binomial standard deviations, and choices, by which counts may differ by chance. */
const LARGEST_CHANCE = 4;

/**
 * Models whose count of choices contradicts their propensities by more than four standard deviations and four choices:
 * the log's propensities are then not the probabilities by which the models were drawn, and no estimate from it is
 * right.
 *
 * @returns empty where there is nothing to say, or only the propensities of the choices were logged
 */
export function propensityConflicts({ models, chosen, propensities }: LoggedOutcomes): PropensityConflict[] {
  if (propensities === null) return [];
  const m = models.length;
  return conflictsOf(models.map((model, j) => {
    const counts = { model, nChosen: 0, nExpected: 0, variance: 0 };
    for (let i = 0; i < chosen.length; i++) {
      const p = propensities[i * m + j];
      counts.nExpected += p;
      counts.variance += p * (1 - p);
      if (chosen[i] === j) counts.nChosen++;
    }
    return counts;
  }));
}

/**
 * The models, among those counted, whose count of choices contradicts what was expected; `variance` is that of the
 * count.
 */
export function conflictsOf(
  counts: readonly (PropensityConflict & { readonly variance: number })[],
): PropensityConflict[] {
  return counts.flatMap(({ variance, ...count }) => {
    const most = LARGEST_CHANCE * Math.sqrt(variance) + LARGEST_CHANCE;
    return Math.abs(count.nChosen - count.nExpected) > most ? [count] : [];
  });
}
