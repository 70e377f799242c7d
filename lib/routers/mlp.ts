import { mlpPredict } from "../compute/mlp.ts";
import { seededRandom } from "../base/random.ts";
import type { Matrix, Matrix64 } from "../compute/matrix.ts";
import { type MlpTrainingOptions, type TrainedMlp, trainMlp, trainMlpPerOutput } from "../compute/mlp_training.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import {
  checkedTrainingSet,
  checkEmbeddings,
  type EmbeddedOutcomes,
  type QualityPredictions,
  type Router,
  vectorsOf,
} from "./router.ts";
import { type MlpState, type RouterState, vectorKindOf } from "./router_state.ts";

/** Options of {@linkcode fitMlpRouter}; everything else is as in the paper, which uses scikit-learn's defaults. */
export interface MlpRouterOptions {
  /** Units of each hidden layer; the paper tries [100] and [100, 100]. */
  readonly hiddenSizes: readonly number[];
  /** Decides initial weights and the order of the mini-batches. */
  readonly seed: number;
  /** `"one"` (default): one network with an output for each model. `"per-model"`: the paper's, one network for each model, all trained at once. */
  readonly networks?: "one" | "per-model";
  /**
   * The mean of so many networks for all models, each with a draw of its own, default 1. One network's AIQ moves by a hundredth with its draw and
   * with the last bits of the arithmetic; {@linkcode MEANED_MLP} has a number by measurement.
   */
  readonly meanOf?: number;
  /**
   * Keeps this share of the training prompts apart, stops when R² on them no longer improves, and takes the best epoch's network:
   * scikit-learn's `early_stopping` and `validation_fraction`. Default: the training loss decides, as in the paper.
   */
  readonly validationShare?: number;
}

/** What makes an MLP router that can be trusted; the numbers are in the README. */
export const MEANED_MLP = { hiddenSizes: [100, 100], meanOf: 10, validationShare: 0.1 } as const;

/**
 * One thread: with batches of 200 rows a second one would save only a seventh of the time, and the weights would depend on how sums are divided
 * among threads.
 */
const THREADS = 1;

/**
 * Fits the paper's MLP router: a multilayer perceptron from a prompt's vector to the quality of the models.
 *
 * ReLU, Adam with step .001, L2 weight 1e-4, mini-batches of 200, at most 200 epochs, stopped after 10 epochs without an improvement of
 * 1e-4. `notes` says so where a network was stopped by the number of epochs instead.
 *
 * **Shapes**: n × d vectors, n × m qualities. **Source**: paper section 4; scikit-learn's `MLPRegressor`. **Differs from** the reference code:
 * one network for all models unless `networks: "per-model"`; other random numbers.
 *
 * @throws RangeError where sizes or the seed are not whole numbers, or the share leaves too few prompts on either side; TypeError for an unknown value of `networks`
 * @example
 * ```ts
 * import { fitMlpRouter, openEncoder, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 10, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes.prompts!);
 * const router = await fitMlpRouter({ outcomes, embeddings }, { hiddenSizes: [16], seed: 1 });
 * assert.equal(router.name, "MLP, 16");
 * ```
 */
export async function fitMlpRouter(train: EmbeddedOutcomes, options: MlpRouterOptions): Promise<Router> {
  const { hiddenSizes, seed, networks = "one", meanOf = 1, validationShare } = options;
  const { models, meanCostUsd } = checkedTrainingSet(train);
  if (networks !== "one" && networks !== "per-model") {
    throw new TypeError(`Cannot fit an MLP router as networks must be "one" or "per-model": it is "${networks}"`);
  }
  if (!(Number.isInteger(meanOf) && meanOf >= 1) || (meanOf > 1 && networks === "per-model")) {
    throw new RangeError(
      `Cannot fit an MLP router as meanOf must be a whole number of 1 or more, and 1 where each model has its own network: it is ${meanOf}`,
    );
  }
  const n = train.outcomes.promptIds.length;
  const m = models.length;
  const x = vectorsOf(train.embeddings);
  const y = { rows: n, cols: m, values: train.outcomes.quality };
  const training = { hiddenSizes, seed, threads: THREADS, validationShare };
  const nets = networks === "one"
    ? await trainMany(x, y, { training, meanOf })
    : await trainMlpPerOutput(x, y, training);
  const nUnfinished = nets.filter((net) => net.stopped === "max-epochs").length;
  const sizes = hiddenSizes.join("-");
  const ending = validationShare === undefined ? "" : ", stopped early";
  const plainName = meanOf === 1 ? `MLP, ${sizes}${ending}` : `MLP, mean of ${meanOf}`;
  const name = networks === "one" ? plainName : `MLP, ${sizes}, one a model${ending}`;
  const notes: string[] = [];
  if (meanOf > 1) notes.push(`Mean of ${meanOf} networks of ${sizes} units${ending}`);
  else if (networks === "one") {
    notes.push("One network: its AIQ moves by about .01 with its seed and with the processor");
  }
  if (nUnfinished > 0) {
    const most = Math.max(...nets.map((net) => net.nEpochs));
    notes.push(
      `${nUnfinished} of ${nets.length} networks stopped by the limit of ${most} epochs, before they converged`,
    );
  }
  const parameters = nets.map(({ weights, biases }) => ({ weights, biases }));
  const predictor: MlpState = { kind: "mlp", networks: parameters, costUsd: meanCostUsd };
  const reads = vectorKindOf(train.embeddings);
  const router = mlpRouterOf({ name, notes, models, reads, predictor, costs: null }, predictor);
  return networks === "one" ? router : { ...router, variantOf: plainName };
}

/** One network by the seed itself, several by draws of it: seeds next to each other share no network. */
async function trainMany(
  x: Matrix,
  y: Matrix64,
  { training, meanOf }: { readonly training: MlpTrainingOptions; readonly meanOf: number },
): Promise<TrainedMlp[]> {
  const random = seededRandom(training.seed, "networks");
  const nets: TrainedMlp[] = [];
  for (let net = 0; net < meanOf; net++) {
    const seed = meanOf === 1 ? training.seed : random.integer(2 ** 31);
    nets.push(await trainMlp(x, y, { ...training, seed }));
  }
  return nets;
}

/** The router of a state. */
export function mlpRouterOf(state: RouterState, { networks, costUsd }: MlpState): Router {
  const { name, notes, models, reads } = state;
  const m = models.length;
  const predict = async (embeddings: Embeddings): Promise<QualityPredictions> => {
    checkEmbeddings(embeddings, reads!);
    const rows = embeddings.nPrompts;
    const quality = new Float64Array(rows * m);
    for (let net = 0; net < networks.length; net++) {
      const { values, cols } = await mlpPredict(networks[net], vectorsOf(embeddings));
      if (cols === m) values.forEach((value, at) => quality[at] += value / networks.length);
      else values.forEach((value, i) => quality[i * m + net] = value);
    }
    return { nPrompts: embeddings.nPrompts, models, quality, costUsd };
  };
  return { name, notes, state, predict };
}
