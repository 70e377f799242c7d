import { ELEMENT_CODES, GraphBuilder, type LoopValues, type Value } from "./_graph.ts";
import { type MlpLayout, partLengths } from "./_mlp_layout.ts";
import { type LossAndGradient, lossOfStack, slopeOfRelu } from "./_mlp_stack_graph.ts";

/** The constants of training, under their names in Kingma & Ba 2015; `l2` is scikit-learn's α. */
export interface StepConstants {
  readonly batchSize: number;
  readonly l2: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
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
 * parameters θ, momentum M, variance V [p]. Outputs: newParameters, newMomentum, newVariance [p]; losses [steps], before each step.
 * M = m / (1 − β₁) and V = v / (1 − β₂) for the m and v of the paper: Adam's time goes into passes over the parameters, and this takes
 * two less.
 * With `nNetworks`, y has a column for each network, losses are [steps, networks], and p counts the parameters of all of them.
 */
export function epochGraph(layout: MlpLayout, constants: StepConstants): Uint8Array {
  const { sizes, precision, nNetworks } = layout;
  const graph = new GraphBuilder();
  const x = graph.input("x", precision, ["n", sizes[0]]);
  const y = graph.input("y", precision, ["n", nNetworks ?? sizes[sizes.length - 1]]);
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
  graph.output("losses", epoch.collected[0], {
    type: precision,
    dims: nNetworks === undefined ? ["steps"] : ["steps", nNetworks],
  });
  return graph.toBytes();
}

/** One step of Adam on a batch x [b, d], y [b, outputs]; the state is θ, m, v; the loss is collected. */
function adamStep(
  graph: GraphBuilder,
  { x, y, learningRate, state: [parameters, momentum, variance] }: {
    x: Value;
    y: Value;
    learningRate: Value;
    state: readonly Value[];
  },
  { layout, constants }: { layout: MlpLayout; constants: StepConstants },
): LoopValues {
  const { precision, nNetworks } = layout;
  const { l2, beta1, beta2, epsilon } = constants;
  const number = (content: number): Value => graph.constant(precision, content);
  const add = (a: Value, b: Value): Value => graph.apply("Add", [a, b]);
  const multiply = (a: Value, b: Value): Value => graph.apply("Mul", [a, b]);
  const divide = (a: Value, b: Value): Value => graph.apply("Div", [a, b]);

  const nRows = graph.apply("Cast", [graph.apply("Shape", [x], { start: 0, end: 1 })], {
    to: ELEMENT_CODES[precision],
  });
  const decay = divide(number(l2), nRows);
  const { loss, gradient: g } = nNetworks === undefined
    ? lossOfOne(graph, { x, y, parameters }, { layout, nRows, decay })
    : lossOfStack(graph, { x, y, parameters }, { ...layout, nNetworks, nRows, decay });
  // M ← β₁ M + g;  V ← β₂ V + g²;  θ ← θ − rate · (1 − β₁) / √(1 − β₂) · M / (√V + ε / √(1 − β₂))
  const newMomentum = add(multiply(momentum, number(beta1)), g);
  const newVariance = add(multiply(variance, number(beta2)), multiply(g, g));
  const scale = Math.sqrt(1 - beta2);
  const direction = divide(newMomentum, add(graph.apply("Sqrt", [newVariance]), number(epsilon / scale)));
  const newParameters = graph.apply("Sub", [
    parameters,
    multiply(direction, multiply(learningRate, number((1 - beta1) / scale))),
  ]);
  return { state: [newParameters, newMomentum, newVariance], collected: [loss] };
}

/** Loss ½ mean of error² over rows and outputs + ½ α Σ W² / b, a scalar; the gradient is that of ½ Σ error² / b + ½ α Σ W² / b. */
function lossOfOne(
  graph: GraphBuilder,
  { x, y, parameters }: { x: Value; y: Value; parameters: Value },
  { layout: { sizes, precision }, nRows, decay }: { layout: MlpLayout; nRows: Value; decay: Value },
): LossAndGradient {
  const layers = splitParameters(graph, parameters, sizes);
  const activations = forward(graph, x, layers);
  const error = graph.apply("Sub", [activations[activations.length - 1], y]);
  const gradient = backward(graph, activations, {
    layers,
    outputDelta: graph.apply("Div", [error, nRows]),
    decay,
    precision,
  });
  const squaredWeights = layers.map(({ weights }) => graph.apply("ReduceSumSquare", [weights], { keepdims: 0 }))
    .reduce((a, b) => graph.apply("Add", [a, b]));
  const meanSquaredError = graph.apply("ReduceMean", [graph.apply("Mul", [error, error])], { keepdims: 0 });
  const sum = graph.apply("Add", [meanSquaredError, graph.apply("Mul", [decay, squaredWeights])]);
  return { loss: graph.apply("Squeeze", [graph.apply("Mul", [graph.constant(precision, 0.5), sum])]), gradient };
}

interface Layer {
  readonly weights: Value;
  readonly bias: Value;
}

/** Cuts the flat parameter vector into the weights [inputs, units] and bias [units] of each layer. */
function splitParameters(graph: GraphBuilder, parameters: Value, sizes: readonly number[]): Layer[] {
  const nLayers = sizes.length - 1;
  const parts = graph.applyMany("Split", [parameters, graph.constant("int64", partLengths(sizes))], {
    nOutputs: 2 * nLayers,
  });
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
  { layers, outputDelta, decay, precision }: {
    layers: readonly Layer[];
    outputDelta: Value;
    decay: Value;
    precision: MlpLayout["precision"];
  },
): Value {
  const weightGradients: Value[] = [];
  const biasGradients: Value[] = [];
  let delta = outputDelta;
  for (let l = layers.length - 1; l >= 0; l--) {
    const { weights } = layers[l];
    const gradient = graph.apply("Gemm", [activations[l], delta, graph.apply("Mul", [weights, decay])], { transA: 1 });
    weightGradients.unshift(graph.apply("Reshape", [gradient, graph.constant("int64", [-1])]));
    biasGradients.unshift(graph.apply("ReduceSum", [delta, graph.constant("int64", [0])], { keepdims: 0 }));
    if (l === 0) break;
    delta = graph.apply("Mul", [
      graph.apply("Gemm", [delta, weights], { transB: 1 }),
      slopeOfRelu(graph, activations[l], precision),
    ]);
  }
  return graph.apply("Concat", [...weightGradients, ...biasGradients], { axis: 0 });
}
