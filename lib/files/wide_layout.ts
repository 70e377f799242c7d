import { Cells } from "./_cells.ts";
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
    if (name !== undefined) columns[field] = name;
  }
  const nQualities = new Uint16Array(frame.nRows);
  for (const { quality } of models.values()) {
    const column = frame.columns.get(quality!)!;
    for (let row = 0; row < frame.nRows; row++) if (!Number.isNaN(numberOfCell(column[row]) ?? NaN)) nQualities[row]++;
  }
  const prompts = promptsOfRows(frame, columns, "by-row", nQualities);
  const hasLatency = [...models.values()].some(({ latencySeconds }) => latencySeconds !== undefined);
  const cells = new Cells(prompts.ids.length, models.size, { hasLatency, repeats: options.repeats });
  let nContradictions = 0;
  [...models].forEach(([model, columns], j) => {
    const numbers = rowNumbers(frame, columns, () => model, options);
    for (let row = 0; row < frame.nRows; row++) {
      const prompt = prompts.promptOfRow[row];
      if (
        !cells.put(prompt * models.size + j, numbers.quality(row), numbers.costUsd(row), numbers.latencySeconds(row))
      ) {
        throw rowError(
          new TypeError(
            `rows of one prompt must not contradict each other: "${model}" has two outcomes on "${
              prompts.ids[prompt]
            }" (row ${row + 1} is one); pass repeats: "mean" (--repeats mean) to average them, or rename one`,
          ),
          row,
        );
      }
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
  };
}
