import { textOfCell } from "./frame.ts";

/** A column without an object for each row: row i holds `cells[codes[i]]`, and no two cells are the same text. */
export interface Codes {
  /** Each row's code. */
  readonly codes: CodeArray;
  /** Each code's cell. */
  readonly cells: readonly unknown[];
}

/** Codes in as few bytes as their number allows. */
export type CodeArray = Int32Array | Uint16Array | Uint8Array;

const CODES = new WeakMap<object, TextCodes>();

/** A column over codes that can be read like any other, cell by cell; {@linkcode codesOf} reads it by its codes, many times faster. */
export function codedColumn({ codes: wide, cells }: Codes): ArrayLike<unknown> {
  const codes = cells.length <= 2 ** 8 ? Uint8Array.from(wide) : cells.length <= 2 ** 16 ? Uint16Array.from(wide) : wide;
  const column = new Proxy({} as ArrayLike<unknown>, {
    get: (_, key) => typeof key === "symbol" ? undefined : key === "length" ? codes.length : cells[codes[Number(key)]],
    has: (_, key) => typeof key === "string" && (key === "length" || Number(key) < codes.length),
  });
  CODES.set(column, { codes, texts: cells.map(textOfCell) });
  return column;
}

/** A column's texts by code: `texts[codes[row]]` is what {@linkcode textOfCell} says of the row, and equal texts have equal codes. */
export interface TextCodes {
  readonly codes: CodeArray;
  readonly texts: readonly (string | null)[];
}

/** The codes that a column has; `undefined` where it is no {@linkcode codedColumn}. */
export function storedCodes(column: ArrayLike<unknown>): TextCodes | undefined {
  return CODES.get(column);
}

/** The texts of any column by code. */
export function codesOf(column: ArrayLike<unknown>, nRows: number): TextCodes {
  const stored = storedCodes(column);
  if (stored !== undefined) return stored;
  const codes = new Int32Array(nRows), texts: (string | null)[] = [], known = new Map<unknown, number>();
  // Different doubles are different texts, so their texts need not be made for each row.
  const keyOf = column instanceof Float64Array ? (cell: unknown): unknown => cell : textOfCell;
  for (let row = 0; row < nRows; row++) {
    const key = keyOf(column[row]), code = known.get(key) ?? texts.length;
    if (code === texts.length) {
      known.set(key, code);
      texts.push(textOfCell(column[row]));
    }
    codes[row] = code;
  }
  return { codes, texts };
}
