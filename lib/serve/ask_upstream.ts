import type { ChatRequest } from "./chat_request.ts";
import { DONE, readEvents } from "./event_stream.ts";
import type { UpstreamModel } from "./models_config.ts";
import { retryAfterSeconds, UpstreamFailure } from "./upstream_failure.ts";
import { Watchdog } from "./_watchdog.ts";

/** An upstream's answer: whole, or as events of which the first has come. */
export type UpstreamAnswer =
  | { readonly kind: "whole"; readonly body: Record<string, unknown> }
  | { readonly kind: "stream"; readonly events: AsyncGenerator<Record<string, unknown>> };

/** How an upstream is asked. */
export interface AskOptions {
  /** The key; `null` where none is needed. */
  readonly key: string | null;
  /** Ends the request to the upstream: the client has left, or its time is over. */
  readonly signal: AbortSignal;
}

/** Most bytes of an answer. */
const MOST_ANSWER_BYTES = 64 * 2 ** 20;

/**
 * Sends a request to an upstream once. All fields but the model's name pass through as they are; a streamed answer is
 * asked to end with its usage.
 *
 * @returns the answer; where it is streamed, its first event has arrived, so that a failure before it can still be
 * mended by another attempt
 * @throws UpstreamFailure where there is no answer, also later by the events; the signal's reason where the client has
 * left
 */
export async function askUpstream(
  model: UpstreamModel,
  chat: ChatRequest,
  { key, signal }: AskOptions,
): Promise<UpstreamAnswer> {
  const watchdog = new Watchdog(signal);
  watchdog.arm("total", model.timeoutSeconds.total);
  if (chat.isStream) watchdog.arm("first", model.timeoutSeconds.first);
  let isStreaming = false;
  try {
    const response = await fetch(`${model.baseUrl}/chat/completions`, {
      method: "POST",
      redirect: "error",
      headers: { "content-type": "application/json", ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
      body: JSON.stringify(bodyFor(model, chat)),
      signal: watchdog.signal,
    });
    if (!response.ok) throw await statusFailure(response);
    if (!chat.isStream) return { kind: "whole", body: await wholeAnswer(response) };
    if (response.body === null) throw new UpstreamFailure("answer", "the stream has no body");
    const events = eventObjects(response.body);
    const first = await events.next();
    if (first.done) throw new UpstreamFailure("answer", "the stream ended before its first event");
    watchdog.disarm("first");
    isStreaming = true;
    return { kind: "stream", events: watched({ first: first.value, events, watchdog, model }) };
  } catch (error) {
    throw failureOf(error, watchdog, signal);
  } finally {
    if (!isStreaming) watchdog.end();
  }
}

function bodyFor(model: UpstreamModel, { body, isStream }: ChatRequest): Record<string, unknown> {
  const named = { ...body, model: model.upstreamModel };
  if (!isStream) return named;
  return { ...named, stream_options: { ...(body.stream_options as object | null ?? {}), include_usage: true } };
}

async function statusFailure(response: Response): Promise<UpstreamFailure> {
  const { status, headers } = response;
  const text = await limitedText(response).catch(() => "");
  return new UpstreamFailure("status", `the status was ${status}`, {
    status,
    retryAfterSeconds: retryAfterSeconds(headers.get("retry-after"), Date.now()),
    body: objectOf(text),
  });
}

async function wholeAnswer(response: Response): Promise<Record<string, unknown>> {
  const body = objectOf(await limitedText(response));
  if (body !== null && Array.isArray(body.choices)) return body;
  throw new UpstreamFailure("answer", "the answer is no JSON object with choices");
}

async function limitedText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_ANSWER_BYTES) throw new UpstreamFailure("answer", "the answer is too long");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Events until `[DONE]`, each an object; an event that is an error, or none at all, is a failure. */
async function* eventObjects(bytes: ReadableStream<Uint8Array>): AsyncGenerator<Record<string, unknown>> {
  for await (const data of readEvents(bytes)) {
    if (data.trim() === DONE) return;
    const event = objectOf(data);
    if (event === null) throw new UpstreamFailure("answer", "an event of the stream is no JSON object");
    if ("error" in event) throw new UpstreamFailure("answer", "the stream holds an error");
    yield event;
  }
  throw new UpstreamFailure("answer", "the stream ended before [DONE]");
}

interface Watched {
  readonly first: Record<string, unknown>;
  readonly events: AsyncGenerator<Record<string, unknown>>;
  readonly watchdog: Watchdog;
  readonly model: UpstreamModel;
}

async function* watched({ first, events, watchdog, model }: Watched): AsyncGenerator<Record<string, unknown>> {
  try {
    yield first;
    for (;;) {
      watchdog.arm("idle", model.timeoutSeconds.idle);
      const event = await events.next();
      watchdog.disarm("idle");
      if (event.done) return;
      yield event.value;
    }
  } catch (error) {
    if (watchdog.expired !== null) throw timeFailure(watchdog.expired);
    throw error instanceof UpstreamFailure
      ? new UpstreamFailure("stream", error.message)
      : new UpstreamFailure("stream", "the connection broke within the stream");
  } finally {
    watchdog.end();
    await events.return(undefined).catch(() => {});
  }
}

function failureOf(error: unknown, watchdog: Watchdog, signal: AbortSignal): unknown {
  if (error instanceof UpstreamFailure) return error;
  if (watchdog.expired !== null) return timeFailure(watchdog.expired);
  if (signal.aborted) return signal.reason;
  // The message of a failed fetch holds the upstream's address, which is none of the client's business.
  return new UpstreamFailure("connection", "the connection failed");
}

function timeFailure(name: string): UpstreamFailure {
  return new UpstreamFailure("timeout", `the time "${name}" ran out`);
}
