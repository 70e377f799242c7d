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
import { auditOutcomes } from "../audit/audit_outcomes.ts";
import { counted } from "../base/words.ts";
import { loadWithCounts } from "../files/load_outcomes.ts";
import { type OutcomeTable, selectEvals } from "../outcomes/outcome_table.ts";
import { TRAIN_SHARE } from "../evaluation/evaluation_data.ts";
import { progressBar } from "../base/progress.ts";
import { type EvaluatedTable, evaluateTable, ROUTER_FAMILIES } from "../experiments/evaluate_table.ts";
import { evaluationSummary } from "../reports/evaluate_page.ts";
import { evaluationJson } from "../reports/result_json.ts";
import { terminalHeading, terminalTable } from "../paper/run/summary.ts";
import { GOAL_OPTIONS, goalOf, routerOf, sayRecommendation } from "./recommended.ts";
import { textsToRead } from "../outcomes/texts_to_read.ts";
import { tableOf } from "./known_tables.ts";
import { filesOfEvaluation } from "./evaluate_files.ts";
import { runLogged } from "./evaluate_logged.ts";
import { openLocalEncoder } from "./local_encoder.ts";
import { filesOfTable, loadOptionsOf, TABLE_OPTIONS, TABLE_WORD } from "./table_options.ts";
import { writeFolder } from "../base/write_folder.ts";

/** `deno task evaluate FILE`: any table in; Zero, the oracle and routers out, with curves, AIQ by both rules, savings and figures. */
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
    "out": { value: "FOLDER", says: "where results go; without it results/evaluate, with --json nowhere" },
    "csv-guard": CSV_GUARD,
    "json": { says: "prints JSON instead of tables" },
    "logged": {
      says:
        "FILE is a log in which only the chosen model answered: deno task serve's, or a table with the probability of each choice " +
        "in a column propensity (--columns propensity=NAME). Estimates quality and cost of each model, and of a router " +
        "learned from the log; writes no files",
    },
  },
  example: "mine.jsonl --prices prices.json --missing drop --out results/mine",
  access: accessOf,
  run: runEvaluate,
};

/** Reads its own workers and the weights beside the user's files, and vectors of an earlier run in the output folder. */
function accessOf(input: CommandInput, { root, raw, weights }: ProjectFolders): Access {
  return { read: [...filesOfTable(input, raw), join(root, "lib"), weights], write: [], out: outFolder(input) };
}

/** Computes everything before the first file is written. */
async function runEvaluate(
  input: CommandInput,
  folders: ProjectFolders,
  say: (text: string) => void,
): Promise<void> {
  if (input.isOn("logged")) return await runLogged(input, folders, say);
  const { path: file, notes } = tableOf(input, folders.raw);
  const goal = goalOf(input);
  const isJson = input.isOn("json");
  const out = outFolder(input);
  const families = listOption(input, "routers", ROUTER_FAMILIES) ?? [];
  const evalNames = listOption(input, "eval");
  const seed = numberOption(input, "seed", WHOLE_NUMBER);
  const split = choiceOption(input, "split", ["chance", "given"]) ?? "chance";
  const share = trainShareOf(input, split);
  const { table, counts, heldOut } = await loadWithCounts(file, await loadOptionsOf(input));
  const outcomes = evalNames === null ? table : selectEvals(table, evalNames);
  const testIds = split === "given" ? heldOut() : undefined;
  const trainShare = testIds === undefined ? share : shareWithout(outcomes, testIds);

  const notices: string[] = [...notes];
  const embedding = progressBar("Embedding prompts");
  const learns = families.some((family) => family !== "cascade") && outcomes.prompts !== null;
  const encoder = learns
    ? await openLocalEncoder(input.text("encoder") ?? "auto", {
      weights: folders.weights,
      out,
      notices,
      progress: embedding,
    })
    : null;
  const read = encoder === null
    ? { texts: [], notes: [], leftOut: [] }
    : textsToRead(outcomes, { whole: input.isOn("whole-prompts") });
  const audit = auditOutcomes(outcomes, { counts, maxTokens: encoder?.maxTokens });
  const speak = isJson ? (): void => {} : say;
  speak(
    `Outcomes: ${outcomes.source.name} (${counted(outcomes.promptIds.length, "prompt")} × ${
      counted(outcomes.models.length, "model")
    }). Encoder: ${encoder?.name ?? "none"}. Seed: ${seed}. Training: ${
      testIds === undefined ? trainShare : `the given split, ${trainShare.toFixed(3)}`
    } of the prompts.`,
  );
  for (const line of [...outcomes.source.notes, ...notices, ...read.notes]) speak(`  ${line}`);
  for (const { severity, summary } of audit.findings) {
    if (severity === "wrong") speak(`  Wrong for a comparison: ${summary}. See deno task audit ${file}`);
  }

  const embeddings = encoder === null ? null : await encoder.encode(read.texts).finally(() => embedding.stop());
  const evaluating = progressBar("Evaluating routers");
  const result = await evaluateTable(outcomes, embeddings, {
    families,
    trainShare,
    testIds,
    seed,
    onProgress: ({ done, total }) => evaluating.update(done, total),
  }).finally(() => evaluating.stop());
  const evaluated: EvaluatedTable = {
    outcomes,
    audit,
    encoder: encoder?.name ?? "none",
    settings: { seed, split, trainShare, routers: families, evalNames },
    result,
  };
  for (const note of result.notes) speak(`  ${note}`);
  for (const named of result.evaluations) {
    speak(terminalHeading(named));
    speak(terminalTable(evaluationSummary(named)));
  }
  const recommendation = goal && sayRecommendation(evaluated, goal, speak);
  if (isJson) say(evaluationJson(evaluated).trimEnd());
  if (out === null) return;
  const router = recommendation && routerOf({ evaluated, recommendation, encoder, leftOut: read.leftOut }, input);
  const files = await filesOfEvaluation(evaluated, { router, escapeFormulas: input.isOn("csv-guard") });
  await writeFolder(out, files);
  speak(`\nWrote ${files.size} files to ${out}: open ${join(out, "report.html")}.`);
}

/**
 * The share of training prompts.
 *
 * @throws TypeError where it would be without effect
 */
function trainShareOf(input: CommandInput, split: "chance" | "given"): number {
  if (input.text("train-share") === null) return TRAIN_SHARE;
  if (split === "given") {
    throw new TypeError(
      "Cannot read the options as --train-share must not stand beside --split given, whose files say what is learned from; leave one out",
    );
  }
  return numberOption(input, "train-share", { words: "between 0 and 1", holds: (value) => value > 0 && value < 1 });
}

function shareWithout({ promptIds }: OutcomeTable, testIds: ReadonlySet<string>): number {
  return promptIds.filter((id) => !testIds.has(id)).length / promptIds.length;
}

/** The output folder: with `--json`, only where one is named; with `--logged` none. */
function outFolder(input: CommandInput): string | null {
  if (input.isOn("logged")) return null;
  return input.text("out") ?? (input.isOn("json") ? null : join("results", "evaluate"));
}
