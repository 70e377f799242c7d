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
  /** Threads of ONNX Runtime; with another number sums are divided otherwise, so that the last bits of the weights differ. Default: 2. */
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
