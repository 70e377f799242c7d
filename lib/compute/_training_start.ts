import { seededRandom } from "../base/random.ts";
import { type MlpLayout, partLengths } from "./_mlp_parts.ts";
import { flatParameters, zeros } from "./_parameters.ts";
import type { MlpTrainingOptions } from "./mlp_training_options.ts";

/** The options that decide how training goes, none missing. */
export interface TrainingSettings extends
  Required<
    Pick<
      MlpTrainingOptions,
      "precision" | "learningRate" | "l2" | "batchSize" | "tolerance" | "patience" | "maxEpochs" | "rowOrder"
    >
  >,
  Pick<MlpTrainingOptions, "threads" | "onEpoch"> {
  /** The rows that are learned from. */
  readonly learnedRows: readonly number[];
  /** The other rows: none without early stopping. */
  readonly validationRows: readonly number[];
}

/** The options with scikit-learn's defaults. */
export function withDefaults(options: MlpTrainingOptions, nRows: number): TrainingSettings {
  const {
    seed,
    precision = "float32",
    learningRate = 0.001,
    l2 = 1e-4,
    batchSize = 200,
    maxEpochs = 200,
    threads,
    onEpoch,
  } = options;
  const validationRows = validationRowsOf(options, nRows);
  const isLeftOut = new Set(validationRows);
  const learnedRows = Array.from({ length: nRows }, (_, row) => row).filter((row) => !isLeftOut.has(row));
  const { tolerance = 1e-4, patience = 10, rowOrder = shuffled(learnedRows, seed) } = options;
  return {
    ...{ precision, learningRate, l2, batchSize, maxEpochs, tolerance, patience, rowOrder, threads, onEpoch },
    ...{ learnedRows, validationRows },
  };
}

/** The rows given, else ⌈share · n⌉ drawn by the seed; none without early stopping. */
function validationRowsOf({ earlyStopping, seed }: MlpTrainingOptions, nRows: number): readonly number[] {
  if (earlyStopping === undefined) return [];
  const { validationShare = 0.1 } = earlyStopping;
  return earlyStopping.validationRows ??
    seededRandom(seed, "validation rows").shuffle(Array.from({ length: nRows }, (_, row) => row))
      .slice(0, Math.ceil(validationShare * nRows));
}

/** The parameters given, else random ones, as one flat vector. */
export function startingParameters(options: MlpTrainingOptions, layout: MlpLayout): Float32Array | Float64Array {
  return options.initial === undefined
    ? initialParameters(layout, options.seed)
    : flatParameters(options.initial, layout);
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
