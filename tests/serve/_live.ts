import type { LiveRouter } from "../../lib/serve/live_router.ts";
import { LiveServer, type LiveServerOptions } from "../../lib/serve/live_server.ts";
import { parseServeConfig, type ServeConfig } from "../../lib/serve/models_config.ts";
import { RequestLog } from "../../lib/serve/request_log.ts";

/** A router that expects more of "large" the longer the text is; it knows "small", "middle" and "large". */
export const LENGTH_ROUTER: LiveRouter = {
  name: "Length",
  sha256: "ab".repeat(32),
  models: ["small", "middle", "large"],
  settings: [{ name: "recommended", willingnessToPay: 0.002 }, { name: "95", willingnessToPay: 1 }],
  predict: (texts) =>
    Promise.resolve({
      nPrompts: texts.length,
      models: ["small", "middle", "large"],
      quality: Float64Array.from(texts.flatMap((text) => {
        const hard = Math.min(text.length / 100, 1);
        return [0.9 - hard / 2, 0.92 - hard / 4, 0.95];
      })),
      costUsd: Float64Array.of(1e-5, 1e-4, 1e-3),
    }),
};

/** What an upstream was asked. */
export interface Asked {
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
  readonly signal: AbortSignal;
}

/** An upstream on loopback that answers by a function. */
export function startUpstream(
  answer: (asked: Asked, nAsked: number) => Response | Promise<Response>,
): { readonly url: string; readonly asked: Asked[]; readonly stop: () => Promise<void> } {
  const asked: Asked[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const each = { body: await request.json(), headers: request.headers, signal: request.signal };
    asked.push(each);
    return await answer(each, asked.length);
  });
  return { url: `http://127.0.0.1:${server.addr.port}/v1`, asked, stop: () => server.shutdown() };
}

/** A whole answer of OpenAI's API. */
export function completion(content: string, more: Record<string, unknown> = {}): Response {
  return Response.json({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "upstream-name",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 },
    ...more,
  });
}

/** One event of a streamed answer. */
export function chunk(delta: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  const choices = [{ index: 0, delta, finish_reason: null }];
  return `data: ${
    JSON.stringify({
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 1,
      model: "upstream-name",
      choices,
      ...more,
    })
  }\n\n`;
}

/** The event with the usage, and `[DONE]`. */
export const STREAM_END = `${
  chunk({}, { choices: [], usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 } })
}data: [DONE]\n\n`;

/** A streamed answer that sends its parts one after another, then ends; `null` as a part waits for ever. */
export function stream(parts: readonly (string | null)[]): Response {
  const encoder = new TextEncoder();
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller): Promise<void> {
      if (at === parts.length) return controller.close();
      const part = parts[at++];
      if (part === null) await new Promise(() => {});
      else controller.enqueue(encoder.encode(part));
      await new Promise((resolve) => setTimeout(resolve, 1));
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

/** A configuration for the router's three models, all at one address unless `urls` names others. */
export function configOf(
  url: string,
  { urls = {}, more = {}, model = {} }: {
    readonly urls?: Readonly<Record<string, string>>;
    readonly more?: Readonly<Record<string, unknown>>;
    readonly model?: Readonly<Record<string, unknown>>;
  } = {},
): ServeConfig {
  const models = Object.fromEntries(LENGTH_ROUTER.models.map((name) => [name, {
    base_url: urls[name] ?? url,
    key_env: "TEST_KEY",
    upstream_model: `upstream-${name}`,
    price_usd_per_million_tokens: { prompt: 1, completion: 2 },
    ...model,
  }]));
  return parseServeConfig(JSON.stringify({ models, retries: 2, ...more }), "models.json");
}

/** A live server on loopback. */
export interface Live {
  readonly url: string;
  readonly server: LiveServer;
  readonly errors: unknown[];
  /** Sends a chat request. */
  readonly chat: (body: Record<string, unknown>, init?: RequestInit) => Promise<Response>;
  /** The lines of the log, once all requests are in it. */
  readonly logged: () => Promise<Record<string, unknown>[]>;
  readonly folder: string;
}

/** Starts a live server, runs the body and stops the server. */
export async function withLive(
  config: ServeConfig,
  body: (live: Live) => Promise<void>,
  options: Partial<LiveServerOptions> = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const log = await RequestLog.open({ folder, everyMilliseconds: 20 });
  const errors: unknown[] = [];
  const server = new LiveServer({
    router: LENGTH_ROUTER,
    config,
    configName: "models.json",
    keys: new Map([["TEST_KEY", "secret-upstream-key"]]),
    log,
    loggedPrompts: "text",
    explore: 0,
    clientKey: null,
    seed: 1,
    onError: (error) => errors.push(error),
    ...options,
  });
  const http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, server.handle);
  const url = `http://127.0.0.1:${http.addr.port}`;
  const logged = async (): Promise<Record<string, unknown>[]> => {
    await log.flush();
    const files = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
    const texts = await Promise.all(files.map((name) => Deno.readTextFile(`${folder}/${name}`)));
    return texts.join("").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  };
  const chat = (request: Record<string, unknown>, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "router", messages: [{ role: "user", content: "Hello" }], ...request }),
      ...init,
    });
  try {
    await body({ url, server, errors, chat, logged, folder });
  } finally {
    await http.shutdown();
    await log.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Waits until something holds, for at most two seconds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200 && !await holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
}
