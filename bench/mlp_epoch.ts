import { trainMlpPerOutput } from "../lib/compute/mlp_stack_training.ts";
import { trainMlp } from "../lib/compute/mlp_training.ts";
import { madeOutcomes, madeVectors, N_MODELS, N_TRAIN, writeNumbers } from "./made_data.ts";
import type { Peer, ReadyWork, Workload } from "./workload.ts";

const N_DIMS = 384, HIDDEN_LAYERS: readonly (readonly number[])[] = [[100], [100, 100]];
/** One epoch is .05 s and as much again for starting: some show what many cost. */
const EPOCHS_OF_ONE = 5, EPOCHS_OF_ELEVEN = 2;
/** After so few epochs losses differ by a tenth between seeds; that the steps are scikit-learn's to 1e-10 is tested in tests/compute. */
const LOSS_TOLERANCE = 0.3;

/** Training the MLP router on the paper's training prompts; seconds are those of an epoch. */
export const MLP_EPOCH: Workload = {
  name: "mlp-epoch",
  prepare: async (folder) => {
    const x = madeVectors(N_TRAIN, N_DIMS, 1), { quality } = madeOutcomes(N_TRAIN, 2);
    const y = { rows: N_TRAIN, cols: N_MODELS, values: Float32Array.from(quality) };
    await writeNumbers(folder, { "x.f32": x.values as Float32Array, "y.f32": y.values });
    const losses = { one: 0, eleven: 0 };
    const peer = (hidden: readonly number[], { networks, epochs }: { networks: "one" | "eleven"; epochs: number }): Peer => ({
      name: networks === "one" ? "MLPRegressor" : "MLPRegressor, eleven times",
      needs: "scikit-learn",
      program: ["mlp_epoch", `${networks} ${epochs} ${hidden.join(" ")}`],
      target: networks === "one" ? 2 : 20,
      check: ({ loss: [loss] }) => {
        if (Math.abs(loss / losses[networks] - 1) <= LOSS_TOLERANCE) return;
        throw new Error(`Cannot time the MLP as both programs must reach one loss: ours is ${losses[networks]}, theirs ${loss}`);
      },
    });
    return HIDDEN_LAYERS.flatMap((hiddenSizes): ReadyWork[] => {
      const sizes = [N_DIMS, ...hiddenSizes].join("-");
      return [{
        workload: `MLP, an epoch of ${N_TRAIN} prompts, ${sizes}-${N_MODELS}`,
        targetSeconds: null,
        units: EPOCHS_OF_ONE,
        ours: async () => {
          losses.one = (await trainMlp(x, y, { hiddenSizes, seed: 1, maxEpochs: EPOCHS_OF_ONE })).lossCurve.at(-1)!;
        },
        peers: [peer(hiddenSizes, { networks: "one", epochs: EPOCHS_OF_ONE })],
      }, {
        workload: `MLP, an epoch of ${N_TRAIN} prompts, ${N_MODELS} networks of ${sizes}-1`,
        targetSeconds: null,
        units: EPOCHS_OF_ELEVEN,
        ours: async () => {
          const nets = await trainMlpPerOutput(x, y, { hiddenSizes, seed: 1, maxEpochs: EPOCHS_OF_ELEVEN });
          losses.eleven = nets.reduce((sum, { lossCurve }) => sum + lossCurve.at(-1)!, 0) / nets.length;
        },
        peers: [peer(hiddenSizes, { networks: "eleven", epochs: EPOCHS_OF_ELEVEN })],
      }];
    });
  },
};
