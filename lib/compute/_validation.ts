import { predictionGraph } from "./_mlp_graphs.ts";
import type { MlpLayout } from "./_mlp_parts.ts";
import { inPrecision } from "./_parameters.ts";
import { openSession } from "./_session.ts";
import type { Matrix, Matrix64 } from "./matrix.ts";

/** The rows that are kept apart from training, to see when it stops helping. */
export interface Validation {
  /** R² of a network on these rows, the mean over the given columns of y, which are its outputs. */
  score(parameters: Float32Array | Float64Array, columns: readonly number[]): Promise<number>;
  /** Frees native memory. */
  release(): Promise<void>;
}

/** Opens the graph that predicts the given rows of x. */
export async function openValidation(
  x: Matrix | Matrix64,
  y: Matrix | Matrix64,
  { rows, layout, threads }: { rows: readonly number[]; layout: MlpLayout; threads?: number },
): Promise<Validation> {
  const session = await openSession(predictionGraph(layout), { threads });
  const inputs = session.tensor(inPrecision(rowsOf(x, rows), layout.precision), [rows.length, x.cols]);
  const truth = rowsOf(y, rows);
  return {
    score: async (parameters, columns) => {
      const { prediction } = await session.run({
        x: inputs,
        parameters: session.tensor(parameters, [parameters.length]),
      });
      const predicted = prediction.data as Float32Array | Float64Array;
      const ofColumn = columns.map((column, output) => {
        const pick = (values: Float32Array | Float64Array, cols: number, at: number): number[] =>
          rows.map((_, i) => values[i * cols + at]);
        return rSquared(pick(predicted, columns.length, output), pick(truth, y.cols, column));
      });
      return ofColumn.reduce((sum, value) => sum + value, 0) / columns.length;
    },
    release: () => session.release(),
  };
}

/** 1 − Σ (truth − predicted)² / Σ (truth − mean)²; of a constant truth, as in scikit-learn, 1 if predicted exactly, else 0. */
function rSquared(predicted: readonly number[], truth: readonly number[]): number {
  const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
  const left = truth.reduce((sum, value, i) => sum + (value - predicted[i]) ** 2, 0);
  const total = truth.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return total > 0 ? 1 - left / total : Number(left === 0);
}

function rowsOf({ cols, values }: Matrix | Matrix64, rows: readonly number[]): Float64Array {
  const result = new Float64Array(rows.length * cols);
  rows.forEach((row, i) => result.set(values.subarray(row * cols, (row + 1) * cols), i * cols));
  return result;
}
