import { join } from "node:path";
import type { CommandInput, CommandSpec } from "./command_options.ts";
import type { Grants } from "./confine.ts";
import { filesOfTableOptions, TABLE_HELP, TABLE_OPTIONS } from "./table_options.ts";

/** A command that runs with no more permissions than its options need. */
export interface ConfinedCommand extends CommandSpec {
  /** What `--help` prints. */
  readonly help: string;
  /** What it may do. */
  readonly grants: (input: CommandInput, root: string) => Grants;
}

const OUT = { type: "string" } as const, JSON_SWITCH = { type: "boolean" } as const;

const AUDIT: ConfinedCommand = {
  words: ["FILE"],
  options: { ...TABLE_OPTIONS, "max-tokens": { type: "string", default: "128" }, "out": OUT, "json": JSON_SWITCH },
  help: `Looks a table of outcomes over before it is trusted.

Usage: deno task audit FILE [options]

  FILE              Parquet, CSV, JSON Lines, JSON or a pickle of a pandas data frame, packed by gzip or not;
                    or a folder of such files, which are read as one table
  --max-tokens N    word pieces that the encoder reads. Default: 128, the paper's setting
  --out FOLDER      writes audit.html and audit.json there
  --json            prints JSON instead of text
${TABLE_HELP}
  --help            this text

Exit code: 0; 3 where something found makes a comparison of routers wrong; 1 where the file cannot be read.

Example: deno task audit mine.csv --columns quality=acc,model=system --out results/audit`,
  grants: (input) => ({ read: filesRead(input), write: outOf(input) }),
};

const EVALUATE: ConfinedCommand = {
  words: ["FILE"],
  options: {
    ...TABLE_OPTIONS,
    ...{ "routers": { type: "string" }, "encoder": { type: "string", default: "auto" }, "eval": { type: "string" } },
    ...{
      "train-share": { type: "string", default: "0.7" },
      "seed": { type: "string", default: "1" },
      "out": OUT,
      "json": JSON_SWITCH,
    },
  },
  help: `Evaluates routers on any table of outcomes.

Usage: deno task evaluate FILE [options]

  FILE              Parquet, CSV, JSON Lines, JSON or a pickle of a pandas data frame, packed by gzip or not;
                    or a folder of such files, which are read as one table
  --routers A,B     some of knn, mlp, linear, cascade. Default: all. Zero and the oracle are always there
  --encoder NAME    auto (default: all-MiniLM-L6-v2 if its weights are there (deno task reproduce fetches them), else lexical), lexical, or an encoder's name
  --eval A,B        only evaluations whose names begin with one of these
  --train-share X   share of the prompts to learn from. Default: 0.7
  --seed N          seed of the split, the networks and the intervals. Default: 1
  --out FOLDER      where results go. Default: results/evaluate; with --json none
  --json            prints JSON instead of tables
${TABLE_HELP}
  --help            this text

Example: deno task evaluate mine.jsonl --prices prices.json --missing drop --out results/mine`,
  grants: (input, root) => {
    const out = input.text("out") ?? (input.isOn("json") ? null : join("results", "evaluate"));
    return {
      // Its own workers and weights, and vectors of an earlier run in the output folder.
      read: [
        ...filesRead(input),
        join(root, "lib"),
        join(root, "data", "raw", "weights"),
        ...(out === null ? [] : [out]),
      ],
      write: out === null ? [] : [out],
      // ONNX Runtime is a native library; it, the encoder and jsdom ask for these variables and facts, and for no others.
      ffi: true,
      env: [
        "ORT_DISABLE_TELEMETRY",
        "npm_package_config_libvips",
        "MALLOC_ARENA_MAX",
        "UNDICI_NO_WASM_SIMD",
        "UNDICI_USE_MILO",
      ],
      sys: ["cpus", "hostname", "networkInterfaces"],
    };
  },
};

const DATA: ConfinedCommand = {
  words: ["NAME"],
  options: { "from": { type: "string" }, "verify": { type: "boolean" } },
  help:
    `Fetches the released RouterBench outcomes into data/raw, from the pinned revision; size and SHA-256 are checked.

Usage: deno task data [NAME] [options]

  NAME              routerbench-0shot (default, 100 MB), routerbench-5shot (163 MB) or routerbench-raw (1.1 GB)
  --from FILE|URL   takes the file from there: a copy on this machine, or another server
  --verify          fetches nothing: checks the files that are in data/raw
  --help            this text

An interrupted download goes on where it stopped. A file gets its name only when it is whole and right.

Example: deno task data routerbench-5shot`,
  grants: (input, root) => {
    const from = input.text("from"), raw = join(root, "data", "raw"), isUrl = from !== null && isWebAddress(from);
    return {
      read: [raw, ...(from === null || isUrl ? [] : [from])],
      write: input.isOn("verify") ? [] : [raw],
      // The hub, and the stores that it redirects to; or the server that the user names.
      net: input.isOn("verify")
        ? []
        : isUrl
        ? [new URL(from).host]
        : from === null
        ? ["huggingface.co", "*.huggingface.co", "*.hf.co"]
        : [],
    };
  },
};

/** The confined commands by name. */
export const CONFINED: Readonly<Record<string, ConfinedCommand>> = { data: DATA, audit: AUDIT, evaluate: EVALUATE };

/** True for an address of the web; anything else is a file's path. */
export function isWebAddress(from: string): boolean {
  return /^https?:\/\//i.test(from) && URL.canParse(from);
}

function filesRead(input: CommandInput): string[] {
  return [...input.words, ...filesOfTableOptions(input), ...outOf(input)];
}

function outOf(input: CommandInput): string[] {
  const out = input.text("out");
  return out === null ? [] : [out];
}
