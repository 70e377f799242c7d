import { Cells } from "./_cells.ts";
import { codesOf } from "./coded_column.ts";
import { promptsOfRows } from "./_prompts_of_rows.ts";
import { rowNumbers } from "./_row_numbers.ts";
import type { FrameOutcomes, LayoutOptions } from "./table_of_cells.ts";
import { CONVENTIONS, fieldNames, findColumn, found, type ModelColumns } from "./column_names.ts";
import { type Frame, rowError } from "./frame.ts";

/**
 * Outcomes of a long table: one row for each response, with the model's name in a column.
 *
 * Rows of one prompt are brought together by its id (and evaluation), or by its text where there are no ids.
 *
 * @throws TypeError where a column is missing, or a model has several outcomes on a prompt
 */
export function outcomesOfLong(frame: Frame, modelColumn: string, options: LayoutOptions): FrameOutcomes {
  const names = [...frame.columns.keys()];
  const columns: ModelColumns = Object.fromEntries(
    fieldNames().flatMap((field) => {
      const name = findColumn(names.filter((name) => name !== modelColumn), field, {
        ...options.columns,
        model: undefined,
      });
      return name === undefined || field === "model" ? [] : [[field, name]];
    }),
  );
  if (columns.quality === undefined) {
    throw new TypeError(
      `each outcome must have a quality, in a column ${CONVENTIONS.quality.join(", ")}: ${
        found(names)
      }; name it by columns.quality (--columns quality=NAME)`,
    );
  }
  const { codes, texts } = codesOf(frame.columns.get(modelColumn)!, frame.nRows);
  const modelAt = new Map<string, number>();
  const modelOfCode = new Int32Array(texts.length).fill(-1);
  const modelOf = (row: number): number => modelOfCode[codes[row]];
  for (let row = 0; row < frame.nRows; row++) {
    if (modelOf(row) < 0) {
      const model = texts[codes[row]];
      if (model === null || model.trim() === "") {
        throw rowError(new TypeError(`each row must name its model: row ${row + 1} of "${modelColumn}" is empty`), row);
      }
      modelOfCode[codes[row]] = modelAt.size;
      modelAt.set(model, modelAt.size);
    }
  }
  const models = [...modelAt.keys()];
  const prompts = promptsOfRows(frame, columns, "by-text");
  const numbers = rowNumbers(frame, columns, (row) => models[modelOf(row)], options);
  const cells = new Cells(prompts.ids.length, models.length, {
    hasLatency: columns.latencySeconds !== undefined,
    repeats: options.repeats,
  });
  let nContradictions = 0;
  for (let row = 0; row < frame.nRows; row++) {
    const at = prompts.promptOfRow[row] * models.length + modelOf(row);
    if (!cells.put(at, numbers.quality(row), numbers.costUsd(row), numbers.latencySeconds(row))) {
      throw rowError(
        new TypeError(
          `a model must have one outcome on a prompt: "${models[modelOf(row)]}" has several on "${
            prompts.ids[prompts.promptOfRow[row]]
          }" (row ${
            row + 1
          } is one); pass repeats: "mean" (--repeats mean) to average them, or name the prompts' ids by columns.promptId (--columns promptId=NAME)`,
        ),
        row,
      );
    }
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
  };
}
