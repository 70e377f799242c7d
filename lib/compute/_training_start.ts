import { seededRandom } from "../random.ts";
import { type MlpLayout, partLengths } from "./_mlp_graphs.ts";
import { flatParameters, zeros } from "./_parameters.ts";
import type { MlpTrainingOptions } from "./mlp_training.ts";

/** The options that decide how training goes, none missing. */
export type TrainingSettings = Required<
  Pick<MlpTrainingOptions, "precision" | "learningRate" | "l2" | "batchSize" | "tolerance" | "patience" | "maxEpochs" | "rowOrder">
>;

/** The options with scikit-learn's defaults. */
export function withDefaults(options: MlpTrainingOptions, nRows: number): TrainingSettings & Pick<MlpTrainingOptions, "threads"> {
  const { seed, precision = "float32", learningRate = 0.001, l2 = 1e-4, batchSize = 200, maxEpochs = 200, threads } = options;
  const { tolerance = 1e-4, patience = 10, rowOrder = shuffledRows(nRows, seed) } = options;
  return { precision, learningRate, l2, batchSize, maxEpochs, tolerance, patience, rowOrder, threads };
}

/** The parameters given, else random ones, as one flat vector. */
export function startingParameters(options: MlpTrainingOptions, layout: MlpLayout): Float32Array | Float64Array {
  return options.initial === undefined ? initialParameters(layout, options.seed) : flatParameters(options.initial, layout);
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
