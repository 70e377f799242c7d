import type { Table } from "../../base/table.ts";

/** The parts of a data frame that are shown; danfojs data frames have them. */
export interface FrameLike {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** The rows, each with a value for every column. */
  readonly values: readonly unknown[];
}

/** A table as an array of rows; the columns are the names of all rows, in the order they come up. */
export type TableRows = readonly Readonly<Record<string, unknown>>[];

/** A table of any of the three kinds, read. */
export interface TableParts {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Columns and rows of a table, a data frame or an array of rows; null if the value is none of them. */
export function tableParts(value: Table | FrameLike | TableRows): TableParts | null {
  if (Array.isArray(value) && value.every(isPlainObject)) {
    const columns = [...new Set(value.flatMap((row) => Object.keys(row)))];
    return { columns, rows: value.map((row) => columns.map((column) => row[column])) };
  }
  const { columns, values, rows = values } = (value ?? {}) as Partial<FrameLike & Table>;
  if (!Array.isArray(columns) || !Array.isArray(rows)) return null;
  return { columns: columns.map(String), rows: rows.map((row) => Array.isArray(row) ? row : [row]) };
}

/** Describes a value that is no table. */
export function foundInstead(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "an array of other values" : typeof value;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
