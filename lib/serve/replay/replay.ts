import type { OutcomeTable } from "../../outcomes/outcome_table.ts";
import { listen } from "../listen.ts";
import type { LiveRouter } from "../live_router.ts";
import { LiveServer } from "../live_server.ts";
import { RequestLog } from "../request_log.ts";
import { type StandInOptions, startStandIns } from "./stand_ins.ts";

/** How prompts are sent through a live server. */
export interface ReplayOptions extends StandInOptions {
  /** The router; `router` alone is asked for, its first setting. */
  readonly router: LiveRouter;
  /** Requests at the same time. */
  readonly concurrency: number;
  /** The folder of the log. */
  readonly logFolder: string;
  /** Called after each answer. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** What became of one prompt. */
export interface ReplayedPrompt {
  /** The status of the answer. */
  readonly status: number;
  /** Index of the model that the router chose, as the log has it. */
  readonly chosen: number;
  /** Index of the model that answered; `null` where none did. */
  readonly answeredBy: number | null;
  /** Cost as the client was told, USD; 0 where no model answered. */
  readonly costUsd: number;
  /** Attempts at models. */
  readonly nAttempts: number;
  /** Milliseconds of the decision, embedding included. */
  readonly routingMilliseconds: number;
  /** Seconds from the request to the whole answer, as the client measured them. */
  readonly seconds: number;
}

/** A replay. */
export interface Replayed {
  /** Each prompt in the table's order. */
  readonly prompts: readonly ReplayedPrompt[];
  /** Seconds from the first request to the last answer. */
  readonly seconds: number;
}

/** What the client itself saw. */
interface Answer extends Omit<ReplayedPrompt, "chosen"> {
  readonly requestId: string;
}

/**
 * Sends the prompts of a table through a live server whose models answer from that table, and the quality of each
 * answer as feedback. All of it is on loopback, in this process; what was chosen is read from the server's log, so that
 * a line for each request must be there.
 *
 * @throws TypeError where the table has no texts; Error where the log lacks a request
 */
export async function replay(outcomes: OutcomeTable, options: ReplayOptions): Promise<Replayed> {
  const { router, logFolder, seed, concurrency } = options;
  if (outcomes.prompts === null) {
    throw new TypeError(`Cannot replay "${outcomes.source.name}" as prompts must have texts: it has none`);
  }
  const standIns = startStandIns(outcomes, options);
  const log = await RequestLog.open({ folder: logFolder });
  const errors: unknown[] = [];
  const limits = { ...standIns.config.limits, inFlight: concurrency };
  const server = new LiveServer({
    router,
    config: { ...standIns.config, limits },
    configName: "stand-ins",
    keys: new Map(),
    log,
    loggedPrompts: "text",
    explore: 0,
    clientKey: null,
    seed,
    onError: (error) => errors.push(error),
  });
  const listening = listen(server, { hostname: "127.0.0.1", port: 0 });
  try {
    await router.predict(["The first prediction loads what the others need."]);
    const start = performance.now();
    const answers = await answersOf(outcomes, listening.url, options);
    const seconds = (performance.now() - start) / 1000;
    if (errors.length > 0) throw errors[0];
    await log.flush();
    const choices = await loggedChoices(log.files);
    return { prompts: answers.map((answer) => withChoice(answer, { choices, models: outcomes.models })), seconds };
  } finally {
    await listening.stop();
    await log.close();
    await standIns.stop();
  }
}

async function answersOf(
  outcomes: OutcomeTable,
  url: string,
  { concurrency, onProgress }: ReplayOptions,
): Promise<Answer[]> {
  const total = outcomes.promptIds.length;
  const answers = new Array<Answer>(total);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let row = next++; row < total; row = next++) {
      answers[row] = await ask(outcomes, { url, row });
      onProgress?.({ done: ++done, total });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return answers;
}

async function ask(
  { models, prompts, quality }: OutcomeTable,
  { url, row }: { readonly url: string; readonly row: number },
): Promise<Answer> {
  const start = performance.now();
  const response = await post(`${url}/v1/chat/completions`, {
    model: "router",
    messages: [{ role: "user", content: prompts![row] }],
    metadata: { row: String(row) },
  });
  await response.bytes();
  const seconds = (performance.now() - start) / 1000;
  const header = (name: string): string | null => response.headers.get(name);
  const model = header("x-routerbench-model");
  const answeredBy = model === null || !response.ok ? null : models.indexOf(decodeURIComponent(model));
  const requestId = header("x-request-id") ?? "";
  if (answeredBy !== null) {
    const feedback = { request_id: requestId, quality: quality[row * models.length + answeredBy] };
    await (await post(`${url}/v1/feedback`, feedback)).body?.cancel();
  }
  return {
    requestId,
    status: response.status,
    answeredBy,
    costUsd: Number(header("x-routerbench-cost-usd") ?? 0),
    nAttempts: Number(header("x-routerbench-attempts") ?? 0),
    routingMilliseconds: Number(header("x-routerbench-routing-ms") ?? 0),
    seconds,
  };
}

function post(url: string, body: object): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** The chosen model of each request. */
async function loggedChoices(files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const choices = new Map<string, string>();
  for (const file of files) {
    for (const line of (await Deno.readTextFile(file)).split("\n")) {
      const { request_id: id, chosen = null } = line === "" ? {} : JSON.parse(line);
      if (chosen !== null) choices.set(id, chosen);
    }
  }
  return choices;
}

function withChoice(
  { requestId, ...answer }: Answer,
  { choices, models }: { readonly choices: ReadonlyMap<string, string>; readonly models: readonly string[] },
): ReplayedPrompt {
  const chosen = models.indexOf(choices.get(requestId) ?? "");
  if (chosen >= 0) return { ...answer, chosen };
  throw new Error(`Cannot replay as the log must hold each request: "${requestId}" is not in it`);
}
