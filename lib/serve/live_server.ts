import { seededRandom } from "../base/random.ts";
import { answerChat, modelNames, wantedBy } from "./answer_chat.ts";
import { answerHeaders, streamedResponse, wholeResponse } from "./answer_response.ts";
import { ApiError, asApiError, errorResponse } from "./api_error.ts";
import { needBearerKey } from "./bearer_key.ts";
import { parseChatRequest, parseJsonBody, readBody } from "./chat_request.ts";
import { LiveRequest } from "./live_request.ts";
import { decide, type LiveRouter } from "./live_router.ts";
import { type FinishedRequest, type LoggedPrompts, logLine, undecidedLine } from "./log_line.ts";
import { ServeMetrics } from "./metrics.ts";
import { matchedModels, type ServeConfig } from "./models_config.ts";
import { predictInBatches } from "./predict_batches.ts";
import type { RequestLog } from "./request_log.ts";
import { Upstream } from "./upstream.ts";

/** What a live server is made of. */
export interface LiveServerOptions {
  /** The router. */
  readonly router: LiveRouter;
  /** How the models are reached. */
  readonly config: ServeConfig;
  /** The configuration file's name, for errors. */
  readonly configName: string;
  /** Keys by the names of the environment variables that hold them. */
  readonly keys: ReadonlyMap<string, string>;
  /** The log; `null` logs nothing. */
  readonly log: RequestLog | null;
  /** What the log keeps of a prompt. */
  readonly loggedPrompts: LoggedPrompts;
  /** Share of requests whose model is drawn uniformly from all. */
  readonly explore: number;
  /** The key that clients must bring; `null` asks for none. */
  readonly clientKey: string | null;
  /** Seed of exploration and of pauses. */
  readonly seed: number;
  /** Takes errors of the server itself, which clients do not see. */
  readonly onError: (error: unknown) => void;
}

/** Seconds until a request's body must be there. */
const BODY_SECONDS = 30;
/** The longest body of feedback. */
const FEEDBACK_BYTES = 10_000;

/**
 * Answers requests of OpenAI's API by a router: the models are asked, what was done is logged and measured. It listens to nothing itself:
 * pass {@linkcode LiveServer.handle} to `Deno.serve`.
 */
export class LiveServer {
  readonly #options: LiveServerOptions;
  readonly #upstreams: readonly Upstream[];
  readonly #predict: ReturnType<typeof predictInBatches>;
  readonly #metrics: ServeMetrics;
  readonly #random: ReturnType<typeof seededRandom>;
  #nInFlight = 0;
  #isClosing = false;

  /**
   * Makes a server; nothing is asked yet.
   *
   * @throws TypeError where the configuration and the router do not name the same models, or a key is missing
   */
  constructor(options: LiveServerOptions) {
    const { router, config, configName, keys, seed, log } = options;
    this.#options = options;
    this.#random = seededRandom(seed, "explore");
    const random = seededRandom(seed, "pauses");
    this.#upstreams = matchedModels(config, router.models, configName).map((model) => {
      const key = model.keyEnv === null ? null : keys.get(model.keyEnv) ?? "";
      if (key !== "") return new Upstream(model, { config, key, random });
      throw new TypeError(
        `Cannot serve as the key of "${model.name}" must be in the environment: ${model.keyEnv} is not set; set it`,
      );
    });
    this.#predict = predictInBatches(router);
    this.#metrics = new ServeMetrics({
      inFlight: () => this.#nInFlight,
      openCircuits: () => this.#upstreams.filter(({ isOpen }) => isOpen).map(({ model }) => model.name),
      log: () => log?.counts ?? { written: 0, waiting: 0, lost: 0 },
    });
  }

  /** From now on `/ready` says no; what is being answered is answered. */
  close(): void {
    this.#isClosing = true;
  }

  /** Answers a request. Never throws. */
  readonly handle = async (request: Request): Promise<Response> => {
    try {
      return await this.#routeOf(request);
    } catch (error) {
      if (!(error instanceof ApiError)) this.#options.onError(error);
      return errorResponse(asApiError(error));
    }
  };

  async #routeOf(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const route = `${request.method} ${pathname}`;
    if (route === "GET /health") return Response.json({ status: "ok" });
    if (route === "GET /ready") return this.#ready();
    needBearerKey(request, this.#options.clientKey);
    if (route === "GET /metrics") return await this.#metrics.response();
    if (route === "GET /v1/models") return this.#models();
    if (route === "POST /v1/feedback") return await this.#feedback(request);
    if (route === "POST /v1/chat/completions") return await this.#chat(request);
    throw new ApiError(
      404,
      "Cannot answer as there is no such path; see GET /v1/models and POST /v1/chat/completions",
      {
        type: "invalid_request_error",
        code: "not_found",
      },
    );
  }

  #ready(): Response {
    const allOpen = this.#upstreams.every(({ isOpen }) => isOpen);
    const isReady = !this.#isClosing && !allOpen;
    return Response.json({ status: isReady ? "ready" : "not ready" }, { status: isReady ? 200 : 503 });
  }

  #models(): Response {
    const data = modelNames(this.#options.router).map((id) => {
      return { id, object: "model", created: 0, owned_by: "routerbench" };
    });
    return Response.json({ object: "list", data });
  }

  async #feedback(request: Request): Promise<Response> {
    const body = parseJsonBody(await readBody(request, { bytes: FEEDBACK_BYTES, seconds: BODY_SECONDS }));
    const { request_id: id, quality } = body;
    const isId = typeof id === "string" && /^[0-9a-f-]{36}$/.test(id);
    const isQuality = typeof quality === "number" && quality >= 0 && quality <= 1;
    if (isId && isQuality) {
      this.#options.log?.write({ request_id: id, quality });
      return Response.json({ status: "ok" });
    }
    const param = isId ? "quality" : "request_id";
    const rule = isId ? "quality must be a number in 0..1" : "request_id must be the x-request-id of an answer";
    const details = { type: "invalid_request_error", code: "invalid_request", param } as const;
    throw new ApiError(400, `Cannot take the feedback as ${rule}`, details);
  }

  async #chat(request: Request): Promise<Response> {
    const { config: { limits } } = this.#options;
    if (this.#isClosing || this.#nInFlight >= limits.inFlight) {
      throw new ApiError(503, "Cannot answer as the server has too many requests; ask again", {
        type: "server_error",
        code: "overloaded",
        retryAfterSeconds: 1,
      });
    }
    this.#nInFlight++;
    const live = new LiveRequest(request.signal, { seconds: limits.seconds, onEnd: (ended) => this.#count(ended) });
    try {
      return await this.#answer(request, live);
    } catch (error) {
      const isGone = live.signal.aborted && !live.isLate;
      if (!(error instanceof ApiError) && !live.signal.aborted) this.#options.onError(error);
      const shown = live.isLate ? lateError(limits.seconds) : asApiError(error);
      live.end(isGone ? 499 : shown.status, false);
      return errorResponse(shown, answerHeaders(live));
    }
  }

  async #answer(request: Request, live: LiveRequest): Promise<Response> {
    const { config: { limits, routedText }, router, explore } = this.#options;
    const bytes = await readBody(request, { bytes: limits.bodyBytes, seconds: Math.min(BODY_SECONDS, limits.seconds) });
    const chat = parseChatRequest(bytes, routedText);
    const wanted = wantedBy(chat.model, router, request.headers.get("x-routerbench-setting"));
    live.text = chat.text;
    if (wanted.kind === "router") {
      const start = performance.now();
      const expectation = await this.#predict(chat.text);
      live.decision = decide(expectation, { setting: wanted.setting, explore, random: this.#random });
      live.routingMilliseconds = performance.now() - start;
    }
    const { model: at, answer } = await answerChat(chat, {
      upstreams: this.#upstreams,
      decision: live.decision,
      named: wanted.kind === "model" ? wanted.model : null,
      signal: live.signal,
      onAttempt: (attempt) => live.attempts.push(attempt),
    });
    const { model } = this.#upstreams[at];
    live.answeredBy = model.name;
    return answer.kind === "whole"
      ? wholeResponse(answer.body, live, { chat, model })
      : streamedResponse(answer.events, live, { chat, model });
  }

  #count(ended: FinishedRequest): void {
    this.#nInFlight--;
    const { router, log, loggedPrompts: prompts } = this.#options;
    this.#metrics.count(ended, router.models);
    const { decision } = ended;
    log?.write(decision === null ? undecidedLine(ended) : logLine({ ...ended, decision }, { router, prompts }));
  }
}

function lateError(seconds: number): ApiError {
  return new ApiError(504, `Cannot answer as a request must end within ${seconds} seconds`, {
    type: "server_error",
    code: "request_timeout",
  });
}
