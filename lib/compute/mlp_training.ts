import { openAdam, startOfAdam } from "./_adam.ts";
import { networkOf } from "./_parameters.ts";
import { StoppingRule } from "./_stopping_rule.ts";
import { checkData, checkedLoss, checkedOrder, checkOptions } from "./_training_checks.ts";
import { startingParameters, withDefaults } from "./_training_start.ts";
import { openValidation } from "./_validation.ts";
import type { Matrix, Matrix64 } from "./matrix.ts";
import type { Mlp } from "./mlp.ts";

/** How a multilayer perceptron is trained. The defaults are scikit-learn's. */
export interface MlpTrainingOptions {
  /** Units of each hidden layer; none gives a linear model. */
  readonly hiddenSizes: readonly number[];
  /** Decides the initial parameters and the order of the rows. */
  readonly seed: number;
  /** Precision of data, parameters and arithmetic. Default: "float32". */
  readonly precision?: "float32" | "float64";
  /** Adam's step size. Default: 0.001. */
  readonly learningRate?: number;
  /** Weight of the squared weights, α. Default: 0.0001. */
  readonly l2?: number;
  /** Rows of a mini-batch. Default: 200, or all where there are fewer. */
  readonly batchSize?: number;
  /** An epoch counts as an improvement if its loss is below the least so far, or R² above the best, by at least this much. Default: 0.0001. */
  readonly tolerance?: number;
  /** Training stops after more than this many epochs in a row without improvement. Default: 10. */
  readonly patience?: number;
  /** Training stops after this many epochs. Default: 200. */
  readonly maxEpochs?: number;
  /**
   * Keep some rows apart and watch R² on them instead of the training loss; the network of the best epoch is returned. Default: no.
   * `validationShare` of the rows, 0.1 by default, drawn by the seed, or `validationRows`.
   */
  readonly earlyStopping?: { readonly validationShare?: number; readonly validationRows?: readonly number[] };
  /** Parameters to start from, instead of random ones. */
  readonly initial?: Mlp;
  /** The order of the rows that are learned from, of 0 … n − 1, in each epoch from 0, instead of a random one. */
  readonly rowOrder?: (epoch: number) => readonly number[];
  /** Called after each epoch, from 1. */
  readonly onEpoch?: (epoch: number, loss: number) => void;
  /** Threads of ONNX Runtime; they change no result. Default: 2. */
  readonly threads?: number;
}

/** A trained multilayer perceptron and how its training went. */
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
 * Trains a multilayer perceptron by Adam to predict several outputs with least squares.
 *
 * The rows are shuffled anew in each epoch, from the order of the epoch before. The parameters of the last epoch are returned, not
 * those of the best, unless `earlyStopping` watches a validation part.
 *
 * **Shapes**: x n × d, y n × outputs. Time O(nEpochs · n · parameters).
 *
 * **Source**: `MLPRegressor` of scikit-learn 1.9 with solver "adam" and activation "relu"; Kingma & Ba 2015. As there, the gradient
 * is that of the squared error summed over the outputs, while the reported loss is its mean over them; weights and biases start
 * uniform within ±√(6 / (inputs + units)) (Glorot & Bengio 2010), and biases are not penalised.
 *
 * **Differs from** scikit-learn: the random numbers.
 *
 * @throws TypeError if a matrix's length is not rows × cols, x and y differ in rows, `initial` does not fit, or an option is unknown
 * @throws RangeError if a matrix is empty, a number is not finite, an option is out of range, or the loss does not
 *   stay finite
 * @example
 * ```ts
 * import { trainMlp } from "./mlp_training.ts";
 * import { mlpPredict } from "./mlp.ts";
 * import assert from "node:assert/strict";
 *
 * const x = { rows: 4, cols: 1, values: Float32Array.of(-1, 0, 1, 2) };
 * const y = { rows: 4, cols: 1, values: Float32Array.of(1, 0, 1, 2) }; // |x|
 * const net = await trainMlp(x, y, { hiddenSizes: [8], seed: 1, learningRate: 0.05, maxEpochs: 300 });
 * const predicted = await mlpPredict(net, x);
 * assert.ok(predicted.values.every((value, i) => Math.abs(value - y.values[i]) < 0.1));
 * ```
 */
export async function trainMlp(x: Matrix | Matrix64, y: Matrix | Matrix64, options: MlpTrainingOptions): Promise<TrainedMlp> {
  checkData(x, y);
  checkOptions(options, x.rows);
  const settings = withDefaults(options, x.rows);
  const { precision, validationRows, threads } = settings;
  const layout = { sizes: [x.cols, ...options.hiddenSizes, y.cols], precision };
  const columns = Array.from({ length: y.cols }, (_, column) => column);
  const rule = new StoppingRule(settings);
  const adam = await openAdam(x, y, { ...settings, layout, state: startOfAdam(startingParameters(options, layout), layout) });
  const validation = validationRows.length === 0 ? null : await openValidation(x, y, { rows: validationRows, layout, threads });
  let best = adam.state().parameters;
  try {
    while (rule.goesOn()) {
      const [mean] = await adam.epoch(checkedOrder(settings.rowOrder(rule.nEpochs), settings));
      const loss = checkedLoss(mean, rule.nEpochs + 1), { parameters } = adam.state();
      const isBest = rule.add(loss, await validation?.score(parameters, columns));
      if (isBest || validation === null) best = parameters;
      options.onEpoch?.(rule.nEpochs, loss);
    }
    return { ...networkOf(best, layout), ...rule.history() };
  } finally {
    await adam.release();
    await validation?.release();
  }
}
