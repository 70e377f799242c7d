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
  { level }: ParquetLeaf,
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
      throw new SyntaxError(`a page must lie in its column: it claims ${size} bytes`);
    }
    reader.offset += size;
    room.takePage(header.uncompressed_page_size);
    const packed = bytes.subarray(from, from + size);
    const most = header.type === "DICTIONARY_PAGE" ? header.uncompressed_page_size : nRows - row;
    const claimed = header[pageKey(header)]?.num_values;
    if (!(claimed !== undefined && claimed >= 0 && claimed <= most)) {
      throw new SyntaxError(`a page must hold at most ${most} values: it claims ${claimed}`);
    }
    const page = unpacked(packed, header, meta.codec, level);
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

function unpacked(
  packed: Uint8Array,
  header: PageHeader,
  codec: ParquetChunk["meta"]["codec"],
  level: number,
): ParquetPage {
  const {
    data_page_header: v1,
    data_page_header_v2: v2,
    dictionary_page_header: dictionary,
    uncompressed_page_size: size,
  } = header;
  if (v2 !== undefined) {
    const nLevels = v2.definition_levels_byte_length;
    const start = v2.repetition_levels_byte_length + nLevels;
    if (!(start >= nLevels && nLevels >= 0 && start <= packed.length && start <= size)) {
      throw new SyntaxError("levels must lie in their page: some do not");
    }
    const levels = packed.subarray(start - nLevels, start);
    const values = packed.subarray(start);
    const isPacked = v2.is_compressed !== false && values.length > 0;
    const bytes = isPacked ? decompressPage(values, size - start, codec, DECOMPRESSORS) : values;
    return { isDictionary: false, encoding: v2.encoding, bytes, ...presence(levels, v2.num_values, level) };
  }
  const bytes = decompressPage(packed, size, codec, DECOMPRESSORS);
  if (v1 === undefined) {
    const nValues = dictionary!.num_values;
    return { isDictionary: true, encoding: "PLAIN", bytes, nRows: nValues, nValues, present: null };
  }
  if (level === 0) return { isDictionary: false, encoding: v1.encoding, bytes, ...presence(bytes, v1.num_values, 0) };
  if (v1.definition_level_encoding !== "RLE") {
    throw new SyntaxError(`levels must be packed as runs: they are ${v1.definition_level_encoding}`);
  }
  const nLevels = bytes.length < 4 ? NaN : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (!(4 + nLevels <= bytes.length)) throw new SyntaxError("levels must lie in their page: they do not");
  const levels = bytes.subarray(4, 4 + nLevels);
  return {
    isDictionary: false,
    encoding: v1.encoding,
    bytes: bytes.subarray(4 + nLevels),
    ...presence(levels, v1.num_values, level),
  };
}

/** Which cells of a page are there. */
function presence(
  levels: Uint8Array,
  nRows: number,
  level: number,
): Pick<ParquetPage, "nRows" | "nValues" | "present"> {
  if (level === 0) return { nRows, nValues: nRows, present: null };
  const present = new Uint8Array(nRows);
  readRuns(levels, 32 - Math.clz32(level), present);
  let nValues = 0;
  for (let row = 0; row < nRows; row++) nValues += present[row] = present[row] === level ? 1 : 0;
  return { nRows, nValues, present: nValues === nRows ? null : present };
}
