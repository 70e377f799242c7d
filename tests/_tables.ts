import { type OutcomeTable, outcomeTable } from "../lib/outcomes/outcome_table.ts";
import { seededRandom } from "../lib/base/random.ts";

/** A table from rows of cells; models are m0, m1, …, prompts p0, p1, … */
export function tableOf(
  { quality, costUsd, evalNames, prompts = null }: {
    readonly quality: readonly (readonly number[])[];
    readonly costUsd: readonly (readonly number[])[];
    readonly evalNames?: readonly string[];
    readonly prompts?: readonly string[] | null;
  },
): OutcomeTable {
  return outcomeTable({
    models: quality[0].map((_, j) => `m${j}`),
    promptIds: quality.map((_, i) => `p${i}`),
    evalNames: evalNames ?? quality.map(() => "made"),
    prompts,
    quality: Float64Array.from(quality.flat()),
    costUsd: Float64Array.from(costUsd.flat()),
    latencySeconds: null,
    source: { kind: "file", name: "made", sha256: "", notes: [] },
  });
}

/** A random table of n prompts and m models with qualities in quarters. */
export function randomTable(n: number, m: number, seed: number): OutcomeTable {
  const random = seededRandom(seed, "table");
  const rows = (cell: () => number): number[][] => Array.from({ length: n }, () => Array.from({ length: m }, cell));
  return tableOf({
    quality: rows(() => random.integer(5) / 4),
    costUsd: rows(() => random.integer(20) / 1000 + 0.001),
  });
}

/** Path of the shared real rows, or `null` where they are absent: a test that needs them is then skipped. */
export function realRows(): string | null {
  const path = new URL("../../shared/data/routerbench_5shot_subset.pkl", import.meta.url).pathname;
  try {
    Deno.statSync(path);
    return path;
  } catch {
    return null;
  }
}

/** A test on the shared real rows, which shows as skipped where they are absent. */
export function testOnRealRows(name: string, body: (path: string) => Promise<void>): void {
  const path = realRows();
  Deno.test({ name, ignore: path === null, fn: () => body(path ?? "") });
}
