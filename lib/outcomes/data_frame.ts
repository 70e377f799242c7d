import type { OutcomeTable } from "./outcome_table.ts";

/** A danfojs `DataFrame`, of whose members danfojs itself types few; they are all there. */
export interface OutcomeFrame {
  /** Names of the columns. */
  readonly columns: string[];
  /** Numbers of rows and columns. */
  readonly shape: [number, number];
  /** The cells, row by row. */
  readonly values: (string | number)[][];
  /** Any other member of danfojs's class: `head`, `query`, `groupby`, `sortValues`, … */
  // deno-lint-ignore no-explicit-any
  readonly [member: string]: any;
}

/**
 * The table as a danfojs data frame, for looking at and grouping: `prompt_id`, `eval_name`, `prompt` where there are texts, then
 * `MODEL|quality` and `MODEL|cost_usd` for each model.
 *
 * danfojs is loaded at the first call, which takes a second or two. Its `describe()` takes about 12 s on 36,000 rows.
 *
 * **Shapes**: n rows × (2 or 3 + 2m) columns.
 *
 * @example
 * ```ts
 * import { simulateOutcomes, toDataFrame } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const frame = await toDataFrame(simulateOutcomes({ nPromptsPerEval: 2, seed: 1 }));
 * assert.deepEqual(frame.shape, [14, 25]);
 * ```
 */
export async function toDataFrame(table: OutcomeTable): Promise<OutcomeFrame> {
  const danfo = await import("danfojs");
  const m = table.models.length;
  const column = (values: Float64Array, j: number): number[] => table.promptIds.map((_, i) => values[i * m + j]);
  const columns: Record<string, (string | number)[]> = {
    prompt_id: [...table.promptIds],
    eval_name: [...table.evalNames],
  };
  if (table.prompts !== null) columns.prompt = [...table.prompts];
  table.models.forEach((model, j) => {
    columns[`${model}|quality`] = column(table.quality, j);
    columns[`${model}|cost_usd`] = column(table.costUsd, j);
  });
  return new danfo.DataFrame(columns) as unknown as OutcomeFrame;
}
