import { Cells } from "./_cells.ts";
import { sameTexts } from "./coded_column.ts";
import { NumberTally } from "./_number_tally.ts";
import { promptsOfRows } from "./_prompts_of_rows.ts";
import { rowNumbers } from "./_row_numbers.ts";
import type { FrameOutcomes, LayoutOptions } from "./table_of_cells.ts";
import { type Field, findColumn, type ModelColumns } from "./column_names.ts";
import { type Frame, numberOfCell, rowError } from "./frame.ts";

/**
 * Outcomes of a wide table: one row for each prompt, some columns for each model.
 *
 * Rows that share an id are merged: a cell comes from the row that has its quality, the prompt from the row with the most qualities.
 *
 * **Source**: the RouterBench files (data/paper/README.md, "Data"), whose 5-shot table has 14 such twins.
 *
 * @param models the models with their columns
 * @throws TypeError where a cost is missing, or two rows of one id contradict each other
 */
export function outcomesOfWide(
  frame: Frame,
  models: ReadonlyMap<string, ModelColumns>,
  options: LayoutOptions,
): FrameOutcomes {
  const ofModels = new Set([...models.values()].flatMap((columns) => Object.values(columns)));
  const names = [...frame.columns.keys()].filter((name) => !ofModels.has(name));
  const columns: Partial<Record<Field, string>> = {};
  for (const field of ["promptId", "prompt", "evalName"] as const) {
    const name = findColumn(names, field, options.columns);
    if (name !== undefined && !(field === "evalName" && options.oneEvaluation)) columns[field] = name;
  }
  const nQualities = new Uint16Array(frame.nRows);
  for (const { quality } of models.values()) {
    const column = frame.columns.get(quality!)!;
    for (let row = 0; row < frame.nRows; row++) if (hasValue(column[row])) nQualities[row]++;
  }
  const prompts = promptsOfRows(frame, columns, { without: "by-row", weights: nQualities });
  const hasLatency = [...models.values()].some(({ latencySeconds }) => latencySeconds !== undefined);
  const cells = new Cells(prompts.ids.length, models.size, { hasLatency, repeats: options.repeats });
  const tally = new NumberTally();
  const texts = columns.promptId === undefined || columns.prompt === undefined
    ? null
    : sameTexts(frame.columns.get(columns.prompt)!);
  const firstRows = new Int32Array(prompts.ids.length);
  let nContradictions = 0;
  [...models].forEach(([model, columns], j) => {
    const numbers = rowNumbers({ frame, columns, modelOf: () => model }, options, tally);
    firstRows.fill(-1);
    for (let row = 0; row < frame.nRows; row++) {
      const prompt = prompts.promptOfRow[row];
      const nAveraged = cells.nAveraged;
      const quality = numbers.quality(row);
      const isPut = cells.put(prompt * models.size + j, quality, numbers.costUsd(row), numbers.latencySeconds(row));
      const before = firstRows[prompt];
      if (!isPut || cells.nAveraged > nAveraged) {
        if (before >= 0 && texts !== null && !texts.areSame(before, row)) {
          throw rowError(differentTexts(prompts.ids[prompt], before, row), row);
        }
      }
      if (!isPut) throw rowError(contradiction(model, prompts.ids[prompt], row), row);
      if (before < 0 && !Number.isNaN(quality)) firstRows[prompt] = row;
      if (numbers.contradictsPrice(row)) nContradictions++;
    }
  });
  return {
    layout: "wide",
    models: [...models.keys()],
    prompts,
    cells,
    nRows: frame.nRows,
    nContradictions,
    mergedWhat: `another row with the same ${columns.promptId ?? "id"}`,
    nMergedRows: frame.nRows - prompts.ids.length,
    taken: { ...columns, quality: [...models.values()][0].quality, costUsd: [...models.values()][0].costUsd },
    readingNotes: tally.notes([...models.keys()], options),
  };
}

/** A number, or a word that may be a verdict. */
function hasValue(cell: unknown): boolean {
  return !Number.isNaN(numberOfCell(cell) ?? 0);
}

function contradiction(model: string, id: string, row: number): TypeError {
  return new TypeError(
    `rows of one prompt must not contradict each other: "${model}" has two outcomes on "${id}" (row ${
      row + 1
    } is one); pass repeats: "mean" (--repeats mean) to average them, or rename one`,
  );
}

function differentTexts(id: string, before: number, row: number): TypeError {
  return new TypeError(
    `ids of prompts must be unique, and they are not: "${id}" has different texts and outcomes (rows ${
      before + 1
    } and ${row + 1}); name the evaluation by columns.evalName (--columns evalName=NAME), or rename one`,
  );
}
