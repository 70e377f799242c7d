import { stringify } from "csv-stringify/sync";

/** A table: the names of its columns and its rows. */
export interface Table {
  /** Names of the columns, units last. */
  readonly columns: readonly string[];
  /** The rows; `null` is an empty cell. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** A table as CSV (RFC 4180). */
export function csvOf({ columns, rows }: Table): string {
  return stringify([[...columns], ...rows.map((row) => [...row])]);
}
