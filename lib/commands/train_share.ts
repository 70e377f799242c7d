import { counted } from "../base/words.ts";
import { TRAIN_SHARE } from "../evaluation/evaluation_data.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { splitOutcomes } from "../outcomes/split_outcomes.ts";
import { type CommandInput, numberOption, type OptionSpec } from "./command_options.ts";

/** The option that {@linkcode trainShareOf} reads. */
export const TRAIN_SHARE_OPTION: OptionSpec = {
  value: "X",
  says: "share of the prompts to learn from",
  default: String(TRAIN_SHARE),
};

/** A share that differs by less is the one that was asked for. */
const SAME_SHARE = 0.01;

/**
 * The share to learn from.
 *
 * @throws TypeError where it would be without effect
 */
export function trainShareOf(input: CommandInput, split: "chance" | "given" = "chance"): number {
  if (split === "given" && input.isOn("train-share")) {
    throw new TypeError(
      "Cannot read the options as --train-share must not stand beside --split given, whose files say what is learned from; leave one out",
    );
  }
  return numberOption(input, "train-share", { words: "between 0 and 1", holds: (value) => value > 0 && value < 1 });
}

/** The share of the prompts that are not held out. */
export function shareWithout({ promptIds }: OutcomeTable, testIds: ReadonlySet<string>): number {
  return promptIds.filter((id) => !testIds.has(id)).length / promptIds.length;
}

/** Which share of the prompts is learned from, in words: the true one where small evaluations leave another. */
export function trainingWords(
  outcomes: OutcomeTable,
  { trainShare, split, seed }: {
    readonly trainShare: number;
    readonly split: "chance" | "given";
    readonly seed: number;
  },
): string {
  if (split === "given") return `the given split, ${trainShare.toFixed(3)} of the prompts`;
  const nPrompts = outcomes.promptIds.length;
  let nTrain: number;
  try {
    nTrain = splitOutcomes(outcomes, { trainShare, seed }).trainRows.length;
  } catch {
    return `${trainShare} of the prompts`; // A side is empty: the evaluation says so.
  }
  if (Math.abs(nTrain / nPrompts - trainShare) < SAME_SHARE) return `${trainShare} of the prompts`;
  const evalNames = new Set(outcomes.evalNames);
  const why = evalNames.size > 1
    ? `as each of ${
      counted(evalNames.size, "evaluation")
    } is split into whole prompts; --eval-column none splits all together`
    : "as prompts of one text stay together";
  const all = counted(nPrompts, "prompt");
  return `${(nTrain / nPrompts).toFixed(2)} of the prompts (${nTrain} of ${all}) instead of ${trainShare}, ${why}`;
}
