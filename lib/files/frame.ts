/** The formats of tables. */
export type FileFormat = "pickle" | "routereval" | "parquet" | "csv" | "jsonl" | "json";

/** A table as it is in a file: columns by name, with cells as texts, numbers, `true`, `null`. */
export interface Frame {
  /** Number of rows. */
  readonly nRows: number;
  /** The columns, each of `nRows` cells, in the file's order. */
  readonly columns: ReadonlyMap<string, ArrayLike<unknown>>;
  /** A column as numbers, `NaN` where a cell is empty, without making its texts; `null` where a cell is no number. Not every format has it. */
  readonly numbers?: (name: string) => Float64Array | null;
  /** True where numbers may be written with a decimal comma. */
  readonly decimalComma?: boolean;
}

/** An error with the row of the frame that it is about, counted from 0. */
export function rowError<E extends Error>(error: E, row: number): E & { readonly row: number } {
  return Object.assign(error, { row });
}

/** Texts for a missing value in tables of pandas, R and spreadsheets. */
const NOTHING: ReadonlySet<string> = new Set(["", "nan", "na", "n/a", "null", "none", "<na>"]);
/** A number as programs write it; hexadecimal digits, thousands' commas and units are none. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A cell as a number: `NaN` where the cell is empty, 1 and 0 for true and false; `undefined` where it is neither a number nor empty.
 *
 * An infinite number is returned as it is; the table decides whether it is allowed.
 */
export function numberOfCell(cell: unknown): number | undefined {
  if (typeof cell === "number") return cell;
  if (cell === null || cell === undefined) return NaN;
  if (typeof cell === "boolean") return cell ? 1 : 0;
  if (typeof cell === "bigint") return Number(cell);
  if (typeof cell === "string" && NUMBER.test(cell)) return Number(cell);
  const text = String(cell).trim();
  const lower = text.toLowerCase();
  if (NOTHING.has(lower)) return NaN;
  if (lower === "true" || lower === "false") return lower === "true" ? 1 : 0;
  if (/^[+-]?inf(inity)?$/.test(lower)) return lower.startsWith("-") ? -Infinity : Infinity;
  return NUMBER.test(text) ? Number(text) : undefined;
}

/** A cell as a text; `null` where the cell is empty. An empty text in a CSV file is a text, as CSV cannot mark missing cells. */
export function textOfCell(cell: unknown): string | null {
  return cell === null || cell === undefined || (typeof cell === "number" && Number.isNaN(cell)) ? null : String(cell);
}

/** True for columns of the models' answers, which are long and not used here. */
export function isAnswerColumn(name: string): boolean {
  return /(^|[|.])((model|judge)_)?(response|responses|answer_text|raw_output|model_output|generated_answer)$/i.test(
    name,
  );
}
