import { join } from "node:path";
import { progressBar } from "../base/progress.ts";
import { counted } from "../base/words.ts";
import { writeFolder } from "../base/write_folder.ts";
import type { Encoder } from "../embeddings/embeddings.ts";
import type { LoadedRouter } from "../evaluation/router_file.ts";
import { loadWithCounts } from "../files/load_outcomes.ts";
import { type OutcomeTable, selectEvals, selectPrompts } from "../outcomes/outcome_table.ts";
import { givenSplit, splitOutcomes } from "../outcomes/split_outcomes.ts";
import { textsToRead } from "../outcomes/texts_to_read.ts";
import { liveRouterOf } from "../serve/live_router_of.ts";
import { replay } from "../serve/replay/replay.ts";
import { replayReport } from "../serve/replay/replay_report.ts";
import type { Access, Command, ProjectFolders } from "./command.ts";
import { choiceOption, type CommandInput, COUNT, listOption, numberOption, seedOf } from "./command_options.ts";
import { tableOf } from "./known_tables.ts";
import { latencyOf, replayJson, sayReplay, sharesOf } from "./replayed.ts";
import { encoderOf, readRouter, ROUTER_VARIABLES } from "./saved_router.ts";
import { TRAIN_SHARE_OPTION, trainShareOf } from "./train_share.ts";
import { filesOfTable, loadOptionsOf, TABLE_OPTIONS, TABLE_WORD } from "./table_options.ts";

/** `deno task replay TABLE --router ROUTER.json`: a saved router live, in front of models that answer from a table. */
export const REPLAY: Command = {
  name: "replay",
  summary:
    "Sends the test prompts of a table through a live router whose models answer from that table, and compares " +
    "what is measured live with what the evaluation said.",
  word: TABLE_WORD,
  options: {
    "router": { value: "ROUTER.json", says: "the router file that deno task evaluate TABLE --keep 95% saves" },
    "setting": { value: "NAME", says: "recommended, or a promise such as 95", default: "recommended" },
    "prompts": { value: "N", says: "only the first N test prompts" },
    "split": {
      value: "NAME",
      says: "chance or given, as the evaluation was told; a table that the router was not made from is sent whole",
      default: "chance",
    },
    "train-share": { ...TRAIN_SHARE_OPTION, says: "as the evaluation was told" },
    "eval": { value: "A,B", says: "as the evaluation was told" },
    "fail": { value: "MODEL=20%,…", says: "models that refuse a share of their requests with status 503" },
    "latency": {
      value: "HOW",
      says: "recorded: as the table has it; seconds for all models; or MODEL=SECONDS,…",
      default: "0",
    },
    "concurrency": { value: "N", says: "requests at the same time", default: "16" },
    "seed": { value: "N", says: "seed of failures and intervals; the split's is in the router file", default: "1" },
    "out": { value: "FOLDER", says: "where the log and replay.json go", default: join("results", "replay") },
    ...TABLE_OPTIONS,
  },
  notes: "Everything runs in one process and on this machine: no other host is reached, and nothing is paid. The log " +
    "in the folder is that of a live router, feedback included.",
  example: "paretobandit --router results/evaluate/router.json --fail mistral-large-2512=20%",
  access: accessOf,
  run: runReplay,
};

function accessOf(input: CommandInput, { root, raw, weights }: ProjectFolders): Access {
  return {
    read: [...filesOfTable(input, raw), routerFileOf(input), join(root, "lib"), weights],
    write: [],
    out: input.text("out"),
    env: ROUTER_VARIABLES,
  };
}

function routerFileOf(input: CommandInput): string {
  const file = input.text("router");
  if (file !== null) return file;
  throw new TypeError(
    "Cannot replay as --router must name a router file: there is none; deno task evaluate TABLE --keep 95% saves one",
  );
}

async function runReplay(
  input: CommandInput,
  { raw, weights }: ProjectFolders,
  say: (text: string) => void,
): Promise<void> {
  const loaded = await readRouter(routerFileOf(input));
  const seed = seedOf(input);
  const concurrency = numberOption(input, "concurrency", {
    words: "a whole number from 1 to 1000",
    holds: (value) => Number.isInteger(value) && value >= 1 && value <= 1000,
  });
  const failures = sharesOf(input, loaded.models);
  const latency = latencyOf(input, loaded.models);
  const out = input.text("out")!;
  const { tested, texts, isWhole, notes } = await testPrompts(input, { loaded, raw });
  const encoder = await encoderOf(loaded, weights);
  const setting = input.text("setting")!;
  const router = liveRouterOf(loaded, { encoder, setting });
  say(
    `Replaying ${counted(tested.promptIds.length, "prompt")} of ${tested.source.name} through ${router.name} (${
      router.sha256.slice(0, 12)
    }), setting ${router.settings[0].name}. Encoder: ${encoder?.name ?? "none"}.`,
  );
  for (const note of notes) say(`  ${note}`);
  const [{ willingnessToPay }] = router.settings;
  const choices = await evaluatedChoices(loaded, { texts, tested, encoder }, willingnessToPay);
  const logFolder = join(out, "log");
  await removeEarlierLog(logFolder);
  const progress = progressBar("Asking the live router");
  const replayed = await replay(tested, {
    router,
    latency,
    failures,
    seed,
    concurrency,
    logFolder,
    onProgress: ({ done, total }) => progress.update(done, total),
  }).finally(() => progress.stop());
  const report = replayReport(tested, replayed, { choices, seed });
  const saved = isWhole ? loaded.settings.find((each) => each.willingnessToPay === willingnessToPay)! : null;
  sayReplay(report, { models: tested.models, saved, say });
  await writeFolder(out, new Map([["replay.json", replayJson(report, { outcomes: tested, replayed, choices })]]));
  say(`\nWrote ${join(out, "replay.json")} and the log in ${logFolder}.`);
}

interface TestPrompts {
  readonly tested: OutcomeTable;
  /** What the evaluation gave to the encoder, a text for each of them. */
  readonly texts: readonly string[];
  /** True where they are all the prompts on which the router was measured. */
  readonly isWhole: boolean;
  readonly notes: readonly string[];
}

/** The prompts on which the router was measured; of a table that it was not made from, all. */
async function testPrompts(
  input: CommandInput,
  { loaded, raw }: { readonly loaded: LoadedRouter; readonly raw: string },
): Promise<TestPrompts> {
  const { path, notes } = tableOf(input, raw);
  const { table, heldOut } = await loadWithCounts(path, await loadOptionsOf(input));
  const evalNames = listOption(input, "eval");
  const outcomes = evalNames === null ? table : selectEvals(table, evalNames);
  needModels(outcomes, loaded);
  const { outcomesSha256, seed, nPrompts } = loaded.provenance;
  const isOwn = outcomes.source.sha256 === outcomesSha256;
  const rows = isOwn
    ? testRows(outcomes, { input, seed, nTest: nPrompts.test, heldOut })
    : [...outcomes.promptIds.keys()];
  const first = input.text("prompts") === null ? rows : rows.slice(0, numberOption(input, "prompts", COUNT));
  const read = outcomes.prompts === null
    ? []
    : textsToRead(outcomes, { whole: loaded.encoder?.leftOut.length === 0 }).texts;
  const all = `The router was not made from this table: all of its ${counted(rows.length, "prompt")} are test prompts`;
  return {
    tested: selectPrompts(outcomes, first),
    texts: first.map((row) => read[row]),
    isWhole: isOwn && first.length === rows.length,
    notes: [...notes, ...(isOwn ? [] : [all])],
  };
}

function needModels({ models, source }: OutcomeTable, loaded: LoadedRouter): void {
  if (models.length === loaded.models.length && models.every((model, j) => model === loaded.models[j])) return;
  throw new TypeError(
    `Cannot replay as "${source.name}" and the router must have the same models: the table has ${
      models.join(", ")
    }, the router ${loaded.models.join(", ")}`,
  );
}

/** The test prompts of the evaluation that saved the router. */
function testRows(
  outcomes: OutcomeTable,
  { input, seed, nTest, heldOut }: {
    readonly input: CommandInput;
    readonly seed: number;
    readonly nTest: number;
    readonly heldOut: () => ReadonlySet<string>;
  },
): readonly number[] {
  const split = choiceOption(input, "split", ["chance", "given"])!;
  const trainShare = trainShareOf(input, split);
  const rows = split === "given"
    ? givenSplit(outcomes, heldOut()).testRows
    : splitOutcomes(outcomes, { trainShare, seed }).testRows;
  if (rows.length === nTest) return rows;
  throw new TypeError(
    `Cannot replay as the test prompts must be those of the evaluation, which had ${nTest}: there are ${rows.length}; repeat its --split, --train-share and --eval`,
  );
}

/** The models that an evaluation of all prompts at once chooses. */
async function evaluatedChoices(
  loaded: LoadedRouter,
  { texts, tested, encoder }: Pick<TestPrompts, "texts" | "tested"> & { readonly encoder: Encoder | null },
  willingnessToPay: number,
): Promise<Int32Array> {
  const embeddings = encoder === null
    ? { nPrompts: tested.promptIds.length, nDims: 0, values: new Float32Array(0), encoder: "none" }
    : await encoder.encode(texts);
  return loaded.choose(await loaded.predict(embeddings, tested.prompts ?? undefined), willingnessToPay);
}

/** A replay begins with an empty log: what an evaluation reads there is one run. */
async function removeEarlierLog(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for await (const { name } of Deno.readDir(folder)) {
    if (/^requests-.*\.jsonl$/.test(name)) await Deno.remove(join(folder, name));
  }
}
