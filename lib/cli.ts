import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import type { ReproduceCommand } from "./reproduce/command.ts";

/** The project's data folder. */
const DATA_FOLDER = fileURLToPath(new URL("../data", import.meta.url));

/** Exit codes: bad input; a command that is still to come. */
const BAD_INPUT = 1, NOT_YET = 2;

const REPRODUCE_HELP = `Runs the paper's systems on outcomes and writes tables, figures and a report.

Usage: deno task reproduce [options]

  --data FILE       outcomes: a released RouterBench pickle. Default: those in data/raw if they are there,
                    else outcomes simulated from the paper's Table 1
  --encoder NAME    auto (default: all-MiniLM-L6-v2, else lexical), lexical, or an encoder's name
  --evals A,B       only these evaluations, each every name that begins so. Default: the paper's seven
  --protocol NAME   ours (default): settings of all systems chosen on validation prompts;
                    paper: chosen on the test prompts
  --seed N          seed of the simulation, the split, the networks and the intervals. Default: 1
  --out FOLDER      where results go. Default: results
  --help            this text

Example: deno task reproduce --evals mbpp,winogrande --seed 7 --out results/two`;

const REPRODUCE_OPTIONS = {
  data: { type: "string" },
  encoder: { type: "string", default: "auto" },
  evals: { type: "string" },
  protocol: { type: "string", default: "ours" },
  seed: { type: "string", default: "1" },
  out: { type: "string", default: "results" },
  help: { type: "boolean", default: false },
} as const;

/** Commands that a later version brings. */
const TO_COME: readonly string[] = ["data", "evaluate", "audit", "bench"];

async function main([command, ...args]: readonly string[]): Promise<void> {
  if (command === "reproduce") return await reproduce(args);
  if (command === "notebooks") return (await import("./jupyter/run_notebooks.ts")).runNotebooks(args, print);
  if (command === "lab") return (await import("./jupyter/lab.ts")).openLab(args, print);
  if (TO_COME.includes(command)) {
    print(`"${command}" is not there yet: a later version brings it.`);
    Deno.exitCode = NOT_YET;
    return;
  }
  const known = ["reproduce", "notebooks", "lab", ...TO_COME];
  throw new TypeError(`Cannot run a command as it must be one of ${known.join(", ")}: it is "${command ?? ""}"`);
}

async function reproduce(args: readonly string[]): Promise<void> {
  const { help, ...options } = readOptions(args);
  if (help) return print(REPRODUCE_HELP);
  const { runReproduce } = await import("./reproduce/command.ts");
  await runReproduce(options, DATA_FOLDER, print);
}

/** Reads and checks the options of `reproduce`. */
function readOptions(args: readonly string[]): ReproduceCommand & { readonly help: boolean } {
  const { tokens } = parseArgs({ args: [...args], options: REPRODUCE_OPTIONS, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional") {
      throw new TypeError(`Cannot read the options as each must begin with "--": "${token.value}" does not; see --help`);
    }
    if (token.kind === "option" && !(token.name in REPRODUCE_OPTIONS)) {
      throw new TypeError(`Cannot read the options as each must be known: "${token.rawName}" is not${suggestion(token.name)}; see --help`);
    }
  }
  let values;
  try {
    values = parseArgs({ args: [...args], options: REPRODUCE_OPTIONS }).values;
  } catch (cause) {
    throw new TypeError(
      `Cannot read the options as each but --help takes one value: ${cause instanceof Error ? cause.message : cause}; see --help`,
      { cause },
    );
  }
  const { data = null, encoder, evals, protocol, seed, out, help } = values;
  if (protocol !== "ours" && protocol !== "paper") {
    throw new TypeError(`Cannot read the options as --protocol must be ours or paper: it is "${protocol}"`);
  }
  if (!/^\d+$/.test(seed)) throw new TypeError(`Cannot read the options as --seed must be a whole number: it is "${seed}"`);
  return { data, encoder, out, protocol, help, seed: Number(seed), evals: evals?.split(",").map((name) => name.trim()) ?? null };
}

/** The option that a misspelled one may have meant: the one with the most letters in the same places. */
function suggestion(name: string): string {
  const likeness = (known: string): number =>
    [...known].filter((letter, at) => name[at] === letter || name[at + 1] === letter).length / known.length;
  const best = Object.keys(REPRODUCE_OPTIONS).toSorted((a, b) => likeness(b) - likeness(a))[0];
  return likeness(best) >= 0.5 ? `; did you mean "--${best}"?` : "";
}

function print(text: string): void {
  // deno-lint-ignore no-console
  console.log(text);
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    // A message of ours says all; anything else is a fault in the program, which needs its trace.
    const text = error instanceof Error
      ? (error.message.startsWith("Cannot ") ? error.message : error.stack ?? error.message)
      : String(error);
    // deno-lint-ignore no-console
    console.error(text);
    Deno.exit(BAD_INPUT);
  }
}
