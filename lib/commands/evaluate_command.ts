import { join } from "node:path";
import type { Access, Command, ProjectFolders } from "./command.ts";
import {
  choiceOption,
  type CommandInput,
  CSV_GUARD,
  listOption,
  numberOption,
  WHOLE_NUMBER,
} from "./command_options.ts";
import { auditOutcomes, type LoadCounts, type OutcomeAudit, wrongFindings } from "../audit/audit_outcomes.ts";
import type { Encoder } from "../embeddings/embeddings.ts";
import { counted } from "../base/words.ts";
import { loadWithCounts } from "../files/load_outcomes.ts";
import type { RetrievedRecords } from "../files/retrieved_records.ts";
import { type OutcomeTable, selectEvals } from "../outcomes/outcome_table.ts";
import { TRAIN_SHARE } from "../evaluation/evaluation_data.ts";
import { shareWithout, trainingWords, trainShareOf } from "./train_share.ts";
import { runProgress } from "../base/progress.ts";
import { type EvaluatedTable, evaluateTable, ROUTER_FAMILIES, toldOf } from "../experiments/evaluate_table.ts";
import { modelsAlone } from "../experiments/models_alone.ts";
import { evaluationJson } from "../reports/result_json.ts";
import { conclusionOf } from "../reports/conclusion.ts";
import { notebooksFrom } from "../reports/reading.ts";
import { restText, sayConclusion, sayEvaluations, sayFirst } from "../reports/say_run.ts";
import { recommend } from "../evaluation/recommend.ts";
import { paragraph } from "../base/wrapped.ts";
import { GOAL_OPTIONS, goalOf, routerOf, sayRecommendation } from "./recommended.ts";
import { textsToRead } from "../outcomes/texts_to_read.ts";
import { tableOf } from "./known_tables.ts";
import { aloneJson, aloneText } from "./evaluate_alone.ts";
import { filesOfEvaluation } from "./evaluate_files.ts";
import { evaluateWithLatency, LATENCY_OPTIONS, latencyBeside, latencyGoalOf } from "./evaluate_latency.ts";
import { LOGGED_OPTIONS, needLogged, runLogged } from "./evaluate_logged.ts";
import { evaluateWithRetrieval } from "./evaluate_retrieval.ts";
import { isStreamed, runStreamed, STREAM_OPTIONS } from "./evaluate_streamed.ts";
import { sayBeside } from "./say_beside.ts";
import { runWarehouse } from "./evaluate_warehouse.ts";
import { openLocalEncoder } from "./local_encoder.ts";
import { filesOfTable, loadOptionsOf, TABLE_OPTIONS, TABLE_WORD } from "./table_options.ts";
import { isWarehouseAddress } from "../warehouse/warehouse_address.ts";
import { LIMIT_OPTIONS, needNoLimits, reachOf, WAREHOUSE_NOTES } from "./warehouse_options.ts";
import { writeFolder } from "../base/write_folder.ts";

/** `deno task evaluate FILE`: Zero, the oracle and routers on any table, with curves, AIQ by both rules, savings. */
export const EVALUATE: Command = {
  name: "evaluate",
  summary: "Evaluates routers on any table of outcomes.",
  word: TABLE_WORD,
  options: {
    ...TABLE_OPTIONS,
    "routers": {
      value: "A,B",
      says: "which routers are evaluated; Zero and the oracle always are",
      default: ROUTER_FAMILIES.join(","),
    },
    "encoder": {
      value: "NAME",
      says: "lexical, an encoder's name, or auto: all-MiniLM-L6-v2 if its weights are there " +
        "(deno task reproduce fetches them), else lexical",
      default: "auto",
    },
    "whole-prompts": {
      says:
        "gives the encoder whole prompts; without it a long beginning that the prompts of an evaluation share is left out",
    },
    "eval": { value: "A,B", says: "only evaluations whose names begin with one of these" },
    "split": {
      value: "NAME",
      says:
        "chance: prompts are split at random by the seed; given: files whose names begin with test are held out, as their makers do",
      default: "chance",
    },
    "train-share": {
      value: "X",
      says: `share of the prompts to learn from. Default: ${TRAIN_SHARE}`,
    },
    "seed": { value: "N", says: "seed of the split, the networks and the intervals", default: "1" },
    ...GOAL_OPTIONS,
    ...LATENCY_OPTIONS,
    "out": { value: "FOLDER", says: "where results go; without it results/evaluate, with --json nowhere" },
    "csv-guard": CSV_GUARD,
    "json": { says: "prints JSON instead of tables" },
    "verbose": { says: "prints the tables of all evaluations, which otherwise stand in report.html only" },
    ...LOGGED_OPTIONS,
    ...STREAM_OPTIONS,
    ...LIMIT_OPTIONS,
  },
  notes: WAREHOUSE_NOTES,
  example: "mine.jsonl --prices prices.json --missing drop --out results/mine",
  access: accessOf,
  run: runEvaluate,
};

/** Reads its own workers and the weights beside the user's files, and earlier vectors in the output folder. */
function accessOf(input: CommandInput, { root, raw, weights, cache }: ProjectFolders): Access {
  if (isWarehouseAddress(input.words[0])) {
    return { read: [join(root, "lib")], write: [], out: outFolder(input), ...reachOf(input.words[0]) };
  }
  const out = outFolder(input);
  // A file that memory does not hold is kept as numbers in the output folder, or in the cache where there is none.
  const write = out === null && !input.isOn("logged") ? [cache] : [];
  return { read: [...filesOfTable(input, raw), join(root, "lib"), weights], write, out };
}

type Say = (text: string) => void;

const EMBEDDING = "Embedding prompts";
const BESIDE = "With seconds or retrievers";
const EVALUATING = "Evaluating routers";
const DRAWING = "Drawing figures";
/** Of 3,600 prompts and three models on two cores. */
const USUAL_SECONDS = { [EMBEDDING]: 60, [BESIDE]: 0, [EVALUATING]: 40, [DRAWING]: 6 };

/** Computes everything before the first file is written. */
async function runEvaluate(input: CommandInput, folders: ProjectFolders, say: Say): Promise<void> {
  const notebooks = (folder: string): string | null => notebooksFrom(folder, folders.root);
  const out = outFolder(input);
  const bySums = { out, known: Object.keys(EVALUATE.options), notebooks };
  if (isWarehouseAddress(input.words[0])) return await runWarehouse(input, bySums, say);
  needNoLimits(input);
  const latencyGoal = latencyGoalOf(input);
  if (input.isOn("logged")) return await runLogged(input, folders, say);
  needLogged(input);
  const speak = input.isOn("json") ? (): void => {} : say;
  const { path } = tableOf(input, folders.raw);
  if (await isStreamed(input, path, speak)) {
    return await runStreamed(input, { ...bySums, path, scratch: out ?? folders.cache }, say);
  }
  const goal = goalOf(input);
  const asked = await askedOf(input, folders);
  const { outcomes, settings, testIds } = asked;
  const alone = modelsAlone(outcomes, { ...settings, testIds });
  if (alone !== null) {
    const audit = auditOutcomes(outcomes, { counts: asked.counts });
    sayOutcomes(asked, { encoder: null, audit, notes: [] }, speak);
    return say(input.isOn("json") ? aloneJson(outcomes, alone, { settings, audit }) : aloneText(alone));
  }
  const progress = runProgress(USUAL_SECONDS);
  try {
    const notices: string[] = [];
    const learns = settings.routers.some((family) => family !== "cascade") && outcomes.prompts !== null;
    const places = { weights: folders.weights, out, notices, progress: progress.stage(EMBEDDING) };
    const encoder = learns ? await openLocalEncoder(input.text("encoder") ?? "auto", places) : null;
    const read = encoder === null
      ? { texts: [], notes: [], leftOut: [] }
      : textsToRead(outcomes, { whole: input.isOn("whole-prompts") });
    const audit = auditOutcomes(outcomes, { counts: asked.counts, maxTokens: encoder?.maxTokens });
    sayOutcomes(asked, { encoder, audit, notes: [...notices, ...read.notes] }, speak);

    const nSaid = notices.length;
    const embeddings = encoder === null ? null : await encoder.encode(read.texts);
    for (const line of notices.slice(nSaid)) speak(paragraph(line, "  "));
    progress.update(BESIDE, 0, 2);
    const timed = latencyGoal && latencyBeside(await evaluateWithLatency(latencyGoal, { ...asked, embeddings }));
    progress.update(BESIDE, 1, 2);
    const staged = await evaluateWithRetrieval({ ...asked, encoder, embeddings });
    const beside = [timed, staged].filter((each) => each !== null);
    const result = await evaluateTable(outcomes, embeddings, {
      ...{ families: settings.routers, trainShare: settings.trainShare, testIds, seed: settings.seed },
      onProgress: ({ done, total }) => progress.update(EVALUATING, done, total),
    });
    const recommendation = goal && recommend(result.evaluations[0].evaluation, goal);
    const context = { kind: outcomes.source.kind, nWrong: wrongFindings(audit).length };
    const conclusion = conclusionOf(result.evaluations, context);
    const name = encoder?.name ?? "none";
    const evaluated = { outcomes, audit, encoder: name, settings, result, conclusion, recommendation, beside };
    const files = out === null ? null : await filesOfEvaluation(toldOf(evaluated), {
      router: recommendation && routerOf(evaluated, { recommendation, encoder, leftOut: read.leftOut }, input),
      escapeFormulas: input.isOn("csv-guard"),
      progress: progress.stage(DRAWING),
      notebooks: notebooks(out),
    });
    progress.stop();
    sayFound(evaluated, { verbose: input.isOn("verbose") }, speak);
    for (const each of beside) sayBeside(each, speak);
    if (input.isOn("json")) say(evaluationJson(toldOf(evaluated)).trimEnd());
    if (out === null || files === null) return;
    await writeFolder(out, files);
    speak(
      `\n${
        paragraph(
          `Wrote ${files.size} files to ${out}: open ${join(out, "report.html")}.${restText(input.isOn("verbose"))}`,
        )
      }`,
    );
  } finally {
    progress.stop();
  }
}

/** What the options ask for, and the table. */
interface Asked {
  readonly file: string;
  readonly outcomes: OutcomeTable;
  readonly counts: LoadCounts;
  readonly retrieved: RetrievedRecords;
  readonly settings: EvaluatedTable["settings"];
  readonly testIds: ReadonlySet<string> | undefined;
  readonly notes: readonly string[];
}

async function askedOf(input: CommandInput, { raw }: ProjectFolders): Promise<Asked> {
  const { path: file, notes } = tableOf(input, raw);
  const routers = listOption(input, "routers", ROUTER_FAMILIES) ?? [];
  const evalNames = listOption(input, "eval");
  const seed = numberOption(input, "seed", WHOLE_NUMBER);
  const split = choiceOption(input, "split", ["chance", "given"]) ?? "chance";
  const share = trainShareOf(input, split);
  const { table, counts, heldOut, retrieved } = await loadWithCounts(file, await loadOptionsOf(input));
  const outcomes = evalNames === null ? table : selectEvals(table, evalNames);
  const testIds = split === "given" ? heldOut() : undefined;
  const trainShare = testIds === undefined ? share : shareWithout(outcomes, testIds);
  return {
    file,
    outcomes,
    counts,
    retrieved,
    settings: { seed, split, trainShare, routers, evalNames },
    testIds,
    notes,
  };
}

/** Tells what is evaluated, before the work. */
function sayOutcomes(
  { file, outcomes, settings: { seed, split, trainShare }, notes }: Asked,
  { encoder, audit, notes: more }: {
    readonly encoder: Encoder | null;
    readonly audit: OutcomeAudit;
    readonly notes: readonly string[];
  },
  speak: Say,
): void {
  const size = `${counted(outcomes.promptIds.length, "prompt")} × ${counted(outcomes.models.length, "model")}`;
  const learned = trainingWords(outcomes, { trainShare, split, seed });
  const made = `Encoder: ${encoder?.name ?? "none"}. Seed: ${seed}. Training: ${learned}.`;
  speak(paragraph(`Outcomes: ${outcomes.source.name} (${size}). ${made}`));
  for (const line of [...outcomes.source.notes, ...notes, ...more]) speak(paragraph(line, "  "));
  for (const { summary } of wrongFindings(audit)) {
    speak(paragraph(`Wrong for a comparison: ${summary}. See deno task audit ${file}`, "  "));
  }
}

/** Tells what was found. */
function sayFound(
  { outcomes, result, conclusion, recommendation }: EvaluatedTable,
  { verbose }: { readonly verbose: boolean },
  speak: Say,
): void {
  for (const note of result.notes) speak(paragraph(note, "  "));
  if (verbose) sayEvaluations(result.evaluations, speak);
  else sayFirst(result.evaluations, speak);
  sayConclusion(conclusion, speak);
  if (recommendation !== null) sayRecommendation(recommendation, outcomes.models, speak);
}

/** The output folder: with `--json`, only where one is named; with `--logged` none. */
function outFolder(input: CommandInput): string | null {
  if (input.isOn("logged")) return null;
  return input.text("out") ?? (input.isOn("json") ? null : join("results", "evaluate"));
}
