import { type AdamState, openAdam, startOfAdam } from "./_adam.ts";
import { openValidation, StoppingRule, type TrainedMlp, type Validation } from "./_early_stopping.ts";
import { type MlpLayout, networkOf, partLengths, zeros } from "./_mlp_layout.ts";
import type { Matrix, Matrix64 } from "./matrix.ts";

/** Everything that decides a training. */
export interface TrainingSettings {
  /** Units of each hidden layer. */
  readonly hiddenSizes: readonly number[];
  /** Precision of data, parameters and arithmetic. */
  readonly precision: "float32" | "float64";
  /** Adam's step size. */
  readonly learningRate: number;
  /** Weight of the squared weights, α. */
  readonly l2: number;
  /** Rows of a mini-batch. */
  readonly batchSize: number;
  /** An epoch counts as an improvement if its loss is below the least so far, or R² above the best, by at least this much. */
  readonly tolerance: number;
  /** Training stops after more than this many epochs in a row without improvement. */
  readonly patience: number;
  /** Training stops after this many epochs. */
  readonly maxEpochs: number;
  /** The rows that are kept apart, to stop where R² on them no longer improves; none without early stopping. */
  readonly validationRows: readonly number[];
  /** The parameters from which each network of this layout starts, flat. */
  readonly start: (layout: MlpLayout) => Float32Array | Float64Array;
  /** The order of the other rows in the next epoch. */
  readonly nextOrder: () => readonly number[];
  /** Threads of ONNX Runtime. */
  readonly threads?: number;
}

/** A network that is being trained. */
interface Network {
  /** The columns of y that it predicts. */
  readonly columns: readonly number[];
  readonly rule: StoppingRule;
  state: AdamState;
  /** The parameters of the best epoch on the validation part, else of the last. */
  best: Float32Array | Float64Array;
}

/** How many networks are trained: one with an output for each column of y, or one of one output for each column. */
export type NetworkCount = "one" | "per output";

/**
 * Trains one network, or several beside each other in one graph. All start from the same parameters and see the rows in the same order. A
 * network that has stopped leaves the graph, and the others go on without it.
 */
export async function trainNetworks(
  x: Matrix | Matrix64,
  y: Matrix | Matrix64,
  options: { readonly networks: NetworkCount; readonly settings: TrainingSettings },
): Promise<TrainedMlp[]> {
  const { networks: count, settings } = options;
  const { precision, validationRows, threads } = settings;
  const outputs = Array.from({ length: y.cols }, (_, column) => column);
  const groups = count === "one" ? [outputs] : outputs.map((column) => [column]);
  const layout = { sizes: [x.cols, ...settings.hiddenSizes, count === "one" ? y.cols : 1], precision };
  const start = startOfAdam(settings.start(layout), layout);
  const networks = groups.map((columns): Network => ({
    columns,
    rule: new StoppingRule(settings),
    state: start,
    best: start.parameters,
  }));
  const validation = validationRows.length === 0
    ? null
    : await openValidation(x, y, { rows: validationRows, layout, threads });
  try {
    let running = networks;
    while (running.length > 0) {
      const nNetworks = count === "one" ? undefined : running.length;
      await trainUntilOneStops(running, { x, y, layout: { ...layout, nNetworks }, settings, validation });
      running = running.filter(({ rule }) => rule.goesOn());
    }
  } finally {
    await validation?.release();
  }
  return networks.map(({ best, rule }) => ({ ...networkOf(best, layout), ...rule.history() }));
}

/** Trains networks together from their states, which it moves on, until one of them stops. */
async function trainUntilOneStops(
  networks: readonly Network[],
  { x, y, layout, settings, validation }: {
    readonly x: Matrix | Matrix64;
    readonly y: Matrix | Matrix64;
    readonly layout: MlpLayout;
    readonly settings: TrainingSettings;
    readonly validation: Validation | null;
  },
): Promise<void> {
  const targets = columnsOf(y, networks.flatMap(({ columns }) => columns));
  const state = stackOf(networks.map((network) => network.state), layout);
  const adam = await openAdam(x, targets, { ...settings, layout, state });
  try {
    while (networks.every(({ rule }) => rule.goesOn())) {
      const losses = await adam.epoch(Int32Array.from(settings.nextOrder()));
      const states = validation === null ? null : statesIn(adam.state(), layout);
      for (const [place, { rule, columns }] of networks.entries()) {
        checkLoss(losses[place], rule.nEpochs + 1);
        const parameters = states?.[place].parameters;
        const score = parameters === undefined ? undefined : await validation?.score(parameters, columns);
        const isBest = rule.add(losses[place], score);
        if (isBest && parameters !== undefined) networks[place].best = parameters;
      }
    }
    for (const [place, after] of statesIn(adam.state(), layout).entries()) {
      networks[place].state = after;
      if (validation === null) networks[place].best = after.parameters;
    }
  } finally {
    await adam.release();
  }
}

function checkLoss(loss: number, epoch: number): void {
  if (Number.isFinite(loss)) return;
  throw new RangeError(
    `Cannot train a multilayer perceptron as its loss must stay finite: it is ${loss} in epoch ${epoch}; scale the data`,
  );
}

/** The chosen columns of a matrix, in its precision. */
function columnsOf(matrix: Matrix | Matrix64, columns: readonly number[]): Matrix | Matrix64 {
  const { rows, cols } = matrix;
  const values = zeros(rows * columns.length, matrix.values instanceof Float32Array ? "float32" : "float64");
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < columns.length; c++) values[i * columns.length + c] = matrix.values[i * cols + columns[c]];
  }
  return { rows, cols: columns.length, values } as Matrix | Matrix64;
}

/** The states of networks as the state of their stack, laid out as `lossOfStack` says. */
function stackOf(states: readonly AdamState[], { sizes, precision }: MlpLayout): AdamState {
  const joined = (vectors: readonly (Float32Array | Float64Array)[]): Float32Array | Float64Array => {
    const stack = zeros(vectors.reduce((sum, { length }) => sum + length, 0), precision);
    forEachPiece(sizes, vectors.length, ({ network, inNetwork, inStack, length }) => {
      stack.set(vectors[network].subarray(inNetwork, inNetwork + length), inStack);
    });
    return stack;
  };
  return {
    parameters: joined(states.map(({ parameters }) => parameters)),
    momentum: joined(states.map(({ momentum }) => momentum)),
    variance: joined(states.map(({ variance }) => variance)),
    nSteps: states[0]?.nSteps ?? 0,
  };
}

/** The states of the networks of a stack: `stackOf` undone. */
function statesIn(stack: AdamState, { sizes, precision }: MlpLayout): AdamState[] {
  const size = partLengths(sizes).reduce((sum, length) => sum + length, 0);
  const nNetworks = stack.parameters.length / size;
  const separated = (values: Float32Array | Float64Array): (Float32Array | Float64Array)[] => {
    const vectors = Array.from({ length: nNetworks }, () => zeros(size, precision));
    forEachPiece(sizes, nNetworks, ({ network, inNetwork, inStack, length }) => {
      vectors[network].set(values.subarray(inStack, inStack + length), inNetwork);
    });
    return vectors;
  };
  const [parameters, momentum, variance] = [stack.parameters, stack.momentum, stack.variance].map(separated);
  return parameters.map((_, network) => ({
    parameters: parameters[network],
    momentum: momentum[network],
    variance: variance[network],
    nSteps: stack.nSteps,
  }));
}

/** Visits the pieces of a stack's flat vector in turn: each belongs to one network, and lies in one piece in that network's vector too. */
function forEachPiece(
  sizes: readonly number[],
  nNetworks: number,
  visit: (piece: { network: number; inNetwork: number; inStack: number; length: number }) => void,
): void {
  let [inStack, partStart] = [0, 0];
  for (const [part, partLength] of partLengths(sizes).entries()) {
    // The networks' W₁ stand beside each other, row by row; of the other parts each stands as a whole.
    const length = part === 0 ? sizes[1] : partLength;
    for (let start = partStart; start < partStart + partLength; start += length) {
      for (let network = 0; network < nNetworks; network++, inStack += length) {
        visit({ network, inNetwork: start, inStack, length });
      }
    }
    partStart += partLength;
  }
}
