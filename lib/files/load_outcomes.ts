/** Any file to a table and back. @module */

import { named } from "../base/refusal.ts";
import { basename } from "node:path";
import { type FrameSource, readSource } from "./_read_source.ts";
import { type LoadCounts, tableOfCells } from "./table_of_cells.ts";
import type { Frame } from "./frame.ts";
import { checkLoadOptions, type LoadOptions } from "./load_options.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { RELEASED_FILES } from "./released/released_files.ts";
import { outcomesOfFrame, type OutcomesOfParts } from "./outcomes_of_frame.ts";
import type { RetrievedRecords } from "./retrieved_records.ts";
import { heldOutPrompts } from "./_held_out.ts";
import { citationOf } from "./released/packaged_outcomes.ts";

/** SHA-256 of the released files, by which they are recognised. */
const RELEASED_SHA256: ReadonlySet<string | null> = new Set(RELEASED_FILES.map(({ sha256 }) => sha256));

/** A table with the counts of its reading. */
export interface LoadedOutcomes {
  /** The outcomes. */
  readonly table: OutcomeTable;
  /** Counts that the table itself no longer shows. */
  readonly counts: LoadCounts;
  /**
   * Ids of the prompts that the source's own files hold out for the test.
   *
   * @throws TypeError where its files are not parted so
   */
  readonly heldOut: () => ReadonlySet<string>;
  /** What retrievers found, where the file tells it. */
  readonly retrieved: RetrievedRecords;
}

/**
 * Loads a table of outcomes. Nothing in the file is executed.
 *
 * **Formats**, by the first bytes: pickles of pandas data frames (the released RouterBench files), Parquet, CSV, JSON Lines, a JSON array of
 * objects; each may be packed by gzip, bzip2, xz or Zstandard, or stand alone in a zip file, and texts may be UTF-16. Of Parquet only the columns that are needed are read. The files of a folder are read as one table.
 *
 * **Layouts.** *Wide*: one row a prompt, `MODEL|quality` and `MODEL|cost_usd` for each model (what {@linkcode exportOutcomes} writes), or `MODEL`
 * and `MODEL|total_cost` (the RouterBench files). *Long*: one row a response, with columns for the prompt's id or text, the model, its quality and its
 * cost, or token counts with a `priceList`. Columns are found by the usual names (`prompt`, `query`, `question`; `score`, `performance`, `correct`;
 * …), or are named in `columns`. In a long table with a column `retriever` beside the models every pair of the two is one choice, `bm25+gpt-4`.
 *
 * *Benchmarks*: the files of RouteLLM, EmbedLLM, RouterEval, LLMRouterBench, RouterArena, SPROUT and ParetoBandit, known by their columns or named by `format`
 * ({@linkcode TableFormat}). *Evaluation tools*: the logs of lm-evaluation-harness, Inspect, promptfoo, HELM, MT-bench, AlpacaEval, LiteLLM and
 * OpenTelemetry, in the same way. Costs that a file lacks come from `priceList` or `responseCostUsd`.
 *
 * Rows of one prompt are merged, missing cells handled as `missing` says, never taken for zero; `source.notes` says what was done.
 *
 * @param path the file, or a folder of files
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

/** Does as {@linkcode loadOutcomes} and returns the counts of the reading too, for an audit. */
export async function loadWithCounts(path: string, options: LoadOptions = {}): Promise<LoadedOutcomes> {
  checkLoadOptions(options);
  try {
    const take = (frame: Frame, { format, parts }: FrameSource): OutcomesOfParts =>
      outcomesOfFrame(frame, { parts, fileFormat: format, options });
    const { taken, format, sha256 } = await readSource(path, take, options);
    const source = {
      kind: RELEASED_SHA256.has(sha256) ? "released" as const : "file" as const,
      name: basename(path),
      sha256,
    };
    const citation = citationOf(sha256);
    const outcomes = citation === null ? taken : { ...taken, notes: [citation, ...(taken.notes ?? [])] };
    const missing = options.missing ?? (format === "pickle" ? "drop" : "error");
    const { table, counts } = tableOfCells(outcomes, source, { missing });
    return {
      table,
      counts,
      heldOut: () => heldOutPrompts(taken, source.name),
      retrieved: taken.retrieved ?? new Map(),
    };
  } catch (cause) {
    throw cause instanceof Error ? named(cause, { action: "load", what: `"${path}"`, path }) : cause;
  }
}
