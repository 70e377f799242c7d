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
import { frameOfPickledRows } from "./pickle/pickled_rows.ts";
import { isRouterEval, routerEvalFrame } from "./pickle/routereval_pickle.ts";
import { contentsOf, unknown } from "./_formats.ts";
import { tableInZip } from "./_zip_table.ts";
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
  file.startHash();
  if (format === "pickle" || format === "parquet") {
    const read = format === "pickle"
      ? readPickled(file.bytes, options)
      : { frame: await readParquetFrame(file.bytes), format };
    const kept = opened.move();
    return { ...read, sha256: () => file.sha256(), [Symbol.asyncDispose]: () => kept.disposeAsync() };
  }
  const read = format !== null
    ? await frameOfChunks(chunksOf(file.bytes), format, { path, options })
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
  if (packingOf(start) !== null) throw unknown(path, "it is packed twice", { remedy: "unpack it first" });
  const format = contentsOf(start, path);
  if (format !== "parquet" && format !== "pickle") return await frameOfChunks(chunks, format, { path, options });
  const bytes = await joinedChunks(chunks, MOST_UNPACKED_BYTES, () => tooMuch(path));
  return format === "pickle"
    ? readPickled(bytes, options)
    : { frame: await readParquetFrame(bytesInMemory(bytes)), format };
}

/** The table of a text. */
async function frameOfChunks(
  chunks: ByteChunks,
  format: FileFormat | "zip",
  { path, options }: { readonly path: string; readonly options: LoadOptions },
): Promise<Pick<FileFrame, "frame" | "format">> {
  switch (format) {
    case "json":
      return { frame: await readJsonArrayFrame(chunks), format };
    case "zip": {
      const bytes = await joinedChunks(chunks, MOST_UNPACKED_BYTES, () => tooMuch(path));
      const log = inspectArchiveFrame(bytes, path, MOST_TEXT_BYTES);
      if (log !== null) return { frame: log, format: "json" };
      return await frameInZip(bytesInMemory(tableInZip(bytes, path, MOST_UNPACKED_BYTES)), path, options);
    }
    case "jsonl":
      return { frame: await readJsonLinesFrame(chunks), format };
    default:
      return { frame: await readCsvFrame(chunks).catch(asCsv(path)), format };
  }
}

/** The table of a file in a zip file, which may be packed once more. */
async function frameInZip(
  source: ByteSource,
  path: string,
  options: LoadOptions,
): Promise<Pick<FileFrame, "frame" | "format">> {
  const start = source.whole!.subarray(0, START_BYTES);
  if (isZip(start)) throw unknown(path, "it is a zip file in a zip file", { remedy: "unpack it first" });
  const packing = packingOf(start);
  const parts = packing === null
    ? { start, chunks: chunksOf(source) }
    : await peeked(unpacked(source, packing), START_BYTES);
  return await unpackedFrame(parts, path, options);
}

function tooMuch(path: string): SyntaxError {
  return new SyntaxError(
    `Cannot load "${path}" as a packed file must have at most ${MOST_UNPACKED_BYTES} bytes unpacked: it has more; unpack it first`,
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

/** A pickle holds a data frame, a list of dictionaries, a dictionary of columns, or one of RouterEval. */
export function readPickled(
  pickle: Uint8Array | ByteSource,
  { pool }: LoadOptions,
): { readonly frame: Frame; readonly format: FileFormat } {
  const value = readPickle(pickle, pandasGlobals);
  if (isRouterEval(value)) return { frame: routerEvalFrame(value, pool), format: "routereval" };
  const rows = frameOfPickledRows(value);
  return rows === null ? { frame: frameOfPickle(value), format: "pickle" } : { frame: rows, format: "json" };
}

/** Reads CSV, the format of files that show no other one by their first bytes. */
function asCsv(path: string): (cause: unknown) => never {
  return (cause) => {
    // What was packed and is not whole says so itself.
    if (
      !(cause instanceof SyntaxError) || cause instanceof TableTooLarge || cause.message.startsWith("Cannot unpack")
    ) throw cause;
    const found = cause.message.replace(/^Cannot read the (CSV|text) as /, "");
    throw unknown(path, `read as CSV, ${found}`, found.includes("; ") ? { remedy: "", cause } : { cause });
  };
}
