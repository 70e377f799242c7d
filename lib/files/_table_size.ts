/** Columns that a table may have: the widest benchmark, of some eight thousand models, has fewer. */
export const MOST_COLUMNS = 50_000;
/** Cells that a text file may have: of four or eight bytes each, and the texts. */
export const MOST_CELLS = 100_000_000;

/** The error of a table that is too wide. */
export function tooManyColumns(what: string, place: string): SyntaxError {
  return new SyntaxError(
    `Cannot read ${what} as a table must have at most ${MOST_COLUMNS} columns: ${place} has more; where names of columns are ids, make rows of them`,
  );
}

/** The error of a table that is too large. */
export function tooManyCells(what: string, place: string): SyntaxError {
  return new SyntaxError(
    `Cannot read ${what} as a table must have at most ${MOST_CELLS} cells, empty ones included: ${place} goes beyond; save it as Parquet, with the columns that are needed`,
  );
}
