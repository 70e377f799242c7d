import type { Table } from "../base/table.ts";
import { DEFAULT_ENCODER } from "../embeddings/weights.ts";
import type { Encoder } from "../embeddings/embeddings.ts";
import { type Goal, recommend, type Recommendation } from "../evaluation/recommend.ts";
import type { SavedEncoder } from "../evaluation/router_file.ts";
import { saveRouter } from "../evaluation/save_router.ts";
import type { EvaluatedTable } from "../experiments/evaluate_table.ts";
import { terminalTable } from "../paper/run/summary.ts";
import { shortModelName } from "../outcomes/paper_table.ts";
import { type CommandInput, type OptionSpec, shareOfText } from "./command_options.ts";

/** The options that name a goal; at most one may be given. */
export const GOAL_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  "keep": {
    value: "95%",
    says:
      "recommends the cheapest setting that keeps this share of the best single model's quality with 95 % confidence, and writes " +
      "it to router.json in the output folder",
  },
  "budget": {
    value: "USD",
    says: "recommends the best setting that costs no more per prompt with 95 % confidence; writes router.json",
  },
  "quality": {
    value: "Q",
    says: "recommends the cheapest setting that reaches this quality with 95 % confidence; writes router.json",
  },
};

/**
 * The goal that the options name; `null` where there is none.
 *
 * @throws TypeError where there are two, or one is no number in its range
 */
export function goalOf(input: CommandInput): Goal | null {
  const given = Object.keys(GOAL_OPTIONS).filter((name) => input.text(name) !== null);
  if (given.length === 0) return null;
  const [name, second] = given;
  if (second !== undefined) {
    throw new TypeError(`Cannot read the options as --${name} and --${second} are two goals: give one of them`);
  }
  const text = input.text(name)!;
  const value = shareOfText(text);
  const isRight = value > 0 && (name === "budget" ? value < Infinity : value <= 1);
  if (!isRight) {
    const rule = name === "budget" ? "USD above 0" : "above 0 and at most 1 or 100%";
    throw new TypeError(`Cannot read the options as --${name} must be ${rule}: it is "${text}"`);
  }
  return name === "keep" ? { keep: value } : name === "budget" ? { budgetUsd: value } : { quality: value };
}

/** Recommends a setting on all prompts together and prints it. */
export function sayRecommendation(
  { result: { evaluations: [{ evaluation }] }, outcomes }: EvaluatedTable,
  goal: Goal,
  speak: (text: string) => void,
): Recommendation {
  const recommendation = recommend(evaluation, goal);
  speak(`\n${recommendation.reason}.`);
  speak(terminalTable(recommendedTable(recommendation, outcomes.models)));
  return recommendation;
}

/** The router file of a recommendation. */
export function routerOf(
  { evaluated: { outcomes, result: { evaluations: [{ evaluation }] } }, recommendation, encoder, leftOut }: {
    readonly evaluated: EvaluatedTable;
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

/** The recommended setting beside the best single model, with the shares of the models. */
function recommendedTable(
  { setting, bestModel, saving, savingInterval }: Recommendation,
  models: readonly string[],
): Table {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const [low, high] = savingInterval;
  const shares = models.flatMap((model, j) => {
    const share = setting.modelShares?.[j] ?? 0;
    return share === 0 ? [] : [[`to ${shortModelName(model)}`, percent(share), null]];
  });
  return {
    columns: ["Recommended", setting.label, shortModelName(bestModel.model)],
    rows: [
      ["quality", setting.quality.toFixed(4), bestModel.quality.toFixed(4)],
      ["USD a prompt", setting.costUsd.toPrecision(3), bestModel.costUsd.toPrecision(3)],
      ["saved (95 % interval)", `${percent(saving)} (${percent(low)} to ${percent(high)})`, null],
      ...shares,
    ],
  };
}
