import { type ByteChunks, GrowingBytes } from "./byte_chunks.ts";
import type { Frame } from "./frame.ts";
import { JsonColumns, noObject } from "./_json_columns.ts";
import { tableInObject } from "./_json_shapes.ts";
import { JsonItems } from "./_json_items.ts";
import { isRefusal } from "../base/refusal.ts";
import { isObject, parseJson } from "./_json_values.ts";
import { rowsOfTool } from "./logs/tool_rows.ts";
import { MOST_TEXT_BYTES, utf8 } from "./utf8.ts";

const REMEDY = "write each object on a line of its own by a JSON library, as Python's json.dumps does";

type Row = Readonly<Record<string, unknown>>;

/** A line that is longer is read again when twice as much is there, so that a long one takes no more than twice its time. */
const LEAST_LINE_BYTES = 2 ** 12;

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
export async function readJsonLinesFrame(chunks: ByteChunks): Promise<Frame> {
  const reader = new JsonLines();
  for await (const chunk of chunks) reader.add(chunk);
  return reader.frame();
}

/** Reads lines as their bytes come. */
class JsonLines {
  private readonly waiting = new GrowingBytes();
  private readonly columns = new JsonColumns();
  private wanted = 0;
  private nLines = 0;
  /** The first line: it may be all that there is, or only the beginning of an object over many lines. */
  private first: { readonly item: Record<string, unknown>; readonly place: string } | null = null;
  private isOneObject = false;

  add(chunk: Uint8Array): void {
    this.waiting.add(chunk);
    const { length } = this.waiting.bytes;
    if (this.isOneObject) return needTextLength(length);
    if (length < this.wanted) return;
    this.readLines();
    needTextLength(this.waiting.bytes.length);
    this.wanted = Math.max(LEAST_LINE_BYTES, 2 * this.waiting.bytes.length);
  }

  frame(): Frame {
    if (!this.isOneObject) {
      this.readLines();
      if (!this.isOneObject && this.waiting.bytes.length > 0) this.takeLine(this.waiting.bytes);
    }
    if (this.isOneObject) return this.wholeFrame();
    if (this.first !== null) return recordsFrame(this.first.item);
    return this.columns.frame();
  }

  private readLines(): void {
    const { bytes } = this.waiting;
    let start = this.nLines === 0 ? bytes.length - withoutMark(bytes).length : 0;
    for (let end = bytes.indexOf(0x0a, start); end >= 0 && !this.isOneObject; end = bytes.indexOf(0x0a, start)) {
      this.takeLine(bytes.subarray(start, end));
      if (!this.isOneObject) start = end + 1;
    }
    this.waiting.use(start);
  }

  private takeLine(bytes: Uint8Array): void {
    // Who joins objects for an array may leave a comma behind each.
    const text = utf8(bytes).replace(/\}\s*,\s*$/, "}");
    if (text.trim() !== "") {
      const place = `line ${this.nLines + 1}`;
      const isFirst = this.first === null && this.columns.nRows === 0;
      const item = isFirst ? objectOf(text) : parsed(text, place);
      if (item === null) {
        this.isOneObject = true;
        return;
      }
      if (isFirst) this.first = { item: item as Record<string, unknown>, place };
      else {
        if (this.first !== null) this.columns.add(this.first.item, this.first.place);
        this.first = null;
        this.columns.add(item, place);
      }
    }
    this.nLines++;
  }

  /** The object that the file is where its first line is none, or its lines where they end by a carriage return alone. */
  private wholeFrame(): Frame {
    const text = utf8(this.waiting.bytes).replace(/^\uFEFF/, "");
    if (/\}\s*\r\s*\{/.test(text) && !text.includes("\n")) {
      return readJsonRows(text.split("\r").filter((line) => line !== "").map((line) => parsed(line, "a line") as Row));
    }
    const whole = parsed(text, "the file, whose first line is no object either,");
    if (!isObject(whole)) throw noObject(whole, "the file");
    return recordsFrame(whole);
  }
}

function needTextLength(length: number): void {
  if (length <= MOST_TEXT_BYTES) return;
  throw new SyntaxError(
    `Cannot read the JSON as an object must have at most ${MOST_TEXT_BYTES} bytes: one has more; save the file as JSON Lines or Parquet`,
  );
}

/**
 * Reads a JSON array of objects as {@linkcode readJsonLinesFrame} reads their lines, an item at a time.
 *
 * @throws SyntaxError where it is not an array of objects
 */
export async function readJsonArrayFrame(chunks: ByteChunks): Promise<Frame> {
  const items = new JsonItems();
  const columns = new JsonColumns();
  let count = 0;
  let isStart = true;
  const whole = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      if (!(cause instanceof SyntaxError) || isRefusal(cause)) throw cause;
      const rule =
        `Cannot read the JSON as each line must be an object: the file is no whole array behind item ${count}`;
      throw new SyntaxError(`${rule} (${cause.message}); ${REMEDY}`, { cause });
    }
  };
  for await (const chunk of chunks) {
    const part = isStart ? withoutMark(chunk) : chunk;
    isStart = false;
    whole(() => {
      for (const bytes of items.add(part)) {
        const place = `item ${count + 1}`;
        const item = parsed(utf8(bytes), place);
        if (count++ === 0 && Array.isArray(item)) throw noNames();
        columns.add(item, place);
      }
    });
  }
  whole(() => items.end());
  return columns.frame();
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function noNames(): SyntaxError {
  return new SyntaxError(
    'Cannot read the JSON as its rows must be objects that name their columns: they are arrays, as pandas\' orient "values" writes them; save it with orient="records"',
  );
}

/** The frame of rows that were made of a log. */
export function readJsonRows(rows: Iterable<Readonly<Record<string, unknown>>>): Frame {
  const columns = new JsonColumns();
  let at = 0;
  for (const row of rows) columns.addRow(row, `item ${++at}`);
  return columns.frame();
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value = parseJson(text.replace(/^\uFEFF/, ""));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function recordsFrame(whole: Record<string, unknown>): Frame {
  const columns = new JsonColumns();
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
    // The message shows a part of the text, which may be of several lines.
    const found = (cause as Error).message.replaceAll(/\s+/g, " ");
    throw new SyntaxError(
      `Cannot read the JSON as each line must be an object: ${place} is not JSON (${found}); ${REMEDY}`,
      {
        cause,
      },
    );
  }
}
