import table1 from "../../data/paper/table1.json" with { type: "json" };

/** One row of the paper's Table 1: a model's (or the oracle's) quality and cost on each evaluation. */
export interface PaperTableRow {
  /** The model's name in the released files; `oracle` for the oracle. */
  readonly model: string;
  /** The name that the paper prints. */
  readonly paperName: string;
  /** Mean quality on the test split, by evaluation, 0..1. */
  readonly quality: Readonly<Record<string, number>>;
  /** Cost summed over the test split, by evaluation, USD. */
  readonly totalCostUsd: Readonly<Record<string, number>>;
}

const ROWS: readonly PaperTableRow[] = table1.rows;
const RELEASED_ROWS: Readonly<Record<string, number>> = table1.releasedRows0shot;

/** The seven evaluations of the paper's Table 1, in its order. */
export const PAPER_EVAL_NAMES: readonly string[] = table1.evalNames;

/** The eleven models of the paper's Table 1, in its order. */
export const PAPER_MODEL_ROWS: readonly PaperTableRow[] = ROWS.filter((row) => row.model !== "oracle");

/** The oracle's row of the paper's Table 1. */
export const PAPER_ORACLE_ROW: PaperTableRow = ROWS.find((row) => row.model === "oracle")!;

/** List prices, USD per million tokens, by model: data/paper/README.md, "Data". */
export const PRICE_USD_PER_MILLION_TOKENS: Readonly<
  Record<string, { readonly prompt: number; readonly completion: number }>
> = table1.priceUsdPerMillionTokens;

/**
 * The paper's models in the order of the released files' `…|model_response` columns, in which the reference code lists
 * them: of equally good models the first wins. The columns of quality have another order.
 */
export const PAPER_MODEL_ORDER: readonly string[] = [
  "gpt-3.5-turbo-1106",
  "claude-instant-v1",
  "claude-v1",
  "claude-v2",
  "gpt-4-1106-preview",
  "meta/llama-2-70b-chat",
  "mistralai/mixtral-8x7b-chat",
  "zero-one-ai/Yi-34B-Chat",
  "WizardLM/WizardLM-13B-V1.2",
  "meta/code-llama-instruct-34b-chat",
  "mistralai/mistral-7b-chat",
];

/** The number of prompts of an evaluation in the released 0-shot file. */
export function paperReleasedPrompts(evalName: string): number {
  return RELEASED_ROWS[evalName];
}

/** The number of prompts of an evaluation's test split: n − ⌊.7 n⌋ of the released rows. */
export function paperTestPrompts(evalName: string): number {
  const n = paperReleasedPrompts(evalName);
  return n - Math.floor(0.7 * n);
}

/**
 * The models as Table 1 prints them for an evaluation: name, *total* cost on the test split in USD (not the mean per
 * prompt), mean quality.
 *
 * @param evalName one of {@linkcode PAPER_EVAL_NAMES}
 * @throws RangeError for another evaluation
 * @example
 * ```ts
 * import { paperModelPoints } from "routerbench/paper";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(paperModelPoints("mmlu").at(-1), { name: "GPT-4", costUsd: 4.086, quality: 0.828 });
 * ```
 */
export function paperModelPoints(
  evalName: string,
): { readonly name: string; readonly costUsd: number; readonly quality: number }[] {
  if (!PAPER_EVAL_NAMES.includes(evalName)) {
    throw new RangeError(
      `Cannot read Table 1 as the evaluation must be one of ${PAPER_EVAL_NAMES.join(", ")}: it is "${evalName}"`,
    );
  }
  return PAPER_MODEL_ROWS.map((row) => ({
    name: row.paperName,
    costUsd: row.totalCostUsd[evalName],
    quality: row.quality[evalName],
  }));
}

/** The name the paper prints for a model, such as "Mistral 7B"; the name itself for a model that is not the paper's. */
export function shortModelName(model: string): string {
  return ROWS.find((row) => row.model === model)?.paperName ?? model;
}

/** The evaluations' names as the paper writes them. */
export const PAPER_EVAL_TITLES: Readonly<Record<string, string>> = {
  "mmlu": "MMLU",
  "mtbench": "MT-Bench",
  "mbpp": "MBPP",
  "hellaswag": "HellaSwag",
  "winogrande": "Winogrande",
  "grade-school-math": "GSM8K",
  "arc-challenge": "ARC-Challenge",
  "rag": "RAG",
};
