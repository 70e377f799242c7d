import { ELEMENT_CODES, type GraphBuilder, type Value } from "./_graph.ts";
import type { LossAndGradient } from "./_mlp_graphs.ts";

/** What the loss of a stack needs beside its data: the layout, the number of rows of the batch, and α divided by it. */
export interface StackOptions {
  readonly sizes: readonly number[];
  readonly precision: "float32" | "float64";
  readonly nNetworks: number;
  readonly nRows: Value;
  readonly decay: Value;
}

interface Layer {
  readonly weights: Value;
  readonly bias: Value;
}

/**
 * Losses [networks] and the gradient of networks of one output that learn from the same rows, each its own column of y [b, networks].
 *
 * Every product is one `MatMul` with the networks as its first axis. The flat parameters are those of one network with every part
 * repeated: W₁ of all networks, W₂ of all, …, b₁ of all, ….
 */
export function lossOfStack(
  graph: GraphBuilder,
  { x, y, parameters }: { x: Value; y: Value; parameters: Value },
  options: StackOptions,
): LossAndGradient {
  const { precision, nRows, decay } = options;
  const layers = splitStack(graph, parameters, options);
  const activations = forward(graph, x, layers);
  // [networks, b, 1], as the outputs are.
  const targets = graph.apply("Unsqueeze", [graph.apply("Transpose", [y], { perm: [1, 0] }), graph.constant("int64", [2])]);
  const error = graph.apply("Sub", [activations[activations.length - 1], targets]);
  const gradient = backward(graph, activations, { layers, outputDelta: graph.apply("Div", [error, nRows]), options });
  const lastAxes = graph.constant("int64", [1, 2]);
  const squaredWeights = layers.map(({ weights }) => graph.apply("ReduceSumSquare", [weights, lastAxes], { keepdims: 0 }))
    .reduce((a, b) => graph.apply("Add", [a, b]));
  const meanSquaredError = graph.apply("ReduceMean", [graph.apply("Mul", [error, error]), lastAxes], { keepdims: 0 });
  const sum = graph.apply("Add", [meanSquaredError, graph.apply("Mul", [decay, squaredWeights])]);
  return { loss: graph.apply("Mul", [graph.constant(precision, 0.5), sum]), gradient };
}

/** Cuts the flat parameters into the weights [networks, inputs, units] and biases [networks, 1, units] of each layer. */
function splitStack(graph: GraphBuilder, parameters: Value, { sizes, nNetworks }: StackOptions): Layer[] {
  const shapes = [
    ...sizes.slice(1).map((units, l) => [nNetworks, sizes[l], units]),
    ...sizes.slice(1).map((units) => [nNetworks, 1, units]),
  ];
  const lengths = shapes.map((shape) => shape.reduce((product, length) => product * length, 1));
  const parts = graph.applyMany("Split", [parameters, graph.constant("int64", lengths)], { nOutputs: shapes.length })
    .map((part, i) => graph.apply("Reshape", [part, graph.constant("int64", shapes[i])]));
  const nLayers = sizes.length - 1;
  return Array.from({ length: nLayers }, (_, l) => ({ weights: parts[l], bias: parts[nLayers + l] }));
}

/** a₀ = x [b, d], aₗ = relu(aₗ₋₁ Wₗ + bₗ) [networks, b, units], the last without relu; returns a₀ … a_L. */
function forward(graph: GraphBuilder, x: Value, layers: readonly Layer[]): Value[] {
  const activations = [x];
  for (const [l, { weights, bias }] of layers.entries()) {
    const z = graph.apply("Add", [graph.apply("MatMul", [activations[l], weights]), bias]);
    activations.push(l < layers.length - 1 ? graph.apply("Relu", [z]) : z);
  }
  return activations;
}

/** δ_L given, δₗ₋₁ = (δₗ Wₗᵀ) ∘ [aₗ₋₁ > 0]; dWₗ = aₗ₋₁ᵀ δₗ + decay · Wₗ, dbₗ = Σ δₗ; returns them in the order of the parameters, flat. */
function backward(
  graph: GraphBuilder,
  activations: readonly Value[],
  { layers, outputDelta, options: { decay, precision } }: { layers: readonly Layer[]; outputDelta: Value; options: StackOptions },
): Value {
  const flat = (value: Value): Value => graph.apply("Reshape", [value, graph.constant("int64", [-1])]);
  const weightGradients: Value[] = [];
  const biasGradients: Value[] = [];
  let delta = outputDelta;
  for (let l = layers.length - 1; l >= 0; l--) {
    const { weights } = layers[l];
    const transposed = graph.apply("Transpose", [activations[l]], { perm: l === 0 ? [1, 0] : [0, 2, 1] });
    const gradient = graph.apply("Add", [graph.apply("MatMul", [transposed, delta]), graph.apply("Mul", [weights, decay])]);
    weightGradients.unshift(flat(gradient));
    biasGradients.unshift(flat(graph.apply("ReduceSum", [delta, graph.constant("int64", [1])], { keepdims: 0 })));
    if (l === 0) break;
    const isActive = graph.apply("Greater", [activations[l], graph.constant(precision, 0)]);
    const slope = graph.apply("Cast", [isActive], { to: ELEMENT_CODES[precision] });
    const back = graph.apply("MatMul", [delta, graph.apply("Transpose", [weights], { perm: [0, 2, 1] })]);
    delta = graph.apply("Mul", [back, slope]);
  }
  return graph.apply("Concat", [...weightGradients, ...biasGradients], { axis: 0 });
}
