import {
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  DelegateBackoff,
  handleWhen,
  type IBreaker,
  isBrokenCircuitError,
  retry,
  type RetryPolicy,
} from "cockatiel";
import type { Random } from "../base/random.ts";
import { type AskOptions, askUpstream, type UpstreamAnswer } from "./ask_upstream.ts";
import type { ChatRequest } from "./chat_request.ts";
import type { ServeConfig, UpstreamModel } from "./models_config.ts";
import { UpstreamFailure } from "./upstream_failure.ts";

/** The first pause before a repetition; each further one is twice as long; chance shortens each to half at most. */
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
  readonly #breaker: FailuresInARow;
  readonly #circuit: CircuitBreakerPolicy;
  readonly #retry: RetryPolicy;

  constructor(model: UpstreamModel, { config, key, random }: UpstreamOptions) {
    this.model = model;
    this.#key = key;
    this.#breaker = new FailuresInARow(config.circuit.failures);
    this.#circuit = circuitBreaker(handleWhen(isUpstreams), {
      halfOpenAfter: config.circuit.openSeconds * 1000,
      breaker: this.#breaker,
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
        const answer = await this.#circuit.execute(() => askUpstream(this.model, chat, { key: this.#key, signal }));
        if (answer.kind === "stream") return { ...answer, events: this.#watched(answer.events) };
        this.#breaker.reset();
        return answer;
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

  /** A stream that has begun is a success only at its end, and counts as a failure where it breaks. */
  async *#watched(events: AsyncGenerator<Record<string, unknown>>): AsyncGenerator<Record<string, unknown>> {
    try {
      yield* events;
      this.#breaker.reset();
    } catch (error) {
      await this.#circuit.execute(() => Promise.reject(error)).catch(() => {});
      throw error;
    }
  }
}

function isUpstreams(error: unknown): boolean {
  return error instanceof UpstreamFailure && (error.mayPass || error.reason === "stream");
}

/** Opens after so many failures without a whole answer between them. */
class FailuresInARow implements IBreaker {
  readonly #most: number;
  #n = 0;
  state: unknown = null;

  constructor(most: number) {
    this.#most = most;
  }

  /** A whole answer has come. */
  reset(): void {
    this.#n = 0;
  }

  /** Called when an answer begins, which is not yet its end. */
  success(): void {}

  /** Counts a failure, and tells whether the circuit opens. */
  failure(): boolean {
    return ++this.#n >= this.#most;
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
