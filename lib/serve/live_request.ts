import type { Decision } from "./live_router.ts";
import type { Attempt, FinishedRequest } from "./log_line.ts";
import type { Usage } from "./usage.ts";

/** What is found out of a request while it is answered; it ends once. */
export class LiveRequest {
  /** Its id, which the client, the log and feedback share. */
  readonly id: string = crypto.randomUUID();
  /** Aborted when the client has left or its time is over. */
  readonly signal: AbortSignal;
  /** The text that is routed. */
  text = "";
  /** The name that the client asked for, once it is known to be one of the server's. */
  askedFor: string | null = null;
  /** The decision, once it is made. */
  decision: Decision | null = null;
  /** Milliseconds of the decision. */
  routingMilliseconds: number | null = null;
  /** The model that answers, once one does. */
  answeredBy: string | null = null;
  /** Seconds to the first token of a stream. */
  firstTokenSeconds: number | null = null;
  /** Tokens and cost, once they are known. */
  usage: Usage | null = null;
  /** Attempts at models. */
  readonly attempts: Attempt[] = [];
  readonly #time: string = new Date().toISOString();
  readonly #start: number = performance.now();
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #client: AbortSignal;
  readonly #onEnd: (request: FinishedRequest) => void;
  #hasEnded = false;
  #isLate = false;

  /** @param options `seconds`: the longest time that it may take; `onEnd`: called once, when it has ended */
  constructor(
    client: AbortSignal,
    { seconds, onEnd }: { readonly seconds: number; readonly onEnd: (request: FinishedRequest) => void },
  ) {
    this.#client = client;
    this.#onEnd = onEnd;
    this.signal = this.#controller.signal;
    this.#timer = setTimeout(() => {
      this.#isLate = true;
      this.#controller.abort();
    }, Math.min(seconds * 1000, 2 ** 31 - 1));
    if (client.aborted) this.abort();
    else client.addEventListener("abort", this.abort);
  }

  /** True where the time of the request is over. */
  get isLate(): boolean {
    return this.#isLate;
  }

  /** Seconds since it came. */
  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  /** Ends what is being done for it. */
  readonly abort = (): void => this.#controller.abort();

  /** Ends it: it is counted and logged. Later calls do nothing. */
  end(status: number, isComplete: boolean): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    this.#client.removeEventListener("abort", this.abort);
    this.#onEnd({
      requestId: this.id,
      time: this.#time,
      text: this.text,
      askedFor: this.askedFor,
      decision: this.decision,
      answeredBy: this.answeredBy,
      attempts: this.attempts,
      status,
      isComplete,
      usage: this.usage,
      latencySeconds: this.seconds,
      firstTokenSeconds: this.firstTokenSeconds,
      routingMilliseconds: this.routingMilliseconds,
    });
  }
}
