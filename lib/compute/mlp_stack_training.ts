import { type AdamState, openAdam, startOfAdam } from "./_adam.ts";
import { type MlpLayout, partLengths } from "./_mlp_parts.ts";
import { networkOf, zeros } from "./_parameters.ts";
import { StoppingRule } from "./_stopping_rule.ts";
import { checkData, checkedLoss, checkedOrder, checkOptions } from "./_training_checks.ts";
import { startingParameters, type TrainingSettings, withDefaults } from "./_training_start.ts";
import { openValidation, type Validation } from "./_validation.ts";
import type { Matrix, Matrix64 } from "./matrix.ts";
import type { MlpTrainingOptions, TrainedMlp } from "./mlp_training_options.ts";

/**
 * Trains one network of one output for each column of y, all in one batched graph: what `trainMlp` makes of each column alone with the
 * same options, up to rounding.
 *
 * All networks start from the same parameters and see the rows in the same order, as with one seed they do one by one. A network that
 * has converged leaves the stack, and the others go on without it. `onEpoch` is told the mean loss of those that are still in it.
 *
 * **Shapes**: x n × d, y n × outputs; as many networks as outputs. Time O(nEpochs · n · parameters of all networks).
 *
 * **Source**: the paper's MLP routers, one `MLPRegressor` a model with `random_state=1234` for all.
 *
 * @throws TypeError if a matrix's length is not rows × cols, x and y differ in rows, `initial` is not a network of one output that
 *   fits, or an option is unknown
 * @throws RangeError if a matrix is empty, a number is not finite, an option is out of range, or a loss does not stay finite
 * @example
 * ```ts
 * import { trainMlpPerOutput } from "./mlp_stack_training.ts";
 * import { mlpPredict } from "./mlp.ts";
 * import assert from "node:assert/strict";
 *
 * const x = { rows: 4, cols: 1, values: Float32Array.of(-1, 0, 1, 2) };
 * const y = { rows: 4, cols: 2, values: Float32Array.of(1, 2, 0, 0, 1, 2, 2, 4) }; // |x| and 2 |x|
 * const nets = await trainMlpPerOutput(x, y, { hiddenSizes: [8], seed: 1, learningRate: 0.05, maxEpochs: 300 });
 * const sizes = await mlpPredict(nets[0], x);
 * assert.ok(sizes.values.every((value, i) => Math.abs(value - y.values[2 * i]) < 0.1));
 * ```
 */
export async function trainMlpPerOutput(
  x: Matrix | Matrix64,
  y: Matrix | Matrix64,
  options: MlpTrainingOptions,
): Promise<TrainedMlp[]> {
  checkData(x, y);
  checkOptions(options, x.rows);
  const settings = withDefaults(options, x.rows);
  const { precision, validationRows, threads } = settings;
  const layout = { sizes: [x.cols, ...options.hiddenSizes, 1], precision };
  const start = startOfAdam(startingParameters(options, layout), layout);
  const validation = validationRows.length === 0
    ? null
    : await openValidation(x, y, { rows: validationRows, layout, threads });
  const trained: TrainedMlp[] = [];
  let running = Array.from({ length: y.cols }, (_, column): Network => ({
    column,
    rule: new StoppingRule(settings),
    state: start,
    best: start.parameters,
  }));
  try {
    while (running.length > 0) {
      await trainUntilOneStops(running, { x, y, layout, settings, validation });
      for (const { column, rule, best } of running) {
        if (!rule.goesOn()) trained[column] = { ...networkOf(best, layout), ...rule.history() };
      }
      running = running.filter(({ rule }) => rule.goesOn());
    }
  } finally {
    await validation?.release();
  }
  return trained;
}

/** A network of the stack. */
interface Network {
  readonly column: number;
  readonly rule: StoppingRule;
  state: AdamState;
  /** The parameters of the best epoch on the validation part, else of the last. */
  best: Float32Array | Float64Array;
}

/** Trains networks together from their states, which it moves on, until one of them stops. */
async function trainUntilOneStops(
  networks: readonly Network[],
  { x, y, layout, settings, validation }: {
    x: Matrix | Matrix64;
    y: Matrix | Matrix64;
    layout: MlpLayout;
    settings: TrainingSettings;
    validation: Validation | null;
  },
): Promise<void> {
  const adam = await openAdam(x, columnsOf(y, networks.map(({ column }) => column)), {
    ...settings,
    layout: { ...layout, nNetworks: networks.length },
    state: stackOf(networks.map(({ state }) => state), layout),
  });
  try {
    while (networks.every(({ rule }) => rule.goesOn())) {
      const [{ rule: { nEpochs } }] = networks;
      const losses = await adam.epoch(checkedOrder(settings.rowOrder(nEpochs), settings));
      const states = validation === null ? null : statesIn(adam.state(), layout);
      for (const [place, network] of networks.entries()) {
        const parameters = states?.[place].parameters;
        const isBest = network.rule.add(
          checkedLoss(losses[place], nEpochs + 1),
          parameters && await validation!.score(parameters, [network.column]),
        );
        if (isBest && parameters !== undefined) network.best = parameters;
      }
      settings.onEpoch?.(nEpochs + 1, losses.reduce((sum, loss) => sum + loss, 0) / losses.length);
    }
    for (const [place, state] of statesIn(adam.state(), layout).entries()) {
      networks[place].state = state;
      if (validation === null) networks[place].best = state.parameters;
    }
  } finally {
    await adam.release();
  }
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
