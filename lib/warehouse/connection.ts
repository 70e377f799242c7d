import { ClickHouseLogLevel, type ClickHouseSettings, createClient } from "@clickhouse/client-web";
import { serverError } from "./_server_error.ts";
import { quotedText } from "./sql.ts";
import type { WarehouseAddress } from "./warehouse_address.ts";

/** What a connection may use. */
export interface QueryLimits {
  /** Seconds of all queries together. Default: no limit. */
  readonly maxSeconds?: number;
  /** Bytes that one query may read on one server, as they are in memory. Default: no limit. */
  readonly maxBytes?: number;
}

/** How a connection is made. */
export interface ConnectionOptions extends QueryLimits {
  /** The user's password. Default the empty text. */
  readonly password?: string;
  /** Called with each query before it is sent. */
  readonly onQuery?: (sql: string) => void;
  /** Ends the query that runs, on the server too. */
  readonly signal?: AbortSignal;
  /** Seconds that a batch of rows may take. Default: no limit. */
  readonly insertSeconds?: number;
}

/** A query's text may be so long: choices at many settings are written out. */
const MOST_QUERY_BYTES = 2 ** 25;
/** Its syntax tree may have so many nodes. */
const MOST_NODES = 2_000_000;
/** Whatever the limit is, an answer is waited for no longer than a day. */
const LONGEST_SECONDS = 86_400;

/** Settings that any query of ours needs, on servers of 2018 and of today. */
const SETTINGS: ClickHouseSettings = {
  max_query_size: String(MOST_QUERY_BYTES),
  max_ast_elements: String(MOST_NODES),
  max_expanded_ast_elements: String(MOST_NODES),
  // The whole answer is there before the first byte is sent, so that an error in its middle is an error.
  wait_end_of_query: 1,
};

/** Groups leave their query in 256 blocks, so that a prompt's rows at many settings are never all in memory. */
const SMALL_BLOCKS: ClickHouseSettings = { group_by_two_level_threshold: "1", group_by_two_level_threshold_bytes: "1" };
/** Shards answer with groups that are whole. */
const WHOLE_ON_SHARDS: ClickHouseSettings = { distributed_group_by_no_merge: "1" };

/**
 * A connection to a server. Queries are read-only by setting; only {@linkcode Connection.execute} and {@linkcode
 * Connection.insert} write.
 */
export class Connection {
  /** Where it leads. */
  readonly address: WarehouseAddress;
  readonly #client: ReturnType<typeof createClient>;
  readonly #options: ConnectionOptions;
  readonly #running = new Set<string>();
  #secondsUsed = 0;

  /** Nothing is sent before the first query. */
  constructor(address: WarehouseAddress, options: ConnectionOptions = {}) {
    this.address = address;
    this.#options = options;
    this.#client = createClient({
      url: address.url,
      username: address.user,
      password: options.password ?? "",
      application: "routerbench",
      request_timeout: 1000 * LONGEST_SECONDS,
      // Errors are thrown; a line on stdout would stand between results.
      log: { level: ClickHouseLogLevel.OFF },
    });
  }

  /**
   * The rows of a query, each as the texts of its cells.
   *
   * @param doing what the query is for, as in "Cannot … as"
   * @param options `byPrompt`: it groups rows by prompt inside; where the address says that prompts are whole on their
   * shards, each shard then groups its own
   * @throws WarehouseError where the server does not answer or refuses
   */
  async rows(sql: string, doing: string, options: { readonly byPrompt?: boolean } = {}): Promise<string[][]> {
    const rows: string[][] = [];
    await this.eachRow(sql, doing, { ...options, take: (cells) => void rows.push(cells) });
    return rows;
  }

  /**
   * Does as {@linkcode Connection.rows}, and gives each row away, so that they are never all in memory.
   *
   * @param options `take`: called with each row; not called before the server has the whole answer
   */
  async eachRow(
    sql: string,
    doing: string,
    { byPrompt = false, take }: { readonly byPrompt?: boolean; readonly take: (cells: string[]) => void },
  ): Promise<void> {
    const settings = { ...this.#limited(), ...(byPrompt ? this.#byPrompt() : {}) };
    const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
      const decoder = new TextDecoder();
      let rest = "";
      for await (const bytes of stream) {
        const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
        rest = lines.pop()!;
        for (const line of lines) take(line.split("\t").map(unescaped));
      }
    };
    await this.#send(`${sql}\nFORMAT TabSeparated`, doing, { settings, read });
  }

  /**
   * Reads the rows of a query as they come, in the format RowBinary, so that they are never all in memory. The server
   * may break off in the middle: who reads must know how many rows there are.
   *
   * @param read called with each piece, which may end within a row
   * @throws WarehouseError where the server does not answer or refuses
   */
  async stream(sql: string, doing: string, read: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    const settings: ClickHouseSettings = { ...this.#limited(), ...this.#byPrompt(), wait_end_of_query: 0 };
    const readAll = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
      for await (const bytes of stream) await read(bytes);
    };
    await this.#send(`${sql}\nFORMAT RowBinary`, doing, { settings, read: readAll });
  }

  /**
   * Runs a statement that writes.
   *
   * @throws WarehouseError where the server does not answer or refuses
   */
  async execute(sql: string, doing: string): Promise<void> {
    await this.#send(sql, doing, { settings: {}, read: drained });
  }

  /**
   * Inserts rows in the format RowBinary, which keeps every digit; into a `Distributed` table it returns when all
   * shards have them.
   *
   * @param into the table and its columns, as SQL
   * @throws WarehouseError where the server does not answer or refuses
   */
  async insert(into: string, bytes: Uint8Array<ArrayBuffer>, doing: string): Promise<void> {
    const { url, user, database } = this.address;
    const { signal, insertSeconds } = this.#options;
    const query = `INSERT INTO ${into} FORMAT RowBinary`;
    const parameters = new URLSearchParams({ database, query, insert_distributed_sync: "1" });
    try {
      const response = await fetch(`${url}/?${parameters}`, {
        method: "POST",
        headers: { authorization: `Basic ${base64(`${user}:${this.#options.password ?? ""}`)}` },
        body: bytes,
        signal: AbortSignal.any([
          ...(signal === undefined ? [] : [signal]),
          ...(insertSeconds === undefined ? [] : [AbortSignal.timeout(1000 * insertSeconds)]),
        ]),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(text);
    } catch (cause) {
      throw serverError(cause, doing, this.address);
    }
  }

  /** Ends the queries that run, on the server. */
  async #cancel(): Promise<void> {
    const ids = [...this.#running].map(quotedText);
    if (ids.length === 0) return;
    const sql = `KILL QUERY WHERE query_id IN (${ids.join(", ")}) ASYNC`;
    // The query may have come to its end meanwhile, or the server be away: there is nothing left to cancel then.
    await this.#client.command({ query: sql }).catch(() => {});
  }

  #byPrompt(): ClickHouseSettings {
    return { ...SMALL_BLOCKS, ...(this.address.isSharded ? WHOLE_ON_SHARDS : {}) };
  }

  #limited(): ClickHouseSettings {
    const { maxSeconds, maxBytes } = this.#options;
    const left = maxSeconds === undefined ? undefined : Math.max(1, Math.ceil(maxSeconds - this.#secondsUsed));
    return {
      readonly: "2",
      ...(left === undefined ? {} : { max_execution_time: left }),
      ...(maxBytes === undefined ? {} : { max_bytes_to_read: String(maxBytes) }),
    };
  }

  async #send(
    query: string,
    doing: string,
    { settings, read }: {
      readonly settings: ClickHouseSettings;
      readonly read: (stream: ReadableStream<Uint8Array>) => Promise<void>;
    },
  ): Promise<void> {
    const { onQuery, signal, maxSeconds } = this.#options;
    onQuery?.(query);
    const id = crypto.randomUUID();
    const began = performance.now();
    const cancel = (): void => void this.#cancel();
    signal?.addEventListener("abort", cancel);
    this.#running.add(id);
    try {
      signal?.throwIfAborted();
      if (maxSeconds !== undefined && this.#secondsUsed >= maxSeconds) {
        throw new Error(`Code: 159. Exception: ${this.#secondsUsed.toFixed(1)} s were used of ${maxSeconds}`);
      }
      const { stream } = await this.#client.exec({
        query,
        query_id: id,
        clickhouse_settings: { ...SETTINGS, ...settings },
      });
      await read(stream);
    } catch (cause) {
      throw serverError(cause, doing, this.address);
    } finally {
      this.#running.delete(id);
      signal?.removeEventListener("abort", cancel);
      this.#secondsUsed += (performance.now() - began) / 1000;
    }
  }
}

/** Reads an answer of which nothing is needed. */
async function drained(stream: ReadableStream<Uint8Array>): Promise<void> {
  for await (const _ of stream);
}

/** What a server puts before signs that would end a cell, as it is without it. */
const UNESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "0": "\0" };

function unescaped(cell: string): string {
  if (!cell.includes("\\")) return cell;
  return cell.replaceAll(/\\([\s\S])/g, (_, sign: string) => UNESCAPES[sign] ?? sign);
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
