import { ELEMENT_CODES, type GraphBuilder, type Value } from "./_graph.ts";

/** The loss of a batch before a step and the gradient by all parameters, flat like those. */
export interface LossAndGradient {
  readonly loss: Value;
  readonly gradient: Value;
}

/** Inputs of the loss of a stack beside its data: the layout, the number of rows of the batch, and α divided by it. */
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
  /** α / b · W. */
  readonly decayed: Value;
}

/**
 * Losses [networks] and the gradient of networks of one output that learn from the same rows, each its own column of y [b, networks].
 *
 * As all read the same rows, their first layers are one wide layer and one large product; each further layer is one `MatMul` with the
 * networks as its first axis. The flat parameters are W₁ of the wide layer [inputs, networks · units], W₂ of all networks [networks,
 * inputs, units], …, b₁ of all [networks, units], b₂ of all, ….
 */
export function lossOfStack(
  graph: GraphBuilder,
  { x, y, parameters }: { x: Value; y: Value; parameters: Value },
  options: StackOptions,
): LossAndGradient {
  const { precision, nRows } = options;
  const layers = splitStack(graph, parameters, options);
  const activations = forward(graph, x, { layers, options });
  // [networks, b, 1], as the outputs are.
  const targets = graph.apply("Unsqueeze", [
    graph.apply("Transpose", [y], { perm: [1, 0] }),
    graph.constant("int64", [2]),
  ]);
  const error = graph.apply("Sub", [activations[activations.length - 1], targets]);
  const gradient = backward(graph, activations, { layers, outputDelta: graph.apply("Div", [error, nRows]), options });
  const lastAxes = graph.constant("int64", [1, 2]);
  const meanSquaredError = graph.apply("ReduceMean", [graph.apply("Mul", [error, error]), lastAxes], { keepdims: 0 });
  const sum = layers.map((layer, l) => penaltyOf(graph, layer, { isFirst: l === 0, options }))
    .reduce((a, b) => graph.apply("Add", [a, b]), meanSquaredError);
  return { loss: graph.apply("Mul", [graph.constant(precision, 0.5), sum]), gradient };
}

/** Cuts the flat parameters into layers: weights [inputs, networks · units], then [networks, inputs, units]; biases [networks, 1, units]. */
function splitStack(graph: GraphBuilder, parameters: Value, { sizes, nNetworks, decay }: StackOptions): Layer[] {
  const units = sizes.slice(1);
  const nLayers = units.length;
  const shapes = [
    ...units.map((width, l) => l === 0 ? [sizes[0], nNetworks * width] : [nNetworks, sizes[l], width]),
    ...units.map((width, l) => l === 0 ? [nNetworks * width] : [nNetworks, 1, width]),
  ];
  const lengths = shapes.map((shape) => shape.reduce((product, length) => product * length, 1));
  const parts = graph.applyMany("Split", [parameters, graph.constant("int64", lengths)], { nOutputs: shapes.length })
    .map((part, i) => reshape(graph, part, shapes[i]));
  return units.map((_, l) => ({
    weights: parts[l],
    bias: parts[nLayers + l],
    decayed: graph.apply("Mul", [parts[l], decay]),
  }));
}

/** a₀ = x [b, d], aₗ = relu(aₗ₋₁ Wₗ + bₗ) [networks, b, units], the last without relu; returns a₀ … a_L. */
function forward(
  graph: GraphBuilder,
  x: Value,
  { layers, options }: { layers: readonly Layer[]; options: StackOptions },
): Value[] {
  const activations = [x];
  for (const [l, { weights, bias }] of layers.entries()) {
    const z = l === 0
      ? apart(graph, graph.apply("Gemm", [x, weights, bias]), options)
      : graph.apply("Add", [graph.apply("MatMul", [activations[l], weights]), bias]);
    activations.push(l < layers.length - 1 ? graph.apply("Relu", [z]) : z);
  }
  return activations;
}

/** δ_L given, δₗ₋₁ = (δₗ Wₗᵀ) ∘ [aₗ₋₁ > 0]; dWₗ = aₗ₋₁ᵀ δₗ + decay · Wₗ, dbₗ = Σ δₗ; returns them in the order of the parameters, flat. */
function backward(
  graph: GraphBuilder,
  activations: readonly Value[],
  { layers, outputDelta, options }: { layers: readonly Layer[]; outputDelta: Value; options: StackOptions },
): Value {
  const turned = (value: Value): Value => graph.apply("Transpose", [value], { perm: [0, 2, 1] });
  const weightGradients: Value[] = [];
  const biasGradients: Value[] = [];
  let delta = outputDelta;
  for (let l = layers.length - 1; l >= 0; l--) {
    const { weights, decayed } = layers[l];
    const gradient = l === 0
      ? graph.apply("Gemm", [activations[0], sideBySide(graph, delta, options), decayed], { transA: 1 })
      : graph.apply("Add", [graph.apply("MatMul", [turned(activations[l]), delta]), decayed]);
    weightGradients.unshift(reshape(graph, gradient, [-1]));
    const biasGradient = graph.apply("ReduceSum", [delta, graph.constant("int64", [1])], { keepdims: 0 });
    biasGradients.unshift(reshape(graph, biasGradient, [-1]));
    if (l === 0) break;
    delta = graph.apply("Mul", [
      graph.apply("MatMul", [delta, turned(weights)]),
      slopeOfRelu(graph, activations[l], options.precision),
    ]);
  }
  return graph.apply("Concat", [...weightGradients, ...biasGradients], { axis: 0 });
}

/** α / b · Σ W² of a layer of each network, [networks]. */
function penaltyOf(
  graph: GraphBuilder,
  { weights, decayed }: Layer,
  { isFirst, options: { nNetworks } }: { isFirst: boolean; options: StackOptions },
): Value {
  const axis = (i: number): Value => graph.constant("int64", [i]);
  const terms = graph.apply("Mul", [weights, decayed]);
  // The wide layer is summed over its inputs first, which leaves [networks · units].
  const byNetwork = isFirst ? graph.apply("ReduceSum", [terms, axis(0)], { keepdims: 0 }) : terms;
  return graph.apply("ReduceSum", [reshape(graph, byNetwork, [nNetworks, -1]), axis(1)], { keepdims: 0 });
}

/** [b, networks · units] → [networks, b, units] */
function apart(graph: GraphBuilder, wide: Value, { sizes, nNetworks }: StackOptions): Value {
  return graph.apply("Transpose", [reshape(graph, wide, [-1, nNetworks, sizes[1]])], { perm: [1, 0, 2] });
}

/** [networks, b, units] → [b, networks · units] */
function sideBySide(graph: GraphBuilder, stacked: Value, { sizes, nNetworks }: StackOptions): Value {
  return reshape(graph, graph.apply("Transpose", [stacked], { perm: [1, 0, 2] }), [-1, nNetworks * sizes[1]]);
}

function reshape(graph: GraphBuilder, value: Value, shape: readonly number[]): Value {
  return graph.apply("Reshape", [value, graph.constant("int64", shape)]);
}

/** 1 where an activation is above 0, else 0. (`Sign` would be one operator instead of two, and takes longer than both.) */
export function slopeOfRelu(graph: GraphBuilder, activation: Value, type: "float32" | "float64"): Value {
  const isActive = graph.apply("Greater", [activation, graph.constant(type, 0)]);
  return graph.apply("Cast", [isActive], { to: ELEMENT_CODES[type] });
}
