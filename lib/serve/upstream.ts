import {
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  DelegateBackoff,
  handleWhen,
  isBrokenCircuitError,
  retry,
  type RetryPolicy,
} from "cockatiel";
import type { Random } from "../base/random.ts";
import { type AskOptions, askUpstream, type UpstreamAnswer } from "./ask_upstream.ts";
import type { ChatRequest } from "./chat_request.ts";
import type { ServeConfig, UpstreamModel } from "./models_config.ts";
import { UpstreamFailure } from "./upstream_failure.ts";

/** The first pause before an attempt is repeated; each further one is twice as long, and each is shortened by chance to a half at most. */
const FIRST_PAUSE_SECONDS = 0.2;

/** How a model is asked. */
export interface UpstreamOptions {
  /** Retries and the circuit. */
  readonly config: Pick<ServeConfig, "retries" | "longestWaitSeconds" | "circuit">;
  /** The key; `null` where none is needed. */
  readonly key: string | null;
  /** Chance for pauses. */
  readonly random: Random;
}

/** A model behind retries and a circuit, which opens after failures in a row and closes again when a probe succeeds. */
export class Upstream {
  /** The model. */
  readonly model: UpstreamModel;
  readonly #key: string | null;
  readonly #circuit: CircuitBreakerPolicy;
  readonly #retry: RetryPolicy;

  constructor(model: UpstreamModel, { config, key, random }: UpstreamOptions) {
    this.model = model;
    this.#key = key;
    this.#circuit = circuitBreaker(handleWhen((error) => error instanceof UpstreamFailure && error.mayPass), {
      halfOpenAfter: config.circuit.openSeconds * 1000,
      breaker: new ConsecutiveBreaker(config.circuit.failures),
    });
    this.#retry = retry(
      handleWhen((error) =>
        error instanceof UpstreamFailure && error.mayPass &&
        (error.details.retryAfterSeconds ?? 0) <= config.longestWaitSeconds
      ),
      {
        maxAttempts: config.retries,
        backoff: new DelegateBackoff(({ attempt, result }) => {
          const error = "error" in result ? result.error : null;
          const asked = error instanceof UpstreamFailure ? error.details.retryAfterSeconds ?? null : null;
          const own = FIRST_PAUSE_SECONDS * 2 ** (attempt - 1) * (1 - random.uniform() / 2);
          return 1000 * (asked ?? Math.min(own, config.longestWaitSeconds));
        }),
      },
    );
  }

  /** True while the model is left alone. */
  get isOpen(): boolean {
    return this.#circuit.state === CircuitState.Open;
  }

  /**
   * Asks until the model answers, a failure cannot pass, or the retries are used up.
   *
   * @param onFailure called for each failure
   * @throws UpstreamFailure the last one; the signal's reason where the client has left
   */
  async ask(
    chat: ChatRequest,
    { signal, onFailure }: Pick<AskOptions, "signal"> & { readonly onFailure: (failure: UpstreamFailure) => void },
  ): Promise<UpstreamAnswer> {
    const attempt = async (): Promise<UpstreamAnswer> => {
      signal.throwIfAborted();
      try {
        return await this.#circuit.execute(() => askUpstream(this.model, chat, { key: this.#key, signal }));
      } catch (error) {
        const failure = isBrokenCircuitError(error)
          ? new UpstreamFailure("circuit", "the model failed so often that it is left alone")
          : error;
        if (failure instanceof UpstreamFailure) onFailure(failure);
        throw failure;
      }
    };
    return await untilAborted(this.#retry.execute(attempt), signal);
  }
}

/** The work's end, or the signal's reason as soon as it is aborted: a pause before a retry is not waited for. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}
