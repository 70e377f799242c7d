import { type OutcomeTable, selectPrompts } from "../outcomes/outcome_table.ts";
import type { QualityPredictions } from "../routers/router.ts";

/** Outcomes with what was predicted for them. */
export interface PredictedOutcomes {
  readonly outcomes: OutcomeTable;
  readonly predictions: QualityPredictions;
}

/** The predictions for some of the prompts, in the order of `rows`. */
export function selectPredictions(
  { models, quality, costUsd }: QualityPredictions,
  rows: readonly number[],
): QualityPredictions {
  const m = models.length;
  const cells = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: rows.length * m }, (_, at) => values[rows[Math.floor(at / m)] * m + at % m]);
  return {
    nPrompts: rows.length,
    models,
    quality: cells(quality),
    costUsd: costUsd.length === m ? costUsd : cells(costUsd),
  };
}

/** Some of the prompts with what was predicted for them. */
export function selectPredicted(
  { outcomes, predictions }: PredictedOutcomes,
  rows: readonly number[],
): PredictedOutcomes {
  return { outcomes: selectPrompts(outcomes, rows), predictions: selectPredictions(predictions, rows) };
}

/** The rows with an even index, and those with an odd one. */
export function alternateRows(nRows: number): [even: number[], odd: number[]] {
  const rows = Array.from({ length: nRows }, (_, i) => i);
  return [rows.filter((i) => i % 2 === 0), rows.filter((i) => i % 2 === 1)];
}
