import { rowNumbers } from "./_row_numbers.ts";
import { NumberTally } from "./_number_tally.ts";
import { selectRows } from "./benchmarks/layout.ts";
import { codesOf, type TextCodes } from "./coded_column.ts";
import { findColumn } from "./column_names.ts";
import { type FrameBlocks, openBlocks } from "./frame_blocks.ts";
import type { Frame } from "./frame.ts";
import { checkLoadOptions, type LoadOptions } from "./load_options.ts";
import { columnsOfLong, modelsOfRows } from "./long_layout.ts";
import { needIds } from "./_prompts_of_rows.ts";
import { rowsThatHold } from "./outcomes_of_frame.ts";

/** Some rows of a long table, one a response. */
export interface OutcomeBlock {
  /** Number of rows. */
  readonly nRows: number;
  /** The rows as they are in the file. */
  readonly frame: Frame;
  /** What tells the rows' prompts apart within an evaluation: their ids, else their texts. */
  readonly prompts: TextCodes;
  /** The rows' evaluations; `null` where no column names them. */
  readonly evaluations: TextCodes | null;
  /** The models of the block, and the place of each row's among them. */
  readonly models: readonly string[];
  /** See `models`. */
  readonly modelOf: (row: number) => number;
  /** Quality of a row, `NaN` where it has none; each row is read once. */
  readonly quality: (row: number) => number;
  /** Cost of a row, USD, `NaN` where it has none; each row is read once. */
  readonly costUsd: (row: number) => number;
}

/** A long table that is read block by block. */
export interface OutcomeBlocks extends AsyncDisposable {
  /** The file. */
  readonly file: FrameBlocks;
  /** The blocks, one after another. */
  blocks(): AsyncGenerator<OutcomeBlock>;
  /** What was done beside reading, a sentence each; after the blocks. */
  notes(models: readonly string[]): readonly string[];
}

/**
 * Opens a long table (one row a response) for reading it block by block, columns and numbers as `loadOutcomes` reads them.
 *
 * @param options of `loadOutcomes`, but for `format` and `pool`, which are for layouts of benchmarks
 * @throws SyntaxError where it is not Parquet, CSV or JSON Lines; blocks throw TypeError where a column is missing or the table is not long
 */
export async function openOutcomeBlocks(path: string, options: LoadOptions = {}): Promise<OutcomeBlocks> {
  checkLoadOptions(options);
  const file = await openBlocks(path);
  const tally = new NumberTally();
  async function* blocks(): AsyncGenerator<OutcomeBlock> {
    let nBefore = 0;
    let nKept = 0;
    for await (const frame of file.frames()) {
      try {
        const block = blockOf(frame, options, tally);
        nKept += block.nRows;
        if (block.nRows > 0) yield block;
      } catch (cause) {
        if (cause instanceof Error && nBefore > 0) cause.message += ` (in the rows behind row ${nBefore})`;
        throw cause;
      }
      nBefore += frame.nRows;
    }
    if (nKept === 0) throw new TypeError(`rows must be left: none ${nBefore === 0 ? "is there" : "holds (--where)"}`);
  }
  return {
    file,
    blocks,
    notes: (models) => tally.notes(models, options),
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}

function blockOf(whole: Frame, options: LoadOptions, tally: NumberTally): OutcomeBlock {
  const { where = {}, columns: named = {} } = options;
  const { holds } = rowsThatHold(whole, where);
  const frame = Object.keys(where).length === 0 ? whole : selectRows(whole, (row) => holds[row] === 1);
  const modelColumn = findColumn([...frame.columns.keys()], "model", named);
  if (modelColumn === undefined) {
    throw new TypeError(
      "a table that is read in parts must be long, one row a response with its model in a column: no column names the models; name it by columns.model (--columns model=NAME)",
    );
  }
  const columns = columnsOfLong(frame, modelColumn, {
    ...options,
    columns: named,
    repeats: "error",
    qualityRange: options.qualityRange ?? [0, 1],
  });
  const key = columns.promptId ?? columns.prompt;
  if (key === undefined) {
    throw new TypeError(
      "each row must say which prompt it is about: there is no column of ids or texts; name it by columns.promptId (--columns promptId=NAME)",
    );
  }
  const { models, modelOf, pricedAs } = modelsOfRows(frame, modelColumn, columns.retriever);
  const numbers = rowNumbers(
    { frame, columns, modelOf: (row) => models[modelOf(row)], pricedAs },
    { ...options, qualityRange: options.qualityRange ?? [0, 1] },
    tally,
  );
  const codes = (name: string): TextCodes => codesOf(frame.columns.get(name)!, frame.nRows);
  const prompts = codes(key);
  if (columns.promptId !== undefined) needIds(frame.columns.get(columns.promptId)!, prompts, columns);
  return {
    nRows: frame.nRows,
    frame,
    prompts,
    evaluations: columns.evalName === undefined ? null : codes(columns.evalName),
    models,
    modelOf,
    quality: numbers.quality,
    costUsd: numbers.costUsd,
  };
}
