import { progressBar } from "../base/progress.ts";
import type { Table } from "../base/table.ts";
import { counted, signed } from "../base/words.ts";
import { wrapped } from "../base/wrapped.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import type { AbTest } from "../evaluation/arms.ts";
import type { PolicyEstimate, PolicyMeans } from "../evaluation/off_policy.ts";
import { evaluateLogged, type LoggedEvaluation } from "../experiments/logged_evaluation.ts";
import { loadLoggedOutcomes } from "../files/load_logged.ts";
import type { LoggedOutcomes } from "../outcomes/logged_outcomes.ts";
import { shortModelName } from "../outcomes/paper_table.ts";
import { terminalTable } from "../paper/run/summary.ts";
import {
  evaluateLoggedWarehouse,
  openWarehouse,
  plannedLogQueries,
  type WarehouseLogOptions,
} from "../warehouse/mod.ts";
import type { ProjectFolders } from "./command.ts";
import { type CommandInput, numberOption, type OptionSpec, seedOf } from "./command_options.ts";
import { openLocalEncoder } from "./local_encoder.ts";
import { logOptionsOf } from "./table_options.ts";
import { cancelledByInterrupt, warehouseOptionsOf } from "./warehouse_options.ts";

const N_RESAMPLES = 1000;

/** Options of `--logged`. */
export const LOGGED_OPTIONS: Readonly<Record<"logged" | "most-weight", OptionSpec>> = {
  "logged": {
    says:
      "FILE is a log in which only the chosen model answered: deno task serve's, or a table with the probability of each choice " +
      "in a column propensity (--columns propensity=NAME). Estimates quality and cost of each model, and of a router " +
      "learned from the log; writes no files",
  },
  "most-weight": {
    value: "N",
    says:
      "with --logged: a choice counts for at most so many (policy's probability by propensity); steadier, and biased",
  },
};

const AT_LEAST_ONE = { words: "a number from 1 on", holds: (value: number): boolean => value >= 1 && value < Infinity };

/**
 * Refuses, beside a table of all outcomes, options that only a log has.
 *
 * @throws TypeError where one is given
 */
export function needLogged(input: CommandInput): void {
  if (!input.isOn("most-weight")) return;
  throw new TypeError("Cannot read the options as --most-weight is for a log: add --logged, or leave it out");
}

/** `evaluate LOG --logged`: judges models and a router from a log; the encoder is opened only where there are texts. */
export async function runLogged(
  input: CommandInput,
  { weights }: ProjectFolders,
  say: (text: string) => void,
): Promise<void> {
  const options = judgingOptionsOf(input);
  const log = await loadLoggedOutcomes(input.words[0], await logOptionsOf(input));
  const notices: string[] = [];
  const embeddings = await vectorsOf(log, { asked: input.text("encoder") ?? "auto", weights, notices });
  const found = await evaluateLogged(log, embeddings, options);
  const { source, requestIds, models, predictions } = log;
  const encoder = embeddings?.encoder ?? null;
  const method = encoder !== null
    ? `doubly robust, with a ridge regression on ${encoder}`
    : predictions === null
    ? "self-normalised, as the log has no texts and no predictions"
    : BY_PREDICTIONS;
  const notes = [...source.notes, ...notices];
  sayLogged(found, { source, method, notes, options, encoder, models, nRequests: requestIds.length }, input, say);
}

/**
 * `evaluate clickhouse://… --logged`: the same on a log that stays in the warehouse, without a router that reads texts.
 */
export async function runLoggedWarehouse(input: CommandInput, say: (text: string) => void): Promise<void> {
  const options = judgingOptionsOf(input);
  await cancelledByInterrupt(async (signal) => {
    const warehouse = await openWarehouse(input.words[0], { ...warehouseOptionsOf(input), signal });
    if (input.isOn("dry-run")) return say(plannedLogQueries(warehouse, options).join(";\n\n") + ";");
    const { models, nRequests, isRobust, notes, ...found } = await evaluateLoggedWarehouse(warehouse, options);
    const { address: { database, table }, address } = warehouse.connection;
    const source = { kind: "warehouse", name: `${database}.${table}`, host: address.host };
    const method = isRobust ? BY_PREDICTIONS : "self-normalised, as the log does not have predictions for all models";
    sayLogged(found, { source, method, notes, options, encoder: null, models, nRequests }, input, say);
  });
}

const BY_PREDICTIONS = "doubly robust, with the predictions in the log";

function judgingOptionsOf(input: CommandInput): WarehouseLogOptions {
  const mostWeight = input.isOn("most-weight") ? numberOption(input, "most-weight", AT_LEAST_ONE) : Infinity;
  return { seed: seedOf(input), nResamples: N_RESAMPLES, mostWeight };
}

/** What is said of a log beside the estimates. */
interface JudgedLog {
  readonly source: { readonly name: string };
  readonly method: string;
  readonly notes: readonly string[];
  readonly options: WarehouseLogOptions;
  readonly encoder: string | null;
  readonly models: readonly string[];
  readonly nRequests: number;
}

function sayLogged(
  found: LoggedEvaluation,
  { source, method, notes, options: { seed, mostWeight = Infinity }, encoder, models, nRequests }: JudgedLog,
  input: CommandInput,
  say: (text: string) => void,
): void {
  if (input.isOn("json")) {
    // The weights of single choices are left out.
    const plain = (key: string, value: unknown): unknown => key === "weights" ? undefined : value;
    const most = mostWeight === Infinity ? null : mostWeight;
    return say(JSON.stringify({ source, notes, seed, mostWeight: most, encoder, ...found }, plain, 1));
  }
  const tell = (text: string, indent = ""): void => say(wrapped(text, { indent }).join("\n"));
  const choices = `${counted(nRequests, "choice")} among ${counted(models.length, "model")}`;
  tell(`Log: ${source.name} (${choices}). Estimates: ${method}. Seed: ${seed}.`);
  for (const line of notes) tell(line, "  ");
  for (const { model, nChosen, nExpected } of found.conflicts) {
    const expected = nExpected.toFixed(1);
    tell(
      `Wrong propensities: "${model}" was chosen ${
        counted(nChosen, "time")
      }, its propensities add up to ${expected}; no estimate below can be trusted`,
      "  ",
    );
  }
  say(terminalTable(tableOf(found, { nRequests, isCut: mostWeight < Infinity })));
  for (const { name, refusal } of found.policies) {
    if (refusal !== null) tell(`${shortModelName(name)} cannot be judged: ${refusal}.`);
  }
  if (found.abTest !== null) tell(abTestText(found.abTest));
  tell("worth: the number of prompts on which the policy itself would have to run to be known as well.");
  if (mostWeight < Infinity) {
    tell(`cut: the share of the policy's choices that weights above ${mostWeight} stood for, which are not counted.`);
  }
}

async function vectorsOf(
  { prompts }: LoggedOutcomes,
  { asked, weights, notices }: { readonly asked: string; readonly weights: string; readonly notices: string[] },
): Promise<Embeddings | null> {
  if (prompts === null) return null;
  const progress = progressBar("Embedding prompts");
  const encoder = await openLocalEncoder(asked, { weights, out: null, notices, progress });
  return await encoder.encode(prompts).finally(() => progress.stop());
}

/** The estimates of the policies that the log can judge; a column tells what was cut where weights are. */
function tableOf(
  { logged, policies }: LoggedEvaluation,
  { nRequests, isCut }: { readonly nRequests: number; readonly isCut: boolean },
): Table {
  const rows = policies.flatMap(({ name, found }) => {
    if (found === null) return [];
    const { support, selfNormalised, doublyRobust, overLog } = found;
    const worth = Math.round(support.effectivePrompts).toLocaleString("en-US");
    const cut = isCut ? [`${(100 * support.cutShare).toFixed(1)} %`] : [];
    const means = shown(doublyRobust ?? selfNormalised);
    return [[shortModelName(name), ...means, differenceText(overLog.quality), worth, ...cut]];
  });
  const asLogged = ["As logged", ...shown(logged), null, nRequests.toLocaleString("en-US"), ...(isCut ? [null] : [])];
  const columns = ["", "quality [95 %]", "USD per 1,000 [95 %]", "quality over the log", "worth"];
  return { columns: [...columns, ...(isCut ? ["cut"] : [])], rows: [asLogged, ...rows] };
}

/** Quality, and USD per 1,000 responses, each with its interval. */
function shown({ quality, costUsd }: PolicyMeans): string[] {
  const text = ({ value, interval }: PolicyEstimate, digits: (value: number) => string): string =>
    `${digits(value)} [${interval.map(digits).join(", ")}]`;
  return [
    text(quality, (value) => value.toFixed(3)),
    text(costUsd, (value) => (1000 * value).toPrecision(3)),
  ];
}

/** "A/B test: …", the router's arm less the default model's. */
function abTestText({ nRequests, difference: { quality, costUsd } }: AbTest): string {
  const per1000 = ({ value, interval: [low, high] }: PolicyEstimate): string =>
    `${(1000 * value).toPrecision(3)} [${[low, high].map((end) => (1000 * end).toPrecision(3)).join(", ")}]`;
  return `A/B test: ${counted(nRequests.routed, "request")} routed, ${nRequests.default} to the default model. ` +
    `Routed less default: quality ${differenceText(quality)}, USD per 1,000 ${per1000(costUsd)}.`;
}

function differenceText({ value, interval }: PolicyEstimate): string {
  return `${signed(value, 3)} [${interval.map((end) => signed(end, 3)).join(", ")}]`;
}
