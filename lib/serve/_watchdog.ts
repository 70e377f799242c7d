/** Ends a piece of work that takes too long, or whose client has left. */
export class Watchdog {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #expired: string | null = null;

  /** @param outer ends the work too */
  constructor(outer: AbortSignal) {
    this.#outer = outer;
    if (outer.aborted) this.#abort();
    else outer.addEventListener("abort", this.#abort);
  }

  /** Aborted when the work must end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The time that ran out; `null` where none did. */
  get expired(): string | null {
    return this.#expired;
  }

  /** Starts or restarts a time by its name. */
  arm(name: string, seconds: number): void {
    this.disarm(name);
    this.#timers.set(
      name,
      setTimeout(() => {
        this.#expired ??= name;
        this.#controller.abort();
      }, Math.min(seconds * 1000, 2 ** 31 - 1)),
    );
  }

  /** Stops a time. */
  disarm(name: string): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  /** Stops all times and lets the outer signal go. */
  end(): void {
    for (const name of [...this.#timers.keys()]) this.disarm(name);
    this.#outer.removeEventListener("abort", this.#abort);
  }

  readonly #abort = (): void => {
    this.end();
    this.#controller.abort();
  };
}
