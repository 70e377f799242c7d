import type { OperatingPoint } from "../lib/plane/operating_point.ts";
import { PAPER_MODEL_ROWS } from "../lib/outcomes/paper_table.ts";

/** The models' points on an evaluation as Table 1 prints them: total USD on the test split, mean quality. */
export function paperPoints(evalName: string): OperatingPoint[] {
  return PAPER_MODEL_ROWS.map((row) => ({ costUsd: row.totalCostUsd[evalName], quality: row.quality[evalName] }));
}
