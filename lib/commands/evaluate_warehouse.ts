import { join } from "node:path";
import { progressBar } from "../base/progress.ts";
import { sha256OfBytes } from "../base/sha256.ts";
import { counted } from "../base/words.ts";
import { paragraph } from "../base/wrapped.ts";
import { writeFolder } from "../base/write_folder.ts";
import { type EvaluatedOutcomes, LEAST_IN_A_PART, MOST_SHOWN } from "../experiments/evaluate_table.ts";
import { POOLED } from "../experiments/evaluation_names.ts";
import type { NamedEvaluation } from "../experiments/named_evaluation.ts";
import { conclusionOf } from "../reports/conclusion.ts";
import { evaluationJson } from "../reports/result_json.ts";
import { restText, sayConclusion, sayEvaluations, sayFirst } from "../reports/say_run.ts";
import {
  auditWarehouse,
  evaluateWarehouse,
  openWarehouse,
  plannedQueries,
  type Warehouse,
  WAREHOUSE_ROUTERS,
  type WarehouseAudit,
  type WarehouseEvaluation,
  warehouseOfEvaluations,
} from "../warehouse/mod.ts";
import { choiceOption, type CommandInput, listOption, numberOption, WHOLE_NUMBER } from "./command_options.ts";
import { filesOfEvaluation } from "./evaluate_files.ts";
import { cancelledByInterrupt, LIMIT_OPTIONS, needTakenByWarehouse, warehouseOptionsOf } from "./warehouse_options.ts";

/** Options of `evaluate` that mean something for a table in a warehouse. */
const TAKEN = [
  ...["columns", "where", "missing", "eval", "seed", "routers", "train-share", "out", "json", "csv-guard", "verbose"],
  ...Object.keys(LIMIT_OPTIONS),
];
const SHARE = { words: "between 0 and 1", holds: (value: number): boolean => value > 0 && value < 1 };
const TRAIN_SHARE = 0.7, CHOOSE_SHARE = 0.3;

/** `evaluate clickhouse://…`: the same evaluation on a table that stays where it is. */
export async function runWarehouse(
  input: CommandInput,
  { out, known, notebooks }: {
    readonly out: string | null;
    readonly known: readonly string[];
    readonly notebooks: (folder: string) => string | null;
  },
  say: (text: string) => void,
): Promise<void> {
  needTakenByWarehouse(input, known, TAKEN);
  const seed = numberOption(input, "seed", WHOLE_NUMBER);
  const routers = input.isOn("routers") ? listOption(input, "routers", WAREHOUSE_ROUTERS)! : WAREHOUSE_ROUTERS;
  const missing = choiceOption(input, "missing", ["error", "drop"]) ?? "error";
  const trainShare = input.isOn("train-share") ? numberOption(input, "train-share", SHARE) : TRAIN_SHARE;
  const evalNames = listOption(input, "eval");
  const abort = new AbortController();
  const opened = await openWarehouse(input.words[0], { ...warehouseOptionsOf(input), signal: abort.signal });
  if (input.isOn("dry-run")) return say(plannedQueries(opened, { seed, routers, trainShare }).join(";\n\n") + ";");
  const speak = input.isOn("json") ? (): void => {} : say;
  const progress = progressBar("Evaluating in the warehouse");
  await cancelledByInterrupt(opened.connection, abort, async () => {
    const whole = await auditWarehouse(opened);
    const warehouse = evalNames === null ? opened : warehouseOfEvaluations(opened, whole, evalNames);
    const audit = evalNames === null ? whole : await auditWarehouse(warehouse);
    speak(paragraph(headingOf(warehouse, audit, seed)));
    const names = [undefined, ...shownEvaluations(audit, warehouse.models.length, trainShare)];
    const found: { readonly name: string; readonly result: WarehouseEvaluation }[] = [];
    for (const [at, evalName] of names.entries()) {
      const onProgress = (done: number, total: number): void =>
        progress.update(at * total + done, names.length * total);
      const result = await evaluateWarehouse(warehouse, {
        audit,
        seed,
        routers,
        missing,
        trainShare,
        evalName,
        onProgress,
      });
      found.push({ name: evalName ?? nameOfAll(audit), result });
    }
    progress.stop();
    const evaluated = evaluatedOf(warehouse, {
      audit,
      found,
      settings: { seed, routers, missing, trainShare, evalNames },
    });
    for (const note of evaluated.result.notes) speak(paragraph(note, "  "));
    if (input.isOn("verbose")) sayEvaluations(evaluated.result.evaluations, speak);
    else sayFirst(evaluated.result.evaluations, speak);
    sayConclusion(evaluated.conclusion, speak);
    if (input.isOn("json")) say(evaluationJson(evaluated).trimEnd());
    if (out === null) return;
    const drawn = found[0].result.evaluation.systems.map(({ name }) => name);
    const drawing = progressBar("Drawing figures");
    const files = await filesOfEvaluation(evaluated, {
      router: null,
      escapeFormulas: input.isOn("csv-guard"),
      more: null,
      progress: drawing,
      notebooks: notebooks(out),
      drawn,
    }).finally(() => drawing.stop());
    await writeFolder(out, files);
    const rest = restText(input.isOn("verbose"));
    speak(`\n${paragraph(`Wrote ${files.size} files to ${out}: open ${join(out, "report.html")}.${rest}`)}`);
  }).finally(() => progress.stop());
}

function headingOf(
  { connection: { address }, models, version }: Warehouse,
  { nPrompts }: WarehouseAudit,
  seed: number,
): string {
  return `Outcomes: ${address.database}.${address.table} at ${address.host}, ClickHouse ${version} (${
    counted(nPrompts, "prompt")
  } × ${counted(models.length, "model")}). Seed: ${seed}. Only sums leave the server.`;
}

function nameOfAll({ evaluations }: WarehouseAudit): string {
  return evaluations.length === 1 ? evaluations[0].name : POOLED;
}

/** Evaluations with enough prompts in each part to be shown by themselves. */
function shownEvaluations({ evaluations }: WarehouseAudit, nModels: number, trainShare: number): string[] {
  if (evaluations.length < 2) return [];
  const least = Math.min(1 - trainShare, trainShare * CHOOSE_SHARE);
  return evaluations.filter(({ nRows }) => nRows / nModels * least >= 2 * LEAST_IN_A_PART).slice(0, MOST_SHOWN)
    .map(({ name }) => name);
}

/** What is said of the run, as of a table in memory. */
function evaluatedOf(
  { connection: { address }, models }: Warehouse,
  { audit, found, settings }: {
    readonly audit: WarehouseAudit;
    readonly found: readonly { readonly name: string; readonly result: WarehouseEvaluation }[];
    readonly settings: EvaluatedOutcomes["settings"];
  },
): EvaluatedOutcomes {
  const ladders = found.flatMap(({ name, result }) =>
    result.ladders.map((ladder) =>
      `${
        name === POOLED ? "All evaluations" : name
      }, ${ladder.name}: ${ladder.nTried} values of λ were tried; where settings are chosen, the exact curve's AIQ is at most ${
        ladder.bound.toFixed(5)
      } above theirs`
    )
  );
  const sha256 = sha256OfBytes(JSON.stringify(audit));
  const evaluations = found.map(({ name, result: { evaluation } }): NamedEvaluation => ({
    evalName: name,
    evaluation,
    byOther: null,
    leftOut: null,
  }));
  return {
    outcomes: {
      source: { kind: "warehouse", name: `${address.database}.${address.table}`, sha256, notes: [] },
      models,
      nPrompts: audit.nPrompts,
    },
    audit: {
      name: address.table,
      nPrompts: audit.nPrompts,
      nModels: models.length,
      evalNames: audit.evaluations.map(({ name }) => name),
      findings: [],
      isComparable: true,
    },
    encoder: "none",
    settings,
    result: {
      evaluations,
      notes: [...new Set(found.flatMap(({ result }) => result.notes)), ...ladders],
    },
    conclusion: conclusionOf(evaluations, { kind: "warehouse", nWrong: 0 }),
    recommendation: null,
  };
}
