import { join } from "node:path";
import type { Access, Command, ProjectFolders } from "./command.ts";
import { type CommandInput, REPORT_OPTIONS } from "./command_options.ts";
import { auditOutcomes, wrongFindings } from "../audit/audit_outcomes.ts";
import { TRAIN_SHARE_OPTION } from "./train_share.ts";
import { runProgress } from "../base/progress.ts";
import { watchSearches } from "../compute/nearest_neighbours.ts";
import { longSearchNotice } from "./long_search.ts";
import { evaluateTable, ROUTER_FAMILIES, toldOf } from "../experiments/evaluate_table.ts";
import { modelsAlone } from "../experiments/models_alone.ts";
import { evaluationJson } from "../reports/result_json.ts";
import { conclusionOf } from "../reports/conclusion.ts";
import { notebooksFrom } from "../reports/reading.ts";
import { sayEvaluated, sayWritten } from "../reports/say_run.ts";
import { recommend } from "../evaluation/recommend.ts";
import { paragraph } from "../base/wrapped.ts";
import { GOAL_OPTIONS, goalOf, routerOf, sayRecommendation } from "./recommended.ts";
import { textsToRead } from "../outcomes/texts_to_read.ts";
import { askedOf, sayAsked } from "./asked_table.ts";
import { tableOf } from "./known_tables.ts";
import { aloneJson, aloneText } from "./evaluate_alone.ts";
import { filesOfEvaluation } from "./evaluate_files.ts";
import { evaluateWithLatency, LATENCY_OPTIONS, latencyBeside, latencyGoalOf } from "./evaluate_latency.ts";
import { LOGGED_OPTIONS, needLogged, runLogged } from "./evaluate_logged.ts";
import { evaluateWithRetrieval } from "./evaluate_retrieval.ts";
import { isStreamed, runStreamed, STREAM_OPTIONS } from "./evaluate_streamed.ts";
import { evaluateOverSplits, nSplitsOf, SPLITS_OPTION } from "./evaluate_splits.ts";
import { sayBeside } from "./say_beside.ts";
import { runDataSets } from "./evaluate_data_sets.ts";
import { runWarehouse } from "./evaluate_warehouse.ts";
import { openLocalEncoder } from "./local_encoder.ts";
import { filesOfTable, TABLE_OPTIONS, TABLE_WORD } from "./table_options.ts";
import { isWarehouseAddress } from "../warehouse/warehouse_address.ts";
import { LIMIT_OPTIONS, needNoLimits, reachOf, WAREHOUSE_NOTES } from "./warehouse_options.ts";
import { writeFolder } from "../base/write_folder.ts";

/** `deno task evaluate FILE`: Zero, the oracle and routers on any table, with curves, AIQ by both rules, savings. */
export const EVALUATE: Command = {
  name: "evaluate",
  summary: "Evaluates routers on any table of outcomes.",
  word: {
    ...TABLE_WORD,
    says: `${TABLE_WORD.says}; or simulated. With several the same routers are compared on all`,
    times: "once or more",
  },
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
    "train-share": TRAIN_SHARE_OPTION,
    "seed": { value: "N", says: "seed of the split, the networks and the intervals", default: "1" },
    ...GOAL_OPTIONS,
    ...LATENCY_OPTIONS,
    ...SPLITS_OPTION,
    "out": { value: "FOLDER", says: "where results go; without it results/evaluate, with --json nowhere" },
    ...REPORT_OPTIONS,
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
const SEARCHING = "Comparing prompts";
const DRAWING = "Drawing figures";
/** Of 3,600 prompts and three models on two cores. */
const USUAL_SECONDS = { [EMBEDDING]: 60, [BESIDE]: 0, [EVALUATING]: 40, [DRAWING]: 6 };

/** Computes everything before the first file is written. */
async function runEvaluate(input: CommandInput, folders: ProjectFolders, say: Say): Promise<void> {
  const notebooks = (folder: string): string | null => notebooksFrom(folder, folders.root);
  const out = outFolder(input);
  if (input.words.length > 1) {
    needNoLimits(input);
    return await runDataSets(input, { folders, out }, say);
  }
  const bySums = { out, known: Object.keys(EVALUATE.options), notebooks };
  if (isWarehouseAddress(input.words[0])) return await runWarehouse(input, bySums, say);
  needNoLimits(input);
  const latencyGoal = latencyGoalOf(input);
  if (input.isOn("logged")) return await runLogged(input, folders, say);
  needLogged(input);
  const speak = input.isOn("json") ? (): void => {} : say;
  const verbose = input.isOn("verbose");
  const { path } = tableOf(input, folders.raw);
  if (await isStreamed(input, path, speak)) {
    return await runStreamed(input, { ...bySums, path, scratch: out ?? folders.cache }, say);
  }
  const goal = goalOf(input);
  const nSplits = nSplitsOf(input);
  const asked = await askedOf(input, folders, input.words[0]);
  const { outcomes, settings, testIds } = asked;
  const alone = modelsAlone(outcomes, { ...settings, testIds });
  if (alone !== null) {
    const audit = auditOutcomes(outcomes, { counts: asked.counts });
    sayAsked(asked, { encoder: null, audit, notes: [] }, speak);
    return say(input.isOn("json") ? aloneJson(outcomes, alone, { settings, audit }) : aloneText(alone));
  }
  const progress = runProgress(USUAL_SECONDS);
  const unwatch = watchSearches(({ done, total }) => progress.update(SEARCHING, done, total));
  try {
    const notices: string[] = [];
    const learns = settings.routers.some((family) => family !== "cascade") && outcomes.prompts !== null;
    const places = { weights: folders.weights, out, notices, progress: progress.stage(EMBEDDING) };
    const encoder = learns ? await openLocalEncoder(input.text("encoder") ?? "auto", places) : null;
    const read = encoder === null
      ? { texts: [], notes: [], leftOut: [] }
      : textsToRead(outcomes, { whole: input.isOn("whole-prompts") });
    const audit = auditOutcomes(outcomes, {
      ...{ counts: asked.counts, maxTokens: encoder?.maxTokens },
      texts: encoder === null ? undefined : read.texts,
    });
    sayAsked(asked, { encoder, audit, notes: [...notices, ...read.notes] }, speak);

    const nSaid = notices.length;
    const embeddings = encoder === null ? null : await encoder.encode(read.texts);
    for (const line of notices.slice(nSaid)) speak(paragraph(line, "  "));
    const searched = embeddings && await longSearchNotice(embeddings, settings);
    if (searched !== null) speak(paragraph(searched, "  "));
    if (nSplits !== null) {
      return say(
        await evaluateOverSplits({ outcomes, embeddings, settings }, {
          ...{ nSplits, isJson: input.isOn("json") },
          onProgress: ({ done, total }) => progress.update(EVALUATING, done, total),
        }),
      );
    }
    progress.update(BESIDE, 0, 2);
    const timed = latencyGoal && latencyBeside(await evaluateWithLatency(latencyGoal, { ...asked, embeddings }));
    progress.update(BESIDE, 1, 2);
    const staged = await evaluateWithRetrieval({ ...asked, encoder, embeddings });
    const beside = [timed, staged].filter((each) => each !== null);
    const result = await evaluateTable(outcomes, embeddings, {
      families: settings.routers,
      trainShare: settings.trainShare,
      testIds,
      seed: settings.seed,
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
    sayEvaluated(evaluated, { verbose }, speak);
    if (recommendation !== null) sayRecommendation(recommendation, outcomes.models, speak);
    for (const each of beside) sayBeside(each, speak);
    if (input.isOn("json")) say(evaluationJson(toldOf(evaluated)).trimEnd());
    if (out === null || files === null) return;
    await writeFolder(out, files);
    sayWritten({ out, nFiles: files.size, verbose }, speak);
  } finally {
    unwatch();
    progress.stop();
  }
}

/** The output folder: with `--json`, only where one is named; with `--logged` and `--splits` none. */
function outFolder(input: CommandInput): string | null {
  if (input.isOn("logged") || input.text("splits") !== null) return null;
  return input.text("out") ?? (input.isOn("json") ? null : join("results", "evaluate"));
}
