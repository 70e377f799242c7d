import { type Random, seededRandom } from "../base/random.ts";
import { answerChat, modelNames, wantedBy } from "./answer_chat.ts";
import { answerHeaders, streamedResponse, wholeResponse } from "./answer_response.ts";
import { ApiError, asApiError, errorResponse } from "./api_error.ts";
import { needBearerKey } from "./bearer_key.ts";
import { parseChatRequest, parseJsonBody, readBody } from "./chat_request.ts";
import { LiveRequest } from "./live_request.ts";
import { LiveDecisions } from "./live_decisions.ts";
import type { LiveRouter } from "./live_router.ts";
import { type FinishedOptions, FinishedRequests } from "./_finished_requests.ts";
import { feedbackLine, type FinishedRequest } from "./log_line.ts";
import { ServeMetrics } from "./metrics.ts";
import { matchedModels, type ServeConfig } from "./models_config.ts";
import { Telemetry } from "./telemetry.ts";
import { Upstream } from "./upstream.ts";

/** What a live server is made of. */
export interface LiveServerOptions extends FinishedOptions {
  /** How the models are reached. */
  readonly config: ServeConfig;
  /** The configuration file's name, for errors. */
  readonly configName: string;
  /** Keys by the names of the environment variables that hold them. */
  readonly keys: ReadonlyMap<string, string>;
  /** Share of requests whose model is drawn uniformly from all. */
  readonly explore: number;
  /** A router that decides too and is only logged; default none. */
  readonly shadow?: LiveRouter | null;
  /** An A/B test: a share of the requests is routed, the others go to the default model; default: all are routed. */
  readonly routedShare?: { readonly share: number; readonly defaultModel: string } | null;
  /** The key that clients must bring; `null` asks for none. */
  readonly clientKey: string | null;
  /** Seed of exploration and of pauses. */
  readonly seed: number;
}

/** Seconds until a request's body must be there. */
const BODY_SECONDS = 30;
/** The longest body of feedback. */
const FEEDBACK_BYTES = 10_000;

/**
 * Answers requests of OpenAI's API by a router: the models are asked, what was done is logged and measured. It listens
 * to nothing itself: pass {@linkcode LiveServer.handle} to `Deno.serve`.
 */
export class LiveServer {
  readonly #options: LiveServerOptions;
  readonly #decisions: LiveDecisions;
  readonly #metrics: ServeMetrics;
  readonly #telemetry = new Telemetry();
  readonly #pauses: Random;
  readonly #finished: FinishedRequests;
  #config: ServeConfig;
  #upstreams: readonly Upstream[];
  #nInFlight = 0;
  #isClosing = false;

  /**
   * Makes a server; nothing is asked yet.
   *
   * @throws TypeError where the configuration and the router do not name the same models, or a key is missing
   */
  constructor(options: LiveServerOptions) {
    const { config, configName, keys, seed, log } = options;
    this.#options = options;
    this.#decisions = new LiveDecisions(options);
    this.#pauses = seededRandom(seed, "pauses");
    this.#config = config;
    this.#upstreams = this.#upstreamsOf(config, { configName, keys });
    this.#metrics = new ServeMetrics({
      inFlight: () => this.#nInFlight,
      openCircuits: () => this.#upstreams.filter(({ isOpen }) => isOpen).map(({ model }) => model.name),
      log: () => log?.counts ?? { written: 0, waiting: 0, lost: 0 },
    });
    this.#finished = new FinishedRequests(options, { decisions: this.#decisions, metrics: this.#metrics });
  }

  /**
   * From now on requests are answered by another configuration; those that are being answered go on with the old one.
   * All circuits begin closed.
   *
   * @throws TypeError as the constructor; the old configuration then stays
   */
  reload(config: ServeConfig, from: Pick<LiveServerOptions, "configName" | "keys">): void {
    this.#upstreams = this.#upstreamsOf(config, from);
    this.#config = config;
  }

  #upstreamsOf(config: ServeConfig, { configName, keys }: Pick<LiveServerOptions, "configName" | "keys">): Upstream[] {
    return matchedModels(config, this.#options.router.models, configName).map((model) => {
      const key = model.keyEnv === null ? null : keys.get(model.keyEnv) ?? "";
      if (key !== "") return new Upstream(model, { config, key, random: this.#pauses });
      throw new TypeError(
        `Cannot serve as the key of "${model.name}" must be in the environment: ${model.keyEnv} is not set; set it`,
      );
    });
  }

  /** Makes a prediction, so that the first request does not wait for what it loads. */
  async warmUp(): Promise<void> {
    await this.#decisions.warmUp();
  }

  /** The lines of all requests that have ended are with the log; a shadow decides after the answer. */
  async settled(): Promise<void> {
    await this.#finished.settled();
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
    const bytes = await readBody(request, { bytes: FEEDBACK_BYTES, seconds: BODY_SECONDS });
    this.#options.log?.write(feedbackLine(parseJsonBody(bytes)));
    return Response.json({ status: "ok" });
  }

  async #chat(request: Request): Promise<Response> {
    const { limits } = this.#config;
    if (this.#isClosing || this.#nInFlight >= limits.inFlight) {
      throw new ApiError(503, "Cannot answer as the server has too many requests; ask again", {
        type: "server_error",
        code: "overloaded",
        retryAfterSeconds: 1,
      });
    }
    this.#nInFlight++;
    const span = this.#telemetry.begin();
    const onEnd = (ended: FinishedRequest): void => {
      span.end(ended);
      this.#nInFlight--;
      this.#finished.add(ended);
    };
    const live = new LiveRequest(request.signal, { seconds: limits.seconds, onEnd });
    try {
      return await span.within(() => this.#answer(request, live));
    } catch (error) {
      const isGone = live.signal.aborted && !live.isLate;
      if (!(error instanceof ApiError) && !live.signal.aborted) this.#options.onError(error);
      const shown = live.isLate ? lateError(limits.seconds) : asApiError(error);
      live.end(isGone ? 499 : shown.status, false);
      return errorResponse(shown, answerHeaders(live));
    }
  }

  async #answer(request: Request, live: LiveRequest): Promise<Response> {
    const { router } = this.#options;
    const { limits, routedText } = this.#config;
    const bytes = await readBody(request, { bytes: limits.bodyBytes, seconds: Math.min(BODY_SECONDS, limits.seconds) });
    const chat = parseChatRequest(bytes, routedText);
    const wanted = wantedBy(chat.model, router, request.headers.get("x-routerbench-setting"));
    live.text = chat.text;
    live.askedFor = chat.model;
    if (wanted.kind === "router") {
      const start = performance.now();
      live.decision = await this.#decisions.decide(chat.text, wanted.setting);
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
}

function lateError(seconds: number): ApiError {
  return new ApiError(504, `Cannot answer as a request must end within ${seconds} seconds`, {
    type: "server_error",
    code: "request_timeout",
  });
}
