import type { SchemaElement } from "hyparquet";
import { ByteTexts } from "../byte_texts.ts";
import { codedColumn } from "../coded_column.ts";
import { converted, decoded } from "./_decoded.ts";
import { otherReader } from "./_other_cells.ts";
import { pagesOf, type ParquetPage } from "./_pages.ts";
import { readRuns } from "./_runs.ts";
import type { ParquetLeaf } from "./_schema.ts";
import type { ByteWindow } from "../byte_source.ts";
import type { UnpackingRoom } from "./_room.ts";

/** The result of a column: doubles, or codes of texts and of other values. */
interface Maker<T extends Float64Array | Int32Array> {
  readonly cells: T;
  /** The value of a missing cell. */
  readonly missing: number;
  /** The values of a page as numbers. */
  values(page: ParquetPage): T;
  column(): ArrayLike<unknown>;
}

/** The levels of the cells of a column that lies in a list, which are filled as it is read. */
export interface CellLevels {
  readonly repetitions: Uint8Array;
  readonly definitions: Uint8Array;
}

/** Integers beyond 2^53 may not be doubles; their column is read again as texts. */
class LongIntegers extends Error {}

/**
 * Reads a column: numbers as doubles, `NaN` where one is missing; texts, truth values and times as codes. Nothing is made for a single row.
 *
 * @throws Error where its pages cannot be read
 */
export function readParquetColumn(
  window: ByteWindow,
  leaf: ParquetLeaf,
  { nRows, room, levels = null }: {
    readonly nRows: number;
    readonly room: UnpackingRoom;
    readonly levels?: CellLevels | null;
  },
): ArrayLike<unknown> {
  const read = <T extends Float64Array | Int32Array>(maker: Maker<T>): ArrayLike<unknown> => {
    let row = 0;
    for (const chunk of leaf.chunks) {
      let dictionary: T | null = null;
      for (const page of pagesOf(window, leaf, chunk, room)) {
        if (page.isDictionary) {
          dictionary = maker.values(page);
          continue;
        }
        const isIndexed = page.encoding === "RLE_DICTIONARY" || page.encoding === "PLAIN_DICTIONARY";
        spread(isIndexed ? looked(page, dictionary) : maker.values(page), page, maker, row);
        if (page.repetitions !== null) levels?.repetitions.set(page.repetitions, row);
        if (page.definitions !== null) levels?.definitions.set(page.definitions, row);
        row += page.nRows;
      }
    }
    return maker.column();
  };
  const { element } = leaf;
  if (isText(element)) return read(textMaker(element, nRows));
  if (!isNumber(element)) return read(otherMaker(element, nRows));
  try {
    return read(numberMaker(element, nRows));
  } catch (error) {
    if (!(error instanceof LongIntegers)) throw error;
    return read(otherMaker(element, nRows));
  }
}

/** The values that a page's indices stand for. */
function looked<T extends Float64Array | Int32Array>({ bytes, nValues }: ParquetPage, dictionary: T | null): T {
  if (dictionary === null) throw new SyntaxError("a page that points into a dictionary must have one: it has none");
  const indices = new Int32Array(nValues);
  const values = new (dictionary.constructor as new (length: number) => T)(nValues);
  // Some writers leave out the runs of a dictionary of one value.
  if (nValues > 0 && bytes[0] !== 0) readRuns(bytes.subarray(1), bytes[0] ?? 0, indices);
  for (let i = 0; i < nValues; i++) {
    if (indices[i] >= dictionary.length) {
      throw new SyntaxError(`an index must lie in its dictionary of ${dictionary.length}: ${indices[i]} does not`);
    }
    values[i] = dictionary[indices[i]];
  }
  return values;
}

/** Puts a page's values into their rows. */
function spread<T extends Float64Array | Int32Array>(
  values: T,
  { nRows, nValues, present }: ParquetPage,
  { cells, missing }: Maker<T>,
  row: number,
): void {
  if (values.length !== nValues) throw new SyntaxError(`a page must have ${nValues} values: it has ${values.length}`);
  if (present === null) return cells.set(values, row);
  for (let i = 0, next = 0; i < nRows; i++) cells[row + i] = present[i] === 1 ? values[next++] : missing;
}

function isText({ type, converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return type === "BYTE_ARRAY" && (converted === undefined || ["UTF8", "ENUM", "JSON"].includes(converted)) &&
    (logical === undefined || ["STRING", "ENUM", "JSON"].includes(logical.type));
}

function isNumber({ type, converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  if (converted === "DECIMAL" || logical?.type === "DECIMAL" || logical?.type === "FLOAT16") return true;
  const isPlain = logical === undefined || logical.type === "INTEGER";
  return isPlain && ["INT32", "INT64", "FLOAT", "DOUBLE"].includes(type!) &&
    (converted === undefined || /^U?INT_/.test(converted));
}

function decimalScale({ converted_type: converted, logical_type: logical, scale }: SchemaElement): number | null {
  if (logical?.type === "DECIMAL") return logical.scale;
  return converted === "DECIMAL" ? scale ?? 0 : null;
}

function numberMaker(element: SchemaElement, nRows: number): Maker<Float64Array> {
  const cells = new Float64Array(nRows);
  // Divided, not multiplied by a tenth of a tenth: 3 tenths are then the double of "0.3".
  const isDecimal = decimalScale(element) !== null;
  const divisor = 10 ** (decimalScale(element) ?? 0);
  const integer: SchemaElement = isDecimal ? { ...element, converted_type: "DECIMAL", scale: 0 } : element;
  const values = (page: ParquetPage): Float64Array => {
    const found = converted(page, integer);
    if (isDecimal) return Float64Array.from(found as ArrayLike<number>, (value) => value / divisor);
    if (found instanceof BigInt64Array || found instanceof BigUint64Array) return doublesOf(found);
    return found instanceof Float64Array ? found : Float64Array.from(found as ArrayLike<number>, Number);
  };
  return { cells, missing: NaN, values, column: () => cells };
}

/** Integers of 64 bits as doubles, by their halves: a million big integers would be a million objects. */
function doublesOf(integers: BigInt64Array | BigUint64Array): Float64Array {
  const isSigned = integers instanceof BigInt64Array;
  const words = new Int32Array(integers.buffer, integers.byteOffset, 2 * integers.length);
  const doubles = new Float64Array(integers.length);
  for (let i = 0; i < integers.length; i++) {
    const high = isSigned ? words[2 * i + 1] : words[2 * i + 1] >>> 0;
    if (high >= 2 ** 21 || high < -(2 ** 21)) throw new LongIntegers();
    doubles[i] = high * 2 ** 32 + (words[2 * i] >>> 0);
  }
  return doubles;
}

/** Code 0 is a missing text. */
function textMaker(element: SchemaElement, nRows: number): Maker<Int32Array> {
  const cells = new Int32Array(nRows);
  const texts = new ByteTexts();
  const plain = ({ bytes, nValues }: ParquetPage): Int32Array => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const codes = new Int32Array(nValues);
    for (let i = 0, at = 0; i < nValues; i++) {
      const end = at + 4 + view.getUint32(at, true);
      if (end > bytes.length) throw new SyntaxError("a text must lie in its page: one does not");
      codes[i] = 1 + texts.numberOf(view, at + 4, end);
      at = end;
    }
    return codes;
  };
  const values = (page: ParquetPage): Int32Array => {
    if (page.encoding === "PLAIN" && element.type === "BYTE_ARRAY") return plain(page);
    return Int32Array.from(
      decoded(page, element) as unknown as ArrayLike<Uint8Array>,
      ({ buffer, byteOffset, length }) => {
        return 1 + texts.numberOf(new DataView(buffer, byteOffset, length), 0, length);
      },
    );
  };
  return {
    cells,
    missing: 0,
    values,
    column: () => codedColumn({ codes: cells, cells: [null, ...texts.takeTexts()] }),
  };
}

/** Truth values stay; times become ISO 8601, times of day seconds, bytes of a fixed number hexadecimal digits; all other values become their text. */
function otherMaker(element: SchemaElement, nRows: number): Maker<Int32Array> {
  const codes = new Int32Array(nRows);
  const cells: unknown[] = [null];
  const known = new Map<unknown, number>();
  const read = otherReader(element);
  const values = (page: ParquetPage): Int32Array =>
    Int32Array.from(read(page), (cell) => {
      const code = known.get(cell) ?? cells.length;
      if (code === cells.length) known.set(cell, cells.push(cell) - 1);
      return code;
    });
  return { cells: codes, missing: 0, values, column: () => codedColumn({ codes, cells }) };
}
