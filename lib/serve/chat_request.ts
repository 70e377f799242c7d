import { ApiError } from "./api_error.ts";
import type { RoutedText } from "./models_config.ts";

/** A client's request, checked as far as routing needs it; all else is passed through as it is. */
export interface ChatRequest {
  /** The body as it came. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The model or the router that the client asks for. */
  readonly model: string;
  /** True where the answer is to be streamed. */
  readonly isStream: boolean;
  /** True where a streamed answer is to end with its usage. */
  readonly asksUsage: boolean;
  /** The text that is routed. */
  readonly text: string;
  /** Tokens of all messages, estimated as characters / 4. */
  readonly estimatedPromptTokens: number;
}

/** Characters a token, for estimates where an upstream reports no usage. */
const CHARACTERS_A_TOKEN = 4;

/** Tokens of a text where nobody has counted them: a quarter of its characters, rounded up. */
export function estimatedTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_A_TOKEN);
}

/**
 * Reads a request's body.
 *
 * @throws ApiError 400 for bytes that are no UTF-8 or no JSON, for missing messages, or where there is no text to route
 * @example
 * ```ts
 * import { parseChatRequest } from "./chat_request.ts";
 * import assert from "node:assert/strict";
 *
 * const body = { model: "router", messages: [{ role: "user", content: "What is 2 + 2?" }] };
 * const bytes = new TextEncoder().encode(JSON.stringify(body));
 * assert.equal(parseChatRequest(bytes, "last user message").text, "What is 2 + 2?");
 * ```
 */
export function parseChatRequest(bytes: Uint8Array, routedText: RoutedText): ChatRequest {
  const body = parseJsonBody(bytes);
  const { model, messages } = body;
  if (typeof model !== "string" || model === "") throw invalid("model must be a text", "model");
  if (!Array.isArray(messages) || messages.length === 0) {
    throw invalid("messages must be a list with at least one message", "messages");
  }
  if (!messages.every((message) => typeof message === "object" && message !== null)) {
    throw invalid("each message must be an object", "messages");
  }
  const options = body.stream_options as { readonly include_usage?: unknown } | null | undefined;
  const texts = (messages as readonly Message[]).filter(({ role }) => role === "user").map(textOf);
  return {
    body,
    model,
    isStream: body.stream === true,
    asksUsage: options?.include_usage === true,
    text: routedText === "last user message" ? texts.at(-1) ?? "" : texts.join("\n\n"),
    estimatedPromptTokens: estimatedTokens((messages as readonly Message[]).map(textOf).join("")),
  };
}

/**
 * The object that a body holds.
 *
 * @throws ApiError 400 for bytes that are no UTF-8, no JSON or no object
 */
export function parseJsonBody(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw invalid(error instanceof SyntaxError ? "the body must be JSON" : "the body must be UTF-8", null);
  }
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw invalid("the body must be a JSON object", null);
}

interface Message {
  readonly role?: unknown;
  readonly content?: unknown;
}

/** The text of a message; images and other parts have none. */
function textOf({ content }: Message): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => typeof part?.text === "string" ? part.text : "").filter((text) => text !== "").join(
    "\n",
  );
}

function invalid(rule: string, param: string | null): ApiError {
  return new ApiError(400, `Cannot answer the request as ${rule}`, {
    type: "invalid_request_error",
    code: "invalid_request",
    param,
  });
}

/** How much is read of a body, and for how long. */
export interface BodyLimits {
  /** Most bytes. */
  readonly bytes: number;
  /** Most seconds until all is there. */
  readonly seconds: number;
}

/**
 * Reads a body of limited size in limited time.
 *
 * @throws ApiError 413 for a body that is too long, which is not read to its end; 408 for one that comes too slowly
 */
export async function readBody(request: Request, { bytes, seconds }: BodyLimits): Promise<Uint8Array> {
  const tooLong = new ApiError(413, `Cannot answer the request as its body must have at most ${bytes} bytes`, {
    type: "invalid_request_error",
    code: "body_too_large",
  });
  if (Number(request.headers.get("content-length") ?? 0) > bytes) throw tooLong;
  if (request.body === null) return new Uint8Array(0);
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    reader.cancel().catch(() => {});
  }, seconds * 1000);
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > bytes) throw tooLong;
      chunks.push(part.value);
    }
  } finally {
    clearTimeout(timer);
    if (size > bytes) reader.cancel().catch(() => {});
  }
  if (isLate) {
    throw new ApiError(408, `Cannot answer the request as its body must arrive within ${seconds} seconds`, {
      type: "invalid_request_error",
      code: "body_too_slow",
    });
  }
  return joined(chunks, size);
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0];
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
