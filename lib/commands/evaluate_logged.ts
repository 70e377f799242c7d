import { progressBar } from "../base/progress.ts";
import type { Table } from "../base/table.ts";
import { counted, signed } from "../base/words.ts";
import { wrapped } from "../base/wrapped.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import type { AbTest, PolicyEstimate, PolicyMeans } from "../evaluation/off_policy.ts";
import { evaluateLogged, type LoggedEvaluation } from "../experiments/logged_evaluation.ts";
import { loadLoggedOutcomes } from "../files/load_logged.ts";
import type { LoggedOutcomes } from "../outcomes/logged_outcomes.ts";
import { shortModelName } from "../outcomes/paper_table.ts";
import { terminalTable } from "../paper/run/summary.ts";
import type { ProjectFolders } from "./command.ts";
import { type CommandInput, numberOption, WHOLE_NUMBER } from "./command_options.ts";
import { openLocalEncoder } from "./local_encoder.ts";
import { logOptionsOf } from "./table_options.ts";

const N_RESAMPLES = 1000;

/** `evaluate LOG --logged`: judges models and a router from a log; the encoder is only opened where the log has texts. */
export async function runLogged(
  input: CommandInput,
  { weights }: ProjectFolders,
  say: (text: string) => void,
): Promise<void> {
  const log = await loadLoggedOutcomes(input.words[0], await logOptionsOf(input));
  const seed = numberOption(input, "seed", WHOLE_NUMBER);
  const notices: string[] = [];
  const embeddings = await vectorsOf(log, { asked: input.text("encoder") ?? "auto", weights, notices });
  const found = await evaluateLogged(log, embeddings, { nResamples: N_RESAMPLES, seed });
  if (input.isOn("json")) {
    // The weights of single choices are left out.
    const plain = (key: string, value: unknown): unknown => key === "weights" ? undefined : value;
    return say(JSON.stringify({ source: log.source, seed, encoder: embeddings?.encoder ?? null, ...found }, plain, 1));
  }
  const method = embeddings === null
    ? "self-normalised, as the log has no texts"
    : `doubly robust, with a ridge regression on ${embeddings.encoder}`;
  const tell = (text: string, indent = ""): void => say(wrapped(text, { indent }).join("\n"));
  const choices = `${counted(log.requestIds.length, "choice")} among ${counted(log.models.length, "model")}`;
  tell(`Log: ${log.source.name} (${choices}). Estimates: ${method}. Seed: ${seed}.`);
  for (const line of [...log.source.notes, ...notices]) tell(line, "  ");
  for (const { model, nChosen, nExpected } of found.conflicts) {
    const expected = nExpected.toFixed(1);
    tell(
      `Wrong propensities: "${model}" was chosen ${
        counted(nChosen, "time")
      }, its propensities add up to ${expected}; no estimate below can be trusted`,
      "  ",
    );
  }
  say(terminalTable(tableOf(found, log)));
  for (const { name, refusal } of found.policies) {
    if (refusal !== null) tell(`${shortModelName(name)} cannot be judged: ${refusal}.`);
  }
  if (found.abTest !== null) tell(abTestText(found.abTest));
  tell("worth: the number of prompts on which the policy itself would have to run to be known as well.");
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

/** The estimates of the policies that the log can judge. */
function tableOf({ logged, policies }: LoggedEvaluation, { requestIds }: LoggedOutcomes): Table {
  const rows = policies.flatMap(({ name, found }) => {
    if (found === null) return [];
    const { support, selfNormalised, doublyRobust, overLog } = found;
    const worth = Math.round(support.effectivePrompts).toLocaleString("en-US");
    return [[shortModelName(name), ...shown(doublyRobust ?? selfNormalised), differenceText(overLog.quality), worth]];
  });
  const asLogged = ["As logged", ...shown(logged), null, requestIds.length.toLocaleString("en-US")];
  return {
    columns: ["", "quality [95 %]", "USD per 1,000 [95 %]", "quality over the log", "worth"],
    rows: [asLogged, ...rows],
  };
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
