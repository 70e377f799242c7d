import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { readCsvFrame } from "./csv_frame.ts";
import type { Frame } from "./frame.ts";
import { readJsonArrayFrame, readJsonLinesFrame } from "./json_frame.ts";
import { frameOfPickle, pandasGlobals } from "./pandas_frame.ts";
import { Room } from "./_pickled_values.ts";
import { isRouterEval, routerEvalFrame } from "./_routereval_pickle.ts";
import type { LoadOptions } from "./load_options.ts";
import { readPickle } from "./pickle_reader.ts";

/** The formats of tables. */
export type FileFormat = "pickle" | "routereval" | "csv" | "jsonl" | "json";

/** A packed file may not unpack to more: beyond it lies a bomb, or a table that this reader cannot hold. */
const MOST_UNPACKED_BYTES = 2 ** 31;

/**
 * Reads the table in a file's bytes; its format is told by the first of them, not by the file's name.
 *
 * @param name shown in errors
 * @throws SyntaxError where the bytes are of no known format, or not whole
 */
export async function frameOfBytes(
  bytes: Uint8Array,
  name: string,
  options: LoadOptions = {},
): Promise<{ readonly frame: Frame; readonly format: FileFormat }> {
  const whole = bytes[0] === 0x1f && bytes[1] === 0x8b ? await unpackGzip(bytes, MOST_UNPACKED_BYTES) : bytes;
  const format = formatOf(whole, name);
  if (format === "csv") return { frame: readAsCsv(whole, name), format };
  if (format === "pickle") return readPickled(whole, options);
  return { frame: format === "json" ? readJsonArrayFrame(whole) : readJsonLinesFrame(whole), format };
}

/** A pickle holds a data frame, or the dictionary that RouterEval publishes. */
export function readPickled(bytes: Uint8Array, { pool }: LoadOptions): { readonly frame: Frame; readonly format: FileFormat } {
  const room = new Room(bytes.length), value = readPickle(bytes, pandasGlobals(room), room);
  return isRouterEval(value)
    ? { frame: routerEvalFrame(value, pool), format: "routereval" }
    : { frame: frameOfPickle(value), format: "pickle" };
}

/** CSV is what is left when no first byte tells another format: a text that is none may be anything. */
function readAsCsv(bytes: Uint8Array, name: string): Frame {
  try {
    return readCsvFrame(bytes);
  } catch (cause) {
    throw unknown(name, `read as CSV, ${cause instanceof Error ? cause.message.replace(/^Cannot read the (CSV|text) as /, "") : cause}`);
  }
}

/** The format by the first bytes that are no white space. */
function formatOf(bytes: Uint8Array, name: string): FileFormat {
  if (bytes[0] === 0x80) return "pickle";
  const foreign = FOREIGN.find(([, start]) => start.every((byte, at) => bytes[at] === byte));
  if (foreign !== undefined) throw unknown(name, `it is ${foreign[0]}`);
  if (bytes.length === 0) throw unknown(name, "it is empty");
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const first = bytes.subarray(start, start + 4096).find((byte) => byte > 0x20);
  if (bytes.subarray(0, 16).includes(0)) throw unknown(name, "it is not text");
  return first === 0x7b ? "jsonl" : first === 0x5b ? "json" : "csv";
}

/** Formats that are known well enough to be named. */
const FOREIGN: readonly (readonly [string, readonly number[]])[] = [
  ["Parquet", [0x50, 0x41, 0x52, 0x31]],
  ["a zip or Excel file", [0x50, 0x4b, 3, 4]],
  ["an SQLite database", [...new TextEncoder().encode("SQLite format")]],
  ["a numpy array", [0x93, 0x4e, 0x55, 0x4d]],
  ["UTF-16", [0xff, 0xfe]],
  ["UTF-16", [0xfe, 0xff]],
  ["a web page", [...new TextEncoder().encode("<!")]],
];

function unknown(name: string, found: string): SyntaxError {
  return new SyntaxError(
    `Cannot load "${name}" as it must be a pickle of a pandas data frame, CSV, JSON Lines or JSON: ${found}; save it as one of them`,
  );
}

/**
 * Unpacks gzip, of one member or several.
 *
 * @param mostBytes where unpacking stops
 * @throws SyntaxError where the file is not whole, or unpacks to more
 */
export async function unpackGzip(bytes: Uint8Array, mostBytes: number): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: mostBytes });
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new SyntaxError(
      `Cannot unpack the file as it must be a whole gzip file of at most ${mostBytes} bytes unpacked: ${found}; fetch it again`,
      { cause },
    );
  }
}
