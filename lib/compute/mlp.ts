import { checkFinite, checkShape } from "./_checks.ts";
import { predictionGraph } from "./_mlp_graphs.ts";
import { flatParameters, inPrecision, type MlpLayout } from "./_mlp_layout.ts";
import { atLeastTwoRows, threadsFor, withSession } from "./_session.ts";
import type { Matrix, Matrix64 } from "./matrix.ts";

/** A multilayer perceptron: L layers of weights, ReLU between them, identity at the end. */
export interface Mlp {
  /** Weights of each layer, inputs × units: Float32Array or Float64Array by the precision of the training. */
  readonly weights: readonly (Matrix | Matrix64)[];
  /** Biases of each layer, [units]. */
  readonly biases: readonly (Float32Array | Float64Array)[];
}

/**
 * Computes the outputs of a multilayer perceptron, in the precision of its weights.
 *
 * The outputs of a row do not depend on the rows beside it.
 *
 * **Shapes**: x n × d, where d is the number of rows of the first weights; the result is n × outputs. Time O(n · parameters).
 *
 * @throws TypeError if the columns of x are not the inputs of the network, or if a matrix's length is not rows × cols
 * @throws RangeError if a number of x is not finite
 * @example
 * ```ts
 * import { mlpPredict } from "./mlp.ts";
 * import assert from "node:assert/strict";
 *
 * const net = { weights: [{ rows: 2, cols: 1, values: Float32Array.of(1, 10) }], biases: [Float32Array.of(0.5)] };
 * const predicted = await mlpPredict(net, { rows: 1, cols: 2, values: Float32Array.of(3, 4) });
 * assert.deepEqual(predicted, { rows: 1, cols: 1, values: Float64Array.of(43.5) });
 * ```
 */
export async function mlpPredict(net: Mlp, x: Matrix | Matrix64): Promise<Matrix64> {
  const layout = layoutOf(net);
  const parameters = flatParameters(net, layout);
  const { sizes, precision } = layout;
  const nOutputs = sizes[sizes.length - 1];
  checkShape("predict", "x", x);
  if (x.cols !== sizes[0]) {
    const found = `x is ${x.rows}×${x.cols}, the network takes ${sizes[0]} columns`;
    throw new TypeError(
      `Cannot predict as x must have the columns of the training data: ${found}; give those columns`,
    );
  }
  checkFinite("predict", "x", x);
  if (x.rows === 0) return { rows: 0, cols: nOutputs, values: new Float64Array(0) };
  const values = atLeastTwoRows(inPrecision(x.values, precision), x.cols);
  const kind = {
    key: `mlp ${precision} ${sizes.join("-")}`,
    graph: () => predictionGraph(layout),
    threads: threadsFor(x.rows * parameters.length),
  };
  return await withSession(kind, async (session) => {
    const feeds = {
      x: session.tensor(values, [values.length / x.cols, x.cols]),
      parameters: session.tensor(parameters, [parameters.length]),
    };
    const { prediction } = await session.run(feeds);
    return {
      rows: x.rows,
      cols: nOutputs,
      values: Float64Array.from((prediction.data as Float64Array).subarray(0, x.rows * nOutputs)),
    };
  });
}

function layoutOf(net: Mlp): MlpLayout {
  if (net.weights.length === 0) {
    throw new TypeError(
      "Cannot read the network as it must have at least one layer: it has none; train it by trainMlp",
    );
  }
  const precision = net.weights[0].values instanceof Float32Array ? "float32" : "float64";
  return { sizes: [net.weights[0].rows, ...net.weights.map(({ cols }) => cols)], precision };
}
