import { utf8 } from "./csv_frame.ts";
import { type Frame, isAnswerColumn } from "./frame.ts";
import { tableInObject } from "./_json_shapes.ts";
import { isObject, jsonOfArray, MOST_DEPTH, parseJson, tooDeep } from "./_json_values.ts";
import { rowsOfTool } from "./logs/tool_rows.ts";
import { MOST_CELLS, MOST_COLUMNS, tooManyCells, tooManyColumns } from "./_table_size.ts";

/**
 * Reads JSON Lines: one object a line, each an object of the same kind; empty lines are passed over. Fields of an object in a field are
 * named with a dot: `usage.prompt_tokens`. A field that a line lacks is empty there. Whole numbers keep every digit.
 *
 * What evaluation tools write is read as the rows that their logs hold ({@linkcode rowsOfTool}).
 *
 * A file that is one object around an array of objects is that array; the object's own fields are columns of one value, `file.model_name`. What
 * pandas' `to_json` writes is read in each of its orients but `values`, which has no names.
 *
 * @throws SyntaxError that names the line which is not a JSON object
 */
export function readJsonLinesFrame(bytes: Uint8Array): Frame {
  const whole = wholeObject(bytes);
  if (whole !== null) return recordsFrame(whole);
  const columns = new Columns();
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let line = 1; start < bytes.length; line++) {
    const next = bytes.indexOf(0x0a, start);
    const end = next < 0 ? bytes.length : next;
    const text = utf8(bytes.subarray(start, end));
    if (text.trim() !== "") columns.add(parsed(text, `line ${line}`), `line ${line}`);
    start = end + 1;
  }
  return columns.frame();
}

/**
 * Reads a JSON array of objects as {@linkcode readJsonLinesFrame} reads their lines.
 *
 * @throws SyntaxError where it is not an array of objects
 */
export function readJsonArrayFrame(bytes: Uint8Array): Frame {
  const items = parsed(utf8(bytes).replace(/^\uFEFF/, ""), "the file");
  const columns = new Columns();
  if (!Array.isArray(items)) {
    throw new SyntaxError("Cannot read the JSON as it must be an array of objects: it is not an array");
  }
  if (items.length > 0 && items.every(Array.isArray)) {
    throw new SyntaxError(
      'Cannot read the JSON as its rows must be objects that name their columns: they are arrays, as pandas\' orient "values" writes them; save it with orient="records"',
    );
  }
  items.forEach((item, at) => columns.add(item, `item ${at + 1}`));
  return columns.frame();
}

/** The frame of rows that were made of a log. */
export function readJsonRows(rows: Iterable<Readonly<Record<string, unknown>>>): Frame {
  const columns = new Columns();
  let at = 0;
  for (const row of rows) columns.addRow(row, `item ${++at}`);
  return columns.frame();
}

/** The object that the whole file is, if it is one: written over several lines, or around a table. */
function wholeObject(bytes: Uint8Array): Record<string, unknown> | null {
  const end = bytes.indexOf(0x0a);
  const isOneLine = end < 0 || bytes.subarray(end).every((byte) => byte <= 0x20);
  if (!isOneLine && objectOf(bytes.subarray(0, end)) !== null) return null;
  return objectOf(bytes);
}

function objectOf(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const value = parseJson(utf8(bytes).replace(/^\uFEFF/, ""));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function recordsFrame(whole: Record<string, unknown>): Frame {
  const columns = new Columns();
  const table = rowsOfTool(whole) === null ? tableInObject(whole) : null;
  if (table === null) {
    columns.add(whole, "the file");
    return columns.frame();
  }
  table.rows.forEach((item, at) => columns.add(item, `item ${at + 1}`));
  const frame = columns.frame();
  return {
    nRows: frame.nRows,
    columns: new Map([
      ...frame.columns,
      ...Object.entries(table.own).map(([name, value]): [string, unknown[]] => [
        `file.${name}`,
        new Array<unknown>(frame.nRows).fill(value),
      ]),
    ]),
  };
}

function parsed(text: string, place: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read the JSON as each line must be an object: ${place} is not JSON (${(cause as Error).message})`,
      { cause },
    );
  }
}

/** Columns that grow by objects. */
class Columns {
  private nRows = 0;
  private nCells = 0;
  private readonly columns = new Map<string, unknown[]>();

  add(item: unknown, place: string): void {
    for (const row of rowsOfTool(item) ?? [item]) this.addRow(row, place);
  }

  addRow(item: unknown, place: string): void {
    if (!isObject(item)) {
      throw new SyntaxError(
        `Cannot read the JSON as each line must be an object: ${place} is ${
          Array.isArray(item) ? "an array" : String(item)
        }`,
      );
    }
    this.fields(item, { before: "", depth: 1, place });
    this.nRows++;
    this.nCells += this.columns.size;
    if (this.nCells > MOST_CELLS) throw tooManyCells("the JSON", place);
  }

  frame(): Frame {
    for (const column of this.columns.values()) fill(column, this.nRows);
    return { nRows: this.nRows, columns: this.columns };
  }

  private fields(
    item: Record<string, unknown>,
    { before, depth, place }: { readonly before: string; readonly depth: number; readonly place: string },
  ): void {
    if (depth > MOST_DEPTH) throw new SyntaxError(`Cannot read the JSON as ${tooDeep().message} (${place})`);
    for (const key of Object.keys(item)) {
      const value = item[key];
      const name = before + key;
      if (isAnswerColumn(name)) continue;
      if (isObject(value)) this.fields(value, { before: `${name}.`, depth: depth + 1, place });
      else this.set(name, Array.isArray(value) ? jsonOfArray(value) : value, place);
    }
  }

  private set(name: string, value: unknown, place: string): void {
    let column = this.columns.get(name);
    if (column === undefined) {
      if (this.columns.size === MOST_COLUMNS) throw tooManyColumns("the JSON", place);
      this.columns.set(name, column = []);
    }
    fill(column, this.nRows);
    column[this.nRows] = value;
  }
}

function fill(column: unknown[], length: number): void {
  while (column.length < length) column.push(null);
}
