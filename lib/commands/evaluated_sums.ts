import { wrongFindings } from "../audit/audit_outcomes.ts";
import type { AuditFinding } from "../audit/finding.ts";
import { progressBar } from "../base/progress.ts";
import { paragraph } from "../base/wrapped.ts";
import { writeFolder } from "../base/write_folder.ts";
import { type EvaluatedOutcomes, LEAST_IN_A_PART, MOST_SHOWN } from "../experiments/evaluate_table.ts";
import { POOLED } from "../experiments/evaluation_names.ts";
import type { NamedEvaluation } from "../experiments/named_evaluation.ts";
import { conclusionOf } from "../reports/conclusion.ts";
import { evaluationJson } from "../reports/result_json.ts";
import { sayEvaluated, sayWritten } from "../reports/say_run.ts";
import type { WarehouseAudit, WarehouseEvaluation } from "../warehouse/mod.ts";
import type { CommandInput } from "./command_options.ts";
import { filesOfEvaluation } from "./evaluate_files.ts";

/** Outcomes of which only sums are in memory, and how they are evaluated. */
export interface SummedOutcomes {
  /** The table in a few words. */
  readonly outcomes: EvaluatedOutcomes["outcomes"];
  /** What was counted. */
  readonly audit: WarehouseAudit;
  /** What makes a comparison wrong, or may do so. Default: not looked for. */
  readonly findings?: readonly AuditFinding[];
  /** What the run was told. */
  readonly settings: EvaluatedOutcomes["settings"] & { readonly trainShare: number };
  /** Evaluates all prompts, or those of one evaluation. */
  readonly evaluate: (
    evalName: string | undefined,
    onProgress: (done: number, total: number) => void,
  ) => Promise<WarehouseEvaluation>;
}

const CHOOSE_SHARE = 0.3;

/** Evaluates all prompts, then each evaluation that is large enough; says and writes what was found. */
export async function evaluateBySums(
  summed: SummedOutcomes,
  input: CommandInput,
  { out, doing, notebooks }: {
    readonly out: string | null;
    /** What the bar of progress says. */
    readonly doing: string;
    readonly notebooks: (folder: string) => string | null;
  },
  say: (text: string) => void,
): Promise<void> {
  const speak = input.isOn("json") ? (): void => {} : say;
  const { audit, outcomes: { models }, settings: { trainShare } } = summed;
  const names = [undefined, ...shownEvaluations(audit, models.length, trainShare)];
  const found: FoundEvaluation[] = [];
  const progress = progressBar(doing);
  try {
    for (const [at, evalName] of names.entries()) {
      const onProgress = (done: number, total: number): void =>
        progress.update(at * total + done, names.length * total);
      found.push({ name: evalName ?? nameOfAll(audit), result: await summed.evaluate(evalName, onProgress) });
    }
  } finally {
    progress.stop();
  }
  const evaluated = evaluatedOf(summed, found);
  for (const { summary, remedy } of wrongFindings(evaluated.audit)) {
    speak(paragraph(`Wrong for a comparison: ${summary}. ${remedy}.`, "  "));
  }
  const verbose = input.isOn("verbose");
  sayEvaluated(evaluated, { verbose }, speak);
  if (input.isOn("json")) say(evaluationJson(evaluated).trimEnd());
  if (out === null) return;
  const drawing = progressBar("Drawing figures");
  const files = await filesOfEvaluation(evaluated, {
    router: null,
    escapeFormulas: input.isOn("csv-guard"),
    progress: drawing,
    notebooks: notebooks(out),
    drawn: found[0].result.evaluation.systems.map(({ name }) => name),
  }).finally(() => drawing.stop());
  await writeFolder(out, files);
  sayWritten({ out, nFiles: files.size, verbose }, speak);
}

interface FoundEvaluation {
  readonly name: string;
  readonly result: WarehouseEvaluation;
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
  { outcomes, audit, findings = [], settings }: SummedOutcomes,
  found: readonly FoundEvaluation[],
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
  const nWrong = findings.filter(({ severity }) => severity === "wrong").length;
  const evaluations = found.map(({ name, result: { evaluation } }): NamedEvaluation => ({
    evalName: name,
    evaluation,
    byOther: null,
    leftOut: null,
  }));
  return {
    outcomes,
    audit: {
      name: outcomes.source.name,
      nPrompts: audit.nPrompts,
      nModels: outcomes.models.length,
      evalNames: audit.evaluations.map(({ name }) => name),
      findings,
      isComparable: nWrong === 0,
    },
    encoder: "none",
    settings,
    result: {
      evaluations,
      notes: [...new Set(found.flatMap(({ result }) => result.notes)), ...ladders],
    },
    conclusion: conclusionOf(evaluations, { kind: outcomes.source.kind, nWrong }),
    recommendation: null,
  };
}
