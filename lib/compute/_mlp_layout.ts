import type { Matrix, Matrix64 } from "./matrix.ts";

/** Sizes and precision of a multilayer perceptron with ReLU hidden layers and identity output. */
export interface MlpLayout {
  /** Units of each layer, from the inputs to the outputs; L + 1 numbers for L layers of weights. */
  readonly sizes: readonly number[];
  /** The element type of data, parameters and arithmetic. */
  readonly precision: "float32" | "float64";
  /** So many networks of these sizes and of one output each are trained beside each other; without it, one network of any outputs. */
  readonly nNetworks?: number;
}

/** Lengths of the parts of one network's flat parameter vector: W₁ … W_L (row-major, inputs × units), then b₁ … b_L. */
export function partLengths(sizes: readonly number[]): number[] {
  const weights = sizes.slice(1).map((units, l) => sizes[l] * units);
  return [...weights, ...sizes.slice(1)];
}

/** The parts of a network. */
interface Parts {
  readonly weights: readonly (Matrix | Matrix64)[];
  readonly biases: readonly (Float32Array | Float64Array)[];
}

/** The parameters of a network one after another: all weights, then all biases. */
export function flatParameters(net: Parts, { sizes, precision }: MlpLayout): Float32Array | Float64Array {
  const parts = [...net.weights.map(({ values }) => values), ...net.biases];
  const lengths = partLengths(sizes);
  if (parts.length !== lengths.length || parts.some((part, i) => part.length !== lengths[i])) {
    const found = `they have ${parts.map((part) => part.length).join(", ")} numbers, the layers need ${
      lengths.join(", ")
    }`;
    throw new TypeError(
      `Cannot read the network as weights and biases must fit its layers ${sizes.join("-")}: ${found}; correct them`,
    );
  }
  const flat = zeros(lengths.reduce((sum, length) => sum + length, 0), precision);
  let start = 0;
  for (const part of parts) {
    flat.set(part, start);
    start += part.length;
  }
  return flat;
}

/** The network of a flat parameter vector; it shares no memory with it. */
export function networkOf(parameters: Float32Array | Float64Array, { sizes }: MlpLayout): Parts {
  const lengths = partLengths(sizes);
  const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0));
  const parts = lengths.map((length, i) => parameters.slice(starts[i], starts[i] + length));
  const nLayers = sizes.length - 1;
  const weights = parts.slice(0, nLayers).map((values, l) =>
    ({ rows: sizes[l], cols: sizes[l + 1], values }) as Matrix | Matrix64
  );
  return { weights, biases: parts.slice(nLayers) };
}

/** Numbers in the precision asked for: the same array where it has it already. */
export function inPrecision(
  values: Float32Array | Float64Array,
  precision: MlpLayout["precision"],
): Float32Array | Float64Array {
  if (precision === "float32") return values instanceof Float32Array ? values : Float32Array.from(values);
  return values instanceof Float64Array ? values : Float64Array.from(values);
}

/** A vector of zeros. */
export function zeros(length: number, precision: MlpLayout["precision"]): Float32Array | Float64Array {
  return precision === "float32" ? new Float32Array(length) : new Float64Array(length);
}
