import { join } from "node:path";

/** What the log has done since it was opened. */
export interface LogCounts {
  /** Lines that are in a file. */
  readonly written: number;
  /** Lines that wait for the next batch. */
  readonly waiting: number;
  /** Lines that could not be kept: the folder took nothing and the memory for waiting lines was full. */
  readonly lost: number;
}

/** Where lines of requests go. */
export interface LogSink {
  /** What was done. */
  readonly counts: LogCounts;
  /** Adds a line. */
  write(line: object): void;
  /** Writes what waits, and ends. */
  close(): Promise<void>;
}

/** How a log is written. */
export interface RequestLogOptions {
  /** The folder, which is made. */
  readonly folder: string;
  /** A file of so many bytes is followed by a new one. Default 64 MiB. */
  readonly fileBytes?: number;
  /** Milliseconds between batches: what a kill -9 can lose at most. Default 250. */
  readonly everyMilliseconds?: number;
  /** Called when a batch cannot be written, once until one is written again. */
  readonly onError?: (error: unknown) => void;
}

/** Lines that wait while the folder takes nothing. */
const MOST_WAITING = 100_000;

/**
 * A log of JSON lines in a folder, written in batches. Files are named by the time at which they were begun,
 * `requests-2026-01-31T12-00-00.000Z-PID.jsonl`.
 *
 * Nothing is lost when {@linkcode RequestLog.close} is awaited; a kill loses the lines of at most one batch.
 *
 * @example
 * ```ts
 * import { RequestLog } from "./request_log.ts";
 * import assert from "node:assert/strict";
 *
 * const folder = await Deno.makeTempDir();
 * const log = await RequestLog.open({ folder });
 * log.write({ request_id: "a" });
 * await log.close();
 * assert.equal(log.counts.written, 1);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class RequestLog implements LogSink {
  readonly #options: RequestLogOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #files: string[] = [];
  #waiting: string[] = [];
  #path = "";
  #bytes = Infinity;
  #written = 0;
  #lost = 0;
  #isFailing = false;
  #writing: Promise<void> = Promise.resolve();

  private constructor(options: RequestLogOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.flush(), options.everyMilliseconds ?? 250);
  }

  /**
   * Opens a log.
   *
   * @throws Error where the folder cannot be made
   */
  static async open(options: RequestLogOptions): Promise<RequestLog> {
    try {
      await Deno.mkdir(options.folder, { recursive: true });
    } catch (cause) {
      throw new Error(`Cannot log requests as the folder must be there: "${options.folder}" cannot be made`, { cause });
    }
    return new RequestLog(options);
  }

  /** What the log has done. */
  get counts(): LogCounts {
    return { written: this.#written, waiting: this.#waiting.length, lost: this.#lost };
  }

  /** Paths of the files that hold lines, in their order. */
  get files(): readonly string[] {
    return this.#files;
  }

  /** Adds a line to the next batch. */
  write(line: object): void {
    if (this.#waiting.length >= MOST_WAITING) this.#lost++;
    else this.#waiting.push(JSON.stringify(line));
  }

  /** Writes the lines that wait. Never throws: lines that cannot be written go on waiting. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeBatch());
    return this.#writing;
  }

  /** Writes what waits and ends the batches. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  async #writeBatch(): Promise<void> {
    const lines = this.#waiting;
    if (lines.length === 0) return;
    this.#waiting = [];
    try {
      if (this.#bytes >= (this.#options.fileBytes ?? 2 ** 26)) this.#begin();
      const bytes = new TextEncoder().encode(lines.join("\n") + "\n");
      await this.#append(bytes);
      if (this.#files.at(-1) !== this.#path) this.#files.push(this.#path);
      this.#bytes += bytes.length;
      this.#written += lines.length;
      this.#isFailing = false;
    } catch (error) {
      this.#waiting = [...lines, ...this.#waiting];
      this.#bytes = Infinity; // a new file: the old one may end within a line
      if (!this.#isFailing) this.#options.onError?.(error);
      this.#isFailing = true;
    }
  }

  #begin(): void {
    const time = new Date().toISOString().replaceAll(":", "-");
    this.#path = join(this.#options.folder, `requests-${time}-${Deno.pid}.jsonl`);
    this.#bytes = 0;
  }

  /** Appends all of the bytes; what a full disk has taken of them is taken away again, so that no line stands twice. */
  async #append(bytes: Uint8Array): Promise<void> {
    using file = await Deno.open(this.#path, { append: true, create: true });
    const before = (await file.stat()).size;
    try {
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      await file.syncData();
    } catch (error) {
      await file.truncate(before).catch(() => {});
      throw error;
    }
  }
}
