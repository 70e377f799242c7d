/** Columns that a table may have: the widest benchmark, of some eight thousand models, has fewer. */
export const MOST_COLUMNS = 50_000;
/** Cells that a text file may have: of four or eight bytes each, and the texts. */
export const MOST_CELLS = 100_000_000;
/** What the different texts of a text file may take together. */
export const MOST_TEXTS_BYTES: number = 2 ** 30;

/** The error of a table that is too large for this program, however it is written. */
export class TableTooLarge extends SyntaxError {}

/** The error of a table that is too wide. */
export function tooManyColumns(what: string, place: string): TableTooLarge {
  return new TableTooLarge(
    `Cannot read ${what} as a table must have at most ${MOST_COLUMNS} columns: ${place} has more; where names of columns are ids, make rows of them`,
  );
}

/** The error of a table that is too large. */
export function tooManyCells(what: string, place: string): TableTooLarge {
  return new TableTooLarge(
    `Cannot read ${what} as a table must have at most ${MOST_CELLS} cells, empty ones included: ${place} goes beyond; save it as Parquet, with the columns that are needed`,
  );
}

/** The error of a table with too much text. */
export function tooManyTexts(what: string, place: string): TableTooLarge {
  return new TableTooLarge(
    `Cannot read ${what} as its different texts must take at most ${MOST_TEXTS_BYTES} bytes: ${place} goes beyond; save it as Parquet, of which only the columns that are needed are read`,
  );
}
