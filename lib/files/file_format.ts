import { type ByteChunks, chunksOf, joinedChunks, peeked, type PeekedChunks } from "./byte_chunks.ts";
import { bytesInMemory, type ByteSource } from "./byte_source.ts";
import { readCsvFrame } from "./csv/csv_frame.ts";
import { NoFile, OpenedFile } from "./_opened_file.ts";
import { packingOf, unpacked } from "./_packed.ts";
import { TableTooLarge } from "./table_size.ts";
import { MOST_TEXT_BYTES } from "./utf8.ts";
import { isZip } from "./zip_entries.ts";
import type { FileFormat, Frame } from "./frame.ts";
import { readJsonArrayFrame, readJsonLinesFrame } from "./json_frame.ts";
import { frameOfPickle } from "./pickle/pandas_frame.ts";
import { pandasGlobals } from "./pickle/pandas_globals.ts";
import { isRouterEval, routerEvalFrame } from "./pickle/routereval_pickle.ts";
import { inspectArchiveFrame } from "./inspect_archive.ts";
import type { LoadOptions } from "./load_options.ts";
import { readPickle } from "./pickle/pickle_reader.ts";
import { readParquetFrame } from "./parquet/parquet_frame.ts";

/** A pickle, Parquet file or JSON array that is packed may not unpack to more, as it is then held in memory. */
const MOST_UNPACKED_BYTES = 1.5 * 2 ** 30;
/** The first bytes of what was packed tell its format. */
const START_BYTES = 2 ** 12;

/** A file's table; its cells can be read until it is disposed of. */
export interface FileFrame extends AsyncDisposable {
  readonly frame: Frame;
  readonly format: FileFormat;
  /** SHA-256 of the file's bytes, lower-case hex; to be read after the cells. Throws an Error where the file was changed meanwhile. */
  sha256(): Promise<string>;
}

/**
 * Opens the table in a file; its format is told by the first bytes, not by the file's name. Of Parquet and pickles only
 * what is asked for is read, while the table is open; other files are read to their end, and those that are packed are unpacked on the way.
 *
 * @throws SyntaxError where the bytes are of no known format, or not whole; Error with `cause` where the file cannot be read
 */
export async function openFrame(path: string, options: LoadOptions = {}): Promise<FileFrame> {
  const unreadable = (cause: unknown): never => {
    throw new Error(`Cannot load "${path}" as the file must be readable: ${reason(cause)}; check the path`, { cause });
  };
  await using opened = new AsyncDisposableStack();
  const file = opened.use(await OpenedFile.open(path).catch(unreadable));
  const packing = packingOf(file.start);
  const format = packing === null ? contentsOf(file.start, path) : null;
  if (format === "json") needTextLength(path, file.bytes.size);
  file.startHash();
  if (format === "pickle" || format === "parquet") {
    const read = format === "pickle"
      ? readPickled(file.bytes, options)
      : { frame: await readParquetFrame(file.bytes), format };
    const kept = opened.move();
    return { ...read, sha256: () => file.sha256(), [Symbol.asyncDispose]: () => kept.disposeAsync() };
  }
  const read = format !== null
    ? await frameOfChunks(chunksOf(file.bytes), format, path)
    : await unpackedFrame(await peeked(unpacked(file.bytes, packing!), START_BYTES), path, options);
  const sha256 = await file.sha256();
  return { ...read, sha256: () => Promise.resolve(sha256), [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** The table of what a packed file holds. */
async function unpackedFrame(
  { start, chunks }: PeekedChunks,
  path: string,
  options: LoadOptions,
): Promise<Pick<FileFrame, "frame" | "format">> {
  if (packingOf(start) !== null) throw unknown(path, "it is packed twice");
  const format = contentsOf(start, path);
  if (format !== "parquet" && format !== "pickle") return await frameOfChunks(chunks, format, path);
  const bytes = await joinedChunks(chunks, MOST_UNPACKED_BYTES, () => tooMuch(path));
  return format === "pickle"
    ? readPickled(bytes, options)
    : { frame: await readParquetFrame(bytesInMemory(bytes)), format };
}

/** The table of a text. */
async function frameOfChunks(
  chunks: ByteChunks,
  format: FileFormat | "zip",
  path: string,
): Promise<Pick<FileFrame, "frame" | "format">> {
  switch (format) {
    case "json": {
      const bytes = await joinedChunks(chunks, MOST_TEXT_BYTES, () => tooLong(path, "more"));
      return { frame: readJsonArrayFrame(bytes), format };
    }
    case "zip": {
      const log = inspectArchiveFrame(
        await joinedChunks(chunks, MOST_UNPACKED_BYTES, () => tooMuch(path)),
        path,
        MOST_TEXT_BYTES,
      );
      if (log === null) throw unknown(path, "it is a zip or Excel file");
      return { frame: log, format: "json" };
    }
    case "jsonl":
      return { frame: await readJsonLinesFrame(chunks), format };
    default:
      return { frame: await readCsvFrame(chunks).catch(asCsv(path)), format };
  }
}

function tooMuch(path: string): SyntaxError {
  return new SyntaxError(
    `Cannot load "${path}" as a packed file must have at most ${MOST_UNPACKED_BYTES} bytes unpacked: it has more; unpack it first`,
  );
}

function isPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80;
}

function isParquet(bytes: Uint8Array): boolean {
  return PARQUET.every((byte, at) => bytes[at] === byte);
}

function needTextLength(path: string, length: number): void {
  if (length > MOST_TEXT_BYTES) throw tooLong(path, String(length));
}

function tooLong(path: string, found: string): SyntaxError {
  return new SyntaxError(
    `Cannot load "${path}" as a JSON array must have at most ${MOST_TEXT_BYTES} bytes: it has ${found}; save it as Parquet or JSON Lines`,
  );
}

function reason(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "there is no such file";
  if (cause instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (cause instanceof NoFile) return "it is a pipe or a device, of which parts cannot be read; write it into a file";
  if (cause instanceof Deno.errors.PermissionDenied || cause instanceof Deno.errors.NotCapable) {
    return "reading it is not permitted";
  }
  return cause instanceof Error ? cause.message : String(cause);
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

/** Reads CSV, the format of files that show no other one by their first bytes. */
function asCsv(path: string): (cause: unknown) => never {
  return (cause) => {
    if (!(cause instanceof SyntaxError) || cause instanceof TableTooLarge) throw cause;
    throw unknown(path, `read as CSV, ${cause.message.replace(/^Cannot read the (CSV|text) as /, "")}`, cause);
  };
}

/** What is in a file by its first bytes: a table, or a zip file that may be a log. */
export function contentsOf(start: Uint8Array, path: string): FileFormat | "zip" {
  return isZip(start) ? "zip" : formatOf(start, path);
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

/** Formats that are recognised only to name them in errors. */
const FOREIGN: readonly (readonly [string, readonly number[]])[] = [
  ["an SQLite database", [...new TextEncoder().encode("SQLite format")]],
  // Deno's unpacker takes a file that is cut for a whole one.
  ["packed by Zstandard, which is not read", [0x28, 0xb5, 0x2f, 0xfd]],
  ["a numpy array", [0x93, 0x4e, 0x55, 0x4d]],
  ["UTF-16", [0xff, 0xfe]],
  ["UTF-16", [0xfe, 0xff]],
  ["a web page", [...new TextEncoder().encode("<!")]],
];

function unknown(name: string, found: string, cause?: unknown): SyntaxError {
  return new SyntaxError(
    `Cannot load "${name}" as it must be a pickle of a pandas data frame, Parquet, CSV, JSON Lines or JSON: ${found}; save it as one of them`,
    { cause },
  );
}
