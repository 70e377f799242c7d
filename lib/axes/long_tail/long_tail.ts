import { compareCurves, type CurveComparison } from "../../evaluation/compare_curves.ts";
import { type EvaluatedRouter, evaluateRouters, type Evaluation } from "../../evaluation/evaluate.ts";
import { type EvaluationData, type RowChoice, rowsWhere, selectParts } from "../../evaluation/evaluation_data.ts";
import { fittedOnce } from "../../evaluation/fitted_once.ts";
import { preparedRecipes } from "../../evaluation/recipe.ts";
import type { Family } from "../../evaluation/systems.ts";
import { groupsOf } from "../../experiments/groups.ts";
import { type PooledEffects, pooledEffects } from "./shrinkage.ts";

/** What a system gains over Zero on one group, having seen so many of its prompts. */
export interface TailGain extends CurveComparison {
  /** Labelled prompts of the group that were learned from or chosen on; `null`: all that there are, 0: none. */
  readonly nLabelled: number | null;
}

/** A system on one group. */
export interface TailSystem {
  /** Its name. */
  readonly name: string;
  /** Its family. */
  readonly family: Family;
  /** Its gain over the Zero router that has seen everything, with all labels, none, and some. */
  readonly gains: readonly TailGain[];
  /** The gain with all labels, drawn towards that of all groups: {@linkcode pooledEffects}. */
  readonly shrunk: PooledEffects["groups"][number];
  /** What all labels are worth: its AIQ with them less that of never having seen the group. */
  readonly gap: CurveComparison;
  /**
   * The least of the tried numbers of labelled prompts that closes nine tenths of that gap; 0 where no gap is to be seen, its interval reaching down to
   * 0, and `null` where none of the tried numbers does.
   */
  readonly repairedBy: number | null;
}

/** One group of prompts. */
export interface TailGroup {
  /** Its name. */
  readonly name: string;
  /** Number of its prompts in the training and in the test split. */
  readonly nPrompts: { readonly train: number; readonly test: number };
  /** The systems, in the order given. */
  readonly systems: readonly TailSystem[];
}

/** Long-tail groups with what routing is worth on them. */
export interface LongTail {
  /** The groups, the pooled small ones last. */
  readonly groups: readonly TailGroup[];
  /** The gains of each system with all labels, over all groups. */
  readonly pooled: Readonly<Record<string, PooledEffects>>;
  /** Numbers of labelled prompts that were tried. */
  readonly nLabelled: readonly number[];
  /** What was put together, a sentence each. */
  readonly notes: readonly string[];
}

/** How long-tail groups are measured. */
export interface LongTailOptions {
  /** Names of groups with their evaluations, as of {@linkcode evaluateGroups}; default: each evaluation is one. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** Groups with fewer test prompts are put together. Default 10, as small groups are drawn towards the others. */
  readonly leastTestPrompts?: number;
  /** Numbers of labelled prompts that a router may have of the group. Default 10, 30, 100. */
  readonly nLabelled?: readonly number[];
  /** Resamples of each interval. Default 1,000. */
  readonly nResamples?: number;
  /** Seed of fits and intervals. */
  readonly seed: number;
  /** Called before each group and after the last. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

const LEAST_TEST_PROMPTS = 10;
const N_LABELLED: readonly number[] = [10, 30, 100];
const DEFAULT_RESAMPLES = 1000;
const CLOSED = 0.9;

/**
 * Asks the paper's question about long-tail and domain tasks of every group of a table: what routing gains there, what a router does that has never
 * seen the group, and how many labelled prompts of the group repair it.
 *
 * Every gain is over the same reference, the Zero router that has seen all groups, on the group's test prompts; with n labelled prompts a router learns,
 * and its settings are chosen, on all other groups and n prompts of this one. Groups are compared by gains drawn towards their mean, as small ones
 * say little alone. A cascade learns nothing but its order, so that labels hardly change it.
 *
 * @throws as {@linkcode evaluateGroups}; RangeError where a number of labelled prompts is not a whole number above 0
 */
export async function longTail(
  data: EvaluationData,
  routers: readonly EvaluatedRouter[],
  options: LongTailOptions,
): Promise<LongTail> {
  const { nLabelled = N_LABELLED, leastTestPrompts = LEAST_TEST_PROMPTS, onProgress, seed } = options;
  const nResamples = options.nResamples ?? DEFAULT_RESAMPLES;
  checkCounts(nLabelled);
  const found = groupsOf(data, { groups: options.groups, leastTestPrompts });
  const recipes = preparedRecipes(routers, { seed });
  const shared = fittedOnce(routers, { seed });
  const measured: Omit<MeasuredGroup, "systems">[] = [];
  const perGroup: MeasuredGroup["systems"][] = [];
  for (const { name, evalNames } of found) {
    onProgress?.({ done: measured.length, total: found.length });
    const inside: RowChoice = ({ outcomes }) => rowsWhere(outcomes, (evalName) => evalNames.has(evalName));
    const run = (learn: RowChoice, of: readonly EvaluatedRouter[]): Promise<Evaluation> =>
      evaluateRouters(selectParts(data, { learn, test: inside }), of, { seed, nResamples: LEAST_RESAMPLES });
    const everything = await run(null, shared);
    const zero = everything.systems[0].sample;
    const comparison = { costRangeUsd: everything.costRangeUsd, nResamples, seed };
    const gainsOf = (evaluation: Evaluation, labelled: number | null): TailGain[] =>
      evaluation.systems.slice(1).map(({ sample }) => ({
        nLabelled: labelled,
        ...compareCurves(sample, zero, comparison),
      }));
    const nTrain = inside(data.train).length;
    const tried = [0, ...nLabelled.filter((count) => count < nTrain)];
    const gains = [gainsOf(everything, null)];
    const withLabels: Evaluation[] = [];
    for (const count of tried) {
      withLabels.push(await run(withSome(data, evalNames, count), recipes));
      gains.push(gainsOf(withLabels.at(-1)!, count));
    }
    measured.push({ name, nPrompts: { train: nTrain, test: everything.nPrompts.test } });
    perGroup.push(
      everything.systems.slice(1).map((system, at) => ({
        name: system.name,
        family: system.family,
        gains: gains.map((of) => of[at]),
        gap: compareCurves(system.sample, withLabels[0].systems[at + 1].sample, comparison),
      })),
    );
  }
  onProgress?.({ done: found.length, total: found.length });
  return pooledGroups(measured, perGroup, { nLabelled, notes: found.flatMap(({ notes }) => notes) });
}

/** Intervals of the evaluations themselves are not used. */
const LEAST_RESAMPLES = 100;

interface MeasuredGroup extends Omit<TailGroup, "systems"> {
  readonly systems: readonly Omit<TailSystem, "shrunk" | "repairedBy">[];
}

function pooledGroups(
  measured: readonly Omit<MeasuredGroup, "systems">[],
  perGroup: readonly MeasuredGroup["systems"][],
  { nLabelled, notes }: Pick<LongTail, "nLabelled" | "notes">,
): LongTail {
  const pools = perGroup[0].map((_, at) =>
    pooledEffects(perGroup.map((systems) => ({
      effect: systems[at].gains[0].difference,
      standardError: systems[at].gains[0].standardError,
    })))
  );
  return {
    groups: measured.map((group, g) => ({
      ...group,
      systems: perGroup[g].map((system, at) => ({
        ...system,
        shrunk: pools[at].groups[g],
        repairedBy: repairOf(system),
      })),
    })),
    pooled: Object.fromEntries(perGroup[0].map(({ name }, at) => [name, pools[at]])),
    nLabelled,
    notes,
  };
}

function repairOf({ gains: [, none, ...some], gap }: MeasuredGroup["systems"][number]): number | null {
  if (gap.interval[0] <= 0) return 0;
  const enough = some.find(({ difference }) => difference >= none.difference + CLOSED * gap.difference);
  return enough?.nLabelled ?? null;
}

/** All other groups' prompts, and so many of the group: the first of the training split, which fit and validation part share as they share all. */
function withSome(data: EvaluationData, evalNames: ReadonlySet<string>, count: number): RowChoice {
  const { promptIds } = data.train.outcomes;
  const own = rowsWhere(data.train.outcomes, (evalName) => evalNames.has(evalName));
  const labelled = new Set(own.slice(0, count).map((row) => promptIds[row]));
  return ({ outcomes }) =>
    outcomes.evalNames.flatMap((evalName, i) =>
      !evalNames.has(evalName) || labelled.has(outcomes.promptIds[i]) ? [i] : []
    );
}

function checkCounts(counts: readonly number[]): void {
  const wrong = counts.find((count) => !Number.isInteger(count) || count < 1);
  if (wrong === undefined) return;
  throw new RangeError(
    `Cannot count labelled prompts as each number must be a whole number above 0: one is ${wrong}; pass [10, 30, 100]`,
  );
}
