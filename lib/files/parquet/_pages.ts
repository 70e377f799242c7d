import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import type { Compressors, Encoding, PageHeader } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { decompressPage } from "hyparquet/src/datapage.js";
import { compressors } from "hyparquet-compressors";
import { readRuns } from "./_runs.ts";
import type { ParquetChunk, ParquetLeaf } from "./_schema.ts";
import type { ByteWindow } from "../byte_source.ts";
import type { UnpackingRoom } from "./_room.ts";

/** A page of cells, unpacked, its values still encoded. */
export interface ParquetPage {
  /** True for the page of different values that later pages point into. */
  readonly isDictionary: boolean;
  /** Cells, missing ones too. */
  readonly nRows: number;
  /** Number of cells that are not missing. */
  readonly nValues: number;
  /** 1 for each cell that is not missing; `null` where none is. */
  readonly present: Uint8Array | null;
  /** Of values in lists: 0 where a row begins, and how much of the value is there, for each cell. */
  readonly repetitions: Uint8Array | null;
  readonly definitions: Uint8Array | null;
  readonly encoding: Encoding;
  /** The encoded values. */
  readonly bytes: Uint8Array;
}

/** Node's own decompressors stop where a page is larger than it claims, and are faster. */
const DECOMPRESSORS: Compressors = {
  ...compressors,
  GZIP: (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength: Math.max(1, maxOutputLength) }),
  BROTLI: (bytes, maxOutputLength) => brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, maxOutputLength) }),
  ZSTD: (bytes, maxOutputLength) => zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, maxOutputLength) }),
};

/**
 * The pages of a column in one group of rows, one at a time; every length is checked before anything is made of it.
 *
 * @throws Error where the pages do not have the group's rows, or lie outside the file
 */
export function* pagesOf(
  window: ByteWindow,
  { level, list }: ParquetLeaf,
  { meta, nRows }: ParquetChunk,
  room: UnpackingRoom,
): Generator<ParquetPage> {
  // A group without rows need not have cells.
  if (nRows === 0) return;
  const bytes = chunkBytes(window, meta);
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
  for (let row = 0; row < nRows;) {
    const header = parquetHeader(reader);
    const size = header.compressed_page_size;
    const from = reader.offset;
    if (!(size >= 0 && from + size <= bytes.length)) {
      throw new SyntaxError(`a page must lie in its column: it claims ${size ?? "no"} bytes`);
    }
    reader.offset += size;
    room.takePage(header.uncompressed_page_size);
    const packed = bytes.subarray(from, from + size);
    const most = header.type === "DICTIONARY_PAGE" ? header.uncompressed_page_size : nRows - row;
    const claimed = header[pageKey(header)]?.num_values;
    if (!(claimed !== undefined && claimed >= 0 && claimed <= most)) {
      throw new SyntaxError(`a page must hold at most ${most} values: it claims ${claimed ?? "none"}`);
    }
    const page = unpacked(packed, header, meta.codec, { level, depth: list?.depth ?? 0 });
    if (!page.isDictionary) row += page.nRows;
    yield page;
  }
}

function chunkBytes(
  window: ByteWindow,
  { dictionary_page_offset, data_page_offset, total_compressed_size }: ParquetChunk["meta"],
): Uint8Array {
  const data = Number(data_page_offset);
  const dictionary = Number(dictionary_page_offset ?? 0);
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  const end = start + Number(total_compressed_size);
  if (!(start >= 4 && start <= end && end <= window.source.size)) {
    throw new SyntaxError(`a column must lie in the file: it is at ${start} to ${end}`);
  }
  return window.part(start, end);
}

type PageKey = "data_page_header" | "data_page_header_v2" | "dictionary_page_header";

function pageKey({ type }: PageHeader): PageKey {
  if (type === "DATA_PAGE") return "data_page_header";
  if (type === "DATA_PAGE_V2") return "data_page_header_v2";
  if (type === "DICTIONARY_PAGE") return "dictionary_page_header";
  throw new SyntaxError(`a page must be one of values: it is ${type ?? "of an unknown kind"}`);
}

/** The greatest definition level of a column, and how many lists it lies in. */
interface Levels {
  readonly level: number;
  readonly depth: number;
}

function unpacked(
  packed: Uint8Array,
  header: PageHeader,
  codec: ParquetChunk["meta"]["codec"],
  levels: Levels,
): ParquetPage {
  const {
    data_page_header: v1,
    data_page_header_v2: v2,
    dictionary_page_header: dictionary,
    uncompressed_page_size: size,
  } = header;
  if (v2 !== undefined) {
    const nRepetitions = v2.repetition_levels_byte_length;
    const start = nRepetitions + v2.definition_levels_byte_length;
    if (!(start >= nRepetitions && nRepetitions >= 0 && start <= packed.length && start <= size)) {
      throw new SyntaxError("levels must lie in their page: some do not");
    }
    const parts = { repetitions: packed.subarray(0, nRepetitions), definitions: packed.subarray(nRepetitions, start) };
    const values = packed.subarray(start);
    const isPacked = v2.is_compressed !== false && values.length > 0;
    const bytes = isPacked ? decompressPage(values, size - start, codec, DECOMPRESSORS) : values;
    return { isDictionary: false, encoding: v2.encoding, bytes, ...presence(parts, v2.num_values, levels) };
  }
  const bytes = decompressPage(packed, size, codec, DECOMPRESSORS);
  if (v1 === undefined) {
    const nValues = dictionary!.num_values;
    const all = { nRows: nValues, nValues, present: null, repetitions: null, definitions: null };
    return { isDictionary: true, encoding: "PLAIN", bytes, ...all };
  }
  if (levels.level > 0 && v1.definition_level_encoding !== "RLE") {
    throw new SyntaxError(`levels must be packed as runs: they are ${v1.definition_level_encoding}`);
  }
  const repetitions = levels.depth > 0 ? measured(bytes, 0) : bytes.subarray(0, 0);
  const afterRepetitions = levels.depth > 0 ? 4 + repetitions.length : 0;
  const definitions = levels.level > 0 ? measured(bytes, afterRepetitions) : bytes.subarray(0, 0);
  const start = afterRepetitions + (levels.level > 0 ? 4 + definitions.length : 0);
  return {
    isDictionary: false,
    encoding: v1.encoding,
    bytes: bytes.subarray(start),
    ...presence({ repetitions, definitions }, v1.num_values, levels),
  };
}

/** The bytes behind their length. */
function measured(bytes: Uint8Array, at: number): Uint8Array {
  const length = bytes.length < at + 4 ? NaN : new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
  if (!(at + 4 + length <= bytes.length)) throw new SyntaxError("levels must lie in their page: they do not");
  return bytes.subarray(at + 4, at + 4 + length);
}

/** Which cells of a page are there. */
function presence(
  packed: { readonly repetitions: Uint8Array; readonly definitions: Uint8Array },
  nRows: number,
  { level, depth }: Levels,
): Pick<ParquetPage, "nRows" | "nValues" | "present" | "repetitions" | "definitions"> {
  const definitions = level === 0 ? null : levelsOf(packed.definitions, nRows, level);
  const repetitions = depth === 0 ? null : levelsOf(packed.repetitions, nRows, depth);
  if (definitions === null) return { nRows, nValues: nRows, present: null, repetitions, definitions };
  const present = depth === 0 ? definitions : definitions.slice();
  let nValues = 0;
  for (let row = 0; row < nRows; row++) nValues += present[row] = present[row] === level ? 1 : 0;
  return { nRows, nValues, present: nValues === nRows ? null : present, repetitions, definitions };
}

function levelsOf(packed: Uint8Array, nRows: number, most: number): Uint8Array {
  const levels = new Uint8Array(nRows);
  readRuns(packed, 32 - Math.clz32(most), levels);
  return levels;
}
