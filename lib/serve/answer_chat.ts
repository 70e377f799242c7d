import { ApiError } from "./api_error.ts";
import type { UpstreamAnswer } from "./ask_upstream.ts";
import type { ChatRequest } from "./chat_request.ts";
import { type Decision, type LiveRouter, type LiveSetting, orderOfTrial } from "./live_router.ts";
import type { Attempt } from "./log_line.ts";
import type { Upstream } from "./upstream.ts";
import { clientError, failureWord, UpstreamFailure } from "./upstream_failure.ts";

/** The name by which a client asks for the router. */
const ROUTER_NAME = "router";

/** What a client asked for: a setting of the router, or a model. */
export type Wanted =
  | { readonly kind: "router"; readonly setting: LiveSetting }
  | { readonly kind: "model"; readonly model: number };

/**
 * Reads what a client asks for: `router` is the first setting, `router-95` the one that is named 95, a model's name
 * that model.
 *
 * @param settingHeader the setting that a header names for `router`; `null` where there is none
 * @throws ApiError 404 for a name that is none of these
 */
export function wantedBy(name: string, router: LiveRouter, settingHeader: string | null): Wanted {
  const model = router.models.indexOf(name);
  if (model >= 0) return { kind: "model", model };
  const named = name === ROUTER_NAME ? settingHeader ?? router.settings[0].name : name.slice(ROUTER_NAME.length + 1);
  const setting = name === ROUTER_NAME || name.startsWith(`${ROUTER_NAME}-`)
    ? router.settings.find((each) => each.name === named)
    : undefined;
  if (setting !== undefined) return { kind: "router", setting };
  throw new ApiError(404, `Cannot answer as the model must be among ${modelNames(router).join(", ")}: it is another`, {
    type: "invalid_request_error",
    code: "model_not_found",
    param: "model",
  });
}

/** Every name that a client may ask for. */
export function modelNames(router: LiveRouter): string[] {
  return [ROUTER_NAME, ...router.settings.map(({ name }) => `${ROUTER_NAME}-${name}`), ...router.models];
}

/** An answer with the model that gave it. */
export interface Answered {
  /** Index of the model. */
  readonly model: number;
  /** Its answer. */
  readonly answer: UpstreamAnswer;
}

/** How the models are asked. */
export interface AnswerOptions {
  /** The models in the router's order. */
  readonly upstreams: readonly Upstream[];
  /** The decision; `null` where the client named the model. */
  readonly decision: Decision | null;
  /** The model that the client named. */
  readonly named: number | null;
  /** Aborted when the client has left or its time is over. */
  readonly signal: AbortSignal;
  /** Takes each attempt when it has ended. */
  readonly onAttempt: (attempt: Attempt) => void;
}

/**
 * Asks the chosen model, then, where the router chose, the next best by its own prediction, until one answers.
 *
 * @throws ApiError where none did; the signal's reason where the client has left
 */
export async function answerChat(chat: ChatRequest, options: AnswerOptions): Promise<Answered> {
  const { upstreams, decision, named, signal, onAttempt } = options;
  const tried: string[] = [];
  let last: UpstreamFailure | null = null;
  for (const j of decision === null ? [named!] : orderOfTrial(decision)) {
    const upstream = upstreams[j];
    const { name, contextTokens } = upstream.model;
    tried.push(name);
    if (contextTokens !== null && chat.estimatedPromptTokens > contextTokens) {
      onAttempt({ model: name, failure: "context" });
      last ??= new UpstreamFailure("context", "the prompt is longer than the model's context");
      continue;
    }
    try {
      const onFailure = (failure: UpstreamFailure): void => onAttempt({ model: name, failure: failureWord(failure) });
      const answer = await upstream.ask(chat, { signal, onFailure });
      onAttempt({ model: name, failure: null });
      return { model: j, answer };
    } catch (error) {
      if (!(error instanceof UpstreamFailure)) throw error;
      last = error;
      if (error.isClients) break;
    }
  }
  throw clientError(last!, tried);
}
