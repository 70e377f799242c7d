import { needKnownOptions } from "../base/options.ts";
import { seededRandom } from "../base/random.ts";
import { checkCount, checkFinite, checkShape } from "./_checks.ts";
import type { TrainedMlp } from "./_early_stopping.ts";
import { type MlpLayout, partLengths, zeros } from "./_mlp_layout.ts";
import { type TrainingSettings, trainNetworks } from "./_training.ts";
import type { Matrix, Matrix64 } from "./matrix.ts";

export type { TrainedMlp };

/** Options of a training; everything else is scikit-learn's default. */
export interface MlpTrainingOptions {
  /** Units of each hidden layer; none gives a linear network. */
  readonly hiddenSizes: readonly number[];
  /** Decides the initial parameters and the order of the rows. */
  readonly seed: number;
  /** Training stops after this many epochs. Default: 200. */
  readonly maxEpochs?: number;
  /**
   * Keeps this share of the rows, drawn by the seed, apart and watches R² on them instead of the training loss; the network of the best epoch
   * is returned. Default: the training loss is watched on all rows.
   */
  readonly validationShare?: number;
  /** Threads of ONNX Runtime; with another number sums are divided otherwise, so that the last bits of the weights differ. Default: 2. */
  readonly threads?: number;
}

const ACTION = "train a multilayer perceptron";
const OPTION_NAMES: readonly string[] = ["hiddenSizes", "seed", "maxEpochs", "validationShare", "threads"];
/** The defaults of `MLPRegressor` in scikit-learn 1.9, in single precision. */
const DEFAULTS = {
  precision: "float32",
  learningRate: 0.001,
  l2: 1e-4,
  batchSize: 200,
  tolerance: 1e-4,
  patience: 10,
  maxEpochs: 200,
} as const;

/**
 * Trains a multilayer perceptron by Adam to predict several outputs with least squares.
 *
 * The step size is .001, the weight of the squared weights 1e-4, and mini-batches have 200 rows. Training stops after 10 epochs in a row without an
 * improvement of 1e-4. The rows are shuffled anew in each epoch, from the order of the epoch before. The parameters of the last epoch are
 * returned, not those of the best, unless `validationShare` keeps a validation part.
 *
 * **Shapes**: x n × d, y n × outputs. Time O(nEpochs · n · parameters).
 *
 * **Source**: `MLPRegressor` of scikit-learn 1.9 with solver "adam" and activation "relu"; Kingma & Ba 2015. As there, the gradient
 * is that of the squared error summed over the outputs, while the reported loss is its mean over them; weights and biases start
 * uniform within ±√(6 / (inputs + units)) (Glorot & Bengio 2010), and biases are not penalised.
 *
 * **Differs from** scikit-learn: the random numbers.
 *
 * @throws TypeError if a matrix's length is not rows × cols, x and y differ in rows, or an option is unknown
 * @throws RangeError if a matrix is empty, a number is not finite, an option is out of range, or the loss does not
 *   stay finite
 * @example
 * ```ts
 * import { trainMlp } from "./mlp_training.ts";
 * import { mlpPredict } from "./mlp.ts";
 * import assert from "node:assert/strict";
 *
 * const values = Float32Array.from({ length: 2000 }, (_, i) => i / 1000 - 1);
 * const x = { rows: 2000, cols: 1, values };
 * const y = { rows: 2000, cols: 1, values: values.map(Math.abs) };
 * const net = await trainMlp(x, y, { hiddenSizes: [64], seed: 1 });
 * const predicted = await mlpPredict(net, x);
 * assert.ok(predicted.values.every((value, i) => Math.abs(value - y.values[i]) < 0.2));
 * ```
 */
export async function trainMlp(
  x: Matrix | Matrix64,
  y: Matrix | Matrix64,
  options: MlpTrainingOptions,
): Promise<TrainedMlp> {
  checkData(x, y);
  const [trained] = await trainNetworks(x, y, { networks: "one", settings: settingsOf(options, x.rows) });
  return trained;
}

/**
 * Trains one network of one output for each column of y, all in one batched graph: what {@linkcode trainMlp} makes of each column alone with
 * the same options, up to rounding.
 *
 * All networks start from the same parameters and see the rows in the same order, as they do one by one with one seed.
 *
 * **Shapes**: x n × d, y n × outputs; as many networks as outputs. Time O(nEpochs · n · parameters of all networks).
 *
 * @throws as {@linkcode trainMlp}
 */
export async function trainMlpPerOutput(
  x: Matrix | Matrix64,
  y: Matrix | Matrix64,
  options: MlpTrainingOptions,
): Promise<TrainedMlp[]> {
  checkData(x, y);
  return await trainNetworks(x, y, { networks: "per output", settings: settingsOf(options, x.rows) });
}

/** Throws unless x and y have the same rows, and numbers to learn from. */
function checkData(x: Matrix | Matrix64, y: Matrix | Matrix64): void {
  checkShape(ACTION, "x", x);
  checkShape(ACTION, "y", y);
  const found = `x is ${x.rows}×${x.cols}, y is ${y.rows}×${y.cols}`;
  if (x.rows !== y.rows) {
    throw new TypeError(`Cannot ${ACTION} as x and y must have equal rows: ${found}; give one row of each per example`);
  }
  if (x.values.length === 0 || y.values.length === 0) {
    throw new RangeError(
      `Cannot ${ACTION} as x and y must not be empty: ${found}; give at least one row and column of each`,
    );
  }
  checkFinite(ACTION, "x", x);
  checkFinite(ACTION, "y", y);
}

/**
 * The options with scikit-learn's defaults and everything that the seed decides.
 *
 * @throws TypeError if an option is unknown, RangeError if one is out of its range for so many rows
 */
export function settingsOf(options: MlpTrainingOptions, nRows: number): TrainingSettings {
  needKnownOptions(ACTION, options, { known: OPTION_NAMES });
  const { hiddenSizes, seed, maxEpochs = DEFAULTS.maxEpochs, validationShare, threads } = options;
  for (const size of hiddenSizes) checkCount(ACTION, "each hidden size", { value: size, least: 1 });
  checkCount(ACTION, "maxEpochs", { value: maxEpochs, least: 1 });
  const rows = Array.from({ length: nRows }, (_, row) => row);
  const nValidation = validationShare === undefined ? 0 : validationCount(validationShare, nRows);
  const validationRows = seededRandom(seed, "validation rows").shuffle(rows).slice(0, nValidation);
  const isLeftOut = new Set(validationRows);
  const learnedRows = rows.filter((row) => !isLeftOut.has(row));
  return {
    ...DEFAULTS,
    hiddenSizes,
    maxEpochs,
    threads,
    validationRows,
    start: (layout) => initialParameters(layout, seed),
    nextOrder: shuffled(learnedRows, seed),
  };
}

/** ⌈share · n⌉; throws unless some rows are left to learn from and at least two are kept, of which R² can be told. */
function validationCount(share: number, nRows: number): number {
  const nValidation = Math.ceil(share * nRows);
  if (share > 0 && share < 1 && nValidation >= 2 && nValidation < nRows) return nValidation;
  throw new RangeError(
    `Cannot ${ACTION} as early stopping needs at least two rows to validate on and one to learn from: ` +
      `it has a share of ${share}, there are ${nRows} rows; correct it`,
  );
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
function shuffled(rows: readonly number[], seed: number): () => readonly number[] {
  const random = seededRandom(seed, "row order");
  let order = rows;
  return () => order = random.shuffle(order);
}
