/** `deno task bench`: the library's speed beside what a user would run instead, on the same bytes, in one run. */
import { type CommandSpec, listOption, readOptions } from "../lib/commands/command_options.ts";
import { helpText } from "../lib/commands/help_text.ts";
import { print, runCommand } from "../lib/commands/run_command.ts";
import { writeWhole } from "../lib/base/write_whole.ts";
import { BOOTSTRAP } from "./bootstrap.ts";
import { EMBEDDING } from "./embedding.ts";
import { makeEnvironment } from "./environment.ts";
import { HULL } from "./hull.ts";
import { LAMBDA_CURVE } from "./lambda_curve.ts";
import { type BenchRow, measure, N_RUNS } from "./measure.ts";
import { measureMemory, type MemoryRow } from "./memory.ts";
import { MLP_EPOCH } from "./mlp_epoch.ts";
import { NEAREST_NEIGHBOURS } from "./nearest_neighbours.ts";
import { READ_CSV } from "./read_csv.ts";
import { READ_PICKLE } from "./read_pickle.ts";
import { REPRODUCE } from "./reproduce.ts";
import { measureScaling, type ScalingRow } from "./scaling.ts";
import { type LoadRow, measureLoad } from "./serving/load.ts";
import { measureOverhead, type ServingRow } from "./serving/overhead.ts";
import { loadTable, memoryTable, scalingTable, servingTable, speedTable } from "./tables.ts";
import type { Workload } from "./workload.ts";

const WORKLOADS: readonly Workload[] = [
  NEAREST_NEIGHBOURS,
  MLP_EPOCH,
  LAMBDA_CURVE,
  HULL,
  BOOTSTRAP,
  READ_PICKLE,
  READ_CSV,
  EMBEDDING,
  REPRODUCE,
];
/** The parts of the bench that compare with no other program. */
const MEMORY = "memory";
const SCALING = "scaling";
const SERVING = "serving";
const LOAD = "load";
const NAMES: readonly string[] = [...WORKLOADS.map(({ name }) => name), MEMORY, SCALING, SERVING, LOAD];
/** What the library uses by default, and Python is held to. */
const THREADS = 2;

const SPEC: CommandSpec = {
  name: "bench",
  summary:
    `Times the library beside other programs on the same bytes, in one run, in turn, ${N_RUNS} times after one to ` +
    "warm up. Results are compared first: what does not agree is not timed.",
  options: {
    only: { value: "A,B", says: `some of ${NAMES.join(", ")}; without it all of them` },
    json: { value: "FILE", says: "writes the numbers there too" },
  },
  notes:
    "The other programs run in .venv-bench, which the first run makes (bench/requirements.txt). Other work on the " +
    "machine disturbs seconds more than ratios.",
  example: "--only nearest-neighbours,hull --json results/bench.json",
};

async function main(args: readonly string[]): Promise<void> {
  const input = readOptions(args, SPEC);
  if (input.isOn("help")) return print(helpText(SPEC));
  const only = listOption(input, "only", NAMES) ?? NAMES;
  const environment = await makeEnvironment(THREADS, say);
  print(
    `${THREADS} threads on both sides; ${navigator.hardwareConcurrency} processors; ${Deno.build.os}, ${Deno.build.arch}; Deno ${Deno.version.deno}.`,
  );
  const rows: BenchRow[] = [];
  const memory: MemoryRow[] = [];
  const scaling: ScalingRow[] = [];
  const serving: ServingRow[] = [];
  const load: LoadRow[] = [];
  try {
    for (const { name, prepare } of WORKLOADS.filter(({ name }) => only.includes(name))) {
      await inFolder(async (folder) => {
        say(`${name}: making the inputs`);
        for (const work of await prepare(folder, environment)) {
          rows.push(...await measure(work, folder, { environment, say }));
        }
      });
    }
    if (only.includes(MEMORY)) memory.push(...await inFolder((folder) => measureMemory(folder, environment, say)));
    if (only.includes(SCALING)) scaling.push(...await measureScaling(say));
    if (only.includes(SERVING)) {
      serving.push(...await inFolder((folder) => measureOverhead(folder, environment, say)));
    }
    if (only.includes(LOAD)) load.push(...await inFolder((folder) => measureLoad(folder, say)));
  } finally {
    // What was measured before an error is not lost.
    say("");
    const tables = [
      speedTable(rows),
      memoryTable(memory),
      scalingTable(scaling),
      servingTable(serving),
      loadTable(load),
    ];
    for (const table of tables) {
      if (table !== null) print(`\n${table}`);
    }
  }
  const json = input.text("json");
  const results = { threads: THREADS, runs: N_RUNS, workloads: rows.map(flat), memory, scaling, serving, load };
  if (json !== null) await writeWhole(json, JSON.stringify(results, null, 2) + "\n");
}

/** A row as the JSON file holds it: medians beside each other. */
function flat({ workload, ours, peer, theirs, ratio, target, targetSeconds, held }: BenchRow): Record<string, unknown> {
  return {
    ...{
      workload,
      oursSeconds: ours.median,
      peer,
      peerSeconds: theirs?.median ?? null,
      ratio,
      target,
      targetSeconds,
      held,
    },
    ...{ ours, peerRange: theirs },
  };
}

/** Gives work a folder that is gone afterwards. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "routerbench-bench-" });
  try {
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Shows what runs: on a terminal one line that is drawn over, elsewhere a line each. */
function say(line: string): void {
  const text = Deno.stderr.isTerminal() ? `\r\x1b[2K${line}` : line === "" ? "" : `${line}\n`;
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}

await runCommand(main);
