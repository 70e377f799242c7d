import { ColumnsOnDemand } from "../columns_on_demand.ts";
import { CONVENTIONS, type Field, found, type LoadColumns, type ModelColumns } from "../column_names.ts";
import { type FileFormat, type Frame, textOfCell } from "../frame.ts";
import type { LoadOptions, TableFormat } from "../load_options.ts";

/** A file that a frame came from. */
export interface FramePart {
  /** Its path: in a folder the path below it. */
  readonly path: string;
  /** Number of its rows. They stand one after another in the frame. */
  readonly nRows: number;
}

/** Inputs of a format's reader beside the frame. */
export interface FormatContext {
  /** The files, in the order of the frame's rows. */
  readonly parts: readonly FramePart[];
  /** Their format. */
  readonly fileFormat: FileFormat | null;
  /** The options of the load. */
  readonly options: LoadOptions;
}

/** The reading of a benchmark's frame. */
export interface BenchmarkLayout {
  /** The frame, with what the format needs added. */
  readonly frame: Frame;
  /** The column of models in a long table, or the models with their columns in a wide one. */
  readonly models: string | ReadonlyMap<string, ModelColumns>;
  /** The columns of the fields. */
  readonly columns: LoadColumns;
  /** True where the reader has replaced unknown costs by those of the options and kept the others. */
  readonly costsAreKnown?: boolean;
  /** Defaults for repeated rows and grades, as in the format's own program; the user's options overrule them. */
  readonly defaults?: Pick<LoadOptions, "repeats" | "qualityRange" | "missingValues">;
  /** The files, where some of them were left out. */
  readonly parts?: readonly FramePart[];
  /** Sentences for `source.notes`. */
  readonly notes?: readonly string[];
}

/** The format in which a benchmark publishes its outcomes. */
export interface BenchmarkFormat {
  /** Its name. */
  readonly name: TableFormat;
  /** Its name in sentences: "a RouteLLM response table". */
  readonly title: string;
  /** Whether the names of the columns show it unmistakably. Cells must not be read here, except in text files. */
  detects(frame: Frame, fileFormat: FileFormat | null): boolean;
  /** How the frame is read. */
  layout(frame: Frame, context: FormatContext): BenchmarkLayout;
}

/** Names of a field's column in a format; the first one that is there counts. `isNeeded` where it must be there. */
export type FormatFields = Readonly<
  Partial<Record<Field, { readonly names: readonly string[]; readonly isNeeded: boolean }>>
>;

/** Usual names of costs and token counts, for files of a format without them to which a user has added them. */
export const ADDED_COSTS: FormatFields = {
  costUsd: { names: CONVENTIONS.costUsd, isNeeded: false },
  promptTokens: { names: CONVENTIONS.promptTokens, isNeeded: false },
  completionTokens: { names: CONVENTIONS.completionTokens, isNeeded: false },
};

/**
 * The columns of a format's fields: those that the options name, else the format's own.
 *
 * @throws TypeError where a needed one is missing
 */
export function formatColumns(frame: Frame, title: string, fields: FormatFields, given: LoadColumns = {}): LoadColumns {
  const columns: Partial<Record<Field, string>> = { ...given };
  for (
    const [field, { names, isNeeded }] of Object.entries(fields) as [
      Field,
      { names: readonly string[]; isNeeded: boolean },
    ][]
  ) {
    if (columns[field] !== undefined) continue;
    const name = names.find((name) => frame.columns.has(name));
    if (name !== undefined) columns[field] = name;
    else if (isNeeded) throw missingColumn(frame, title, field, names);
  }
  return columns;
}

function missingColumn(frame: Frame, title: string, field: Field, names: readonly string[]): TypeError {
  return new TypeError(
    `${title} must have its ${field} in a column ${names.map((name) => `"${name}"`).join(" or ")}: ${
      found([...frame.columns.keys()])
    }; name it by columns.${field} (--columns ${field}=NAME), or the file's format by format (--format NAME)`,
  );
}

/** The frame with columns added or replaced. */
export function withColumns(frame: Frame, added: Readonly<Record<string, ArrayLike<unknown>>>): Frame {
  const names = new Set([...frame.columns.keys(), ...Object.keys(added)]);
  const column = (name: string): ArrayLike<unknown> =>
    Object.hasOwn(added, name) ? added[name] : frame.columns.get(name)!;
  return { ...frame, columns: new ColumnsOnDemand([...names].map((name) => [name, () => column(name)])) };
}

/** The rows of a frame for which a condition holds. */
export function selectRows(frame: Frame, holds: (row: number) => boolean): Frame {
  const rows = Array.from({ length: frame.nRows }, (_, row) => row).filter(holds);
  if (rows.length === frame.nRows) return frame;
  const column = (name: string): unknown[] => {
    const cells = frame.columns.get(name)!;
    return rows.map((row) => cells[row]);
  };
  return {
    ...frame,
    nRows: rows.length,
    columns: new ColumnsOnDemand([...frame.columns.keys()].map((name) => [name, () => column(name)])),
    numbers: (name) => {
      const all = frame.numbers?.(name) ?? null;
      return all && Float64Array.from(rows, (row) => all[row]);
    },
  };
}

/** A note for a file of one model, where benchmarks write a file for each. */
export const ONE_MODEL = "one model only: load the folder of the models' files to compare them";

/** Adds to the message of a {@linkcode rowError} which file of several has the row; rows are counted through all of them. */
export function nameFileOfRow(error: Error & { readonly row?: number }, parts: readonly FramePart[]): void {
  if (error.row === undefined || parts.length < 2) return;
  let before = 0;
  for (const { path, nRows } of parts) {
    if (error.row >= before && error.row < before + nRows) {
      error.message += ` (row ${error.row + 1} is row ${error.row + 1 - before} of "${path}")`;
      return;
    }
    before += nRows;
  }
}

/** The name of each row's file, without folders and extensions. */
export function fileNames(parts: readonly FramePart[]): string[] {
  return parts.flatMap(({ path, nRows }) =>
    new Array<string>(nRows).fill(
      path.replace(/^.*[\\/]/, "").replace(/(\.(csv|tsv|jsonl?|ndjson|parquet|pkl|pickle|eval|gz))+$/i, ""),
    )
  );
}

/** The different texts of a column, in the order of their first rows. */
export function distinct(frame: Frame, name: string): string[] {
  return [...new Set(Array.from(frame.columns.get(name) ?? [], (cell) => textOfCell(cell) ?? ""))].filter((text) =>
    text.trim() !== ""
  );
}
