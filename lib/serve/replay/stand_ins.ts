import { seededRandom } from "../../base/random.ts";
import type { OutcomeTable } from "../../outcomes/outcome_table.ts";
import { parseJsonBody } from "../chat_request.ts";
import { DONE, eventText } from "../event_stream.ts";
import { parseServeConfig, type ServeConfig } from "../models_config.ts";

/** How long the stand-ins take: as the table has it, or so many seconds a model. */
export type StandInLatency = "recorded" | ReadonlyMap<string, number>;

/** How models behave that answer from a table. */
export interface StandInOptions {
  /** How long each takes. A model that is not named answers at once. */
  readonly latency: StandInLatency;
  /** Share of the requests to a model that it refuses with status 503, by its name; default none. */
  readonly failures: ReadonlyMap<string, number>;
  /** Decides which requests are refused: by prompt, model and attempt, whatever their order. */
  readonly seed: number;
}

/** Models that answer from a table. */
export interface StandIns {
  /** The configuration by which a live server reaches them. */
  readonly config: ServeConfig;
  /** Ends them. */
  readonly stop: () => Promise<void>;
}

/** Tokens of the dearest response: costs are then exact to 15 digits, and token counts are whole numbers. */
const MOST_TOKENS = 2 ** 50;

/**
 * Starts models on loopback that answer from a table: whatever they are asked, they report the recorded cost as usage.
 *
 * A request names its prompt's row in `metadata.row`, as texts may stand twice in a table. The recorded cost of
 * response (i, j) is told by its number of tokens at a price of the model j: tokens · price equals the cost to a share
 * of 2⁻⁵⁰ of the greatest cost of the model.
 *
 * @throws TypeError where latencies are to be as recorded and the table has none
 * @example
 * ```ts
 * import { simulateOutcomes } from "../../outcomes/simulate_outcomes.ts";
 * import { startStandIns } from "./stand_ins.ts";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 2, seed: 1 });
 * const { config, stop } = startStandIns(outcomes, { latency: new Map(), failures: new Map(), seed: 1 });
 * assert.deepEqual(config.models.map(({ name }) => name), outcomes.models);
 * await stop();
 * ```
 */
export function startStandIns(outcomes: OutcomeTable, options: StandInOptions): StandIns {
  const { models, latencySeconds } = outcomes;
  if (options.latency === "recorded" && latencySeconds === null) {
    throw new TypeError(
      `Cannot replay as latencies must be recorded to be replayed: "${outcomes.source.name}" has none; pass seconds, such as --latency 0.2`,
    );
  }
  const priceOf = Float64Array.from(models, (_, j) => dearest(outcomes, j) / MOST_TOKENS);
  const nAsked = new Map<number, number>();
  const answer = async (request: Request): Promise<Response> => {
    const j = Number(/^\/(\d+)\/v1\/chat\/completions$/.exec(new URL(request.url).pathname)?.[1] ?? NaN);
    const body = parseJsonBody(await request.bytes());
    const row = Number((body.metadata as { readonly row?: unknown } | undefined)?.row ?? NaN);
    if (models[j] === undefined || outcomes.promptIds[row] === undefined) {
      return Response.json({ error: { message: "No such model or row" } }, { status: 404 });
    }
    const cell = row * models.length + j;
    const attempt = nAsked.get(cell) ?? 0;
    nAsked.set(cell, attempt + 1);
    if (seededRandom(options.seed, `fail ${cell} ${attempt}`).uniform() < (options.failures.get(models[j]) ?? 0)) {
      return Response.json({ error: { message: "A failure that was asked for" } }, { status: 503 });
    }
    const seconds = options.latency === "recorded" ? latencySeconds![cell] : options.latency.get(models[j]) ?? 0;
    if (seconds > 0) await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    const tokens = priceOf[j] === 0 ? 0 : Math.round(outcomes.costUsd[cell] / priceOf[j]);
    const content = `Response of ${models[j]} to ${outcomes.promptIds[row]}`;
    return body.stream === true ? streamedAnswer(content, tokens) : wholeAnswer(content, tokens);
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  return { config: configOf(models, { port: server.addr.port, priceOf }), stop: () => server.shutdown() };
}

function dearest({ models, costUsd }: OutcomeTable, j: number): number {
  let most = 0;
  for (let at = j; at < costUsd.length; at += models.length) most = Math.max(most, costUsd[at]);
  return most;
}

const HEAD = { id: "chatcmpl-stand-in", created: 0, model: "stand-in" };

function usageOf(tokens: number): Record<string, number> {
  return { prompt_tokens: 0, completion_tokens: tokens, total_tokens: tokens };
}

function wholeAnswer(content: string, tokens: number): Response {
  const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
  return Response.json({ ...HEAD, object: "chat.completion", choices, usage: usageOf(tokens) });
}

function streamedAnswer(content: string, tokens: number): Response {
  const events = [
    { choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }] },
    { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
    { choices: [], usage: usageOf(tokens) },
  ].map((event) => eventText(JSON.stringify({ ...HEAD, object: "chat.completion.chunk", ...event })));
  return new Response([...events, eventText(DONE)].join(""), { headers: { "content-type": "text/event-stream" } });
}

/** The configuration goes through the reader that a user's file goes through. */
function configOf(
  models: readonly string[],
  { port, priceOf }: { readonly port: number; readonly priceOf: Float64Array },
): ServeConfig {
  const entries = models.map((model, j) => [model, {
    base_url: `http://127.0.0.1:${port}/${j}/v1`,
    price_usd_per_million_tokens: { prompt: 0, completion: 1e6 * priceOf[j] },
  }]);
  return parseServeConfig(JSON.stringify({ models: Object.fromEntries(entries) }), "stand-ins");
}
