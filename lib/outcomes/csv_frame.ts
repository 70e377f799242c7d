import { type Info, parse } from "csv-parse/sync";
import { type Frame, isAnswerColumn } from "./frame.ts";

/** Columns with at most so many different texts (models, evaluations) keep each text once. */
const FEW_TEXTS = 4096;

/**
 * Reads CSV (RFC 4180) whose first row names the columns; tabs or semicolons may stand for the commas, which the first row shows.
 *
 * Every cell is a text. White space is kept as it is. Columns of answers are not kept: {@linkcode isAnswerColumn}.
 *
 * @throws SyntaxError where the bytes are not UTF-8, a row has more or fewer cells than the first, a quote is left open, or a name stands twice
 */
export function readCsvFrame(bytes: Uint8Array): Frame {
  const text = utf8(bytes);
  let names: readonly string[] = [], columns: (string[] | null)[] = [], texts: Map<string, string>[] = [];
  let nRows = -1;
  const take = (record: readonly string[]): null => {
    nRows++;
    if (nRows === 0) {
      names = checkedNames(record);
      columns = names.map((name) => isAnswerColumn(name) ? null : []);
      texts = names.map(() => new Map());
      return null;
    }
    for (let at = 0; at < names.length; at++) {
      const known = texts[at], cell = record[at];
      if (known.size < FEW_TEXTS && !known.has(cell)) known.set(cell, cell);
      columns[at]?.push(known.get(cell) ?? cell);
    }
    return null;
  };
  try {
    parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      skip_empty_lines: true,
      on_record: (record: string[], _info: Info) => take(record),
    });
  } catch (cause) {
    throw new SyntaxError(`Cannot read the CSV as its rows must be whole: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  if (nRows < 0) throw new SyntaxError("Cannot read the CSV as its first row must name the columns: it is empty");
  const kept = names.flatMap((name, at): [string, string[]][] => columns[at] === null ? [] : [[name, columns[at]]]);
  return { nRows, columns: new Map(kept) };
}

/** The bytes as text. */
export function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SyntaxError("Cannot read the text as it must be UTF-8: it has other bytes; save the file as UTF-8", { cause });
  }
}

function checkedNames(names: readonly string[]): readonly string[] {
  const twin = names.find((name, at) => names.indexOf(name) !== at);
  if (twin !== undefined) throw new SyntaxError(`the first row must name each column once, "${twin}" stands twice`);
  return names;
}

/** The comma, unless the first line has none and has tabs or semicolons. */
function delimiterOf(text: string): string {
  const end = text.search(/[\r\n]/), first = text.slice(0, end < 0 ? undefined : end);
  if (first.includes(",")) return ",";
  return ["\t", ";"].find((delimiter) => first.includes(delimiter)) ?? ",";
}
