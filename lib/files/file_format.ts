import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { bytesInMemory, type ByteSource } from "./byte_source.ts";
import { OpenedFile } from "./_opened_file.ts";
import { readCsvFrame } from "./csv_frame.ts";
import type { FileFormat, Frame } from "./frame.ts";
import { readJsonArrayFrame, readJsonLinesFrame } from "./json_frame.ts";
import { frameOfPickle, pandasGlobals } from "./pickle/pandas_frame.ts";
import { isRouterEval, routerEvalFrame } from "./pickle/routereval_pickle.ts";
import { inspectArchiveFrame } from "./inspect_archive.ts";
import type { LoadOptions } from "./load_options.ts";
import { readPickle } from "./pickle/pickle_reader.ts";
import { sha256OfBytes } from "../base/sha256.ts";
import { readParquetFrame } from "./parquet/parquet_frame.ts";
import { isZip } from "./zip_entries.ts";

/** A packed file may not unpack to more: beyond it lies a bomb, or a table that this reader cannot hold. */
const MOST_UNPACKED_BYTES = 2 ** 31;
/** V8 holds no longer text; the reader of JSON arrays takes a file as one. */
const MOST_TEXT_BYTES = 2 ** 29 - 24;

/** A file's table; its cells may be read until it is disposed of. */
export interface FileFrame extends AsyncDisposable {
  readonly frame: Frame;
  readonly format: FileFormat;
  /** SHA-256 of the file's bytes, lower-case hex; asked for when the cells were read. An error where the file was changed meanwhile. */
  sha256(): Promise<string>;
}

/**
 * Opens the table in a file; its format is told by the first bytes, not by the file's name. Of Parquet and pickles only
 * what is asked for is read, while the table is open; other files are read whole.
 *
 * @throws SyntaxError where the bytes are of no known format, or not whole; Error with `cause` where the file cannot be read
 */
export async function openFrame(path: string, options: LoadOptions = {}): Promise<FileFrame> {
  const unreadable = (cause: unknown): never => {
    throw new Error(`Cannot load "${path}" as the file must be readable: ${reason(cause)}; check the path`, { cause });
  };
  await using opened = new AsyncDisposableStack();
  const file = opened.use(await OpenedFile.open(path).catch(unreadable));
  if (file !== null && (isParquet(file.start) || isPickle(file.start))) {
    file.startHash();
    const read = isPickle(file.start)
      ? readPickled(file.bytes, options)
      : { frame: await readParquetFrame(file.bytes), format: "parquet" as const };
    const kept = opened.move();
    return { ...read, sha256: () => file.sha256(), [Symbol.asyncDispose]: () => kept.disposeAsync() };
  }
  if (file !== null && !isGzip(file.start) && !isZip(file.start)) {
    needTextLength(formatOf(file.start, path), file.bytes.size, path);
  }
  const bytes = await Deno.readFile(path).catch(unreadable);
  const sha256 = sha256OfBytes(bytes);
  const read = await frameOfBytes(bytes, path, options);
  return { ...read, sha256: () => Promise.resolve(sha256), [Symbol.asyncDispose]: () => Promise.resolve() };
}

function isPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80;
}

function isParquet(bytes: Uint8Array): boolean {
  return PARQUET.every((byte, at) => bytes[at] === byte);
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function needTextLength(format: FileFormat, length: number, name: string): void {
  if (format !== "json" || length <= MOST_TEXT_BYTES) return;
  throw new SyntaxError(
    `Cannot load "${name}" as a JSON array must have at most ${MOST_TEXT_BYTES} bytes: it has ${length}; save it as Parquet or JSON Lines`,
  );
}

function reason(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "there is no such file";
  if (cause instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (cause instanceof Deno.errors.PermissionDenied || cause instanceof Deno.errors.NotCapable) {
    return "reading it is not permitted";
  }
  return cause instanceof Error ? cause.message : String(cause);
}

/** As {@linkcode openFrame}, of a file's bytes. */
async function frameOfBytes(
  bytes: Uint8Array,
  path: string,
  options: LoadOptions,
): Promise<Pick<FileFrame, "frame" | "format">> {
  const whole = isGzip(bytes) ? await unpackGzip(bytes, MOST_UNPACKED_BYTES) : bytes;
  const log = inspectArchiveFrame(whole, path, MOST_TEXT_BYTES);
  if (log !== null) return { frame: log, format: "json" };
  const format = formatOf(whole, path);
  if (format === "parquet") return { frame: await readParquetFrame(bytesInMemory(whole)), format };
  needTextLength(format, whole.length, path);
  if (format === "csv") return { frame: readAsCsv(whole, path), format };
  if (format === "pickle") return readPickled(whole, options);
  return { frame: format === "json" ? readJsonArrayFrame(whole) : readJsonLinesFrame(whole), format };
}

/** A pickle holds a data frame, or a dictionary of RouterEval. */
export function readPickled(
  pickle: Uint8Array | ByteSource,
  { pool }: LoadOptions,
): { readonly frame: Frame; readonly format: FileFormat } {
  const value = readPickle(pickle, pandasGlobals);
  return isRouterEval(value)
    ? { frame: routerEvalFrame(value, pool), format: "routereval" }
    : { frame: frameOfPickle(value), format: "pickle" };
}

/** CSV is what is left when no first byte tells another format: a text that is none may be anything. */
function readAsCsv(bytes: Uint8Array, name: string): Frame {
  try {
    return readCsvFrame(bytes);
  } catch (cause) {
    throw unknown(
      name,
      `read as CSV, ${cause instanceof Error ? cause.message.replace(/^Cannot read the (CSV|text) as /, "") : cause}`,
    );
  }
}

/** The format by the first bytes that are no white space. */
function formatOf(bytes: Uint8Array, name: string): FileFormat {
  if (isPickle(bytes)) return "pickle";
  if (isParquet(bytes)) return "parquet";
  const foreign = FOREIGN.find(([, start]) => start.every((byte, at) => bytes[at] === byte));
  if (foreign !== undefined) throw unknown(name, `it is ${foreign[0]}`);
  if (bytes.length === 0) throw unknown(name, "it is empty");
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const first = bytes.subarray(start, start + 4096).find((byte) => byte > 0x20);
  if (bytes.subarray(0, 16).includes(0)) throw unknown(name, "it is not text");
  return first === 0x7b ? "jsonl" : first === 0x5b ? "json" : "csv";
}

/** "PAR1". */
const PARQUET: readonly number[] = [0x50, 0x41, 0x52, 0x31];

/** Formats that are known well enough to be named. */
const FOREIGN: readonly (readonly [string, readonly number[]])[] = [
  ["a zip or Excel file", [0x50, 0x4b, 3, 4]],
  ["an SQLite database", [...new TextEncoder().encode("SQLite format")]],
  ["a numpy array", [0x93, 0x4e, 0x55, 0x4d]],
  ["UTF-16", [0xff, 0xfe]],
  ["UTF-16", [0xfe, 0xff]],
  ["a web page", [...new TextEncoder().encode("<!")]],
];

function unknown(name: string, found: string): SyntaxError {
  return new SyntaxError(
    `Cannot load "${name}" as it must be a pickle of a pandas data frame, Parquet, CSV, JSON Lines or JSON: ${found}; save it as one of them`,
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
