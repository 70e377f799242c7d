import { seededRandom } from "../../lib/base/random.ts";
import { flatParameters } from "../../lib/compute/_mlp_layout.ts";
import { type NetworkCount, type TrainingSettings, trainNetworks } from "../../lib/compute/_training.ts";
import type { Matrix, Matrix64 } from "../../lib/compute/matrix.ts";
import type { Mlp } from "../../lib/compute/mlp.ts";
import { type MlpTrainingOptions, settingsOf, type TrainedMlp } from "../../lib/compute/mlp_training.ts";

/** The options of the library and what comparisons with another program need beside them. */
export interface ComparedOptions extends
  MlpTrainingOptions,
  Partial<
    Pick<
      TrainingSettings,
      "precision" | "learningRate" | "l2" | "batchSize" | "tolerance" | "patience" | "validationRows" | "nextOrder"
    >
  > {
  /** The parameters to start from, instead of random ones. */
  readonly initial?: Mlp;
}

/** Trains as `trainMlp` and `trainMlpPerOutput` do, with settings that these leave at scikit-learn's defaults. */
export async function trainCompared(
  x: Matrix | Matrix64,
  y: Matrix | Matrix64,
  { networks, ...options }: ComparedOptions & { readonly networks: NetworkCount },
): Promise<TrainedMlp[]> {
  const { hiddenSizes, seed, maxEpochs, validationShare, threads, initial, ...others } = options;
  const publicOptions = Object.fromEntries(
    Object.entries({ hiddenSizes, seed, maxEpochs, validationShare, threads }).filter(([, value]) =>
      value !== undefined
    ),
  ) as unknown as MlpTrainingOptions;
  const defaults = settingsOf(publicOptions, x.rows);
  const settings: TrainingSettings = {
    ...defaults,
    start: initial === undefined ? defaults.start : (layout) => flatParameters(initial, layout),
    nextOrder: others.validationRows === undefined
      ? defaults.nextOrder
      : shuffledWithout(others.validationRows, { nRows: x.rows, seed }),
    ...others,
  };
  return await trainNetworks(x, y, { networks, settings });
}

/** Trains one network. */
export async function trainOne(
  x: Matrix | Matrix64,
  y: Matrix | Matrix64,
  options: ComparedOptions,
): Promise<TrainedMlp> {
  const [trained] = await trainCompared(x, y, { ...options, networks: "one" });
  return trained;
}

/** Trains one network for each column of y. */
export function trainEach(
  x: Matrix | Matrix64,
  y: Matrix | Matrix64,
  options: ComparedOptions,
): Promise<TrainedMlp[]> {
  return trainCompared(x, y, { ...options, networks: "per output" });
}

function shuffledWithout(
  leftOut: readonly number[],
  { nRows, seed }: { readonly nRows: number; readonly seed: number },
): () => readonly number[] {
  const random = seededRandom(seed, "row order");
  let order: readonly number[] = Array.from({ length: nRows }, (_, row) => row).filter((row) => !leftOut.includes(row));
  return () => order = random.shuffle(order);
}
