import { epochGraph } from "./_mlp_graphs.ts";
import { inPrecision, type MlpLayout, zeros } from "./_mlp_layout.ts";
import { openSession } from "./_session.ts";
import type { Matrix, Matrix64 } from "./matrix.ts";

/** Kingma & Ba 2015, Algorithm 1. */
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * The state of a training: parameters θ, the moments M and V of their gradients as
 * the graph keeps them, and the number of steps made.
 */
export interface AdamState {
  readonly parameters: Float32Array | Float64Array;
  readonly momentum: Float32Array | Float64Array;
  readonly variance: Float32Array | Float64Array;
  readonly nSteps: number;
}

/** Training data and the state between the epochs. */
export interface Adam {
  /** Makes one step on each batch of the order; returns each network's loss, the mean over the rows of the losses before the steps. */
  epoch(order: Int32Array): Promise<Float64Array>;
  /** The state now. */
  state(): AdamState;
  /** Frees native memory. */
  release(): Promise<void>;
}

/** The start of Adam. */
export interface AdamOptions {
  readonly layout: MlpLayout;
  readonly state: AdamState;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly l2: number;
  readonly threads?: number;
}

/** The state before the first step. */
export function startOfAdam(parameters: Float32Array | Float64Array, { precision }: MlpLayout): AdamState {
  return {
    parameters,
    momentum: zeros(parameters.length, precision),
    variance: zeros(parameters.length, precision),
    nSteps: 0,
  };
}

/** Opens the graph of an epoch over data x [n, d] and y [n, outputs], which are not copied unless their precision differs. */
export async function openAdam(x: Matrix | Matrix64, y: Matrix | Matrix64, options: AdamOptions): Promise<Adam> {
  const { layout, batchSize, learningRate, l2 } = options;
  const { precision } = layout;
  const session = await openSession(
    epochGraph(layout, { batchSize, l2, beta1: BETA1, beta2: BETA2, epsilon: EPSILON }),
    options,
  );
  const data = {
    x: session.tensor(inPrecision(x.values, precision), [x.rows, x.cols]),
    y: session.tensor(inPrecision(y.values, precision), [y.rows, y.cols]),
  };
  const vector = (values: Float32Array | Float64Array): ReturnType<typeof session.tensor> =>
    session.tensor(values, [values.length]);
  let [parameters, momentum, variance] = [options.state.parameters, options.state.momentum, options.state.variance].map(
    vector,
  );
  let { nSteps } = options.state;
  return {
    epoch: async (order) => {
      const learningRates = zeros(Math.ceil(order.length / batchSize), precision).map(() => {
        nSteps++;
        return learningRate * Math.sqrt(1 - BETA2 ** nSteps) / (1 - BETA1 ** nSteps);
      });
      const feeds = {
        ...data,
        order: session.tensor(order, [order.length]),
        learningRates: vector(learningRates),
        parameters,
        momentum,
        variance,
      };
      const after = await session.run(feeds);
      [parameters, momentum, variance] = [after.newParameters, after.newMomentum, after.newVariance];
      return meanLosses(after.losses.data as Float32Array | Float64Array, { batchSize, nRows: order.length });
    },
    state: () => {
      const values = (tensor: typeof parameters): Float32Array | Float64Array =>
        tensor.data as Float32Array | Float64Array;
      return { parameters: values(parameters), momentum: values(momentum), variance: values(variance), nSteps };
    },
    release: () => session.release(),
  };
}

/** [steps · networks] → [networks], each step by the number of its rows. */
function meanLosses(
  losses: Float32Array | Float64Array,
  { batchSize, nRows }: { batchSize: number; nRows: number },
): Float64Array {
  const nNetworks = losses.length / Math.ceil(nRows / batchSize);
  const means = new Float64Array(nNetworks);
  for (let i = 0; i < losses.length; i++) {
    const start = Math.floor(i / nNetworks) * batchSize;
    means[i % nNetworks] += losses[i] * Math.min(batchSize, nRows - start) / nRows;
  }
  return means;
}
