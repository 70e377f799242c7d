import { join } from "node:path";
import { Connection, type WarehouseAddress, warehouseAddress, WarehouseError } from "../warehouse/mod.ts";
import { RowBinary } from "../warehouse/row_binary.ts";
import { quotedText } from "../warehouse/sql.ts";
import { LINE_COLUMNS, linesTable, logLayout, writeRow } from "./_log_rows.ts";
import { linesIn, NEWLINE, spoolFiles, spoolId, timeOf } from "./_spool_files.ts";
import { type LogCounts, type LogSink, RequestLog } from "./request_log.ts";

/** How a log in a warehouse is written. */
export interface WarehouseLogOptions {
  /** Where lines wait until the server has them; no other process may write there. */
  readonly folder: string;
  /** The user's password. */
  readonly password?: string;
  /** Milliseconds between batches of rows. Default 1,000. */
  readonly everyMilliseconds?: number;
  /** The longest pause after failures, milliseconds. Default 30,000. */
  readonly mostMilliseconds?: number;
  /** Called when the server does not take rows, once until it takes some again. */
  readonly onError?: (error: unknown) => void;
}

/** So many bytes of lines are one batch, and a file of the spool. */
const BATCH_BYTES = 2 ** 22;
/** How long the end waits for the server, milliseconds; what is left then is sent by the next start. */
const END_MILLISECONDS = 10_000;
/** A server that does not answer for so long is away. */
const INSERT_SECONDS = 60;
/** Lines of a file; its time and a line's number are one number of 64 bits. */
const MOST_LINES = 2n ** 22n;
const DOING = "log requests";

/**
 * A log of requests in a table of ClickHouse. Each line goes to a file first (a {@linkcode RequestLog}, the spool) and
 * from there to the server in batches; a file is removed when the server has all of it. While the server is away lines
 * wait on disk, also over a restart.
 *
 * No line is twice in the table: rows have their file and number, and where it is not known whether a batch arrived (an
 * answer that was lost, a process that was killed) the server is asked for the last one. A batch arrives as a whole.
 *
 * The address names a view of requests with the quality of their last feedback; the lines are in `TABLE_lines`. Both
 * are made where they are not there.
 */
export class WarehouseLog implements LogSink {
  readonly #address: WarehouseAddress;
  readonly #connection: Connection;
  readonly #abort = new AbortController();
  readonly #options: WarehouseLogOptions;
  readonly #spool: RequestLog;
  /** Part of the names of this spool's files in the table: names of several machines may be equal. */
  readonly #id: string;
  /** Lines of each file that are in the table, and where the next begins. */
  readonly #sent = new Map<string, { readonly lines: number; readonly at: number }>();
  #written = 0;
  /** Files that earlier processes left in the spool, and their lines. */
  #earlier: ReadonlySet<string> = new Set();
  #nLeft = 0;
  /** Lines of each file that `#written` counts. */
  readonly #counted = new Map<string, number>();
  #isPrepared = false;
  #isFailing = false;
  #isClosed = false;
  #pause: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #draining: Promise<void> = Promise.resolve();

  private constructor(address: WarehouseAddress, options: WarehouseLogOptions, spool: RequestLog, id: string) {
    this.#address = address;
    this.#options = options;
    this.#spool = spool;
    this.#id = id;
    this.#connection = new Connection(address, {
      password: options.password,
      signal: this.#abort.signal,
      insertSeconds: INSERT_SECONDS,
    });
    this.#pause = this.#every;
  }

  /**
   * Opens a log.
   *
   * @param address as of `warehouseAddress`
   * @throws TypeError for an address that is none; Error where the folder cannot be made; WarehouseError where the
   * server refuses; where it is away, lines wait for it
   */
  static async open(address: string, options: WarehouseLogOptions): Promise<WarehouseLog> {
    const parsed = warehouseAddress(address);
    const { folder, onError } = options;
    const spool = await RequestLog.open({ folder, fileBytes: BATCH_BYTES, onError });
    const log = new WarehouseLog(parsed, options, spool, await spoolId(folder));
    log.#earlier = new Set(await spoolFiles(folder));
    log.#nLeft = await linesIn(folder, log.#earlier);
    try {
      await log.#prepare();
    } catch (error) {
      const isAway = error instanceof WarehouseError && error.code === null;
      if (!isAway) {
        await spool.close();
        throw error;
      }
      log.#fail(error);
    }
    log.#schedule();
    return log;
  }

  /** Lines that are in the table, that wait in memory or in the spool, and that could not be kept. */
  get counts(): LogCounts {
    const { written, waiting, lost } = this.#spool.counts;
    return { written: this.#written, waiting: this.#nLeft + written + waiting - this.#written, lost };
  }

  /** Adds a line to the spool's next batch. */
  write(line: object): void {
    this.#spool.write(line);
  }

  /** Sends what waits and ends. What the server does not take within ten seconds is sent by the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#spool.close();
    const { promise: isLate, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, END_MILLISECONDS);
    await Promise.race([this.#draining.then(() => this.#drain()), isLate]);
    clearTimeout(timer);
    this.#abort.abort();
  }

  get #every(): number {
    return this.#options.everyMilliseconds ?? 1000;
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#draining = this.#drain().finally(() => this.#schedule());
    }, this.#pause);
  }

  /** Sends all that is in the spool. Never throws: what the server does not take goes on waiting. */
  async #drain(): Promise<void> {
    try {
      await this.#prepare();
      for (const name of await spoolFiles(this.#options.folder)) await this.#send(name);
      this.#isFailing = false;
      this.#pause = this.#every;
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    // Whether the last batch arrived is not known: the server is asked.
    this.#sent.clear();
    this.#pause = Math.min(this.#options.mostMilliseconds ?? 30_000, 2 * this.#pause);
    if (!this.#isFailing) this.#options.onError?.(error);
    this.#isFailing = true;
  }

  async #prepare(): Promise<void> {
    if (this.#isPrepared) return;
    for (const statement of logLayout(this.#address)) await this.#connection.execute(statement, DOING);
    this.#isPrepared = true;
  }

  /** Sends what is new in a file, and removes it where nothing will come any more. */
  async #send(name: string): Promise<void> {
    const path = join(this.#options.folder, name);
    const at = this.#spool.files.indexOf(path);
    const isFinished = this.#isClosed || this.#earlier.has(name) || (at >= 0 && at < this.#spool.files.length - 1);
    const bytes = await Deno.readFile(path);
    let place = this.#sent.get(name) ?? await this.#placeAfter(name, bytes);
    while (true) {
      let end = bytes.lastIndexOf(NEWLINE, place.at + BATCH_BYTES) + 1;
      // A line may be longer than a batch.
      if (end <= place.at) end = bytes.indexOf(NEWLINE, place.at) + 1;
      if (end <= place.at) break;
      place = await this.#insert(name, bytes.subarray(0, end), place);
      this.#sent.set(name, place);
    }
    if (!isFinished) return;
    // What a killed process left behind the last newline is no line.
    await Deno.remove(path);
    this.#sent.delete(name);
  }

  /** Where the first line begins that the table does not have. */
  async #placeAfter(name: string, bytes: Uint8Array): Promise<{ readonly lines: number; readonly at: number }> {
    const spool = quotedText(`${this.#id}/${name}`);
    const sql = `SELECT count() FROM ${linesTable(this.#address)} WHERE spool = ${spool}`;
    const [[count]] = await this.#connection.rows(sql, DOING);
    const lines = Number(count);
    let at = 0;
    for (let line = 0; line < lines; line++) at = bytes.indexOf(NEWLINE, at) + 1;
    // Lines that arrived although their answer was lost.
    this.#written = this.#written + lines - (this.#counted.get(name) ?? 0);
    this.#counted.set(name, lines);
    return { lines, at };
  }

  async #insert(
    name: string,
    bytes: Uint8Array,
    { lines, at }: { readonly lines: number; readonly at: number },
  ): Promise<{ readonly lines: number; readonly at: number }> {
    const spool = `${this.#id}/${name}`;
    const began = BigInt(timeOf(name));
    const rows = new RowBinary();
    let line = lines;
    for (const text of new TextDecoder().decode(bytes.subarray(at)).split("\n")) {
      if (text === "") continue;
      writeRow(rows, JSON.parse(text), { spool, line, seq: began * MOST_LINES + BigInt(line) });
      line++;
    }
    await this.#connection.insert(`${linesTable(this.#address)} (${LINE_COLUMNS})`, rows.bytes(), DOING);
    this.#written += line - lines;
    this.#counted.set(name, line);
    return { lines: line, at: bytes.length };
  }
}
