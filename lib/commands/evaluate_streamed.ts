import { progressBar } from "../base/progress.ts";
import { counted } from "../base/words.ts";
import { paragraph } from "../base/wrapped.ts";
import { memoryNeeded } from "../files/memory_needed.ts";
import { evaluateStreamed, type StreamedOutcomes, streamOutcomes, SUMMED_ROUTERS } from "../warehouse/mod.ts";
import { choiceOption, type CommandInput, listOption, numberOption, type OptionSpec } from "./command_options.ts";
import { seedOf } from "./command_options.ts";
import { evaluateBySums } from "./evaluated_sums.ts";
import { loadOptionsOf } from "./table_options.ts";
import { trainShareOf } from "./train_share.ts";
import { needTakenBySums } from "./warehouse_options.ts";

/** Options for files that memory may not hold. */
export const STREAM_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  "stream": {
    says:
      "reads the file in parts, so that it may be larger than memory: Parquet, CSV or JSON Lines, one row a response. " +
      "Its routers: predicted (columns predicted_quality, predicted_cost_usd), evaluation, cascade. A file that would not fit is read so without it",
  },
  "memory": {
    value: "GB",
    says:
      "memory that may be used. Default: 70 % of what the machine has available, which in a container may be more than its own",
  },
};

/** Options of `evaluate` that mean something for a file that is read in parts. */
const TAKEN = [
  ...["columns", "eval-column", "where", "missing", "missing-values", "quality-words", "quality-range"],
  ...["prices", "response-costs", "eval", "seed", "routers", "train-share", "out", "json", "csv-guard", "verbose"],
  ...Object.keys(STREAM_OPTIONS),
];
const ABOVE_ZERO = { words: "above 0", holds: (value: number): boolean => value > 0 };
const GB = 1e9;
const SHARE_OF_AVAILABLE = 0.7;

/** Whether a file is to be read in parts; says so where memory would not hold it. */
export async function isStreamed(
  input: CommandInput,
  path: string,
  say: (text: string) => void,
): Promise<boolean> {
  const limit = input.isOn("memory") ? numberOption(input, "memory", ABOVE_ZERO) * GB : null;
  if (input.isOn("stream")) return true;
  const needed = await memoryNeeded(path);
  if (needed === null) return false;
  const most = limit ?? SHARE_OF_AVAILABLE * Deno.systemMemoryInfo().available;
  if (needed <= most) return false;
  say(paragraph(
    `"${path}" would take about ${sizeOf(needed)} of memory, and ${
      sizeOf(most)
    } may be used: it is read in parts, as by --stream. Routers that learn from texts are left out then; --memory GB names another limit.`,
  ));
  return true;
}

function sizeOf(nBytes: number): string {
  return nBytes < GB ? `${Math.ceil(nBytes / 1e6)} MB` : `${(nBytes / GB).toPrecision(2)} GB`;
}

/** `evaluate FILE --stream`: the same evaluation on a file that is larger than memory. */
export async function runStreamed(
  input: CommandInput,
  { path, out, scratch, known, notebooks }: {
    readonly path: string;
    readonly out: string | null;
    /** Where the rows' numbers are kept meanwhile. */
    readonly scratch: string;
    readonly known: readonly string[];
    readonly notebooks: (folder: string) => string | null;
  },
  say: (text: string) => void,
): Promise<void> {
  needTakenBySums(input, { known, taken: TAKEN, what: "a file that is read in parts" });
  const seed = seedOf(input);
  const routers = input.isOn("routers") ? listOption(input, "routers", SUMMED_ROUTERS)! : SUMMED_ROUTERS;
  const missing = choiceOption(input, "missing", ["error", "drop"]) ?? "error";
  const trainShare = trainShareOf(input);
  const evalNames = listOption(input, "eval");
  const reading = progressBar("Reading rows");
  using streamed = await streamOutcomes(path, {
    seed,
    folder: scratch,
    load: await loadOptionsOf(input),
    evalNames,
    onProgress: (done, total) => reading.update(done, total),
  }).finally(() => reading.stop());
  const { audit, findings, models, name, sha256, notes } = streamed;
  if (!input.isOn("json")) {
    say(paragraph(headingOf(streamed)));
    for (const note of notes) say(paragraph(note, "  "));
  }
  const summed = {
    outcomes: { source: { kind: "file", name, sha256, notes } as const, models, nPrompts: audit.nPrompts },
    audit,
    findings,
    settings: { seed, routers, missing, trainShare, evalNames },
    evaluate: (evalName: string | undefined, onProgress: (done: number, total: number) => void) =>
      evaluateStreamed(streamed, { routers, missing, trainShare, evalName, onProgress }),
  };
  await evaluateBySums(summed, input, { out, doing: "Evaluating the file", notebooks }, say);
}

function headingOf({ name, audit: { nPrompts }, models, seed, scratchBytes }: StreamedOutcomes): string {
  return `Outcomes: ${name} (${counted(nPrompts, "prompt")} × ${
    counted(models.length, "model")
  }), read in parts; their numbers take ${sizeOf(scratchBytes)} on disk meanwhile. Seed: ${seed}.`;
}
