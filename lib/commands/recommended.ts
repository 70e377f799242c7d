import { DEFAULT_ENCODER } from "../embeddings/weights.ts";
import type { Encoder } from "../embeddings/embeddings.ts";
import { wrapped } from "../base/wrapped.ts";
import type { Goal, Recommendation, RecommendOptions } from "../evaluation/recommend.ts";
import type { SavedEncoder } from "../evaluation/router_file.ts";
import { saveRouter } from "../evaluation/save_router.ts";
import type { EvaluatedTable } from "../experiments/evaluate_table.ts";
import { terminalTable } from "../paper/run/summary.ts";
import { recommendedTable } from "../reports/choices.ts";
import { type CommandInput, type NumberRule, type OptionSpec, shareOfText } from "./command_options.ts";

const GOALS = ["keep", "budget", "quality"] as const;

/** The options that name a goal, at most one of which may be given, and how surely it is to be kept. */
export const GOAL_OPTIONS: Readonly<Record<typeof GOALS[number] | "confidence", OptionSpec>> = {
  "keep": {
    value: "95%",
    says:
      "recommends the cheapest setting that keeps this share of the best single model's quality with the confidence asked for, and writes " +
      "it to router.json in the output folder",
  },
  "budget": {
    value: "USD",
    says: "recommends the best setting that costs no more per prompt with the confidence asked for; writes router.json",
  },
  "quality": {
    value: "Q",
    says: "recommends the cheapest setting that reaches this quality with the confidence asked for; writes router.json",
  },
  "confidence": {
    value: "95%",
    says: "how surely the recommended setting keeps its promise",
    default: "95%",
  },
};

/**
 * The goal that the options name, with the confidence that is asked for; `null` where there is none.
 *
 * @throws TypeError where there are two, one is no number in its range, or a confidence stands alone
 */
export function goalOf(input: CommandInput): (Goal & Required<Pick<RecommendOptions, "confidence">>) | null {
  const [name, second] = GOALS.filter((goal) => input.text(goal) !== null);
  if (name === undefined) {
    if (!input.isOn("confidence")) return null;
    throw new TypeError(
      "Cannot read the options as --confidence needs a goal: name one by --keep, --budget or --quality",
    );
  }
  if (second !== undefined) {
    throw new TypeError(`Cannot read the options as --${name} and --${second} are two goals: give one of them`);
  }
  const value = name === "budget"
    ? shareOf(input, name, { words: "USD above 0", holds: (usd) => usd > 0 && usd < Infinity })
    : shareOf(input, name, { words: "above 0 and at most 1 or 100%", holds: (share) => share > 0 && share <= 1 });
  const goal = name === "keep" ? { keep: value } : name === "budget" ? { budgetUsd: value } : { quality: value };
  const rule = { words: "from 50% to below 100%", holds: (share: number) => share >= 0.5 && share < 1 };
  return { ...goal, confidence: shareOf(input, "confidence", rule) };
}

/** A number that may be written as a percentage. */
function shareOf(input: CommandInput, name: string, { words, holds }: NumberRule): number {
  const text = input.text(name)!;
  const value = shareOfText(text);
  if (holds(value)) return value;
  throw new TypeError(`Cannot read the options as --${name} must be ${words}: it is "${text}"`);
}

/** Prints a recommendation. */
export function sayRecommendation(
  recommendation: Recommendation,
  models: readonly string[],
  speak: (text: string) => void,
): void {
  speak(`\n${wrapped(`${recommendation.reason}.`).join("\n")}`);
  // A single model is no other than the best one, or for a budget the cheapest, which the sentence names.
  if (recommendation.place !== null) speak(terminalTable(recommendedTable(recommendation, models)));
}

/** The router file of a recommendation. */
export function routerOf(
  { outcomes, result: { evaluations: [{ evaluation }] } }: EvaluatedTable,
  { recommendation, encoder, leftOut }: {
    readonly recommendation: Recommendation;
    readonly encoder: Encoder | null;
    readonly leftOut: readonly string[];
  },
  input: CommandInput,
): string {
  const saved = savedEncoderOf(encoder, { asked: input.text("encoder") ?? "auto", leftOut });
  return saveRouter(evaluation, recommendation, { outcomes, encoder: saved });
}

/** The encoder of a run, for the router file. */
function savedEncoderOf(
  encoder: Encoder | null,
  { asked, leftOut }: { readonly asked: string; readonly leftOut: readonly string[] },
): SavedEncoder | null {
  if (encoder === null) return null;
  const { maxTokens } = encoder;
  // Only the lexical encoder reads whole texts.
  const opensAs = maxTokens === null ? "lexical" : asked === "auto" ? DEFAULT_ENCODER : asked;
  return { opensAs, maxTokens, leftOut };
}
