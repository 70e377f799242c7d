import { sha256OfBytes } from "../base/sha256.ts";
import { ApiError } from "./api_error.ts";
import type { ShadowDecision } from "./live_decisions.ts";
import type { Decision, LiveRouter } from "./live_router.ts";
import type { Usage } from "./usage.ts";

/** What is kept of a prompt: its text, its SHA-256, or nothing. */
export type LoggedPrompts = "text" | "hash" | "none";

/** An attempt at a model. */
export interface Attempt {
  /** The model. */
  readonly model: string;
  /** Why it failed; `null` where it answered. */
  readonly failure: string | null;
}

/** A finished request. */
export interface FinishedRequest {
  /** The request's id. */
  readonly requestId: string;
  /** When it came, ISO 8601. */
  readonly time: string;
  /** The text that was routed. */
  readonly text: string;
  /** The name that the client asked for; `null` where it is none of the server's. */
  readonly askedFor: string | null;
  /** The decision; `null` where the client named a model itself, or the request failed before it. */
  readonly decision: Decision | null;
  /** The model that answered; `null` where none did. */
  readonly answeredBy: string | null;
  /** All attempts in their order. */
  readonly attempts: readonly Attempt[];
  /** The status that the client got; 499 where it left before the answer's end. */
  readonly status: number;
  /** True where a streamed answer came to its end, or a whole answer was given. */
  readonly isComplete: boolean;
  /** Tokens and cost; `null` where there is no answer. */
  readonly usage: Usage | null;
  /** Seconds from the request to the answer's end. */
  readonly latencySeconds: number;
  /** Seconds to the first token of a streamed answer; `null` for others. */
  readonly firstTokenSeconds: number | null;
  /** Milliseconds that deciding took, embedding included; `null` where nothing was decided. */
  readonly routingMilliseconds: number | null;
}

/**
 * The line of a request that the router decided on. An evaluation from logs reads it: predictions, choice and
 * probabilities of all models stand in the order of `models`; `quality` is filled by a later line of feedback with the
 * same id. `arm` says whether the router chose or, in an A/B test, the request went to the default model. `shadow` is
 * what another router would have chosen.
 */
export function logLine(
  request: FinishedRequest & { readonly decision: Decision },
  { router, prompts, shadow = null }: {
    readonly router: LiveRouter;
    readonly prompts: LoggedPrompts;
    readonly shadow?: ShadowDecision | null;
  },
): Record<string, unknown> {
  const { decision } = request;
  return {
    request_id: request.requestId,
    time: request.time,
    prompt: prompts === "text" ? request.text : null,
    ...(prompts === "hash" ? { prompt_sha256: sha256OfBytes(request.text) } : {}),
    models: router.models,
    predicted_quality: [...decision.quality],
    predicted_cost_usd: [...decision.costUsd],
    chosen: router.models[decision.chosen],
    propensities: [...decision.propensities],
    ...measured(request),
    router_sha256: router.sha256,
    setting: decision.setting.name,
    willingness_to_pay: numberText(decision.setting.willingnessToPay),
    preferred: router.models[decision.preferred],
    arm: decision.arm,
    ...(shadow === null ? {} : { shadow: shadowFields(shadow) }),
  };
}

function shadowFields({ router, decision }: ShadowDecision): Record<string, unknown> {
  return {
    router_sha256: router.sha256,
    setting: decision.setting.name,
    willingness_to_pay: numberText(decision.setting.willingnessToPay),
    models: router.models,
    predicted_quality: [...decision.quality],
    predicted_cost_usd: [...decision.costUsd],
    chosen: router.models[decision.preferred],
  };
}

/** JSON has no infinity. */
function numberText(value: number): number | string {
  return Number.isFinite(value) ? value : "Infinity";
}

/** The line of a request that nobody decided on: `chosen` is `null`, so that no evaluation of routers counts it. */
export function undecidedLine(request: FinishedRequest): Record<string, unknown> {
  return { request_id: request.requestId, time: request.time, prompt: null, chosen: null, ...measured(request) };
}

function measured(request: FinishedRequest): Record<string, unknown> {
  const { usage } = request;
  return {
    cost_usd: usage?.costUsd ?? null,
    latency_seconds: request.latencySeconds,
    first_token_seconds: request.firstTokenSeconds,
    quality: null,
    status: request.status,
    is_complete: request.isComplete,
    answered_by: request.answeredBy,
    attempts: request.attempts,
    prompt_tokens: usage?.promptTokens ?? null,
    completion_tokens: usage?.completionTokens ?? null,
    is_estimated: usage?.isEstimated ?? null,
    routing_milliseconds: request.routingMilliseconds,
  };
}

/**
 * The line of feedback: the quality of the answer to a request.
 *
 * @throws ApiError 400 where the request's id or the quality is wrong
 */
export function feedbackLine({ request_id: id, quality }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isId = typeof id === "string" && /^[0-9a-f-]{36}$/.test(id);
  if (isId && typeof quality === "number" && quality >= 0 && quality <= 1) return { request_id: id, quality };
  const param = isId ? "quality" : "request_id";
  const rule = isId ? "quality must be a number in 0..1" : "request_id must be the x-request-id of an answer";
  throw new ApiError(400, `Cannot take the feedback as ${rule}`, {
    type: "invalid_request_error",
    code: "invalid_request",
    param,
  });
}
