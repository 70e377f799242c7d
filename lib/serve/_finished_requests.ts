import type { LiveDecisions } from "./live_decisions.ts";
import type { LiveRouter } from "./live_router.ts";
import { type FinishedRequest, type LoggedPrompts, logLine, undecidedLine } from "./log_line.ts";
import type { ServeMetrics } from "./metrics.ts";
import type { LogSink } from "./request_log.ts";

/** Where requests go that have ended. */
export interface FinishedOptions {
  /** The router. */
  readonly router: LiveRouter;
  /** The log; `null` logs nothing. */
  readonly log: LogSink | null;
  /** What the log keeps of a prompt. */
  readonly loggedPrompts: LoggedPrompts;
  /** Takes errors that clients do not see. */
  readonly onError: (error: unknown) => void;
}

/** What is done with requests that have ended: they are counted and logged, and a shadow decides on them too. */
export class FinishedRequests {
  readonly #options: FinishedOptions;
  readonly #decisions: LiveDecisions;
  readonly #metrics: ServeMetrics;
  readonly #lines = new Set<Promise<void>>();

  /** Nothing is done yet. */
  constructor(
    options: FinishedOptions,
    { decisions, metrics }: { readonly decisions: LiveDecisions; readonly metrics: ServeMetrics },
  ) {
    this.#options = options;
    this.#decisions = decisions;
    this.#metrics = metrics;
  }

  /** Takes a request that has ended. */
  add(ended: FinishedRequest): void {
    const { router, onError } = this.#options;
    this.#metrics.count(ended, router.models);
    const line = this.#log(ended).catch(onError);
    this.#lines.add(line);
    void line.finally(() => this.#lines.delete(line));
  }

  /** The lines of all of them are with the log. */
  async settled(): Promise<void> {
    await Promise.all(this.#lines);
  }

  async #log(ended: FinishedRequest): Promise<void> {
    const { router, log, loggedPrompts: prompts, onError } = this.#options;
    const { decision } = ended;
    if (decision === null) return log?.write(undecidedLine(ended));
    // Nothing that the shadow does may cost a line.
    const shadow = await this.#decisions.shadow(ended.text).catch(onError) ?? null;
    log?.write(logLine({ ...ended, decision }, { router, prompts, shadow }));
  }
}
