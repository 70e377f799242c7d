import { trainMlp, trainMlpPerOutput } from "../lib/compute/mlp_training.ts";
import { madeOutcomes, madeVectors, N_MODELS, N_TRAIN, writeNumbers } from "./made_data.ts";
import type { Peer, ReadyWork, Workload } from "./workload.ts";

const N_DIMS = 384;
const HIDDEN_LAYERS: readonly (readonly number[])[] = [[100], [100, 100]];
/** So many that starting is little of it, as it is of the up to 200 of a router; of eleven networks fewer, as they take long. */
const EPOCHS = { one: 20, eleven: 3 };
/** After so few epochs losses differ by a tenth between seeds; that the steps are scikit-learn's to 1e-10 is tested in tests/compute. */
const LOSS_TOLERANCE = 0.3;

/** Training the MLP router on the paper's training prompts; seconds are those of an epoch. */
export const MLP_EPOCH: Workload = {
  name: "mlp-epoch",
  prepare: async (folder) => {
    const x = madeVectors(N_TRAIN, N_DIMS, 1);
    const { quality } = madeOutcomes(N_TRAIN, 2);
    const y = { rows: N_TRAIN, cols: N_MODELS, values: Float32Array.from(quality) };
    await writeNumbers(folder, { "x.f32": x.values as Float32Array, "y.f32": y.values });
    return HIDDEN_LAYERS.flatMap((hiddenSizes): ReadyWork[] => {
      const sizes = [N_DIMS, ...hiddenSizes].join("-");
      const fit = { hiddenSizes, seed: 1 };
      let ours = 0;
      const peer = (networks: "one" | "eleven", target: number | null, tolerance = LOSS_TOLERANCE): Peer => ({
        name: networks === "one" ? "MLPRegressor" : "MLPRegressor, one a model as in the paper",
        needs: "scikit-learn",
        program: ["mlp_epoch", `${networks} ${EPOCHS[networks]} ${hiddenSizes.join(" ")}`],
        units: EPOCHS[networks],
        target,
        check: ({ loss: [loss] }) => {
          if (Math.abs(loss / ours - 1) <= tolerance) return;
          throw new Error(`Cannot time the MLP as both programs must reach one loss: ours is ${ours}, theirs ${loss}`);
        },
      });
      return [{
        workload: `MLP, an epoch of ${N_TRAIN} prompts, one network ${sizes}-${N_MODELS}`,
        targetSeconds: null,
        units: EPOCHS.one,
        ours: async () => {
          ours = (await trainMlp(x, y, { ...fit, maxEpochs: EPOCHS.one })).lossCurve.at(-1)!;
        },
        // Another number of epochs, so that their losses agree less.
        peers: [peer("one", 2), peer("eleven", 20, 1)],
      }, {
        workload: `MLP, an epoch of ${N_TRAIN} prompts, ${N_MODELS} networks ${sizes}-1`,
        targetSeconds: null,
        units: EPOCHS.eleven,
        ours: async () => {
          const losses = (await trainMlpPerOutput(x, y, { ...fit, maxEpochs: EPOCHS.eleven })).map(({ lossCurve }) =>
            lossCurve.at(-1)!
          );
          ours = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
        },
        peers: [peer("eleven", null)],
      }];
    });
  },
};
