import { createHash } from "node:crypto";
import { basename } from "node:path";
import { readPickleFile } from "./_pickle_file.ts";
import { type LoadCounts, tableOfCells } from "./_table_of_cells.ts";
import { CONVENTIONS, findColumn, found, modelsOfWide } from "./column_names.ts";
import { frameOfBytes } from "./file_format.ts";
import type { Frame } from "./frame.ts";
import { checkLoadOptions, type LoadOptions } from "./load_options.ts";
import { outcomesOfLong } from "./long_table.ts";
import type { OutcomeSource, OutcomeTable } from "./outcome_table.ts";
import { RELEASED_FILES } from "./released_files.ts";
import { outcomesOfWide } from "./wide_table.ts";

/** SHA-256 of the released files, by which they are known. */
const RELEASED_SHA256: ReadonlySet<string | null> = new Set(RELEASED_FILES.map(({ sha256 }) => sha256));

/** A table with what was counted while it was read. */
export interface LoadedOutcomes {
  /** The outcomes. */
  readonly table: OutcomeTable;
  /** What the table itself can no longer show. */
  readonly counts: LoadCounts;
}

/**
 * Loads a table of outcomes. Nothing in the file is executed.
 *
 * **Formats**, by the first bytes: pickles of pandas data frames (the released RouterBench files), CSV, JSON Lines, a JSON array of objects;
 * each may be packed by gzip.
 *
 * **Layouts.** *Wide*: one row a prompt, `MODEL|quality` and `MODEL|cost_usd` for each model (what {@linkcode exportOutcomes} writes), or `MODEL`
 * and `MODEL|total_cost` (the RouterBench files). *Long*: one row a response, with columns for the prompt's id or text, the model, its quality and its
 * cost, or token counts with a `priceList`. Columns are found by the usual names (`prompt`, `query`, `question`; `score`, `performance`, `correct`;
 * …), or are named in `columns`.
 *
 * Rows of one prompt are merged, missing cells handled as `missing` says, never taken for zero; `source.notes` says what was done.
 *
 * @param path the file
 * @throws Error where the file cannot be read; SyntaxError where its bytes cannot be parsed; TypeError where a column is missing or a model
 * has several outcomes on a prompt; RangeError where cells are missing or out of range. Each names what was looked for, what was found, and
 * the option that helps
 * @example
 * ```ts
 * import { loadOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/mine.csv`, "question,model,correct,cost\nWhat is 2 + 2?,small,true,0.00001\nWhat is 2 + 2?,large,true,0.001\n");
 * const table = await loadOutcomes(`${folder}/mine.csv`);
 * await Deno.remove(folder, { recursive: true });
 * assert.deepEqual([table.models, table.prompts, [...table.quality]], [["small", "large"], ["What is 2 + 2?"], [1, 1]]);
 * ```
 */
export async function loadOutcomes(path: string, options: LoadOptions = {}): Promise<OutcomeTable> {
  return (await loadWithCounts(path, options)).table;
}

/** As {@linkcode loadOutcomes}, with what was counted on the way: for an audit. */
export async function loadWithCounts(path: string, options: LoadOptions = {}): Promise<LoadedOutcomes> {
  checkLoadOptions(options);
  try {
    const pickled = await readable(
      path,
      readPickleFile(path, (frame) => outcomesOfFrame(frame, UNKNOWN, { ...options, missing: options.missing ?? "drop" })),
    );
    if (pickled !== null) return withSource(pickled.taken, path, pickled.sha256);
    const bytes = await readable(path, Deno.readFile(path)), sha256 = createHash("sha256").update(bytes).digest("hex");
    const { frame, format } = await frameOfBytes(bytes, path);
    const loaded = outcomesOfFrame(frame, UNKNOWN, { ...options, missing: options.missing ?? (format === "pickle" ? "drop" : "error") });
    return withSource(loaded, path, sha256);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    if (cause.message.includes(`"${path}"`)) throw cause;
    cause.message = cause.message.startsWith("Cannot ") ? `${cause.message} (file "${path}")` : `Cannot load "${path}" as ${cause.message}`;
    throw cause;
  }
}

/** What is not known of the source while its table is read. */
const UNKNOWN = { kind: "file", name: "", sha256: "" } as const;

function withSource({ table, counts }: LoadedOutcomes, path: string, sha256: string): LoadedOutcomes {
  const kind = RELEASED_SHA256.has(sha256) ? "released" as const : "file" as const;
  return { table: { ...table, source: { kind, name: basename(path), sha256, notes: table.source.notes } }, counts };
}

/** What was read; errors of the file system say which file it was, and what to do. */
async function readable<T>(path: string, reading: Promise<T>): Promise<T> {
  return await reading.catch((cause) => {
    if (cause instanceof SyntaxError || cause instanceof TypeError || cause instanceof RangeError || /^Cannot /.test(cause.message)) {
      throw cause;
    }
    throw new Error(`Cannot load "${path}" as the file must be readable: ${reason(cause)}; check the path`, { cause });
  });
}

/**
 * The outcomes of a file's table.
 *
 * @throws TypeError, RangeError as {@linkcode loadOutcomes}; their messages are still without the file's name
 */
export function outcomesOfFrame(
  frame: Frame,
  source: Omit<OutcomeSource, "notes">,
  options: LoadOptions & { readonly missing: "error" | "drop" },
): LoadedOutcomes {
  const { columns = {}, repeats = "error", qualityRange = [0, 1], missing } = options;
  return tableOfCells(readLayout(frame, { ...options, columns, repeats, qualityRange }), source, { missing });
}

/** A long table has a column of models, a wide one has columns of each model. */
function readLayout(frame: Frame, options: Parameters<typeof outcomesOfLong>[2]): ReturnType<typeof outcomesOfLong> {
  const names = [...frame.columns.keys()], models = modelsOfWide(frame, options.columns);
  if (options.columns.model === undefined && models.size > 0) return outcomesOfWide(frame, models, options);
  const modelColumn = findColumn(names, "model", options.columns);
  if (modelColumn !== undefined) return outcomesOfLong(frame, modelColumn, options);
  throw new TypeError(
    `a long table must have a column ${CONVENTIONS.model.join(", ")}, a wide one columns "MODEL|quality" and "MODEL|cost_usd": ${
      found(names)
    }; name the column of models by columns.model (--columns model=NAME)`,
  );
}

function reason(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "there is no such file";
  if (cause instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (cause instanceof Deno.errors.PermissionDenied || cause instanceof Deno.errors.NotCapable) return "reading it is not permitted";
  return cause instanceof Error ? cause.message : String(cause);
}
