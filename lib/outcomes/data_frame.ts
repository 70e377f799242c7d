import type { OutcomeTable } from "./outcome_table.ts";

/** A danfojs `DataFrame`. Its type names few of its members, as danfojs types few; at run time all are there. */
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
 * The table as a danfojs data frame, for looking at, filtering and grouping.
 *
 * - `"long"` (default): a row for each prompt and model, with `prompt_id`, `eval_name`, `model`, `quality` and
 *   `cost_usd`.
 * - `"wide"`: a row for each prompt, with `prompt_id`, `eval_name`, `prompt` where there are texts, then
 *   `MODEL|quality` and `MODEL|cost_usd` for each model.
 *
 * danfojs is loaded at the first call, which takes a second or two. Its `describe()` takes about 12 s on 36,000 rows.
 *
 * **Shapes**: n · m rows × 5 columns, or n rows × (2 or 3 + 2m) columns.
 *
 * @throws TypeError for an unknown layout
 * @example
 * ```ts
 * import { simulateOutcomes, toDataFrame } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const frame = await toDataFrame(simulateOutcomes({ nPromptsPerEval: 2, seed: 1 }));
 * assert.deepEqual(frame.shape, [14 * 11, 5]);
 * const means = frame.groupby(["eval_name", "model"]).col(["quality"]).mean();
 * assert.deepEqual(means.shape, [7 * 11, 3]);
 * ```
 */
export async function toDataFrame(
  table: OutcomeTable,
  { layout = "long" }: { readonly layout?: "long" | "wide" } = {},
): Promise<OutcomeFrame> {
  if (layout !== "long" && layout !== "wide") {
    throw new TypeError(`Cannot make a data frame as its layout must be "long" or "wide": it is "${layout}"`);
  }
  const danfo = await import("danfojs");
  return new danfo.DataFrame(layout === "long" ? longColumns(table) : wideColumns(table)) as unknown as OutcomeFrame;
}

type Columns = Record<string, (string | number)[]>;

function longColumns({ models, promptIds, evalNames, quality, costUsd }: OutcomeTable): Columns {
  return {
    prompt_id: promptIds.flatMap((id) => models.map(() => id)),
    eval_name: evalNames.flatMap((name) => models.map(() => name)),
    model: promptIds.flatMap(() => models),
    quality: [...quality],
    cost_usd: [...costUsd],
  };
}

function wideColumns({ models, promptIds, evalNames, prompts, quality, costUsd }: OutcomeTable): Columns {
  const m = models.length;
  const column = (values: Float64Array, j: number): number[] => promptIds.map((_, i) => values[i * m + j]);
  const columns: Columns = { prompt_id: [...promptIds], eval_name: [...evalNames] };
  if (prompts !== null) columns.prompt = [...prompts];
  models.forEach((model, j) => {
    columns[`${model}|quality`] = column(quality, j);
    columns[`${model}|cost_usd`] = column(costUsd, j);
  });
  return columns;
}
