import { utf8 } from "./csv_frame.ts";
import { type Frame, isAnswerColumn } from "./frame.ts";

/**
 * Reads JSON Lines: one object a line, each an object of the same kind; empty lines are passed over. Fields of an object in a field are
 * named with a dot: `usage.prompt_tokens`. A field that a line lacks is empty there.
 *
 * A file that is one object around an array of objects is that array; the object's own fields are columns of one value, `file.model_name`.
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
  items.forEach((item, at) => columns.add(item, `item ${at + 1}`));
  return columns.frame();
}

/** The object that the whole file is, if it is one: written over several lines, or around an array of objects. */
function wholeObject(bytes: Uint8Array): Record<string, unknown> | null {
  const end = bytes.indexOf(0x0a);
  const isOneLine = end < 0 || bytes.subarray(end).every((byte) => byte <= 0x20);
  if (!isOneLine && objectOf(bytes.subarray(0, end)) !== null) return null;
  const whole = objectOf(bytes);
  return whole !== null && (!isOneLine || arraysOf(whole).length > 0) ? whole : null;
}

function objectOf(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(utf8(bytes).replace(/^\uFEFF/, ""));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function arraysOf(whole: Record<string, unknown>): [string, Record<string, unknown>[]][] {
  return Object.entries(whole).filter((entry): entry is [string, Record<string, unknown>[]] =>
    Array.isArray(entry[1]) && entry[1].length > 0 && entry[1].every(isObject)
  );
}

function recordsFrame(whole: Record<string, unknown>): Frame {
  const arrays = arraysOf(whole);
  const columns = new Columns();
  if (arrays.length > 1) {
    throw new SyntaxError(
      `Cannot read the JSON as one array of objects must be its rows: ${
        arrays.map(([name]) => `"${name}"`).join(" and ")
      } are arrays; put the rows into a file of their own`,
    );
  }
  if (arrays.length === 0) {
    columns.add(whole, "the file");
    return columns.frame();
  }
  arrays[0][1].forEach((item, at) => columns.add(item, `item ${at + 1}`));
  const frame = columns.frame();
  const own = Object.entries(whole).filter(([, value]) => typeof value !== "object");
  return {
    nRows: frame.nRows,
    columns: new Map([
      ...own.map(([name, value]): [string, unknown[]] => [`file.${name}`, new Array<unknown>(frame.nRows).fill(value)]),
      ...frame.columns,
    ]),
  };
}

function parsed(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read the JSON as each line must be an object: ${place} is not JSON (${(cause as Error).message})`,
      {
        cause,
      },
    );
  }
}

/** Columns that grow by objects. */
class Columns {
  private nRows = 0;
  private readonly columns = new Map<string, unknown[]>();

  add(item: unknown, place: string): void {
    if (typeof item !== "object" || item === null || Array.isArray(item)) {
      throw new SyntaxError(
        `Cannot read the JSON as each line must be an object: ${place} is ${
          Array.isArray(item) ? "an array" : String(item)
        }`,
      );
    }
    this.fields(item, "");
    this.nRows++;
  }

  frame(): Frame {
    for (const column of this.columns.values()) fill(column, this.nRows);
    return { nRows: this.nRows, columns: this.columns };
  }

  private fields(item: object, before: string): void {
    for (const [key, value] of Object.entries(item)) {
      const name = before + key;
      if (isAnswerColumn(name)) continue;
      if (typeof value === "object" && value !== null && !Array.isArray(value)) this.fields(value, `${name}.`);
      else this.set(name, Array.isArray(value) ? JSON.stringify(value) : value);
    }
  }

  private set(name: string, value: unknown): void {
    let column = this.columns.get(name);
    if (column === undefined) this.columns.set(name, column = []);
    fill(column, this.nRows);
    column[this.nRows] = value;
  }
}

function fill(column: unknown[], length: number): void {
  while (column.length < length) column.push(null);
}
