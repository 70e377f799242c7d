import { checkCount, checkFinite, checkOptionNames, checkShape } from "./_checks.ts";
import type { Matrix, Matrix64 } from "./matrix.ts";
import type { MlpTrainingOptions } from "./mlp_training_options.ts";

const ACTION = "train a multilayer perceptron";
const OPTION_NAMES: readonly string[] = [
  ...["hiddenSizes", "seed", "precision", "learningRate", "l2", "batchSize", "tolerance", "patience"],
  ...["maxEpochs", "earlyStopping", "initial", "rowOrder", "onEpoch", "threads"],
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
    throw new RangeError(
      `Cannot ${ACTION} as x and y must not be empty: ${found}; give at least one row and column of each`,
    );
  }
  checkFinite(ACTION, "x", x);
  checkFinite(ACTION, "y", y);
}

/** Throws unless every option is known and in its range for so many rows. */
export function checkOptions(options: MlpTrainingOptions, nRows: number): void {
  checkOptionNames(ACTION, options, OPTION_NAMES);
  const {
    hiddenSizes,
    precision = "float32",
    learningRate = 0.001,
    l2 = 0,
    tolerance = 0,
    patience = 0,
    batchSize = 1,
    maxEpochs = 1,
  } = options;
  for (const size of hiddenSizes) checkCount(ACTION, "each hidden size", { value: size, least: 1 });
  checkCount(ACTION, "batchSize", { value: batchSize, least: 1 });
  checkCount(ACTION, "maxEpochs", { value: maxEpochs, least: 1 });
  checkCount(ACTION, "patience", { value: patience, least: 0 });
  for (const [name, value] of Object.entries({ learningRate, l2, tolerance })) {
    if (Number.isFinite(value) && value >= 0) continue;
    throw new RangeError(`Cannot ${ACTION} as ${name} must be a number of at least 0: it is ${value}; correct it`);
  }
  if (precision !== "float32" && precision !== "float64") {
    throw new RangeError(
      `Cannot ${ACTION} as precision must be "float32" or "float64": it is "${precision}"; choose one`,
    );
  }
  checkEarlyStopping(options, nRows);
}

/** Throws unless some rows are left to learn from and at least two, of which R² can be told, to validate on. */
function checkEarlyStopping({ earlyStopping }: MlpTrainingOptions, nRows: number): void {
  if (earlyStopping === undefined) return;
  checkOptionNames(ACTION, earlyStopping, ["validationShare", "validationRows"]);
  const { validationShare = 0.1, validationRows } = earlyStopping;
  const nValidation = validationRows === undefined ? Math.ceil(validationShare * nRows) : new Set(validationRows).size;
  const areRows = validationRows === undefined ||
    (nValidation === validationRows.length &&
      validationRows.every((row) => Number.isInteger(row) && row >= 0 && row < nRows));
  if (validationShare > 0 && validationShare < 1 && areRows && nValidation >= 2 && nValidation < nRows) return;
  const found = validationRows === undefined
    ? `a share of ${validationShare}`
    : `${nValidation} different of ${validationRows.length}`;
  throw new RangeError(
    `Cannot ${ACTION} as early stopping needs at least two different rows to validate on and one to learn from: it has ${found}, ` +
      `there are ${nRows} rows; correct it`,
  );
}

/** The order of an epoch's rows; throws unless every row that is learned from is in it once. */
export function checkedOrder(
  order: readonly number[],
  { learnedRows, validationRows }: {
    readonly learnedRows: readonly number[];
    readonly validationRows: readonly number[];
  },
): Int32Array {
  const isListed = new Uint8Array(learnedRows.length + validationRows.length);
  for (const row of order) isListed[row] = 1; // a row that does not exist has no place here
  const nListed = learnedRows.reduce((sum, row) => sum + isListed[row], 0);
  if (nListed === learnedRows.length && order.length === nListed) return Int32Array.from(order);
  const found = `it lists ${nListed} of ${learnedRows.length} in ${order.length} places`;
  throw new RangeError(`Cannot ${ACTION} as rowOrder must list every row once: ${found}; give a permutation`);
}

/** The loss of an epoch, from 1; throws unless it is finite. */
export function checkedLoss(loss: number, epoch: number): number {
  if (Number.isFinite(loss)) return loss;
  throw new RangeError(
    `Cannot ${ACTION} as its loss must stay finite: it is ${loss} in epoch ${epoch}; lower learningRate or scale the data`,
  );
}
