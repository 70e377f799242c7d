import { armName } from "../outcomes/arm.ts";
import { Cells } from "./_cells.ts";
import { codesOf } from "./coded_column.ts";
import { NumberTally } from "./_number_tally.ts";
import { pairsNote, retrievedOf, retrieverOf } from "./retrieved_records.ts";
import { promptsOfRows } from "./_prompts_of_rows.ts";
import { tellingColumns, TextsOfCells } from "./_repeats.ts";
import { rowNumbers } from "./_row_numbers.ts";
import type { FrameOutcomes, LayoutOptions } from "./table_of_cells.ts";
import { listed } from "../base/words.ts";
import {
  CONVENTIONS,
  fieldNames,
  findColumn,
  found,
  ID_CONVENTIONS,
  type ModelColumns,
  plainName,
} from "./column_names.ts";
import { type Frame, rowError } from "./frame.ts";

/**
 * Outcomes of a long table: one row for each response, with the model's name in a column.
 *
 * Rows of one prompt are brought together by its id (and evaluation), or by its text where there are no ids. Where a column names what was retrieved
 * by, a "model" of the outcomes is a pair of a retriever and a model.
 *
 * @throws TypeError where a column is missing, a model has several outcomes on a prompt, or an id has several texts
 */
export function outcomesOfLong(frame: Frame, modelColumn: string, options: LayoutOptions): FrameOutcomes {
  const columns = columnsOfLong(frame, modelColumn, options);
  const { models, modelOf, pricedAs } = modelsOfRows(frame, modelColumn, columns.retriever);
  const prompts = promptsOfRows(frame, columns, { without: "by-text" });
  const tally = new NumberTally();
  const nameOf = (row: number): string => models[modelOf(row)];
  const numbers = rowNumbers({ frame, columns, modelOf: nameOf, pricedAs }, options, tally);
  const cells = new Cells(prompts.ids.length, models.length, {
    hasLatency: columns.latencySeconds !== undefined,
    repeats: options.repeats,
  });
  const texts = new TextsOfCells(frame, columns, prompts.ids.length * models.length);
  const firstRows = new Int32Array(prompts.ids.length * models.length).fill(-1);
  let nContradictions = 0;
  for (let row = 0; row < frame.nRows; row++) {
    const at = prompts.promptOfRow[row] * models.length + modelOf(row);
    const quality = numbers.quality(row);
    if (!Number.isNaN(quality)) texts.put(at, row, { id: prompts.ids[prompts.promptOfRow[row]], model: nameOf(row) });
    if (!cells.put(at, quality, numbers.costUsd(row), numbers.latencySeconds(row))) {
      const id = prompts.ids[prompts.promptOfRow[row]];
      const isTaken = (name: string): boolean => name === modelColumn || Object.values(columns).includes(name);
      const telling = tellingColumns(frame, isTaken, [firstRows[at], row]);
      throw rowError(severalOutcomes({ model: nameOf(row), id, row, telling }), row);
    }
    if (firstRows[at] < 0) firstRows[at] = row;
    if (numbers.contradictsPrice(row)) nContradictions++;
  }
  return {
    layout: "long",
    models,
    prompts,
    cells,
    nRows: frame.nRows,
    nContradictions,
    mergedWhat: "another row of the same prompt and model",
    nMergedRows: cells.nMerged,
    taken: { ...columns, model: modelColumn },
    readingNotes: [
      ...pairsNote(models, { ...columns, model: modelColumn }),
      ...likeColumns(frame, columns),
      ...tally.notes(models, options),
    ],
    retrieved: retrievedOf(frame, columns, prompts),
  };
}

/** The columns of the fields, by the usual names or those of the options. */
export function columnsOfLong(frame: Frame, modelColumn: string, options: LayoutOptions): ModelColumns {
  const names = [...frame.columns.keys()].filter((name) => name !== modelColumn);
  const columns: ModelColumns = Object.fromEntries(
    fieldNames().flatMap((field) => {
      const name = findColumn(names, field, { ...options.columns, model: undefined });
      const isLeftOut = field === "model" || (field === "evalName" && options.oneEvaluation);
      return name === undefined || isLeftOut ? [] : [[field, name]];
    }),
  );
  if (columns.quality === undefined) {
    throw new TypeError(
      `each outcome must have a quality, in a column ${CONVENTIONS.quality.join(", ")}: ${
        found([...frame.columns.keys()])
      }; name it by columns.quality (--columns quality=NAME)`,
    );
  }
  if (columns.promptId !== undefined || columns.prompt !== undefined) return columns;
  const id = ID_CONVENTIONS.find((name) => names.includes(name));
  return id === undefined ? columns : { ...columns, promptId: id };
}

/** Names the columns that may be meant as well as one that was taken: pandas calls a second `score` of a file `score.1`. */
function likeColumns(frame: Frame, columns: ModelColumns): string[] {
  const taken = Object.values(columns);
  const plain = (name: string): string => plainName(name.replace(/\.\d+$/, ""));
  return taken.flatMap((name) => {
    const like = [...frame.columns.keys()].filter((other) => !taken.includes(other) && plain(other) === plain(name));
    return like.length === 0 ? [] : [`"${name}" is taken, not ${listed(like, 3)}`];
  });
}

/** Nothing, or what pandas writes for it. */
const NO_MODEL = /^\s*(nan|<na>|null)?\s*$/i;

/** The models, or pairs of a retriever and a model, numbered as they come, and the number of each row's. */
export function modelsOfRows(
  frame: Frame,
  modelColumn: string,
  retrieverColumn: string | undefined,
): {
  readonly models: readonly string[];
  readonly modelOf: (row: number) => number;
  /** The name of each row's model in a price list: without its retriever. */
  readonly pricedAs: (row: number) => string;
} {
  const { codes, texts } = codesOf(frame.columns.get(modelColumn)!, frame.nRows);
  const retrievers = retrieverColumn === undefined ? null : codesOf(frame.columns.get(retrieverColumn)!, frame.nRows);
  const codeOf = (row: number): number =>
    retrievers === null ? codes[row] : retrievers.codes[row] * texts.length + codes[row];
  const models: string[] = [];
  const modelOfCode = new Int32Array(texts.length * (retrievers?.texts.length ?? 1)).fill(-1);
  const numbers = new Map<string, number>();
  for (let row = 0; row < frame.nRows; row++) {
    if (modelOfCode[codeOf(row)] >= 0) continue;
    const model = texts[codes[row]];
    if (model === null || NO_MODEL.test(model)) {
      const found = model?.trim() ? `"${model}"` : "empty";
      const rule = `each row must name its model: row ${row + 1} of "${modelColumn}" is ${found}`;
      throw rowError(new TypeError(`${rule}; name the model, or take the row out if it is none of an outcome`), row);
    }
    const name = retrievers === null
      ? model
      : armName(retrieverOf(retrievers.texts[retrievers.codes[row]], row), model);
    // An empty cell and "none" are the same retriever.
    if (!numbers.has(name)) numbers.set(name, models.push(name) - 1);
    modelOfCode[codeOf(row)] = numbers.get(name)!;
  }
  return { models, modelOf: (row) => modelOfCode[codeOf(row)], pricedAs: (row) => texts[codes[row]]! };
}

interface Repetition {
  readonly model: string;
  readonly id: string;
  readonly row: number;
  /** Columns in which the rows differ. */
  readonly telling: string;
}

function severalOutcomes({ model, id, row, telling }: Repetition): TypeError {
  return new TypeError(
    `a model must have one outcome on a prompt: "${model}" has several on "${id}" (row ${row + 1} is one${
      telling === "" ? "" : `; the rows differ in ${telling}`
    }); ${
      telling === "" ? "" : "keep the rows of one kind by where (--where COLUMN=VALUE), or "
    }pass repeats: "mean" (--repeats mean) to average them, or name the prompts' ids by columns.promptId (--columns promptId=NAME)`,
  );
}
