import { type Info, parse } from "csv-parse/sync";
import { type Frame, isAnswerColumn } from "./frame.ts";

/** Columns with at most so many different texts (models, evaluations, prompts that stand once a model) keep each text once. */
const FEW_TEXTS = 2 ** 16;
/** Longer files are read in pieces: a text of more than half a gigabyte cannot be made. */
const PIECE_BYTES = 2 ** 28;
const MOST_TEXT_BYTES = 2 ** 29 - 25;

/**
 * Reads CSV (RFC 4180) whose first row names the columns; tabs or semicolons may stand for the commas, which the first row shows.
 *
 * Every cell is a text. White space is kept as it is. Columns of answers are not kept: {@linkcode isAnswerColumn}.
 *
 * @param options `pieceBytes`: how much is parsed at once
 * @throws SyntaxError where the bytes are not UTF-8, a row has more or fewer cells than the first, a quote is left open, or a name stands twice
 */
export function readCsvFrame(
  bytes: Uint8Array,
  { pieceBytes = PIECE_BYTES }: { readonly pieceBytes?: number } = {},
): Frame {
  let names: readonly string[] = [];
  let columns: (string[] | null)[] = [];
  let texts: Map<string, string>[] = [];
  let nRows = -1;
  const take = (record: readonly string[]): null => {
    nRows++;
    if (nRows === 0) {
      names = checkedNames(record);
      columns = names.map((name) => isAnswerColumn(name) ? null : []);
      texts = names.map(() => new Map());
      return null;
    }
    if (record.length !== names.length) {
      throw new SyntaxError(`row ${nRows} has ${record.length} cells, the first row ${names.length}`);
    }
    for (let at = 0; at < names.length; at++) {
      const known = texts[at];
      const cell = record[at];
      const column = columns[at];
      if (column === null) continue;
      if (known.size < FEW_TEXTS && !known.has(cell)) known.set(cell, cell);
      column.push(known.get(cell) ?? cell);
    }
    return null;
  };
  const hasLineFeeds = bytes.includes(0x0a);
  let delimiter = "";
  try {
    for (const piece of piecesOf(bytes, pieceBytes)) {
      const text = utf8(piece);
      delimiter ||= delimiterOf(text);
      parse(text, {
        ...{
          bom: nRows < 0,
          delimiter,
          skip_empty_lines: true,
          record_delimiter: hasLineFeeds ? ["\r\n", "\n"] : "\r",
        },
        on_record: (record: string[], _info: Info) => take(record),
      });
    }
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read the CSV as its rows must be whole: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
  if (nRows < 0) throw new SyntaxError("Cannot read the CSV as its first row must name the columns: it is empty");
  const kept = names.flatMap((name, at): [string, string[]][] => columns[at] === null ? [] : [[name, columns[at]]]);
  return { nRows, columns: new Map(kept) };
}

/** The bytes in pieces of whole rows: a line feed ends a row where the quotes before it are even in number. */
function* piecesOf(bytes: Uint8Array, pieceBytes: number): Generator<Uint8Array> {
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < bytes.length && bytes.length - start > pieceBytes; at++) {
    if (bytes[at] === 0x22) isQuoted = !isQuoted;
    if (bytes[at] !== 0x0a || isQuoted || at + 1 - start < pieceBytes) continue;
    yield bytes.subarray(start, at + 1);
    start = at + 1;
  }
  yield bytes.subarray(start);
}

/** The bytes as text. */
export function utf8(bytes: Uint8Array): string {
  if (bytes.length > MOST_TEXT_BYTES) {
    throw new SyntaxError(
      `Cannot read the text as it must be at most ${MOST_TEXT_BYTES} bytes long in one piece: it has ${bytes.length}; save the file as JSON Lines, CSV or Parquet`,
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SyntaxError("Cannot read the text as it must be UTF-8: it has other bytes; save the file as UTF-8", {
      cause,
    });
  }
}

function checkedNames(names: readonly string[]): readonly string[] {
  const twin = names.find((name, at) => names.indexOf(name) !== at);
  if (twin !== undefined) throw new SyntaxError(`the first row must name each column once, "${twin}" stands twice`);
  return names;
}

/** The comma, unless the first line has none and has tabs or semicolons. */
function delimiterOf(text: string): string {
  const end = text.search(/[\r\n]/);
  const first = text.slice(0, end < 0 ? undefined : end);
  if (first.includes(",")) return ",";
  return ["\t", ";"].find((delimiter) => first.includes(delimiter)) ?? ",";
}
