import { predictionGraph } from "./_mlp_graphs.ts";
import { inPrecision, type MlpLayout } from "./_mlp_layout.ts";
import { openSession } from "./_session.ts";
import type { Matrix, Matrix64 } from "./matrix.ts";
import type { Mlp } from "./mlp.ts";

/** A trained multilayer perceptron, with a report on its training. */
export interface TrainedMlp extends Mlp {
  /** The loss of each epoch, [nEpochs]: the mean over its rows, with the penalty, measured before each step. */
  readonly lossCurve: Float64Array;
  /** R² on the validation part after each epoch, the mean over the outputs; `null` without early stopping. */
  readonly validationCurve: Float64Array | null;
  /** Number of epochs trained. */
  readonly nEpochs: number;
  /** Why training ended. */
  readonly stopped: "converged" | "max-epochs";
}

/**
 * scikit-learn's rule: training stops after more than `patience` epochs in a row without an improvement, or after `maxEpochs`. What must
 * improve is the training loss or, where there is one, the score on the validation part.
 */
export class StoppingRule {
  readonly #options: { readonly tolerance: number; readonly patience: number; readonly maxEpochs: number };
  readonly #losses: number[] = [];
  readonly #scores: number[] = [];
  #least = Infinity;
  #nWithoutImprovement = 0;

  constructor(options: { readonly tolerance: number; readonly patience: number; readonly maxEpochs: number }) {
    this.#options = options;
  }

  /** Epochs so far. */
  get nEpochs(): number {
    return this.#losses.length;
  }

  /** Takes the loss of the next epoch, and its score if there is a validation part; returns whether it is the best so far. */
  add(loss: number, score?: number): boolean {
    this.#losses.push(loss);
    if (score !== undefined) this.#scores.push(score);
    const watched = score === undefined ? loss : -score;
    this.#nWithoutImprovement = watched > this.#least - this.#options.tolerance ? this.#nWithoutImprovement + 1 : 0;
    const isBest = watched < this.#least;
    if (isBest) this.#least = watched;
    return isBest;
  }

  /** Whether there is another epoch. */
  goesOn(): boolean {
    return this.nEpochs < this.#options.maxEpochs && this.#nWithoutImprovement <= this.#options.patience;
  }

  /** A report on the training. */
  history(): Pick<TrainedMlp, "lossCurve" | "validationCurve" | "nEpochs" | "stopped"> {
    return {
      lossCurve: Float64Array.from(this.#losses),
      validationCurve: this.#scores.length === 0 ? null : Float64Array.from(this.#scores),
      nEpochs: this.nEpochs,
      stopped: this.#nWithoutImprovement > this.#options.patience ? "converged" : "max-epochs",
    };
  }
}

/** The rows that are kept apart from training, to stop it in time. */
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
