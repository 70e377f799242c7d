import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "../lib/commands/jupyter/environment.ts";
import { bytesInFile } from "../lib/files/byte_source.ts";
import { loadOutcomes } from "../lib/files/load_outcomes.ts";
import { frameOfPickle } from "../lib/files/pickle/pandas_frame.ts";
import { pandasGlobals } from "../lib/files/pickle/pandas_globals.ts";
import { readPickle } from "../lib/files/pickle/pickle_reader.ts";
import type { BenchEnvironment } from "./environment.ts";
import { checkEqual, columnSums } from "./made_data.ts";
import type { Peer, Workload } from "./workload.ts";

/** Rows to tile, where they are; else rows are made up. */
const REAL_ROWS = fileURLToPath(new URL("../../shared/data/routerbench_5shot_subset.pkl", import.meta.url));
/** How the released files name a model's costs. */
const COST = "|total_cost";

/**
 * Reading a pickle as large as the released ones. To a data frame: ours with the numbers made and the texts left in the file, pandas' with
 * everything. To outcomes: both with prompts and ids as texts, rows without qualities left out, numbers by prompt and model, and the file's SHA-256.
 */
export const READ_PICKLE: Workload = {
  name: "read-pickle",
  prepare: async (folder, environment) => {
    const path = join(folder, "stand_in.pkl");
    await makeStandIn(path, environment);
    const what = `a pickle of ${((await Deno.stat(path)).size / 1e6).toFixed(0)} MB`;
    let sums: number[] = [];
    const peer = (name: string, variant: string): Peer => ({
      ...{ name, needs: "pandas", program: ["read_pickle", variant], target: 1 },
      check: ({ costs }) => checkEqual("the models' total costs", [sums, costs], 1e-9),
    });
    return [{
      workload: `${what}, to a data frame`,
      targetSeconds: null,
      ours: async () => {
        sums = await costsOfFrame(path);
      },
      peers: [peer("read_pickle", "frame")],
    }, {
      workload: `${what}, to outcomes`,
      targetSeconds: null,
      ours: async () => {
        const { models, costUsd } = await loadOutcomes(path);
        sums = columnSums(costUsd, models.length);
      },
      peers: [peer("read_pickle, then the same by hand", "outcomes")],
    }];
  },
};

/** Each model's total cost over the rows that have its quality. */
async function costsOfFrame(path: string): Promise<number[]> {
  using file = await Deno.open(path);
  const { columns } = frameOfPickle(readPickle(bytesInFile(file), pandasGlobals));
  const models = [...columns.keys()].filter((name) => columns.has(name + COST));
  return models.map((model) => {
    const costs = columns.get(model + COST)!;
    const qualities = columns.get(model)!;
    let sum = 0;
    for (let row = 0; row < costs.length; row++) {
      if (!Number.isNaN(Number(qualities[row] ?? NaN))) sum += Number(costs[row]);
    }
    return sum;
  });
}

/** Writes a pickle of the released files' size and layout. */
export async function makeStandIn(path: string, { python }: BenchEnvironment): Promise<void> {
  await runProgram(python, [fileURLToPath(new URL("peers/make_stand_in.py", import.meta.url)), REAL_ROWS, path]);
}
