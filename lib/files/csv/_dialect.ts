import { CsvRow, type Dialect, DOUBLED, singleQuotes } from "./_row.ts";
import { utf8 } from "../utf8.ts";

/** Delimiters, the more usual ones first. */
const DELIMITERS: readonly string[] = [",", "\t", ";", "|"];
/** So many rows after the first one must have its number of cells. */
const ROWS_LOOKED_AT = 10;

/** What the beginning of a file says about it. */
export interface CsvStart {
  readonly dialect: Dialect;
  /** Where the row of names begins. */
  readonly at: number;
  /** Lines before it. */
  readonly nLines: number;
}

/**
 * The dialect of a file by its beginning: by a line `sep=;`, as spreadsheets write it, else the delimiter by which the first rows have equally many
 * cells, and most of them.
 *
 * @param isWhole whether these bytes are the whole file
 */
export function startOfCsv(bytes: Uint8Array, isWhole: boolean): CsvStart {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const at = hasMark ? 3 : 0;
  const named = /^"?sep=([^\r\n])"?(\r\n|\n|\r)/i.exec(latin1(bytes.subarray(at, at + 16)));
  if (named !== null) {
    const start = at + named[0].length;
    return { dialect: { delimiter: named[1].charCodeAt(0), endsByReturn: named[2] === "\r" }, at: start, nLines: 1 };
  }
  let best: Dialect | null = null;
  let most = 1;
  for (const delimiter of DELIMITERS.map((character) => character.charCodeAt(0))) {
    const dialect = { delimiter, endsByReturn: endsByReturn(bytes.subarray(at), delimiter) };
    const nCells = evenCells(bytes.subarray(at), dialect, isWhole);
    if (nCells > most) [best, most] = [dialect, nCells];
  }
  best ??= firstWithCells(bytes.subarray(at), isWhole);
  return { dialect: best, at, nLines: 0 };
}

/** Where the first rows do not agree by any delimiter, that of the first row counts: what is wrong is then said of a row. */
function firstWithCells(bytes: Uint8Array, isWhole: boolean): Dialect {
  const dialects = DELIMITERS.map((character) => {
    const delimiter = character.charCodeAt(0);
    return { delimiter, endsByReturn: endsByReturn(bytes, delimiter) };
  });
  return dialects.find((dialect) => cellsOfRows(bytes, dialect, { isWhole, most: 1 })[0] > 1) ?? dialects[0];
}

/** The number of cells that the first rows share, 0 where they differ. */
function evenCells(bytes: Uint8Array, dialect: Dialect, isWhole: boolean): number {
  const [first = 0, ...others] = cellsOfRows(bytes, dialect, { isWhole, most: ROWS_LOOKED_AT });
  return others.every((nCells) => nCells === first) ? first : 0;
}

function cellsOfRows(
  bytes: Uint8Array,
  dialect: Dialect,
  { isWhole, most }: { readonly isWhole: boolean; readonly most: number },
): number[] {
  const counts: number[] = [];
  const row = new CsvRow();
  try {
    for (let at = 0; at >= 0 && at < bytes.length && counts.length < most;) {
      at = row.read(bytes, at, { ...dialect, isLast: isWhole });
      if (at >= 0 && !row.isBlank) counts.push(row.nCells);
    }
  } catch {
    counts.push(0);
  }
  return counts;
}

/** Whether the first row ends by a carriage return alone. */
function endsByReturn(bytes: Uint8Array, delimiter: number): boolean {
  const row = new CsvRow();
  try {
    const end = row.read(bytes, 0, { delimiter, endsByReturn: true, isLast: true });
    return bytes[end - 1] === 0x0d && bytes[end] !== 0x0a;
  } catch {
    return false;
  }
}

/** The texts of a row of names. */
export function namesOfRow(bytes: Uint8Array, { places, nCells }: CsvRow): string[] {
  return Array.from({ length: nCells }, (_, cell) => {
    const from = places[3 * cell];
    const to = places[3 * cell + 1];
    return utf8(bytes.subarray(from, places[3 * cell + 2] === DOUBLED ? singleQuotes(bytes, from, to) : to));
  });
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
