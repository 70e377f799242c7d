import { ApiError, errorBody } from "./api_error.ts";
import type { ChatRequest } from "./chat_request.ts";
import { DONE, eventText } from "./event_stream.ts";
import type { LiveRequest } from "./live_request.ts";
import type { UpstreamModel } from "./models_config.ts";
import { answerTextOf, usageBody, usageOf } from "./usage.ts";

/** Headers by which a client learns what was done with its request. */
export function answerHeaders(live: LiveRequest): Record<string, string> {
  return {
    "x-request-id": live.id,
    "x-routerbench-attempts": String(live.attempts.length),
    ...(live.answeredBy === null ? {} : { "x-routerbench-model": encodeURIComponent(live.answeredBy) }),
    ...(live.decision === null ? {} : { "x-routerbench-setting": encodeURIComponent(live.decision.setting.name) }),
    ...(live.routingMilliseconds === null ? {} : { "x-routerbench-routing-ms": live.routingMilliseconds.toFixed(3) }),
    ...(live.usage === null ? {} : { "x-routerbench-cost-usd": String(live.usage.costUsd) }),
    ...(live.usage?.isEstimated ? { "x-routerbench-cost-estimated": "true" } : {}),
  };
}

/** A whole answer: the upstream's, with the name of the model that answered, and with usage and cost. */
export function wholeResponse(
  body: Readonly<Record<string, unknown>>,
  live: LiveRequest,
  { chat, model }: { readonly chat: ChatRequest; readonly model: UpstreamModel },
): Response {
  const { estimatedPromptTokens } = chat;
  const answerText = answerTextOf(body, "message");
  live.usage = usageOf(model, { reported: body.usage, estimatedPromptTokens, answerText });
  const answer = { ...body, model: model.name, usage: usageBody(live.usage, body.usage) };
  const response = Response.json(answer, { headers: answerHeaders(live) });
  live.end(200, true);
  return response;
}

/** A streamed answer: each event with our model's name, the usage where the client asks for it, `[DONE]`. */
export function streamedResponse(
  events: AsyncGenerator<Record<string, unknown>>,
  live: LiveRequest,
  options: { readonly chat: ChatRequest; readonly model: UpstreamModel },
): Response {
  const texts = eventTexts(events, live, options);
  const encoder = new TextEncoder();
  // Of a client that has left nobody may read on, so the events are ended here.
  live.signal.addEventListener("abort", () => void texts.return(undefined), { once: true });
  const body = new ReadableStream<Uint8Array>({
    async pull(controller): Promise<void> {
      const next = await texts.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel(): Promise<void> {
      live.abort();
      live.end(499, false);
      await texts.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      ...answerHeaders(live),
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
    },
  });
}

async function* eventTexts(
  events: AsyncGenerator<Record<string, unknown>>,
  live: LiveRequest,
  { chat, model }: { readonly chat: ChatRequest; readonly model: UpstreamModel },
): AsyncGenerator<string> {
  let answerText = "";
  let reported: unknown = null;
  let last: Record<string, unknown> = {};
  let isComplete = false;
  const account = (): void => {
    live.usage = usageOf(model, { reported, estimatedPromptTokens: chat.estimatedPromptTokens, answerText });
  };
  try {
    for await (const event of events) {
      last = event;
      answerText += answerTextOf(event, "delta");
      if (live.firstTokenSeconds === null && hasToken(event)) live.firstTokenSeconds = live.seconds;
      const { usage = null, ...rest } = event;
      if (usage !== null) reported = usage;
      // The usage goes last, and only to clients that ask for it; upstreams send it in an event of its own or with the
      // last choice.
      if (usage === null || (Array.isArray(rest.choices) && rest.choices.length > 0)) {
        yield eventText(JSON.stringify({ ...rest, model: model.name, ...(chat.asksUsage ? { usage: null } : {}) }));
      }
    }
    account();
    const { id, object, created } = last;
    const body = usageBody(live.usage!, reported);
    if (chat.asksUsage) {
      yield eventText(JSON.stringify({ id, object, created, model: model.name, choices: [], usage: body }));
    }
    isComplete = true;
    yield eventText(DONE);
  } catch {
    yield eventText(JSON.stringify(errorBody(brokenStream(live))));
  } finally {
    account();
    live.end(live.signal.aborted && !live.isLate ? 499 : 200, isComplete);
  }
}

function hasToken({ choices }: Readonly<Record<string, unknown>>): boolean {
  if (!Array.isArray(choices)) return false;
  return choices.some((choice) => {
    const delta = choice?.delta ?? {};
    return Object.entries(delta).some(([name, value]) => name !== "role" && value !== null && value !== "");
  });
}

/** No other model can take up a stream that has begun: the client gets an error as its last event, no `[DONE]`. */
function brokenStream(live: LiveRequest): ApiError {
  const why = live.isLate ? "the time of the request is over" : "the model's stream broke";
  return new ApiError(502, `Cannot finish the answer as ${why}`, {
    type: "upstream_error",
    code: live.isLate ? "request_timeout" : "upstream_stream_broken",
  });
}
