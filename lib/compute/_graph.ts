import onnxProto from "onnx-proto";

const { AttributeProto, ModelProto, TensorProto } = onnxProto.onnx;

/** ONNX 1.13, the oldest pair in which every reduction takes its axes as an input. ONNX Runtime 1.30 reads it. */
const IR_VERSION = 8;
const OPSET_VERSION = 18;

/** The element types that the graphs of this folder use. */
export type ElementType = "float32" | "float64" | "int32" | "int64" | "bool";

/** Names a tensor inside one graph. */
export type Value = string;

/** A dimension: a number where it is fixed, a name where it is known only when the graph runs. */
export type Dimension = number | string;

/** Attributes of an operator: whole numbers or lists of them. */
export type Attributes = Readonly<Record<string, number | readonly number[]>>;

/** The tensors that a loop carries from one pass to the next, and those that it collects. */
export interface LoopValues {
  /** Tensors that each pass receives from the pass before. */
  readonly state: readonly Value[];
  /** Tensors of which every pass leaves one; after the loop they are stacked. */
  readonly collected: readonly Value[];
}

/** ONNX's number of each element type, which `Cast` takes as its attribute `to`. */
export const ELEMENT_CODES: Readonly<Record<ElementType, number>> = {
  float32: TensorProto.DataType.FLOAT,
  float64: TensorProto.DataType.DOUBLE,
  int32: TensorProto.DataType.INT32,
  int64: TensorProto.DataType.INT64,
  bool: TensorProto.DataType.BOOL,
};

/** Writes an ONNX graph down line by line, so that the code of a graph reads like its formula. */
export class GraphBuilder {
  readonly #nodes: {
    operator: string;
    inputs: readonly Value[];
    outputs: Value[];
    attributes: Attributes;
    body?: GraphBuilder;
  }[] = [];
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];
  readonly #constants: object[] = [];
  readonly #outputNames = new Map<Value, string>();
  readonly #prefix: string;
  #nNames = 0;

  /** The prefix keeps the names of a loop's body apart from those around it. */
  constructor(prefix = "") {
    this.#prefix = prefix;
  }

  /** Declares a tensor that is given when the graph runs, of any shape unless its dimensions are given. */
  input(name: string, type: ElementType, dims?: readonly Dimension[]): Value {
    this.#inputs.push(valueInfo(name, type, dims));
    return name;
  }

  /** A tensor that is part of the graph: a scalar from a number, a vector from a list. */
  constant(type: "float32" | "float64" | "int64", content: number | readonly number[]): Value {
    const name = this.#newName("constant");
    const numbers = typeof content === "number" ? [content] : [...content];
    const field = { float32: "floatData", float64: "doubleData", int64: "int64Data" }[type];
    this.#constants.push({
      name,
      dataType: ELEMENT_CODES[type],
      dims: typeof content === "number" ? [] : [numbers.length],
      [field]: numbers,
    });
    return name;
  }

  /** Applies an operator that has one output. */
  apply(operator: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    const output = this.#newName(operator);
    this.#nodes.push({ operator, inputs, outputs: [output], attributes });
    return output;
  }

  /** Applies an operator that has several outputs. */
  applyMany(
    operator: string,
    inputs: readonly Value[],
    options: { nOutputs: number; attributes?: Attributes },
  ): Value[] {
    const outputs = Array.from({ length: options.nOutputs }, () => this.#newName(operator));
    this.#nodes.push({ operator, inputs, outputs, attributes: options.attributes ?? {} });
    return outputs;
  }

  /** Declares that the output of an operator is a result of the graph, under a name of its own. */
  output(name: string, value: Value, shape: { type: ElementType; dims?: readonly Dimension[] }): void {
    this.#outputNames.set(value, name);
    this.#outputs.push(valueInfo(name, shape.type, shape.dims));
  }

  /**
   * Runs a body `count` times: `for (let i = 0; i < count; i++) state = body(i, state)`. The body may use every tensor around it.
   * State and collected tensors have one element type.
   */
  loop(
    options: {
      count: Value;
      state: readonly Value[];
      type: ElementType;
      body: (graph: GraphBuilder, i: Value, state: readonly Value[]) => LoopValues;
    },
  ): LoopValues {
    const { count, state, type } = options;
    const inner = new GraphBuilder(this.#newName("loop_"));
    const i = inner.input(inner.#newName("i"), "int64", []);
    const goesOn = inner.input(inner.#newName("goesOn"), "bool", []);
    const result = options.body(inner, i, state.map(() => inner.input(inner.#newName("state"), type)));
    inner.output(inner.#newName("goesOn"), inner.apply("Identity", [goesOn]), { type: "bool", dims: [] });
    for (const value of [...result.state, ...result.collected]) inner.output(inner.#newName("result"), value, { type });
    const outputs = [...result.state, ...result.collected].map(() => this.#newName("Loop"));
    this.#nodes.push({ operator: "Loop", inputs: [count, "", ...state], outputs, attributes: {}, body: inner });
    return { state: outputs.slice(0, state.length), collected: outputs.slice(state.length) };
  }

  /** The model as the bytes that ONNX Runtime opens. */
  toBytes(): Uint8Array {
    const model = {
      irVersion: IR_VERSION,
      opsetImport: [{ domain: "", version: OPSET_VERSION }],
      graph: this.#toProto(),
    };
    return ModelProto.encode(ModelProto.fromObject(model)).finish();
  }

  #toProto(): object {
    // Results are renamed at the end, as a node that only copies its input to a new name costs time in every run.
    const renamed = (values: readonly Value[]): Value[] => values.map((value) => this.#outputNames.get(value) ?? value);
    const node = this.#nodes.map(({ operator, inputs, outputs, attributes, body }) => ({
      opType: operator,
      input: renamed(inputs),
      output: renamed(outputs),
      attribute: [
        ...Object.entries(attributes).map(([name, content]) => attributeProto(name, content)),
        ...(body === undefined ? [] : [{ name: "body", type: AttributeProto.AttributeType.GRAPH, g: body.#toProto() }]),
      ],
    }));
    return { name: "graph", node, input: this.#inputs, output: this.#outputs, initializer: this.#constants };
  }

  #newName(stem: string): Value {
    return `${this.#prefix}${stem}_${this.#nNames++}`;
  }
}

function attributeProto(name: string, content: number | readonly number[]): object {
  const { INT, INTS } = AttributeProto.AttributeType;
  return typeof content === "number" ? { name, type: INT, i: content } : { name, type: INTS, ints: content };
}

function valueInfo(name: string, type: ElementType, dims?: readonly Dimension[]): object {
  const dim = dims?.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size }));
  return {
    name,
    type: { tensorType: { elemType: ELEMENT_CODES[type], ...(dim === undefined ? {} : { shape: { dim } }) } },
  };
}
