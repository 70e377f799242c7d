import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suggestion } from "./base/suggestion.ts";
import { choiceOption, listOption, numberOption, readOptions, WHOLE_NUMBER } from "./commands/command_options.ts";
import { holdInterrupts } from "./base/interrupt.ts";
import { isLauncher, runConfined } from "./commands/confine.ts";
import { CONFINED } from "./commands/command_specs.ts";
import type { ReproduceCommand } from "./commands/reproduce_command.ts";
import { print, runCommand } from "./commands/run_command.ts";

/** The project's folder, and that of its data. */
const ROOT = fileURLToPath(new URL("..", import.meta.url)), DATA_FOLDER = join(ROOT, "data");

const REPRODUCE_HELP = `Runs the paper's systems on outcomes and writes tables, figures and a report.

Usage: deno task reproduce [options]

  --data FILE       outcomes: a released RouterBench pickle. Default: those in data/raw if they are there,
                    else outcomes simulated from the paper's Table 1
  --encoder NAME    auto (default: all-MiniLM-L6-v2, else lexical), lexical, or an encoder's name
  --evals A,B       only evaluations whose names begin with one of these. Default: the paper's seven
  --protocol NAME   ours (default): settings of all systems chosen on validation prompts;
                    paper: chosen on the test prompts, which are those of the printed numbers
  --seed N          seed of the simulation, the split, the networks and the intervals. Default: 1
  --prompts N       prompts of each evaluation where outcomes are simulated, or "released": as many as the
                    released file has, 34,778 in all. Default: 600
  --whole           also what takes long: the ablation, the MLP out of domain, and each subject and task
                    of the outcomes as a group of its own
  --out FOLDER      where results go. Default: results; with --json none
  --json            prints JSON instead of tables
  --help            this text

Example: deno task reproduce --evals mbpp,winogrande --seed 7 --out results/two`;

const NOTEBOOKS_HELP =
  `Executes notebooks from a fresh kernel and checks that every cell runs and shows what it promises.

Usage: deno task notebooks [NOTEBOOK …]

  NOTEBOOK          names of files in notebooks. Default: all
  --help            this text

The first run makes .venv from requirements.txt, which takes a minute. Executed notebooks go to results/notebooks.

Example: deno task notebooks 01_quick_start.ipynb`;

const LAB_HELP = `Opens JupyterLab at the notebooks, with this checkout's Deno as the kernel.

Usage: deno task lab [options of JupyterLab]

  --help            this text; deno task lab --help-all shows JupyterLab's

The first run makes .venv from requirements.txt, which takes a minute. Ctrl-C ends it.

Example: deno task lab --no-browser --port 8890`;

const REPRODUCE_OPTIONS = {
  data: { type: "string" },
  encoder: { type: "string", default: "auto" },
  evals: { type: "string" },
  protocol: { type: "string", default: "ours" },
  seed: { type: "string", default: "1" },
  prompts: { type: "string", default: "600" },
  whole: { type: "boolean" },
  out: { type: "string" },
  json: { type: "boolean" },
} as const;

async function main([command, ...args]: readonly string[]): Promise<void> {
  if (command === "reproduce") return await reproduce(args);
  if (command === "notebooks") return await notebooks(args);
  if (command === "lab") return await lab(args);
  if (Object.hasOwn(CONFINED, command ?? "")) return await confined(command, args);
  const known = ["reproduce", ...Object.keys(CONFINED), "notebooks", "lab"];
  throw new TypeError(
    `Cannot run a command as it must be one of ${known.join(", ")}: it is "${command ?? ""}"${
      suggestion(command ?? "", known, "")
    }`,
  );
}

/** Runs a confined command, or starts it anew with the permissions that its options need. */
async function confined(command: string, args: readonly string[]): Promise<void> {
  const spec = CONFINED[command], input = readOptions(args, spec);
  if (input.isOn("help")) return print(spec.help);
  if (await isLauncher()) {
    const entry = fileURLToPath(import.meta.url), config = join(ROOT, "deno.json");
    Deno.exitCode = await runConfined([command, ...args], spec.grants(input, ROOT), { entry, config });
    return;
  }
  if (command === "data") {
    return (await import("./commands/data_command.ts")).runData(input, join(DATA_FOLDER, "raw"), print);
  }
  if (command === "audit") Deno.exitCode = await (await import("./commands/audit_command.ts")).runAudit(input, print);
  else {await (await import("./commands/evaluate_command.ts")).runEvaluate(input, {
      weights: join(DATA_FOLDER, "raw", "weights"),
    }, print);}
}

async function notebooks(args: readonly string[]): Promise<void> {
  // Any number of names: a word for each that is there.
  const input = readOptions(args, { options: {}, words: args.map(() => "NOTEBOOK") });
  if (input.isOn("help")) return print(NOTEBOOKS_HELP);
  await (await import("./commands/jupyter/run_notebooks.ts")).runNotebooks(input.words, print);
}

/** Everything but `--help` goes to JupyterLab. */
async function lab(args: readonly string[]): Promise<void> {
  if (args[0] === "--help") return print(LAB_HELP);
  await (await import("./commands/jupyter/lab.ts")).openLab(args, print);
}

async function reproduce(args: readonly string[]): Promise<void> {
  const input = readOptions(args, { options: REPRODUCE_OPTIONS });
  if (input.isOn("help")) return print(REPRODUCE_HELP);
  const options: ReproduceCommand = {
    data: input.text("data"),
    encoder: input.text("encoder")!,
    out: input.text("out") ?? (input.isOn("json") ? null : "results"),
    json: input.isOn("json"),
    protocol: choiceOption(input, "protocol", ["ours", "paper"])!,
    seed: numberOption(input, "seed", WHOLE_NUMBER),
    evals: listOption(input, "evals"),
    prompts: input.text("prompts") === "released" ? "released" : numberOption(input, "prompts", WHOLE_NUMBER),
    whole: input.isOn("whole"),
  };
  const { runReproduce } = await import("./commands/reproduce_command.ts");
  await runReproduce(options, DATA_FOLDER, print);
}

if (import.meta.main) {
  holdInterrupts();
  await runCommand(main);
}
