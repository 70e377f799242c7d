import { ByteTexts } from "./byte_texts.ts";
import { PickledText, SHORT_BYTES } from "./pickle/pickled_text.ts";
import { textOfCell } from "./frame.ts";

/** A column without an object for each row: row i holds `cells[codes[i]]`, and no two cells are the same text. */
export interface Codes {
  /** Each row's code. */
  readonly codes: Int32Array;
  /** Each code's cell. */
  readonly cells: readonly unknown[];
}

const NONE = -1;
const CODES = new WeakMap<object, TextCodes>();

/** A column of the codes' cells, read like any other; {@linkcode codesOf} reads it by its codes, many times faster. */
export function codedColumn({ codes, cells }: Codes): ArrayLike<unknown> {
  const column = new Array<unknown>(codes.length);
  for (let row = 0; row < codes.length; row++) column[row] = cells[codes[row]];
  const areTexts = cells.every((cell) => typeof cell === "string");
  CODES.set(column, { codes, texts: areTexts ? cells as readonly string[] : cells.map(textOfCell) });
  return column;
}

/** A column's texts by code: `texts[codes[row]]` is what {@linkcode textOfCell} says of the row, and equal texts have equal codes. */
export interface TextCodes {
  readonly codes: Int32Array;
  readonly texts: readonly (string | null)[];
}

/** The texts of any column by code. */
export function codesOf(column: ArrayLike<unknown>, nRows: number): TextCodes {
  const stored = CODES.get(column);
  if (stored !== undefined) return stored;
  const codes = new Int32Array(nRows);
  const texts: (string | null)[] = [];
  const known = new Map<unknown, number>();
  // Of a pickle's long texts each is decoded once, however many rows have its bytes.
  const byBytes = new ByteTexts();
  const codeOfBytes: number[] = [];
  // Different doubles are different texts, so their texts need not be made for each row.
  const keyOf = column instanceof Float64Array ? (cell: unknown): unknown => cell : textOfCell;
  for (let row = 0; row < nRows; row++) {
    const cell = column[row];
    const number = cell instanceof PickledText && cell.length > SHORT_BYTES ? cell.numberIn(byBytes) : NONE;
    if (number < codeOfBytes.length && number !== NONE) {
      codes[row] = codeOfBytes[number];
      continue;
    }
    const key = keyOf(cell);
    const code = known.get(key) ?? texts.length;
    if (code === texts.length) {
      known.set(key, code);
      texts.push(textOfCell(key));
    }
    if (number !== NONE) codeOfBytes.push(code);
    codes[row] = code;
  }
  return { codes, texts };
}

/** Compares the texts of a few rows of a column: by codes where the column has them, by bytes in a pickle. */
export interface SameTexts {
  areSame(a: number, b: number): boolean;
  isMissing(row: number): boolean;
}

/** Compares the texts of any column and decodes only those that it must. */
export function sameTexts(column: ArrayLike<unknown>): SameTexts {
  const stored = CODES.get(column);
  if (stored !== undefined) {
    const { codes, texts } = stored;
    return { areSame: (a, b) => codes[a] === codes[b], isMissing: (row) => texts[codes[row]] === null };
  }
  const isSame = (a: unknown, b: unknown): boolean =>
    a instanceof PickledText && b instanceof PickledText ? a.equals(b) : textOfCell(a) === textOfCell(b);
  return { areSame: (a, b) => isSame(column[a], column[b]), isMissing: (row) => isMissing(column[row]) };
}

function isMissing(cell: unknown): boolean {
  return !(cell instanceof PickledText) && textOfCell(cell) === null;
}
