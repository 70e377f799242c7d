/** `deno task NAME`: finds the command, reads its options, and starts it. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { endWithParent, holdInterrupts } from "./base/interrupt.ts";
import { suggestion } from "./base/suggestion.ts";
import type { Command, ProjectFolders } from "./commands/command.ts";
import { readOptions } from "./commands/command_options.ts";
import { runConfined, startedBy } from "./commands/confine.ts";
import { helpText } from "./commands/help_text.ts";
import { print, runCommand } from "./commands/run_command.ts";

/** The commands by name; each is loaded only when it is called. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  reproduce: async () => (await import("./commands/reproduce_command.ts")).REPRODUCE,
  data: async () => (await import("./commands/data_command.ts")).DATA,
  audit: async () => (await import("./commands/audit_command.ts")).AUDIT,
  evaluate: async () => (await import("./commands/evaluate_command.ts")).EVALUATE,
  warehouse: async () => (await import("./commands/warehouse_command.ts")).WAREHOUSE,
  serve: async () => (await import("./commands/serve_command.ts")).SERVE,
  replay: async () => (await import("./commands/replay_command.ts")).REPLAY,
  notebooks: async () => (await import("./commands/jupyter/run_notebooks.ts")).NOTEBOOKS_COMMAND,
  lab: async () => (await import("./commands/jupyter/lab.ts")).LAB,
};

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const RAW = join(ROOT, "data", "raw");
const FOLDERS: ProjectFolders = {
  root: ROOT,
  raw: RAW,
  weights: join(RAW, "weights"),
  cache: join(ROOT, "data", "cache"),
};

async function main(args: readonly string[]): Promise<void> {
  const { pid, args: [name = "", ...given] } = startedBy(args);
  if (!Object.hasOwn(COMMANDS, name)) {
    const known = Object.keys(COMMANDS);
    const meant = suggestion(name, known, "");
    throw new TypeError(`Cannot run a command as it must be one of ${known.join(", ")}: it is "${name}"${meant}`);
  }
  const command = await loaded(name);
  const input = readOptions(given, command);
  if (input.isOn("help")) return print(helpText(command));
  if (pid !== null) endWithParent(pid);
  else if (command.access !== undefined) {
    // A task runner that is killed leaves its program behind.
    if (Deno.env.get("INIT_CWD") !== undefined) endWithParent();
    const program = { entry: fileURLToPath(import.meta.url), config: join(ROOT, "deno.json") };
    Deno.exitCode = await runConfined([name, ...given], command.access(input, FOLDERS), program);
    return;
  }
  Deno.exitCode = await command.run(input, FOLDERS, print) ?? 0;
}

/** At the first run the packages that a command imports come from the network. */
async function loaded(name: string): Promise<Command> {
  try {
    return await COMMANDS[name]();
  } catch (cause) {
    const [found] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    throw new Error(
      `Cannot load the command "${name}" as its packages must be there or be fetched: ${found}; connect to the network and run again`,
      { cause },
    );
  }
}

if (import.meta.main) {
  holdInterrupts();
  await runCommand(main);
}
