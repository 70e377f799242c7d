import { seededRandom } from "../random.ts";
import { checkCount, checkFinite, checkOptionNames, checkShape } from "./_checks.ts";
import { openAdam } from "./_adam.ts";
import { type MlpLayout, partLengths } from "./_mlp_graphs.ts";
import { flatParameters, networkOf, zeros } from "./_parameters.ts";
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
  /** An epoch counts as an improvement if its loss is below the least loss so far by at least this much. Default: 0.0001. */
  readonly tolerance?: number;
  /** Training stops after more than this many epochs in a row without improvement. Default: 10. */
  readonly patience?: number;
  /** Training stops after this many epochs. Default: 200. */
  readonly maxEpochs?: number;
  /** Parameters to start from, instead of random ones. */
  readonly initial?: Mlp;
  /** The order of the rows, 0 … n − 1, in each epoch from 0, instead of a random one. */
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
  /** Number of epochs trained. */
  readonly nEpochs: number;
  /** Why training ended. */
  readonly stopped: "converged" | "max-epochs";
}

const ACTION = "train a multilayer perceptron";
const OPTION_NAMES: readonly string[] = [
  ...["hiddenSizes", "seed", "precision", "learningRate", "l2", "batchSize", "tolerance", "patience"],
  ...["maxEpochs", "initial", "rowOrder", "onEpoch", "threads"],
];

/**
 * Trains a multilayer perceptron by Adam to predict several outputs with least squares.
 *
 * The rows are shuffled anew in each epoch, from the order of the epoch before. The parameters of the last epoch are returned, not
 * those of the best.
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
  checkOptions(options);
  const { hiddenSizes, seed, precision = "float32", learningRate = 0.001, l2 = 1e-4, batchSize = 200, maxEpochs = 200, threads } = options;
  const { tolerance = 1e-4, patience = 10 } = options;
  const layout = { sizes: [x.cols, ...hiddenSizes, y.cols], precision };
  const parameters = options.initial === undefined ? initialParameters(layout, seed) : flatParameters(options.initial, layout);
  const { rowOrder = shuffledRows(x.rows, seed) } = options;
  const lossCurve: number[] = [];
  let least = Infinity;
  let nWithoutImprovement = 0;
  const adam = await openAdam(x, y, { layout, parameters, batchSize, learningRate, l2, threads });
  try {
    while (lossCurve.length < maxEpochs && nWithoutImprovement <= patience) {
      const losses = await adam.epoch(checkedOrder(rowOrder(lossCurve.length), x.rows));
      const sumOfLosses = losses.reduce((sum, loss, i) => sum + loss * Math.min(batchSize, x.rows - i * batchSize), 0);
      const loss = checkedLoss(sumOfLosses / x.rows, lossCurve.length + 1);
      nWithoutImprovement = loss > least - tolerance ? nWithoutImprovement + 1 : 0;
      least = Math.min(least, loss);
      lossCurve.push(loss);
      options.onEpoch?.(lossCurve.length, loss);
    }
    const stopped = nWithoutImprovement > patience ? "converged" : "max-epochs";
    return { ...networkOf(adam.parameters(), layout), lossCurve: Float64Array.from(lossCurve), nEpochs: lossCurve.length, stopped };
  } finally {
    await adam.release();
  }
}

/** Uniform within ±√(6 / (inputs + units)), weights and biases alike (Glorot & Bengio 2010), as one flat vector. */
function initialParameters({ sizes, precision }: MlpLayout, seed: number): Float32Array | Float64Array {
  const random = seededRandom(seed, "initial parameters");
  const bounds = sizes.slice(1).map((units, l) => Math.sqrt(6 / (sizes[l] + units)));
  const lengths = partLengths(sizes);
  const parameters = zeros(lengths.reduce((sum, length) => sum + length, 0), precision);
  let end = 0;
  for (let part = 0, i = 0; part < lengths.length; part++) {
    const bound = bounds[part % bounds.length];
    for (end += lengths[part]; i < end; i++) parameters[i] = (2 * random.uniform() - 1) * bound;
  }
  return parameters;
}

/** Each call shuffles the order of the call before. */
function shuffledRows(nRows: number, seed: number): () => readonly number[] {
  const random = seededRandom(seed, "row order");
  let order: readonly number[] = Array.from({ length: nRows }, (_, i) => i);
  return () => order = random.shuffle(order);
}

function checkData(x: Matrix | Matrix64, y: Matrix | Matrix64): void {
  checkShape(ACTION, "x", x);
  checkShape(ACTION, "y", y);
  const found = `x is ${x.rows}×${x.cols}, y is ${y.rows}×${y.cols}`;
  if (x.rows !== y.rows) {
    throw new TypeError(`Cannot ${ACTION} as x and y must have equal rows: ${found}; give one row of each per example`);
  }
  if (x.values.length === 0 || y.values.length === 0) {
    throw new RangeError(`Cannot ${ACTION} as x and y must not be empty: ${found}; give at least one row and column of each`);
  }
  checkFinite(ACTION, "x", x);
  checkFinite(ACTION, "y", y);
}

function checkOptions(options: MlpTrainingOptions): void {
  checkOptionNames(ACTION, options, OPTION_NAMES);
  const { hiddenSizes, precision = "float32", learningRate = 0.001, l2 = 0, tolerance = 0, patience = 0, batchSize = 1, maxEpochs = 1 } =
    options;
  for (const size of hiddenSizes) checkCount(ACTION, "each hidden size", { value: size, least: 1 });
  checkCount(ACTION, "batchSize", { value: batchSize, least: 1 });
  checkCount(ACTION, "maxEpochs", { value: maxEpochs, least: 1 });
  checkCount(ACTION, "patience", { value: patience, least: 0 });
  for (const [name, value] of Object.entries({ learningRate, l2, tolerance })) {
    if (Number.isFinite(value) && value >= 0) continue;
    throw new RangeError(`Cannot ${ACTION} as ${name} must be a number of at least 0: it is ${value}; correct it`);
  }
  if (precision !== "float32" && precision !== "float64") {
    throw new RangeError(`Cannot ${ACTION} as precision must be "float32" or "float64": it is "${precision}"; choose one`);
  }
}

function checkedOrder(rows: readonly number[], nRows: number): Int32Array {
  const isListed = new Uint8Array(nRows);
  for (const row of rows) isListed[row] = 1; // a row that does not exist has no place here
  const nListed = isListed.reduce((sum, listed) => sum + listed, 0);
  if (nListed === nRows && rows.length === nRows) return Int32Array.from(rows);
  const found = `it lists ${nListed} of ${nRows} in ${rows.length} places`;
  throw new RangeError(`Cannot ${ACTION} as rowOrder must list every row once: ${found}; give a permutation`);
}

function checkedLoss(loss: number, epoch: number): number {
  if (Number.isFinite(loss)) return loss;
  throw new RangeError(
    `Cannot ${ACTION} as its loss must stay finite: it is ${loss} in epoch ${epoch}; lower learningRate or scale the data`,
  );
}
