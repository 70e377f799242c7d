import { dirname, join } from "node:path";
import { ROOT } from "../lib/commands/jupyter/environment.ts";
import type { Workload } from "./workload.ts";

/** What a run needs of the project. */
const NEEDED: readonly string[] = [
  "deno.json",
  "deno.lock",
  "lib",
  join("data", "paper"),
  join("data", "raw", "weights"),
];

/** `deno task reproduce` on the built-in outcomes, in a copy of the project: without kept vectors, and with them. */
export const REPRODUCE: Workload = {
  name: "reproduce",
  prepare: async (folder) => {
    const project = join(folder, "project");
    const cache = join(project, "data", "cache");
    for (const path of NEEDED) await copy(join(ROOT, path), join(project, path));
    const run = async (): Promise<void> => {
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["task", "-q", "reproduce"],
        cwd: project,
        stdout: "null",
        stderr: "piped",
      })
        .output();
      if (code !== 0) throw new Error(`Cannot time the run as it must end well: ${new TextDecoder().decode(stderr)}`);
    };
    return [{
      workload: "deno task reproduce, no vectors kept",
      targetSeconds: 60,
      ours: async () => {
        await Deno.remove(cache, { recursive: true }).catch(() => {});
        await run();
      },
      peers: [],
    }, { workload: "deno task reproduce, vectors kept", targetSeconds: 15, ours: run, peers: [] }];
  },
};

async function copy(from: string, to: string): Promise<void> {
  const info = await Deno.stat(from).catch(() => null);
  if (info === null) return; // weights that are not there are fetched
  await Deno.mkdir(info.isFile ? dirname(to) : to, { recursive: true });
  if (info.isFile) return await Deno.copyFile(from, to);
  for await (const { name } of Deno.readDir(from)) await copy(join(from, name), join(to, name));
}
