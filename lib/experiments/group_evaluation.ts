import type { Progress } from "../base/progress.ts";
import { LEAST_SAMPLE } from "../base/statistics.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import { groupsOf, type PromptGroup, SMALLER_GROUPS } from "./groups.ts";
import { aiq } from "../evaluation/aiq.ts";
import { compareCurves, DEFAULT_RESAMPLES } from "../evaluation/compare_curves.ts";
import {
  evaluateRouters,
  type Evaluation,
  type EvaluationOptions,
  type MeasuredSystem,
} from "../evaluation/evaluate.ts";
import { type EvaluationData, type RowChoice, rowsWhere, selectParts } from "../evaluation/evaluation_data.ts";
import { fittedOnce } from "../evaluation/fitted_once.ts";
import { oracleCurve } from "../evaluation/oracle_curve.ts";
import { type EvaluatedRouter, preparedRecipes } from "../evaluation/recipe.ts";

export { SMALLER_GROUPS };

/**
 * The prompts that a system had seen before the group's test prompts.
 *
 * - `everything`: it learned, and by our protocol had its settings chosen, on the prompts of all evaluations, this
 *   group's with them.
 * - `other groups`: on the same without this group's: it has never seen a prompt of the group.
 * - `this group`: Zero alone, its models chosen on the group's own prompts: a lottery that has been told which group it
 *   is in.
 */
export type Seen = "everything" | "other groups" | "this group";

/**
 * A system measured on a group's test prompts. There is no AIQ by the reference code's rule, which changes with the
 * systems it is computed beside: those that have seen other prompts are not.
 */
export interface GroupSystem
  extends Omit<MeasuredSystem, "sample" | "againstZero" | "amongAll" | "aiqReferenceCode" | "ownMaxCostUsd"> {
  /** The prompts that it had seen before. */
  readonly seen: Seen;
  /**
   * Its AIQ (formula) against that of the Zero router that has seen the same; of a Zero router, against the Zero that
   * has seen everything, `null` for that one itself.
   */
  readonly againstZero: MeasuredSystem["againstZero"];
}

/** One group of prompts with all that was measured on it. */
export interface GroupEvaluation {
  /** The group's name. */
  readonly name: string;
  /** The evaluations in it. */
  readonly evalNames: readonly string[];
  /** Number of its prompts in the training split (fit and validation) and in the test split. */
  readonly nPrompts: { readonly train: number; readonly test: number };
  /** From the cheapest to the dearest model's mean cost on its test prompts: the range of every AIQ by the formula. */
  readonly costRangeUsd: readonly [low: number, high: number];
  /** The paper's oracle on its test prompts. */
  readonly oracle: OperatingPoint;
  /** AIQ by the formula of the oracle at every willingness to pay, {@linkcode oracleCurve}: no system's is higher. */
  readonly oracleAiq: number;
  /** Zero and the routers that have seen everything, those that have not seen this group, the group's own Zero. */
  readonly systems: readonly GroupSystem[];
  /** A sentence for everything that could not be measured. */
  readonly notes: readonly string[];
}

/** How groups are evaluated. */
export interface GroupEvaluationOptions extends EvaluationOptions {
  /**
   * Names of groups, each with its evaluations as of {@linkcode selectEvals}: all names that begin so. Default: each
   * evaluation name is a group. Prompts of no group are learned from all the same.
   */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** Groups with fewer test prompts are put together into one, {@linkcode SMALLER_GROUPS}. Default 30. */
  readonly leastTestPrompts?: number;
  /** Called before each group and after the last. */
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Evaluates routers group by group, once trained on everything and once on everything but the group: this shows the
 * gain of routing on long-tail and domain tasks, and what a router does on a kind of prompt that it has never seen.
 *
 * Every system is treated alike: where routers have not seen the group, neither has the Zero router they are compared
 * with, and by our protocol settings are chosen on validation prompts of exactly the evaluations learned from. By the
 * paper's protocol they are chosen on the group's test prompts, so all three Zero routers are one.
 *
 * The hull drops settings that cost more and yield less, so the AIQ of a router that is misled on a group falls no
 * lower than that of its cheapest setting: `settings` shows its other settings there.
 *
 * Intervals are paired bootstraps over the group's test prompts, not corrected for the number of groups: of 40 groups
 * without any difference about two show one.
 *
 * **Source**: the paper names long-tail and domain tasks an open question; training without the group is its
 * out-of-domain experiment (Figure 9), which has no intervals and chooses settings on test prompts.
 *
 * @param data outcomes of many evaluations, from {@linkcode splitForEvaluation}
 * @param routers each is fitted once on everything, and once more for each group
 * @throws RangeError for a group without prompts of its own or without test prompts, or where `leastTestPrompts` is not
 * a whole number above 0; whatever the fits throw
 * @example
 * ```ts
 * import { linear, openEncoder, simulateOutcomes, splitForEvaluation } from "routerbench";
 * import { evaluateGroups } from "routerbench/experiments";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 60, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes);
 * const data = splitForEvaluation(outcomes, embeddings, { seed: 1 });
 * const options = { groups: { MMLU: ["mmlu"] }, leastTestPrompts: 10, nResamples: 100, seed: 1 };
 * const [mmlu] = await evaluateGroups(data, [linear()], options);
 * assert.deepEqual(mmlu.systems.map(({ name, seen }) => `${name}: ${seen}`), [
 *   "Zero: everything", "Linear: everything", "Zero: other groups", "Linear: other groups", "Zero: this group",
 * ]);
 * ```
 */
export async function evaluateGroups(
  data: EvaluationData,
  routers: readonly EvaluatedRouter[],
  options: GroupEvaluationOptions,
): Promise<GroupEvaluation[]> {
  const { groups, leastTestPrompts = LEAST_SAMPLE, onProgress, ...rest } = options;
  const found = groupsOf(data, { groups, leastTestPrompts });
  // Fits and predictions on everything are shared by all groups.
  const recipes = preparedRecipes(routers, options);
  const shared = fittedOnce(routers, options);
  const evaluated: GroupEvaluation[] = [];
  for (const group of found) {
    onProgress?.({ done: evaluated.length, total: found.length });
    evaluated.push(await evaluateGroup(data, group, { recipes, shared, evaluation: rest }));
  }
  onProgress?.({ done: found.length, total: found.length });
  return evaluated;
}

async function evaluateGroup(
  data: EvaluationData,
  { name, evalNames, notes }: PromptGroup,
  { recipes, shared, evaluation: options }: {
    readonly recipes: readonly EvaluatedRouter[];
    readonly shared: readonly EvaluatedRouter[];
    readonly evaluation: EvaluationOptions;
  },
): Promise<GroupEvaluation> {
  const inside: RowChoice = ({ outcomes }) => rowsWhere(outcomes, (evalName) => evalNames.has(evalName));
  const outside: RowChoice = ({ outcomes }) => rowsWhere(outcomes, (evalName) => !evalNames.has(evalName));
  const run = (learn: RowChoice, routers: readonly EvaluatedRouter[]): Promise<Evaluation> =>
    evaluateRouters(selectParts(data, { learn, test: inside }), routers, options);

  const everything = await run(null, shared);
  const others = isEmptied(data, outside) ? null : await run(outside, recipes);
  const own = isEmptied(data, inside) ? null : await run(inside, []);
  const { oracle, costRangeUsd } = everything;
  const zero = everything.systems[0];
  const comparison = { costRangeUsd, nResamples: options.nResamples ?? DEFAULT_RESAMPLES, seed: options.seed };
  const ofEvaluation = (evaluation: Evaluation | null, seen: Seen): GroupSystem[] =>
    (evaluation?.systems ?? []).map(({ sample, againstZero, aiqReferenceCode: _, ownMaxCostUsd: __, ...system }) => ({
      ...system,
      seen,
      againstZero: againstZero ?? (sample === zero.sample ? null : compareCurves(sample, zero.sample, comparison)),
    }));
  return {
    name,
    evalNames: [...evalNames],
    nPrompts: { train: inside(data.train).length, test: everything.nPrompts.test },
    costRangeUsd,
    oracle,
    oracleAiq: aiq(nonDecreasingHull(oracleCurve(selectParts(data, { learn: null, test: inside }).test.outcomes)), {
      rule: "formula",
      costRangeUsd,
    }),
    systems: [
      ...ofEvaluation(everything, "everything"),
      ...ofEvaluation(others, "other groups"),
      ...ofEvaluation(own, "this group"),
    ],
    notes: [
      ...notes,
      ...(others === null ? ["There is no other group to learn from and to choose settings on."] : []),
      ...(own === null ? ["The group has no prompts of its own to choose Zero's models on."] : []),
    ],
  };
}

/** Whether a choice of rows leaves a part without prompts, from which nothing can be learned or chosen. */
function isEmptied(data: EvaluationData, rowsOf: Exclude<RowChoice, null>): boolean {
  return [data.train, data.fit, data.validation].some((part) => rowsOf(part).length === 0);
}
