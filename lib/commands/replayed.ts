import { percent } from "../base/words.ts";
import { shortModelName } from "../outcomes/paper_table.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import { terminalTable } from "../paper/run/summary.ts";
import type { Replayed } from "../serve/replay/replay.ts";
import type { Quantiles, ReplayReport } from "../serve/replay/replay_report.ts";
import type { StandInLatency } from "../serve/replay/stand_ins.ts";
import { type CommandInput, listOption, shareOfText } from "./command_options.ts";

/**
 * The shares of `--fail`, by the models' names; a name without its maker's is enough.
 *
 * @throws TypeError for what is no share or no model
 */
export function sharesOf(input: CommandInput, models: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    (listOption(input, "fail") ?? []).map((item): [string, number] => {
      const { model, value } = pairOf(item, { option: "fail", form: "MODEL=20%,…", models });
      const share = shareOfText(value);
      if (share >= 0 && share <= 1) return [model, share];
      throw new TypeError(`Cannot read the options as --fail must be MODEL=20%,…: "${item}" has no share in 0..1`);
    }),
  );
}

/**
 * The latencies of `--latency`.
 *
 * @throws TypeError for what is neither "recorded", nor seconds, nor seconds of models
 */
export function latencyOf(input: CommandInput, models: readonly string[]): StandInLatency {
  const items = listOption(input, "latency")!;
  if (items.length === 1 && items[0] === "recorded") return "recorded";
  const all = Number(items[0]);
  if (items.length === 1 && items[0] !== "" && all >= 0 && all < Infinity) {
    return new Map(models.map((model) => [model, all]));
  }
  const form = "recorded, seconds or MODEL=SECONDS,…";
  return new Map(
    items.map((item): [string, number] => {
      const { model, value } = pairOf(item, { option: "latency", form, models });
      const seconds = Number(value);
      if (value !== "" && seconds >= 0 && seconds < Infinity) return [model, seconds];
      throw new TypeError(`Cannot read the options as --latency must be ${form}: "${item}" has no seconds`);
    }),
  );
}

function pairOf(
  item: string,
  { option, form, models }: { readonly option: string; readonly form: string; readonly models: readonly string[] },
): { readonly model: string; readonly value: string } {
  const at = item.lastIndexOf("=");
  if (at <= 0) throw new TypeError(`Cannot read the options as --${option} must be ${form}: it has "${item}"`);
  const name = item.slice(0, at);
  const meant = models.includes(name) ? [name] : models.filter((model) => model.endsWith(`/${name}`));
  if (meant.length === 1) return { model: meant[0], value: item.slice(at + 1).trim() };
  throw new TypeError(
    `Cannot read the options as --${option} must name models of the router, ${models.join(", ")}: "${name}" is none`,
  );
}

/** Options of {@linkcode sayReplay}. */
export interface SayReplayOptions {
  /** The models' names. */
  readonly models: readonly string[];
  /** The setting as the router file has it; `null` where other prompts were sent than it was measured on. */
  readonly saved: OperatingPoint | null;
  /** Prints. */
  readonly say: (text: string) => void;
}

/** Prints what was measured live beside what the evaluation says. */
export function sayReplay(report: ReplayReport, { models, saved, say }: SayReplayOptions): void {
  const { nPrompts, nAnswered, nEqualChoices, nByAnother, nFailedAttempts, evaluated, live, bestModel } = report;
  const costs = (costUsd: number): string => costUsd.toPrecision(6);
  const shares = models.flatMap((model, j) => {
    const by = [report.shares.evaluated[j], report.shares.live[j]];
    return by[0] + by[1] === 0 ? [] : [[`to ${shortModelName(model)}`, percent(by[0], 1), percent(by[1], 1), null]];
  });
  say("");
  say(terminalTable({
    columns: ["", "evaluate", "live", shortModelName(bestModel.model)],
    rows: [
      ["quality", evaluated.quality.toFixed(6), live.quality.toFixed(6), bestModel.quality.toFixed(6)],
      ["USD a prompt", costs(evaluated.costUsd), costs(live.costUsd), costs(bestModel.costUsd)],
      ...shares,
    ],
  }));
  const [low, high] = report.savingInterval;
  say(
    `\nSaved live against ${shortModelName(bestModel.model)}, the best single model: ${percent(report.saving, 1)} (${
      percent(low, 1)
    } to ${percent(high, 1)}, 95 % interval).`,
  );
  say(
    `Choices equal to the evaluation's: ${nEqualChoices} of ${nPrompts}. Answered: ${nAnswered}; by another model than the chosen one: ${nByAnother}; attempts that failed: ${nFailedAttempts}.`,
  );
  say(
    `Differences of means, live less evaluated: ${differences(live, evaluated)}${
      saved === null ? "" : `; evaluated less the router file's: ${differences(evaluated, saved)}`
    }.`,
  );
  say(
    `Latency, client's: ${quantiles(report.latencySeconds, 1000)} ms; deciding: ${
      quantiles(report.routingMilliseconds, 1)
    } ms (p50, p95, p99). ${report.answersPerSecond.toFixed(0)} answers a second.`,
  );
}

function differences(a: OperatingPoint, b: OperatingPoint): string {
  return `quality ${difference(a.quality - b.quality)}, USD ${difference(a.costUsd - b.costUsd)}`;
}

function difference(value: number): string {
  return value === 0 ? "0" : value.toExponential(1);
}

function quantiles({ p50, p95, p99 }: Quantiles, factor: number): string {
  return [p50, p95, p99].map((value) => (factor * value).toPrecision(3)).join(", ");
}

/** All of it, prompt by prompt, for programs. */
export function replayJson(
  report: ReplayReport,
  { outcomes: { models, promptIds }, replayed: { prompts, seconds }, choices }: {
    readonly outcomes: OutcomeTable;
    readonly replayed: Replayed;
    readonly choices: Int32Array;
  },
): string {
  const { shares } = report;
  const byPrompt = prompts.map(({ chosen, answeredBy, ...prompt }, row) => ({
    promptId: promptIds[row],
    evaluated: models[choices[row]],
    chosen: models[chosen],
    answeredBy: answeredBy === null ? null : models[answeredBy],
    ...prompt,
  }));
  const plain = { ...report, shares: { evaluated: [...shares.evaluated], live: [...shares.live] } };
  return JSON.stringify({ models, seconds, ...plain, prompts: byPrompt }, null, 1) + "\n";
}
