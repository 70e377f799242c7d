import { checkCount, checkFinite, checkOptionNames, checkShape } from "./_checks.ts";
import type { Matrix, Matrix64 } from "./matrix.ts";
import type { MlpTrainingOptions } from "./mlp_training.ts";

const ACTION = "train a multilayer perceptron";
const OPTION_NAMES: readonly string[] = [
  ...["hiddenSizes", "seed", "precision", "learningRate", "l2", "batchSize", "tolerance", "patience"],
  ...["maxEpochs", "initial", "rowOrder", "onEpoch", "threads"],
];

/** Throws unless x and y have the same rows, and numbers to learn from. */
export function checkData(x: Matrix | Matrix64, y: Matrix | Matrix64): void {
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

/** Throws unless every option is known and in its range. */
export function checkOptions(options: MlpTrainingOptions): void {
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

/** The order of an epoch's rows; throws unless every row is in it once. */
export function checkedOrder(rows: readonly number[], nRows: number): Int32Array {
  const isListed = new Uint8Array(nRows);
  for (const row of rows) isListed[row] = 1; // a row that does not exist has no place here
  const nListed = isListed.reduce((sum, listed) => sum + listed, 0);
  if (nListed === nRows && rows.length === nRows) return Int32Array.from(rows);
  const found = `it lists ${nListed} of ${nRows} in ${rows.length} places`;
  throw new RangeError(`Cannot ${ACTION} as rowOrder must list every row once: ${found}; give a permutation`);
}

/** The loss of an epoch, from 1; throws unless it is finite. */
export function checkedLoss(loss: number, epoch: number): number {
  if (Number.isFinite(loss)) return loss;
  throw new RangeError(
    `Cannot ${ACTION} as its loss must stay finite: it is ${loss} in epoch ${epoch}; lower learningRate or scale the data`,
  );
}
