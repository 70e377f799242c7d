import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "../lib/jupyter/environment.ts";
import { loadOutcomes } from "../lib/outcomes/load_outcomes.ts";
import type { BenchEnvironment } from "./environment.ts";
import type { OutcomeTable } from "../lib/outcomes/outcome_table.ts";
import { checkEqual } from "./made_data.ts";
import type { Workload } from "./workload.ts";

/** Rows to tile, where they are; else rows are made up. */
const REAL_ROWS = fileURLToPath(new URL("../../shared/data/routerbench_5shot_subset.pkl", import.meta.url));

/** Reading a pickle as large as the released ones into a table of outcomes; beside it the mere data frame of pandas. */
export const READ_PICKLE: Workload = {
  name: "read-pickle",
  prepare: async (folder, environment) => {
    const path = join(folder, "stand_in.pkl");
    await makeStandIn(path, environment);
    const { size } = await Deno.stat(path);
    let table: OutcomeTable | null = null;
    return [{
      workload: `a pickle of ${(size / 1e6).toFixed(0)} MB, to outcomes`,
      targetSeconds: null,
      ours: async () => {
        table = await loadOutcomes(path);
      },
      peers: [{
        ...{ name: "read_pickle, to a data frame", needs: "pandas", program: ["read_pickle", "stand_in.pkl"], target: 1 },
        check: ({ costs }) => {
          const { models, costUsd } = table!, m = models.length;
          const sums = models.map((_, j) => costUsd.reduce((sum, cost, at) => at % m === j ? sum + cost : sum, 0));
          checkEqual("the models' total costs", [sums, costs], 1e-9);
        },
      }],
    }];
  },
};

/** Writes a pickle of the released files' size and layout. */
export async function makeStandIn(path: string, { python }: BenchEnvironment): Promise<void> {
  await runProgram(python, [fileURLToPath(new URL("peers/make_stand_in.py", import.meta.url)), REAL_ROWS, path]);
}
