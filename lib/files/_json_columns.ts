import { ColumnsOnDemand } from "./columns_on_demand.ts";
import { type Frame, isAnswerColumn } from "./frame.ts";
import { isObject, jsonOfArray, MOST_DEPTH, tooDeep } from "./_json_values.ts";
import { outcomesOfRow } from "./_json_shapes.ts";
import { rowsOfTool } from "./logs/tool_rows.ts";
import {
  MOST_CELLS,
  MOST_COLUMNS,
  MOST_TEXTS_BYTES,
  tooManyCells,
  tooManyColumns,
  tooManyTexts,
} from "./table_size.ts";

/** Columns with at most so many different texts (models, evaluations, prompts that stand once a model) keep each text once. */
const FEW_TEXTS = 2 ** 16;

/** Columns that grow by objects. */
export class JsonColumns {
  nRows = 0;
  private nCells = 0;
  private nTextBytes = 0;
  private readonly columns = new Map<string, JsonColumn>();

  /** Adds an item: a row, or what an evaluation tool wrote about several. */
  add(item: unknown, place: string): void {
    for (const row of rowsOfTool(item) ?? outcomesOfRow(item) ?? [item]) this.addRow(row, place);
  }

  addRow(item: unknown, place: string): void {
    if (!isObject(item)) throw noObject(item, place);
    this.fields(item, { before: "", depth: 1, place });
    this.nRows++;
    this.nCells += this.columns.size;
    if (this.nCells > MOST_CELLS) throw tooManyCells("the JSON", place);
    if (this.nTextBytes > MOST_TEXTS_BYTES) throw tooManyTexts("the JSON", place);
  }

  frame(): Frame {
    const { nRows } = this;
    return {
      nRows,
      columns: new ColumnsOnDemand([...this.columns].map(([name, column]) => [name, () => column.whole(nRows)])),
    };
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
      this.columns.set(name, column = new JsonColumn(this.nRows));
    }
    this.nTextBytes += column.set(this.nRows, value);
  }
}

/** A column that grows; rows before its first cell take no memory until it is asked for. */
class JsonColumn {
  private cells: unknown[] = [];
  private readonly texts = new Map<string, string>();

  constructor(private readonly first: number) {}

  /** Sets the cell of a row, the last so far; returns how many bytes of text are new. */
  set(row: number, value: unknown): number {
    const at = row - this.first;
    while (this.cells.length < at) this.cells.push(null);
    const known = typeof value === "string" ? this.texts.get(value) : undefined;
    this.cells[at] = known ?? value;
    if (typeof value !== "string" || known !== undefined) return 0;
    if (this.texts.size < FEW_TEXTS) this.texts.set(value, value);
    return value.length;
  }

  /** All cells, `null` where a row has none. */
  whole(nRows: number): unknown[] {
    const cells = new Array<unknown>(nRows).fill(null);
    for (let at = 0; at < this.cells.length; at++) cells[this.first + at] = this.cells[at];
    this.cells = [];
    return cells;
  }
}

/** The error of an item that is no object. */
export function noObject(item: unknown, place: string): SyntaxError {
  const found = Array.isArray(item) ? "an array" : String(item).slice(0, 40);
  return new SyntaxError(`Cannot read the JSON as each line must be an object: ${place} is ${found}`);
}
