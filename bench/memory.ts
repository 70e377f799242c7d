import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchEnvironment } from "./environment.ts";
import { makeStandIn } from "./read_pickle.ts";

/** The most memory that some work held. */
export interface MemoryRow {
  /** The work. */
  readonly workload: string;
  /** 10⁶ bytes. */
  readonly megabytes: number;
  /** The most that is aimed at. */
  readonly target: number;
  /** Whether it was kept. */
  readonly held: boolean;
}

/** Both targets: those of a machine on which much else runs. */
const MOST_MEGABYTES = 600;

/** Runs work in processes of its own and asks the system for the most memory that they held. */
export async function measureMemory(
  folder: string,
  environment: BenchEnvironment,
  say: (line: string) => void,
): Promise<MemoryRow[]> {
  say("memory: a pickle as large as the released ones");
  const path = join(folder, "stand_in.pkl");
  await makeStandIn(path, environment);
  const pickle = await peakOf(["read-pickle", path], environment);
  say("memory: nearest neighbours, and the inputs alone");
  const search = await peakOf(["nearest-neighbours", ""], environment);
  const inputs = await peakOf(["inputs", ""], environment);
  return [
    ["reading a pickle into outcomes, the whole process", pickle],
    ["40 nearest, above a process that holds the inputs", search - inputs],
  ].map(([workload, bytes]) => {
    const megabytes = Number(bytes) / 1e6;
    return { workload: String(workload), megabytes, target: MOST_MEGABYTES, held: megabytes < MOST_MEGABYTES };
  });
}

async function peakOf(work: readonly string[], { python }: BenchEnvironment): Promise<number> {
  const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const deno = [
    Deno.execPath(),
    "run",
    "-q",
    "--no-prompt",
    "--allow-read",
    "--allow-ffi",
    "--allow-env=ORT_DISABLE_TELEMETRY",
    path("once.ts"),
  ];
  const { code, stdout, stderr } = await new Deno.Command(python, {
    args: [path("peers/peak_memory.py"), ...deno, ...work],
  }).output();
  if (code !== 0) {
    throw new Error(`Cannot see the memory of "${work[0]}" as it must end well: ${new TextDecoder().decode(stderr)}`);
  }
  return Number(new TextDecoder().decode(stdout));
}
