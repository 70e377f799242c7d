import { type OutcomeSource, type OutcomeTable, outcomeTable } from "./outcome_table.ts";
import type { PandasColumn, PandasFrame } from "./pandas_frame.ts";

const RESPONSE = "|model_response", COST = "|total_cost";

/**
 * The outcomes of a released RouterBench file in its wide layout: one row a prompt, three columns a model.
 *
 * Rows that share a `sample_id` are merged: a cell's quality and cost come from the row whose quality is present (the first such row), the
 * prompt from the row with more qualities. Prompts that still lack a cell are left out. Both are counted in `source.notes`.
 * The prompt is the file's text as it is, a Python list written out, because that is what the paper's encoders read.
 *
 * **Source**: paper.md section 3. The models are the columns that have a `|model_response` twin; *performance* is called quality from here on.
 *
 * @throws TypeError where a column is missing, RangeError where a quality or cost is out of range
 */
export function outcomesOfWideFrame(frame: PandasFrame, source: Omit<OutcomeSource, "notes">): OutcomeTable {
  const models = [...frame.columns.keys()].filter((name) => frame.columns.has(name + RESPONSE));
  if (models.length === 0) {
    throw new TypeError(
      `Cannot load "${source.name}" as a RouterBench file must have columns "MODEL" and "MODEL${RESPONSE}": it has ${
        [...frame.columns.keys()].slice(0, 8).join(", ")
      }`,
    );
  }
  const column = (name: string): PandasColumn => {
    const found = frame.columns.get(name);
    if (found === undefined) {
      throw new TypeError(`Cannot load "${source.name}" as a RouterBench file must have a column "${name}": it has none`);
    }
    return found;
  };
  const texts = (name: string): string[] => Array.from(column(name), String);
  const ids = texts("sample_id"), evals = texts("eval_name"), prompts = column("prompt");
  const quality = models.map((model) => column(model)), cost = models.map((model) => column(model + COST));
  const groups = Map.groupBy(ids.keys(), (row) => ids[row]);

  const kept: { id: string; row: number; quality: number[]; cost: number[] }[] = [];
  let nMergedRows = 0, nIncomplete = 0;
  for (const [id, rows] of groups) {
    nMergedRows += rows.length - 1;
    const rowOfCell = models.map((_, j) => rows.find((row) => isPresent(quality[j][row])));
    if (rowOfCell.includes(undefined)) nIncomplete++;
    else {
      const present = rowOfCell as number[];
      kept.push({
        id,
        row: rowWithMostQualities(rows, quality),
        quality: present.map((row, j) => Number(quality[j][row])),
        cost: present.map((row, j) => Number(cost[j][row])),
      });
    }
  }
  const notes: string[] = [];
  if (nMergedRows > 0) notes.push(`${counted(nMergedRows, "row")} merged into another row with the same sample_id`);
  if (nIncomplete > 0) notes.push(`${counted(nIncomplete, "prompt")} left out because a model's quality is missing`);
  return outcomeTable({
    models,
    promptIds: kept.map(({ id }) => id),
    evalNames: kept.map(({ row }) => evals[row]),
    prompts: kept.map(({ row }) => String(prompts[row])),
    quality: Float64Array.from(kept.flatMap(({ quality }) => quality)),
    costUsd: Float64Array.from(kept.flatMap(({ cost }) => cost)),
    latencySeconds: null,
    source: { ...source, notes },
  });
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== undefined && !Number.isNaN(Number(value));
}

function rowWithMostQualities(rows: readonly number[], quality: readonly PandasColumn[]): number {
  const nPresent = (row: number): number => quality.filter((column) => isPresent(column[row])).length;
  return rows.reduce((best, row) => nPresent(row) > nPresent(best) ? row : best);
}
