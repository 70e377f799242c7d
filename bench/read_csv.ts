import { join } from "node:path";
import { seededRandom } from "../lib/base/random.ts";
import { loadOutcomes } from "../lib/files/load_outcomes.ts";
import { checkEqual, columnSums } from "./made_data.ts";
import type { Workload } from "./workload.ts";

const N_PROMPTS = 100_000;
const MODELS: readonly string[] = Array.from({ length: 10 }, (_, j) => `org/model-${j}`);
const EVALS: readonly string[] = ["arc", "gsm8k", "mmlu", "hellaswag", "mbpp"];

/** Reading a million outcomes, a row each, into prompts × models: ours with all checks and the file's SHA-256, pandas' by `read_csv` and `pivot`. */
export const READ_CSV: Workload = {
  name: "read-csv",
  prepare: async (folder) => {
    const path = join(folder, "long.csv");
    await writeLongCsv(path);
    let sums: number[][] = [];
    return [{
      workload: `CSV of 1,000,000 rows, ${((await Deno.stat(path)).size / 1e6).toFixed(0)} MB, to outcomes`,
      targetSeconds: null,
      ours: async () => {
        const { models, quality, costUsd } = await loadOutcomes(path);
        sums = [columnSums(quality, models.length), columnSums(costUsd, models.length)];
      },
      peers: [{
        name: "read_csv, then the same by hand",
        needs: "pandas",
        program: ["read_csv", ""],
        target: 0.5,
        check: ({ quality, costs }) => {
          checkEqual("the models' total qualities", [sums[0], quality], 1e-9);
          checkEqual("the models' total costs", [sums[1], costs], 1e-9);
        },
      }],
    }];
  },
};

async function writeLongCsv(path: string): Promise<void> {
  const random = seededRandom(1, "a long CSV");
  const rows: string[] = ["prompt_id,eval_name,model,quality,cost_usd"];
  for (let i = 0; i < N_PROMPTS; i++) {
    const evalName = EVALS[i % EVALS.length];
    for (const model of MODELS) {
      const quality = i % 3 === 0 ? random.integer(2) : random.uniform().toFixed(3);
      rows.push(`${evalName}.test.${i},${evalName},${model},${quality},${(random.uniform() / 100).toPrecision(8)}`);
    }
  }
  await Deno.writeTextFile(path, rows.join("\n") + "\n");
}
