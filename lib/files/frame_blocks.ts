import { type ByteChunks, chunksOf, GrowingBytes, peeked } from "./byte_chunks.ts";
import { csvFrameOf } from "./csv/csv_frame.ts";
import { contentsOf } from "./_formats.ts";
import type { FileFormat, Frame } from "./frame.ts";
import { readJsonLinesFrame } from "./json_frame.ts";
import { OpenedFile } from "./_opened_file.ts";
import { packingOf, unpacked } from "./_packed.ts";
import { readParquetGroups } from "./parquet/parquet_frame.ts";

/** A table that is read block by block, so that memory holds one block. */
export interface FrameBlocks extends AsyncDisposable {
  /** The format. */
  readonly format: FileFormat;
  /** Bytes of the file. */
  readonly nBytes: number;
  /** True where it is packed. */
  readonly isPacked: boolean;
  /** Number of rows, where the format says it before all are read; else `null`. */
  readonly nRows: number | null;
  /** What the cells of each column take in the file, unpacked, bytes; `null` where the format does not say. */
  readonly columnBytes: ReadonlyMap<string, number> | null;
  /** The blocks, one after another. */
  frames(): Iterable<Frame> | AsyncIterable<Frame>;
  /** SHA-256 of the file's bytes; to be read after the blocks. */
  sha256(): Promise<string>;
}

/** A block of text has about so many bytes. */
const BLOCK_BYTES = 2 ** 24;
/** A row that is longer is an open quote. */
const MOST_ROW_BYTES = 2 ** 28;
const START_BYTES = 2 ** 12;
const NEWLINE = 0x0a, QUOTE = 0x22;

/**
 * Opens a table for reading it block by block: Parquet by its groups of rows; CSV and JSON Lines, packed or not, by stretches of whole rows.
 *
 * @param options `blockBytes`: about so many bytes of text are a block, default 16 MiB
 * @throws SyntaxError where it is of another format; Error with `cause` where it cannot be read
 */
export async function openBlocks(
  path: string,
  { blockBytes = BLOCK_BYTES }: { readonly blockBytes?: number } = {},
): Promise<FrameBlocks> {
  await using opened = new AsyncDisposableStack();
  const file = opened.use(await OpenedFile.open(path));
  const packing = packingOf(file.start);
  const chunks = packing === null ? null : await peeked(unpacked(file.bytes, packing), START_BYTES);
  const format = contentsOf(chunks?.start ?? file.start, path);
  const isText = format === "csv" || format === "jsonl";
  if (!isText && (format !== "parquet" || packing !== null)) {
    throw new SyntaxError(
      `Cannot read "${path}" in parts as it must be Parquet, CSV or JSON Lines: it is ${
        packing === null ? "" : `${packing}-packed `
      }${format}; save it as Parquet`,
    );
  }
  const groups = format === "parquet" ? await readParquetGroups(file.bytes) : null;
  const kept = opened.move();
  return {
    format,
    nBytes: file.bytes.size,
    isPacked: packing !== null,
    nRows: groups?.nRows ?? null,
    columnBytes: groups?.columnBytes ?? null,
    frames: () => {
      file.startHash();
      if (groups !== null) return groups.frames();
      const text = chunks?.chunks ?? chunksOf(file.bytes);
      return textFrames(text, { format: format as "csv" | "jsonl", blockBytes });
    },
    sha256: () => file.sha256(),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Stretches of whole rows as frames; each of CSV begins with the names of the columns. */
async function* textFrames(
  chunks: ByteChunks,
  { format, blockBytes }: { readonly format: "csv" | "jsonl"; readonly blockBytes: number },
): AsyncGenerator<Frame> {
  const waiting = new GrowingBytes();
  const isCsv = format === "csv";
  let header: Uint8Array = new Uint8Array(0);
  const frameOf = async (rows: Uint8Array): Promise<Frame> => {
    if (!isCsv) return await readJsonLinesFrame([rows]);
    const block = new Uint8Array(header.length + rows.length);
    block.set(header);
    block.set(rows, header.length);
    if (header.length === 0) header = rows.slice(0, endOfNames(rows));
    return csvFrameOf(block);
  };
  for await (const chunk of chunks) {
    waiting.add(chunk);
    const { bytes } = waiting;
    if (bytes.length < blockBytes) continue;
    const end = endOfRows(bytes, isCsv);
    if (end === 0 && bytes.length > MOST_ROW_BYTES) {
      throw new SyntaxError(`Cannot read the rows as each must have at most ${MOST_ROW_BYTES} bytes: one has more`);
    }
    if (end === 0) continue;
    yield await frameOf(bytes.slice(0, end));
    waiting.use(end);
  }
  if (waiting.bytes.length > 0) yield await frameOf(waiting.bytes.slice());
}

/** The end of the last whole row: behind a newline that stands in no quotes. */
function endOfRows(bytes: Uint8Array, isCsv: boolean): number {
  if (!isCsv) return bytes.lastIndexOf(NEWLINE) + 1;
  let isQuoted = false;
  let end = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) isQuoted = !isQuoted;
    else if (bytes[at] === NEWLINE && !isQuoted) end = at + 1;
  }
  return end;
}

/** The end of the row of names, and of a line `sep=;` before it. */
function endOfNames(bytes: Uint8Array): number {
  const isSeparator = new TextDecoder().decode(bytes.subarray(0, 7)).replace(/^\uFEFF/, "").startsWith("sep=");
  let nLeft = isSeparator ? 2 : 1;
  let isQuoted = false;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) isQuoted = !isQuoted;
    else if (bytes[at] === NEWLINE && !isQuoted && --nLeft === 0) return at + 1;
  }
  return bytes.length;
}
