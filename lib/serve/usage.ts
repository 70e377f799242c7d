import { estimatedTokens } from "./chat_request.ts";
import type { UpstreamModel } from "./models_config.ts";

/** Tokens of a request and its answer, and what they cost. */
export interface Usage {
  /** Tokens of the prompt. */
  readonly promptTokens: number;
  /** Tokens of the prompt that the upstream had cached; they are among the prompt's. */
  readonly cachedTokens: number;
  /** Tokens of the answer. */
  readonly completionTokens: number;
  /** Cost in USD at the configured prices. */
  readonly costUsd: number;
  /** True where the upstream reported no usage: tokens are characters / 4. */
  readonly isEstimated: boolean;
}

/** What an answer's tokens are counted from. */
export interface UsageInput {
  /** The upstream's `usage`; anything but an object with both counts is none. */
  readonly reported: unknown;
  /** Estimated tokens of the prompt. */
  readonly estimatedPromptTokens: number;
  /** The answer's text. */
  readonly answerText: string;
}

/**
 * The usage of an answer: as the upstream reports it, else estimated and marked.
 *
 * @example
 * ```ts
 * import { EXAMPLE_CONFIG, parseServeConfig } from "./models_config.ts";
 * import { usageOf } from "./usage.ts";
 * import assert from "node:assert/strict";
 *
 * const [, large] = parseServeConfig(JSON.stringify(EXAMPLE_CONFIG), "models.json").models;
 * const reported = { prompt_tokens: 1000, completion_tokens: 100 };
 * const { costUsd } = usageOf(large, { reported, estimatedPromptTokens: 0, answerText: "" });
 * assert.ok(Math.abs(costUsd - 0.0035) < 1e-15);
 * ```
 */
export function usageOf(model: UpstreamModel, { reported, estimatedPromptTokens, answerText }: UsageInput): Usage {
  const usage = reported as Readonly<Record<string, unknown>> | null | undefined;
  const prompt = count(usage?.prompt_tokens);
  const completion = count(usage?.completion_tokens);
  const isEstimated = prompt === null || completion === null;
  const promptTokens = isEstimated ? estimatedPromptTokens : prompt;
  const completionTokens = isEstimated ? estimatedTokens(answerText) : completion;
  const details = usage?.prompt_tokens_details as { readonly cached_tokens?: unknown } | null | undefined;
  const cachedTokens = isEstimated ? 0 : Math.min(count(details?.cached_tokens) ?? 0, promptTokens);
  const price = model.priceUsdPerMillionTokens;
  const costUsd = ((promptTokens - cachedTokens) * price.prompt + cachedTokens * price.cached +
    completionTokens * price.completion) / 1e6;
  return { promptTokens, cachedTokens, completionTokens, costUsd, isEstimated };
}

function count(value: unknown): number | null {
  return typeof value === "number" && value >= 0 && Number.isFinite(value) ? value : null;
}

/** The usage as a client reads it: the upstream's fields, the cost, and the mark of an estimate. */
export function usageBody(usage: Usage, reported: unknown): Record<string, unknown> {
  const { promptTokens, completionTokens, costUsd, isEstimated } = usage;
  const tokens = {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
  const own = isEstimated ? tokens : reported as object;
  return { ...own, cost_usd: costUsd, ...(isEstimated ? { is_estimated: true } : {}) };
}

/** The text of an answer's choices with their tool calls, counted where no usage is reported; a stream has deltas. */
export function answerTextOf(answer: Readonly<Record<string, unknown>>, part: "message" | "delta"): string {
  const choices = Array.isArray(answer.choices) ? answer.choices : [];
  return choices.map((choice) => {
    const message = choice?.[part];
    const calls = Array.isArray(message?.tool_calls) ? message.tool_calls : [];
    const given = calls.map((call: { readonly function?: { readonly arguments?: unknown } }) =>
      call?.function?.arguments ?? ""
    );
    return [message?.content ?? "", ...given].join("");
  }).join("");
}
