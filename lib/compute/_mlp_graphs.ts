import { ELEMENT_CODES, GraphBuilder, type LoopValues, type Value } from "./_graph.ts";

/** Sizes and precision of a multilayer perceptron with ReLU hidden layers and identity output. */
export interface MlpLayout {
  /** Units of each layer, from the inputs to the outputs; L + 1 numbers for L layers of weights. */
  readonly sizes: readonly number[];
  /** The element type of data, parameters and arithmetic. */
  readonly precision: "float32" | "float64";
}

/** The constants of training, under their names in Kingma & Ba 2015; `l2` is scikit-learn's α. */
export interface StepConstants {
  readonly batchSize: number;
  readonly l2: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Lengths of the parts of the flat parameter vector: W₁ … W_L (row-major, inputs × units), then b₁ … b_L. */
export function partLengths(sizes: readonly number[]): number[] {
  const weights = sizes.slice(1).map((units, l) => sizes[l] * units);
  return [...weights, ...sizes.slice(1)];
}

/** x [n, d], parameters [p] → prediction [n, outputs]. */
export function predictionGraph({ sizes, precision }: MlpLayout): Uint8Array {
  const graph = new GraphBuilder();
  const x = graph.input("x", precision, ["n", sizes[0]]);
  const parameters = graph.input("parameters", precision, ["p"]);
  const activations = forward(graph, x, splitParameters(graph, parameters, sizes));
  graph.output("prediction", activations[sizes.length - 1], { type: precision, dims: ["n", sizes[sizes.length - 1]] });
  return graph.toBytes();
}

/**
 * One epoch of Adam: a step for each batch of rows, in the given order.
 *
 * Inputs: x [n, d], y [n, outputs], order [r] (row numbers), learningRates [steps] (with Adam's correction of the bias of m and v),
 * parameters θ, momentum m, variance v [p]. Outputs: newParameters, newMomentum, newVariance [p]; losses [steps], before each step.
 */
export function epochGraph(layout: MlpLayout, constants: StepConstants): Uint8Array {
  const { sizes, precision } = layout;
  const graph = new GraphBuilder();
  const x = graph.input("x", precision, ["n", sizes[0]]);
  const y = graph.input("y", precision, ["n", sizes[sizes.length - 1]]);
  const order = graph.input("order", "int32", ["r"]);
  const learningRates = graph.input("learningRates", precision, ["steps"]);
  const state = ["parameters", "momentum", "variance"].map((name) => graph.input(name, precision, ["p"]));
  const epoch = graph.loop({
    count: graph.apply("Size", [learningRates]),
    state,
    type: precision,
    body: (step, i, state) => {
      const start = step.apply("Mul", [i, step.constant("int64", [constants.batchSize])]);
      const end = step.apply("Add", [start, step.constant("int64", [constants.batchSize])]);
      // The end may lie beyond the order, whose last batch is then smaller.
      const batch = step.apply("Slice", [order, start, end]);
      const learningRate = step.apply("Gather", [learningRates, i]);
      const rows = { x: step.apply("Gather", [x, batch]), y: step.apply("Gather", [y, batch]) };
      return adamStep(step, { ...rows, learningRate, state }, { layout, constants });
    },
  });
  for (const [place, name] of ["newParameters", "newMomentum", "newVariance"].entries()) {
    graph.output(name, epoch.state[place], { type: precision, dims: ["p"] });
  }
  graph.output("losses", epoch.collected[0], { type: precision, dims: ["steps"] });
  return graph.toBytes();
}

/** One step of Adam on a batch x [b, d], y [b, outputs]; the state is θ, m, v; the loss, a scalar, is collected. */
function adamStep(
  graph: GraphBuilder,
  { x, y, learningRate, state: [parameters, momentum, variance] }: { x: Value; y: Value; learningRate: Value; state: readonly Value[] },
  { layout, constants }: { layout: MlpLayout; constants: StepConstants },
): LoopValues {
  const { sizes, precision } = layout;
  const { l2, beta1, beta2, epsilon } = constants;
  const number = (content: number): Value => graph.constant(precision, content);
  const add = (a: Value, b: Value): Value => graph.apply("Add", [a, b]);
  const multiply = (a: Value, b: Value): Value => graph.apply("Mul", [a, b]);
  const divide = (a: Value, b: Value): Value => graph.apply("Div", [a, b]);

  const layers = splitParameters(graph, parameters, sizes);
  const activations = forward(graph, x, layers);
  const error = graph.apply("Sub", [activations[activations.length - 1], y]);
  const batchSize = graph.apply("Cast", [graph.apply("Shape", [x], { start: 0, end: 1 })], { to: ELEMENT_CODES[precision] });
  const decay = divide(number(l2), batchSize);
  // g: the gradient of ½ Σ error² / b + ½ α Σ W² / b
  const g = backward(graph, activations, { layers, outputDelta: divide(error, batchSize), decay, precision });
  // m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²;  θ ← θ − rate · m / (√v + ε)
  const newMomentum = add(multiply(momentum, number(beta1)), multiply(g, number(1 - beta1)));
  const newVariance = add(multiply(variance, number(beta2)), multiply(multiply(g, g), number(1 - beta2)));
  const direction = divide(newMomentum, add(graph.apply("Sqrt", [newVariance]), number(epsilon)));
  const newParameters = graph.apply("Sub", [parameters, multiply(direction, learningRate)]);
  // loss: ½ mean of error² over rows and outputs + ½ α Σ W² / b
  const squaredWeights = layers.map(({ weights }) => graph.apply("ReduceSumSquare", [weights], { keepdims: 0 })).reduce(add);
  const meanSquaredError = graph.apply("ReduceMean", [multiply(error, error)], { keepdims: 0 });
  const loss = graph.apply("Squeeze", [multiply(number(0.5), add(meanSquaredError, multiply(decay, squaredWeights)))]);
  return { state: [newParameters, newMomentum, newVariance], collected: [loss] };
}

interface Layer {
  readonly weights: Value;
  readonly bias: Value;
}

/** Cuts the flat parameter vector into the weights [inputs, units] and bias [units] of each layer. */
function splitParameters(graph: GraphBuilder, parameters: Value, sizes: readonly number[]): Layer[] {
  const nLayers = sizes.length - 1;
  const parts = graph.applyMany("Split", [parameters, graph.constant("int64", partLengths(sizes))], { nOutputs: 2 * nLayers });
  return Array.from({ length: nLayers }, (_, l) => ({
    weights: graph.apply("Reshape", [parts[l], graph.constant("int64", [sizes[l], sizes[l + 1]])]),
    bias: parts[nLayers + l],
  }));
}

/** a₀ = x, aₗ = relu(aₗ₋₁ Wₗ + bₗ), the last without relu; returns a₀ … a_L. */
function forward(graph: GraphBuilder, x: Value, layers: readonly Layer[]): Value[] {
  const activations = [x];
  for (const [l, { weights, bias }] of layers.entries()) {
    const z = graph.apply("Gemm", [activations[l], weights, bias]);
    activations.push(l < layers.length - 1 ? graph.apply("Relu", [z]) : z);
  }
  return activations;
}

/** δ_L given, δₗ₋₁ = (δₗ Wₗᵀ) ∘ [aₗ₋₁ > 0]; dWₗ = aₗ₋₁ᵀ δₗ + decay · Wₗ, dbₗ = Σ δₗ; returns them in the order of the parameters, flat. */
function backward(
  graph: GraphBuilder,
  activations: readonly Value[],
  options: { layers: readonly Layer[]; outputDelta: Value; decay: Value; precision: MlpLayout["precision"] },
): Value {
  const { layers, decay, precision } = options;
  const weightGradients: Value[] = [];
  const biasGradients: Value[] = [];
  let delta = options.outputDelta;
  for (let l = layers.length - 1; l >= 0; l--) {
    const { weights } = layers[l];
    const gradient = graph.apply("Gemm", [activations[l], delta, graph.apply("Mul", [weights, decay])], { transA: 1 });
    weightGradients.unshift(graph.apply("Reshape", [gradient, graph.constant("int64", [-1])]));
    biasGradients.unshift(graph.apply("ReduceSum", [delta, graph.constant("int64", [0])], { keepdims: 0 }));
    if (l === 0) break;
    const isActive = graph.apply("Greater", [activations[l], graph.constant(precision, 0)]);
    const slope = graph.apply("Cast", [isActive], { to: ELEMENT_CODES[precision] });
    delta = graph.apply("Mul", [graph.apply("Gemm", [delta, weights], { transB: 1 }), slope]);
  }
  return graph.apply("Concat", [...weightGradients, ...biasGradients], { axis: 0 });
}
