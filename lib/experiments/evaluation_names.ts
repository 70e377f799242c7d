import { evalNamesOf, type OutcomeTable } from "../outcomes/outcome_table.ts";
import { PAPER_EVAL_NAMES, PAPER_EVAL_TITLES } from "../outcomes/paper_table.ts";
import type { PaperOrder } from "../outcomes/split_outcomes.ts";

/** The split of the paper's protocol in a run, which is that of the printed numbers. */
export const PRINTED_ORDER: PaperOrder = "by id";

/** The evaluation of all prompts together. */
export const POOLED = "pooled";

/** Some prompts of a table under one name. */
export interface EvaluationGroup {
  /** The name in tables and files. */
  readonly evalName: string;
  /** The beginnings of its evaluations' names. */
  readonly names: readonly string[];
}

/** The evaluations of a run: those asked for, else the paper's that the table has, else all the table's. */
export function evaluationsOf(table: OutcomeTable, asked?: readonly string[]): string[] {
  if (asked !== undefined) return [...asked];
  const ofPaper = PAPER_EVAL_NAMES.filter((name) => !missingEvaluations(table).includes(name));
  return ofPaper.length > 0 ? ofPaper : evalNamesOf(table);
}

/** The paper's evaluations of which the table has no prompt. */
export function missingEvaluations(table: OutcomeTable): string[] {
  const known = evalNamesOf(table);
  return PAPER_EVAL_NAMES.filter((name) => !known.some((evalName) => evalName.startsWith(name)));
}

/** The paper's evaluation to which one belongs by the beginning of its name (`mmlu-…`), else its own name. */
export function evalFamilyOf(evalName: string): string {
  return PAPER_EVAL_NAMES.find((name) => evalName.startsWith(name)) ?? evalName;
}

/** The evaluations, all of them together first where there are several. */
export function withPooled(evalNames: readonly string[]): EvaluationGroup[] {
  const each = evalNames.map((evalName) => ({ evalName, names: [evalName] }));
  return evalNames.length > 1 ? [{ evalName: POOLED, names: evalNames }, ...each] : each;
}

/** An evaluation's name as the paper writes it. */
export function evalTitle(evalName: string): string {
  return evalName === POOLED
    ? "All evaluations"
    : Object.hasOwn(PAPER_EVAL_TITLES, evalName)
    ? PAPER_EVAL_TITLES[evalName]
    : evalName;
}
