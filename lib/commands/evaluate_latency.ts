import {
  evaluateLatency,
  type LatencyEvaluation,
  type LatencyEvaluationOptions,
} from "../axes/latency/evaluate_latency.ts";
import { latencyPanels } from "../axes/latency/latency_figures.ts";
import { surfacePanel } from "../axes/latency/surface_figure.ts";
import { timesOf } from "../axes/latency/latencies.ts";
import type { Table } from "../base/table.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { splitForEvaluation } from "../evaluation/evaluation_data.ts";
import type { BesideEvaluation } from "../experiments/beside.ts";
import { cascadesOf, type EvaluatedTable, recipesOf } from "../experiments/evaluate_table.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { type CommandInput, listOption, type OptionSpec } from "./command_options.ts";

/** The options that evaluate with seconds as a third axis. */
export const LATENCY_OPTIONS: Readonly<Record<"latency-budget" | "usd-per-second", OptionSpec>> = {
  "latency-budget": {
    value: "SECONDS,…",
    says:
      "also evaluates the best mixes whose mean time to an answer is at most so many seconds, beside those without a limit; the table " +
      "needs a column of times",
  },
  "usd-per-second": {
    value: "USD,…",
    says:
      "what a second is worth when routers decide: the prices that are tried. Default: none, and nine that suit the models' costs and " +
      "times; also evaluates with seconds",
  },
};

/** What these options ask for. */
export interface LatencyGoal {
  readonly latencyBudgets: readonly number[];
  readonly usdPerSecond?: readonly number[];
}

/**
 * What the options ask for; `null` where neither is given.
 *
 * @throws TypeError where a number is not in its range, or a log is given, which has no outcomes of models that were
 * not chosen
 */
export function latencyGoalOf(input: CommandInput): LatencyGoal | null {
  const budgets = numbersOf(input, "latency-budget", { words: "seconds above 0", holds: (value) => value > 0 });
  const usdPerSecond = numbersOf(input, "usd-per-second", { words: "USD of 0 or more", holds: (value) => value >= 0 });
  if (budgets === null && usdPerSecond === null) return null;
  if (input.isOn("logged")) {
    throw new TypeError(
      "Cannot read the options as --logged has no place for latencies: leave it out, or --latency-budget and --usd-per-second",
    );
  }
  const latencyBudgets = [...new Set(budgets ?? [])].sort((a, b) => a - b);
  return { latencyBudgets: [...latencyBudgets, Infinity], ...(usdPerSecond === null ? {} : { usdPerSecond }) };
}

function numbersOf(
  input: CommandInput,
  name: keyof typeof LATENCY_OPTIONS,
  { words, holds }: { readonly words: string; readonly holds: (value: number) => boolean },
): number[] | null {
  const texts = listOption(input, name);
  return texts && texts.map((text) => {
    const value = text.trim() === "" ? NaN : Number(text);
    if (value < Infinity && holds(value)) return value;
    throw new TypeError(`Cannot read the options as --${name} must be ${words}, several with commas: "${text}" is not`);
  });
}

/**
 * Evaluates with seconds, on all prompts together, with the routers, cascades and split of the other evaluation. A
 * cascade waits for one model after the other; a price of a second does not change what it does.
 *
 * @throws TypeError where the table has no times or no texts
 */
export function evaluateWithLatency(
  goal: Omit<LatencyEvaluationOptions, "seed">,
  { outcomes, embeddings, settings, testIds }: {
    readonly outcomes: OutcomeTable;
    readonly embeddings: Embeddings | null;
    readonly settings: EvaluatedTable["settings"];
    readonly testIds: ReadonlySet<string> | undefined;
  },
): Promise<LatencyEvaluation> {
  timesOf(outcomes);
  if (embeddings === null) {
    throw new TypeError(
      "Cannot evaluate latency as seconds are predicted from prompts: there are no texts, or only the cascade is asked for",
    );
  }
  const { seed, trainShare, routers } = settings;
  const data = splitForEvaluation(outcomes, embeddings, { trainShare, testIds, seed });
  return evaluateLatency(data, [...recipesOf(routers, data.fit), ...cascadesOf(routers, outcomes)], { ...goal, seed });
}

/** A line a system and limit. */
export function latencyTable({ systems }: LatencyEvaluation): Table {
  return {
    columns: ["system", "mean_seconds_at_most", "aiq_formula", "over_zero", "low", "high"],
    rows: systems.flatMap(({ name, within }) =>
      within.map(({ latencySeconds, aiq, againstZero }) => [
        name,
        latencySeconds === Infinity ? "no limit" : latencySeconds,
        aiq,
        againstZero?.difference ?? null,
        ...againstZero?.interval ?? [null, null],
      ])
    ),
  };
}

/** How long each model takes. */
function modelTable({ models }: LatencyEvaluation): Table {
  return {
    columns: ["model", "mean_seconds", "median_seconds", "p95_seconds"],
    rows: models.map((
      { model, meanSeconds, medianSeconds, p95Seconds },
    ) => [model, meanSeconds, medianSeconds, p95Seconds]),
  };
}

/** What was found, as tables and figures. */
export function latencyBeside(evaluation: LatencyEvaluation): BesideEvaluation {
  const title = "Quality under latency limits";
  const surfaceTitle = "Quality within two budgets";
  const caption =
    "The best mixes of settings within both budgets, on the test prompts: quality over cost, a panel a limit.";
  return {
    name: "latency",
    title: "With seconds: best mixes within both budgets, all prompts together",
    sentences: [],
    tables: new Map([["model_latencies", modelTable(evaluation)], ["latency", latencyTable(evaluation)]]),
    figures: new Map([
      ["latency", { figure: latencyPanels(evaluation, { title }), caption }],
      ["latency_surface", {
        figure: surfacePanel(evaluation, { title: surfaceTitle }),
        onScreen: surfacePanel(evaluation, { title: surfaceTitle, turns: true }),
        caption:
          "The best mix within each pair of budgets, for Zero and the router with the greatest mean height. The slider turns it.",
      }],
    ]),
  };
}
