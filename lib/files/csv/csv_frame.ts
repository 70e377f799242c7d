import { isRefusal } from "../../base/refusal.ts";
import { type ByteChunks, chunksOf, GrowingBytes } from "../byte_chunks.ts";
import { bytesInMemory } from "../byte_source.ts";
import { ColumnsOnDemand } from "../columns_on_demand.ts";
import { type Frame, isAnswerColumn } from "../frame.ts";
import {
  MOST_CELLS,
  MOST_COLUMNS,
  MOST_TEXTS_BYTES,
  tooManyCells,
  tooManyColumns,
  tooManyTexts,
} from "../table_size.ts";
import { CsvColumn } from "./_csv_column.ts";
import { namesOfRow, startOfCsv } from "./_dialect.ts";
import { CsvRow, type Dialect, DOUBLED, singleQuotes } from "./_row.ts";

/** So many bytes of the beginning tell the delimiter. */
const START_BYTES = 2 ** 16;
/** A longer row is an open quote. */
const MOST_ROW_BYTES = 2 ** 28;

/**
 * Reads CSV (RFC 4180) whose first row names the columns. Tabs, semicolons or pipes may stand for the commas: the first rows show it, or a line
 * `sep=;` before them. Rows of empty cells are passed over, and columns without a name and a cell.
 *
 * Every cell is a text; white space is kept as it is. Columns of answers are not kept: {@linkcode isAnswerColumn}. Each column is kept as codes of its
 * different texts, so that a file takes as much memory as these, however many rows repeat them.
 *
 * @throws SyntaxError where the bytes are not UTF-8, a row has more or fewer cells than the first, a quote is left open, or a name stands twice
 */
export async function readCsvFrame(chunks: ByteChunks): Promise<Frame> {
  const reader = new CsvReader();
  for await (const chunk of chunks) reader.add(chunk);
  return reader.frame();
}

/** As {@linkcode readCsvFrame}, of bytes. */
export function csvFrameOf(bytes: Uint8Array, chunkBytes?: number): Frame {
  const reader = new CsvReader();
  for (const chunk of chunksOf(bytesInMemory(bytes), chunkBytes)) reader.add(chunk);
  return reader.frame();
}

/** Reads CSV as its bytes come. */
class CsvReader {
  private readonly waiting = new GrowingBytes();
  private readonly row = new CsvRow();
  /** Rows are looked for when there are so many bytes: half a row is not read again for each part of it. */
  private wanted = START_BYTES;
  private dialect: Dialect | null = null;
  private names: readonly string[] | null = null;
  private columns: readonly CsvColumn[] = [];
  /** The cells that are kept. */
  private kept: readonly number[] = [];
  private nRows = 0;

  add(chunk: Uint8Array): void {
    this.waiting.add(chunk);
    if (this.waiting.bytes.length < this.wanted) return;
    this.read(false);
    const rest = this.waiting.bytes.length;
    if (rest > MOST_ROW_BYTES) {
      throw broken(
        `the row of line ${this.row.nLines + 1} has more than ${MOST_ROW_BYTES} bytes, as where a quote is left open`,
      );
    }
    this.wanted = 2 * rest;
  }

  frame(): Frame {
    this.read(true);
    const { names, columns, nRows } = this;
    if (names === null) {
      throw new SyntaxError("Cannot read the CSV as its first row must name the columns: it is empty");
    }
    const kept = columns.filter((column) => column.name !== "" || !column.isEmpty);
    const unnamed = kept.filter(({ name }) => name === "");
    if (unnamed.length > 1) {
      throw broken(`each column must have a name: ${unnamed.length} with cells have none; ${NAMES_FIRST}`);
    }
    const byName = new Map(kept.map((column) => [column.name, column]));
    return {
      nRows,
      decimalComma: this.dialect!.delimiter !== 0x2c,
      columns: new ColumnsOnDemand(kept.map((column) => [column.name, () => column.cells()])),
      numbers: (name) => byName.get(name)?.numbers(nRows) ?? null,
    };
  }

  /** Takes all whole rows out of the bytes that wait. */
  private read(isLast: boolean): void {
    const { row, waiting } = this;
    const { bytes } = waiting;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    try {
      if (this.dialect === null) {
        const start = startOfCsv(bytes, isLast);
        this.dialect = start.dialect;
        at = start.at;
        row.nLines = start.nLines;
      }
      const dialect = { ...this.dialect, isLast };
      while (at < bytes.length) {
        const line = row.nLines + 1;
        const next = row.read(bytes, at, dialect);
        if (next < 0) break;
        at = next;
        if (row.isBlank) continue;
        if (this.names === null) this.takeNames(bytes);
        else this.takeRow(bytes, view, line);
      }
    } catch (cause) {
      if (cause instanceof SyntaxError && !isRefusal(cause)) throw broken(cause.message);
      throw cause;
    }
    waiting.use(at);
    const nBytes = this.columns.reduce((sum, column) => sum + column.nBytes, 0);
    if (nBytes > MOST_TEXTS_BYTES) throw tooManyTexts("the CSV", `line ${row.nLines}`);
  }

  private takeNames(bytes: Uint8Array): void {
    if (this.row.nCells > MOST_COLUMNS) throw tooManyColumns("the CSV", "the first row");
    const names = namesOfRow(bytes, this.row).map((name) => name.trim() === "" ? "" : name);
    const known = new Set<string>();
    for (const name of names) {
      if (name !== "" && known.has(name)) {
        throw new SyntaxError(
          `the first row must name each column once, "${
            name.slice(0, 60)
          }" stands twice; give each a name of its own, or put a row of names first`,
        );
      }
      known.add(name);
    }
    this.names = names;
    this.kept = names.flatMap((name, at) => isAnswerColumn(name) ? [] : [at]);
    this.columns = this.kept.map((at) => new CsvColumn(names[at]));
  }

  private takeRow(bytes: Uint8Array, view: DataView<ArrayBufferLike>, line: number): void {
    const { row: { places, nCells }, kept, columns } = this;
    const nNames = this.names!.length;
    if (nCells !== nNames && !(nCells > nNames && this.isBlankFrom(nNames))) {
      const remedy = nNames === 1 ? NAMES_FIRST : "put cells with the delimiter or a line's end into quotes";
      throw new SyntaxError(`line ${line} has ${nCells} cells, the first row ${nNames}; ${remedy}`);
    }
    this.nRows++;
    if (this.nRows * nNames > MOST_CELLS) throw tooManyCells("the CSV", `line ${line}`);
    for (let i = 0; i < kept.length; i++) {
      const place = 3 * kept[i];
      const from = places[place];
      const to = places[place + 1];
      columns[i].add(view, from, places[place + 2] === DOUBLED ? singleQuotes(bytes, from, to) : to);
    }
  }

  /** Whether all cells from one on are empty: some programs end each row with delimiters. */
  private isBlankFrom(first: number): boolean {
    const { places, nCells } = this.row;
    for (let cell = first; cell < nCells; cell++) if (places[3 * cell + 1] > places[3 * cell]) return false;
    return true;
  }
}

const NAMES_FIRST = "take out the lines above the row of names";

function broken(found: string): SyntaxError {
  return new SyntaxError(`Cannot read the CSV as its rows must be whole: ${found}`);
}
