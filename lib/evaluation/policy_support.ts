import type { LoggedOutcomes } from "../outcomes/logged_outcomes.ts";
import type { TargetPolicy } from "./target_policy.ts";

/** How well a log supports a policy. */
export interface PolicySupport {
  /** How many times as probable each logged choice is under the policy as under the logging policy, `[n]`. */
  readonly weights: Float64Array;
  /** (Σ weights)² / Σ weights²: the log is worth so many prompts on which the policy itself chose. */
  readonly effectivePrompts: number;
  /** Mean of the weights: 1 in expectation where every choice of the policy had a chance. */
  readonly meanWeight: number;
  /** Its standard error. */
  readonly meanWeightStandardError: number;
  /**
   * Share of the prompts on which the policy's choice had propensity 0. Where only the propensities of the choices were
   * logged, this is 1 minus the weights' mean if that is more than three standard errors, else 0.
   */
  readonly shareWithoutChance: number;
  /** The reason for which this log cannot judge the policy; `null` where it can. */
  readonly refusal: string | null;
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
 * **Source**: Kish 1965, *Survey Sampling*, section 8.2 (the effective number); Owen 2013, *Monte Carlo*, section 9.3.
 * @throws TypeError where the policy is not for the log's prompts and models; RangeError where its probabilities are
 * none
 */
export function policySupport(log: LoggedOutcomes, policy: TargetPolicy): PolicySupport {
  checkPolicy(log, policy);
  const { chosen, propensity, models } = log;
  const { probabilities } = policy;
  const n = chosen.length;
  const m = models.length;
  const weights = new Float64Array(n);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    weights[i] = probabilities[i * m + chosen[i]] / propensity[i];
    sum += weights[i];
    squares += weights[i] * weights[i];
  }
  const meanWeight = sum / n;
  const meanWeightStandardError = n < 2
    ? Infinity
    : Math.sqrt(Math.max(0, squares / n - meanWeight * meanWeight) / (n - 1));
  const effectivePrompts = sum === 0 ? 0 : sum * sum / squares;
  const shareWithoutChance = log.propensities === null
    ? meanWeight + SURE_STANDARD_ERRORS * meanWeightStandardError < 1 ? 1 - meanWeight : 0
    : shareOfImpossible(probabilities, log.propensities, n);
  const support = { weights, effectivePrompts, meanWeight, meanWeightStandardError, shareWithoutChance };
  return { ...support, refusal: refusalOf(log, support) };
}

function shareOfImpossible(probabilities: Float64Array, propensities: Float64Array, n: number): number {
  let share = 0;
  for (let at = 0; at < probabilities.length; at++) if (propensities[at] === 0) share += probabilities[at] / n;
  return share < NO_SHARE ? 0 : share;
}

function refusalOf(
  { propensities }: LoggedOutcomes,
  { shareWithoutChance, effectivePrompts }: Omit<PolicySupport, "refusal">,
): string | null {
  if (effectivePrompts === 0) return "none of its choices was made in the log";
  if (shareWithoutChance > 0) {
    const about = propensities === null ? "about " : "";
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
  return models.flatMap((model, j) => {
    let nChosen = 0;
    let nExpected = 0;
    let variance = 0;
    for (let i = 0; i < chosen.length; i++) {
      const p = propensities[i * m + j];
      nExpected += p;
      variance += p * (1 - p);
      if (chosen[i] === j) nChosen++;
    }
    const most = LARGEST_CHANCE * Math.sqrt(variance) + LARGEST_CHANCE;
    return Math.abs(nChosen - nExpected) > most ? [{ model, nChosen, nExpected }] : [];
  });
}
