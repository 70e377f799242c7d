import { stringify } from "csv-stringify/sync";

/** A table: the names of its columns and its rows. */
export interface Table {
  /** Names of the columns, units last. */
  readonly columns: readonly string[];
  /** The rows; `null` is an empty cell. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** How a table is written as CSV. */
export interface CsvOptions {
  /**
   * Writes `'` before a text that a spreadsheet would take for a formula: one that begins with =, +, -, @, a tab or a
   * line break. Default false: the files are data for programs, which would read another name. Numbers stay numbers.
   */
  readonly escapeFormulas?: boolean;
}

/** What spreadsheets take for the beginning of a formula; the wide forms of the signs count too. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A table as CSV (RFC 4180). */
export function csvOf({ columns, rows }: Table, { escapeFormulas = false }: CsvOptions = {}): string {
  const cell = (value: string | number | null): string | number | null =>
    escapeFormulas && typeof value === "string" && FORMULA.test(value) ? `'${value}` : value;
  return stringify([columns.map(cell), ...rows.map((row) => row.map(cell))]);
}

/** Rows of one kind as a table: a column a field, its name in snake case. What is no text or number becomes JSON. */
export function tableOfRows(rows: readonly object[]): Table {
  const fields = Object.keys(rows[0] ?? {});
  const cell = (value: unknown): string | number | null => {
    if (value === null || value === undefined) return null;
    return typeof value === "string" || typeof value === "number" ? value : JSON.stringify(value);
  };
  return {
    columns: fields.map((field) => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
    rows: rows.map((row) => fields.map((field) => cell((row as Record<string, unknown>)[field]))),
  };
}
