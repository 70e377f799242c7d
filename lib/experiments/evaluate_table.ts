import type { Progress } from "../base/progress.ts";
import type { OutcomeAudit } from "../audit/audit_outcomes.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import type { Recommendation } from "../evaluation/recommend.ts";
import { evaluateRouters, type RouterRecipe, type SystemRecipe } from "../evaluation/evaluate.ts";
import { cascadeRouting } from "../evaluation/cascade_routing_system.ts";
import { cascade } from "../evaluation/recipes.ts";
import { type EvaluationData, rowsWhere, selectParts, splitForEvaluation } from "../evaluation/evaluation_data.ts";
import { counted, isOrAre } from "../base/words.ts";
import { givenSplit } from "../outcomes/split_outcomes.ts";
import { evalNamesOf, modelMeans, type OutcomeTable } from "../outcomes/outcome_table.ts";
import type { EmbeddedOutcomes } from "../routers/router.ts";
import type { BesideEvaluation } from "./beside.ts";
import { evalFamilyOf, POOLED } from "./evaluation_names.ts";
import { chosenRouters, type LearnedFrom, LEAST_TO_LEARN_FROM, paperRouters } from "./paper_routers.ts";
import type { NamedEvaluation } from "./named_evaluation.ts";
import { predictedCosts } from "./predicted_costs.ts";

/** The systems that can be asked for; Zero and the oracle are always there. */
export const ROUTER_FAMILIES = ["knn", "mlp", "linear", "kernel", "group", "best", "cascade"] as const;

/** One of {@linkcode ROUTER_FAMILIES}. */
export type RouterFamily = (typeof ROUTER_FAMILIES)[number];

/** How a table is evaluated. */
export interface TableEvaluationOptions {
  /** The families that run. */
  readonly families: readonly RouterFamily[];
  /** Share of the prompts for training; without effect where `testIds` are given. */
  readonly trainShare: number;
  /** Ids of the prompts that the table's makers hold out for the test; default: the split is by chance. */
  readonly testIds?: ReadonlySet<string>;
  /** Seed of splits, networks and resamples. */
  readonly seed: number;
  /** Called before each evaluation, with prompts as the unit of work. */
  readonly onProgress?: (progress: Progress) => void;
}

/** The results of an evaluation of a table. */
export interface TableEvaluation {
  /** All prompts first, then evaluations by themselves, the largest first. */
  readonly evaluations: readonly NamedEvaluation[];
  /** A sentence for everything that was left out, with the reason. */
  readonly notes: readonly string[];
}

/** What is said of a run, wherever its outcomes are. */
export interface EvaluatedOutcomes {
  /** The outcomes in a few words. */
  readonly outcomes: Pick<OutcomeTable, "source" | "models"> & { readonly nPrompts: number };
  /** What was found wrong with them. */
  readonly audit: OutcomeAudit;
  /** The encoder's name, or `none`. */
  readonly encoder: string;
  /** What the run was told. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What it found. */
  readonly result: TableEvaluation;
  /** What may be concluded, in sentences. */
  readonly conclusion: readonly string[];
  /** The setting to run; `null` where no goal was named. */
  readonly recommendation: Recommendation | null;
  /** What was evaluated beside it. */
  readonly beside?: readonly BesideEvaluation[];
}

/** A run on a table in memory. */
export interface EvaluatedTable extends Omit<EvaluatedOutcomes, "outcomes"> {
  readonly outcomes: OutcomeTable;
  readonly settings: {
    readonly seed: number;
    readonly split: "chance" | "given";
    readonly trainShare: number;
    readonly routers: readonly RouterFamily[];
    readonly evalNames: readonly string[] | null;
  };
}

/** What is said of a table in memory. */
export function toldOf({ outcomes, ...rest }: EvaluatedTable): EvaluatedOutcomes {
  const { source, models, promptIds } = outcomes;
  return { ...rest, outcomes: { source, models, nPrompts: promptIds.length } };
}

/** An evaluation with fewer prompts in a part is not evaluated by itself. */
export const LEAST_IN_A_PART = 10;
/** At most so many evaluations are shown by themselves; the others count in all prompts together. */
export const MOST_SHOWN = 12;
/** With more grades there is no cascade: its judge would refuse nearly right answers, as it accepts the best alone. */
const MOST_GRADES = 11;
/** The rates of the judge's errors that are shown. */
const JUDGE_ERRORS: readonly number[] = [0, 0.1, 0.2];
/** The one of them with which cascade routing is shown beside the cascade. */
const ROUTED_JUDGE_ERROR = 0.1;

/**
 * Runs Zero, the oracle and the routers asked for on any table: all prompts together, then each evaluation that is
 * large enough, by our protocol: settings of all systems are chosen on validation prompts and measured on test prompts.
 *
 * @param embeddings the prompts' vectors; `null` where there are none: learned routers are then left out
 * @throws TypeError where the table has less than two models, or all cost the same
 */
export async function evaluateTable(
  outcomes: OutcomeTable,
  embeddings: Embeddings | null,
  options: TableEvaluationOptions,
): Promise<TableEvaluation> {
  const { families, trainShare, testIds, seed, onProgress } = options;
  needCosts(outcomes);
  const notes: string[] = [];
  if (embeddings === null && families.some((family) => family !== "cascade")) {
    notes.push("Learned routers are left out: there are no texts to learn from");
  }
  const { judgeErrors, nGrades } = judgesOf(families, outcomes);
  if (families.includes("cascade") && judgeErrors.length === 0) {
    notes.push(
      nGrades > MOST_GRADES
        ? `The cascade is left out: its judge needs answers that are right or wrong, or graded in at most ${MOST_GRADES} steps; here there are more`
        : "The cascade is left out: all qualities are equal",
    );
  }
  const data = splitForEvaluation(outcomes, embeddings ?? noVectors(outcomes), { trainShare, testIds, seed });
  if (testIds !== undefined) notes.push(...crossingNote(outcomes, testIds));
  const { groups, left } = groupsOf(data, outcomes);
  if (left.length > 0) notes.push(`Counted in all prompts together only: ${left.join(", ")}`);
  const evaluations: NamedEvaluation[] = [];
  // Work grows with the prompts: all of them together take as long as the evaluations after them.
  const sizes = groups.map(({ part: { fit, validation, test } }) =>
    fit.outcomes.promptIds.length + validation.outcomes.promptIds.length + test.outcomes.promptIds.length
  );
  const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  const tell = (): void => onProgress?.({ done: sum(sizes.slice(0, evaluations.length)), total: sum(sizes) });
  for (const { evalName, part } of groups) {
    tell();
    const nLearned = part.fit.outcomes.promptIds.length;
    const canLearn = embeddings !== null && nLearned >= LEAST_TO_LEARN_FROM;
    const recipes = [
      ...(canLearn ? recipesOf(families, part.fit) : []),
      ...cascadesOf(families, outcomes),
      ...(canLearn && judgeErrors.includes(ROUTED_JUDGE_ERROR)
        ? [cascadeRouting({ judgeError: ROUTED_JUDGE_ERROR })]
        : []),
    ];
    const evaluation = await evaluateRouters(part, recipes, { protocol: "ours", seed });
    const leftOut = embeddings === null || canLearn
      ? null
      : `learned routers left out: ${counted(nLearned, "prompt")} to learn from, ${LEAST_TO_LEARN_FROM} are needed`;
    const costs = canLearn ? { costs: await predictedCosts(part) } : {};
    evaluations.push({ evalName, evaluation, byOther: null, leftOut, ...costs });
  }
  tell();
  return { evaluations, notes };
}

/** Number of different qualities; those beyond one too many are not counted, as a table may have millions. */
function gradesOf({ quality }: OutcomeTable): number {
  const grades = new Set<number>();
  for (let at = 0; at < quality.length && grades.size <= MOST_GRADES; at++) grades.add(quality[at]);
  return grades.size;
}

/** A given split may have a prompt on both sides. */
function crossingNote(outcomes: OutcomeTable, testIds: ReadonlySet<string>): string[] {
  const { nCrossing } = givenSplit(outcomes, testIds);
  if (nCrossing === 0) return [];
  return [
    `${counted(nCrossing, "test prompt")} of the given split ${isOrAre(nCrossing)} among the training prompts too`,
  ];
}

/** The routers of the families asked for: the paper's, and those whose settings are chosen. */
export function recipesOf(families: readonly RouterFamily[], learned: LearnedFrom): RouterRecipe[] {
  return [...paperRouters(), ...chosenRouters(learned)].filter(({ family }) =>
    (families as readonly string[]).includes(family ?? "other")
  );
}

/** The cascades, one an error of the judge; none where they are not asked for, or grades are too many for a judge. */
export function cascadesOf(families: readonly RouterFamily[], outcomes: OutcomeTable): SystemRecipe[] {
  return judgesOf(families, outcomes).judgeErrors.map((judgeError) => cascade({ judgeError }));
}

function judgesOf(
  families: readonly RouterFamily[],
  outcomes: OutcomeTable,
): { readonly judgeErrors: readonly number[]; readonly nGrades: number } {
  const nGrades = gradesOf(outcomes);
  return {
    judgeErrors: families.includes("cascade") && nGrades <= MOST_GRADES && nGrades > 1 ? JUDGE_ERRORS : [],
    nGrades,
  };
}

function needCosts(outcomes: OutcomeTable): void {
  const found = noChoice(outcomes);
  if (found === null) return;
  throw new TypeError(
    `Cannot evaluate routers as there must be two models of different cost to choose from: ${found}; add the outcomes of another model`,
  );
}

/** Why there is nothing to choose between; `null` where there is. */
export function noChoice(outcomes: OutcomeTable): string | null {
  const costs = modelMeans(outcomes).costUsd;
  if (costs.length >= 2 && Math.min(...costs) < Math.max(...costs)) return null;
  return `"${outcomes.source.name}" has ${costs.length === 1 ? "one model" : `${costs.length} models of equal cost`}`;
}

/** Vectors for what needs none. */
export function noVectors({ promptIds: { length: nPrompts } }: OutcomeTable): Embeddings {
  return { nPrompts, nDims: 0, values: new Float32Array(0), encoder: "none" };
}

/** All prompts, then the evaluations that can be shown by themselves, those of one of the paper's (`mmlu-…`) as one. */
function groupsOf(
  data: EvaluationData,
  outcomes: OutcomeTable,
): {
  readonly groups: readonly { readonly evalName: string; readonly part: EvaluationData }[];
  readonly left: readonly string[];
} {
  const names = [...new Set(evalNamesOf(outcomes).map(evalFamilyOf))];
  if (names.length === 1) return { groups: [{ evalName: names[0], part: data }], left: [] };
  const count = ({ outcomes }: EmbeddedOutcomes, name: string): number =>
    outcomes.evalNames.filter((evalName) => evalFamilyOf(evalName) === name).length;
  const sized = names.map((name) => ({
    name,
    size: count(data.test, name),
    least: Math.min(...[data.fit, data.validation, data.test].map((part) => count(part, name))),
  }))
    .sort((a, b) => b.size - a.size);
  const shown = sized.filter(({ least }) => least >= LEAST_IN_A_PART).slice(0, MOST_SHOWN).map(({ name }) => name);
  const rowsOf = (name: string) => ({ outcomes }: EmbeddedOutcomes): number[] =>
    rowsWhere(outcomes, (evalName) => evalFamilyOf(evalName) === name);
  const own = shown.map((name) => ({
    evalName: name,
    part: selectParts(data, { learn: rowsOf(name), test: rowsOf(name) }),
  }));
  const priced = own.filter(({ part }) => {
    const costs = modelMeans(part.test.outcomes).costUsd;
    return Math.min(...costs) < Math.max(...costs);
  });
  return {
    groups: [{ evalName: POOLED, part: data }, ...priced],
    left: sized.map(({ name }) => name).filter((name) => !priced.some(({ evalName }) => evalName === name)),
  };
}
