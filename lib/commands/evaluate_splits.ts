import { signed } from "../base/words.ts";
import { paragraph } from "../base/wrapped.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { splitForEvaluation } from "../evaluation/evaluation_data.ts";
import { cascadesOf, type EvaluatedTable, noVectors, recipesOf } from "../experiments/evaluate_table.ts";
import { gainsOverSplits } from "../experiments/over_splits.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { terminalTable } from "../paper/run/summary.ts";
import { type CommandInput, numberOption, type NumberRule, type OptionSpec } from "./command_options.ts";

/** The option of evaluations that are repeated. */
export const SPLITS_OPTION: Readonly<Record<"splits", OptionSpec>> = {
  "splits": {
    value: "N",
    says:
      "repeats the evaluation of all prompts together over N splits (seeds 1 to N), prints each system's mean gain over " +
      "Zero with its standard error, and writes no files",
  },
};

const AT_LEAST_TWO: NumberRule = {
  words: "a whole number, 2 or more",
  holds: (value) => Number.isInteger(value) && value >= 2,
};

/**
 * Over how many splits the evaluation is repeated; `null` where it is not.
 *
 * @throws TypeError where it is no number of splits, or the split is given
 */
export function nSplitsOf(input: CommandInput): number | null {
  if (input.text("splits") === null) return null;
  if (input.text("split") === "given") {
    throw new TypeError("Cannot repeat an evaluation as its splits must be by chance: --split is given; leave it out");
  }
  return numberOption(input, "splits", AT_LEAST_TWO);
}

/** Repeats an evaluation and tells the gains: as a table, or as JSON. */
export async function evaluateOverSplits(
  { outcomes, embeddings, settings: { routers: families, trainShare } }: {
    readonly outcomes: OutcomeTable;
    readonly embeddings: Embeddings | null;
    readonly settings: Pick<EvaluatedTable["settings"], "routers" | "trainShare">;
  },
  { nSplits, isJson, onProgress }: {
    readonly nSplits: number;
    readonly isJson: boolean;
    readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
  },
): Promise<string> {
  const vectors = embeddings ?? noVectors(outcomes);
  const { fit } = splitForEvaluation(outcomes, vectors, { seed: 1, trainShare });
  const routers = [...(embeddings === null ? [] : recipesOf(families, fit)), ...cascadesOf(families, outcomes)];
  const seeds = Array.from({ length: nSplits }, (_, at) => at + 1);
  const gains = await gainsOverSplits({ outcomes, embeddings: vectors }, routers, { seeds, trainShare, onProgress });
  if (isJson) return JSON.stringify(gains, null, 2);
  const isSimulated = gains.some(({ shareOfOptimum }) => shareOfOptimum !== null);
  const rows = gains.map(({ system, meanGain, standardError, correctedStandardError, shareOfOptimum }) => [
    system,
    signed(meanGain, 4),
    standardError.toFixed(4),
    correctedStandardError.toFixed(4),
    ...(isSimulated ? [shareOfOptimum!.toFixed(2)] : []),
  ]);
  const columns = ["", "over Zero", "± SE", "± SE, corrected", ...(isSimulated ? ["share of optimum"] : [])];
  const says =
    `Gain of the AIQ (formula) over Zero by our protocol, mean of ${nSplits} splits. SE: standard error of ` +
    "that mean, as if splits were independent; corrected: for the prompts that they share (Nadeau and Bengio 2003)." +
    (isSimulated ? " Share of optimum: of the gain of the best router that reads only the text." : "");
  return `${terminalTable({ columns, rows })}\n\n${paragraph(says)}`;
}
