import { ELEMENT_CODES, type GraphBuilder, type Value } from "./_graph.ts";

/** Sizes and precision of a multilayer perceptron with ReLU hidden layers and identity output. */
export interface MlpLayout {
  /** Units of each layer, from the inputs to the outputs; L + 1 numbers for L layers of weights. */
  readonly sizes: readonly number[];
  /** The element type of data, parameters and arithmetic. */
  readonly precision: "float32" | "float64";
  /** So many networks of these sizes and of one output each are trained beside each other; without it, one network of any outputs. */
  readonly nNetworks?: number;
}

/** The loss of a batch before a step and the gradient by all parameters, flat like those. */
export interface LossAndGradient {
  readonly loss: Value;
  readonly gradient: Value;
}

/** Lengths of the parts of one network's flat parameter vector: W₁ … W_L (row-major, inputs × units), then b₁ … b_L. */
export function partLengths(sizes: readonly number[]): number[] {
  const weights = sizes.slice(1).map((units, l) => sizes[l] * units);
  return [...weights, ...sizes.slice(1)];
}

/** 1 where an activation is above 0, else 0. (`Sign` would be one operator instead of two, and takes longer than both.) */
export function slopeOfRelu(graph: GraphBuilder, activation: Value, type: "float32" | "float64"): Value {
  const isActive = graph.apply("Greater", [activation, graph.constant(type, 0)]);
  return graph.apply("Cast", [isActive], { to: ELEMENT_CODES[type] });
}
