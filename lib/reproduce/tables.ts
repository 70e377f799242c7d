import type { Evaluation, MeasuredSystem } from "../evaluation/evaluate.ts";
import { QUALITY_SHARES } from "../evaluation/savings.ts";
import type { OutcomeSource } from "../outcomes/outcome_table.ts";
import { differenceTable } from "./difference_table.ts";
import { errataRows } from "./errata.ts";
import { publishedAiqRows, publishedBreakEvenRows, publishedClaimRows, publishedErrorRateRows } from "./published.ts";
import { type Table, tableOfRows } from "./table.ts";

/** An evaluation with its name. */
export interface NamedEvaluation {
  /** `mmlu`, …; `pooled` for all of them together. */
  readonly evalName: string;
  /** What was measured. */
  readonly evaluation: Evaluation;
  /** The same by the other protocol, its own split and settings; `null` where there is none. Shown beside, never compared with. */
  readonly byOther: Evaluation | null;
  /** Why learned routers are missing, if they are. */
  readonly leftOut: string | null;
}

/** The tables of a run, by file name without ending. Numbers keep all their digits: what is printed elsewhere is rounded from these. */
export function tablesOf(evaluations: readonly NamedEvaluation[], source: OutcomeSource): ReadonlyMap<string, Table> {
  return new Map([
    ["systems", systemsTable(evaluations)],
    ["models", modelsTable(evaluations)],
    ["settings", settingsTable(evaluations)],
    ["published_vs_ours", differenceTable(evaluations, source)],
    ["published_aiq", tableOfRows(publishedAiqRows())],
    ["published_error_rates", tableOfRows(publishedErrorRateRows())],
    ["published_break_even_judge", tableOfRows(publishedBreakEvenRows())],
    ["published_claims", tableOfRows(publishedClaimRows())],
    ["errata", tableOfRows(errataRows())],
  ]);
}

/** One row a system and protocol: AIQ by both rules, against Zero, savings. */
function systemsTable(evaluations: readonly NamedEvaluation[]): Table {
  const shares = QUALITY_SHARES.flatMap((share) => [`times_cheaper_at_${share}`, `times_cheaper_than_zero_at_${share}`]);
  return {
    columns: [
      ...["eval_name", "protocol", "system", "n_learned", "n_chosen", "n_test", "aiq_formula", "aiq_reference_code"],
      ...["aiq_formula_over_zero", "interval_low", "interval_high", "smallest_visible", "best_quality", ...shares, "notes"],
    ],
    rows: evaluations.flatMap(({ evalName, evaluation, byOther }) =>
      [evaluation, ...(byOther === null ? [] : [byOther])].map((evaluation) => ({ evalName, evaluation }))
    ).flatMap(({ evalName, evaluation }) =>
      evaluation.systems.map((system) => [
        ...[evalName, evaluation.protocol, system.name],
        ...[evaluation.nPrompts.learned, evaluation.nPrompts.chosen, evaluation.nPrompts.test, system.aiqFormula, system.aiqReferenceCode],
        ...[
          system.againstZero?.difference ?? null,
          ...(system.againstZero?.interval ?? [null, null]),
          system.againstZero?.smallestVisible ?? null,
        ],
        system.hull[system.hull.length - 1].quality,
        ...system.savings.flatMap(({ timesCheaper, timesCheaperThanZero }) => [timesCheaper, timesCheaperThanZero]),
        system.notes.join("; "),
      ])
    ),
  };
}

/** One row a model, and the oracle's. */
function modelsTable(evaluations: readonly NamedEvaluation[]): Table {
  return {
    columns: ["eval_name", "model", "n_test", "mean_quality", "mean_cost_usd", "total_cost_usd"],
    rows: evaluations.flatMap(({ evalName, evaluation: { models, oracle, nPrompts: { test } } }) =>
      [...models, { model: "oracle", ...oracle }].map((
        { model, quality, costUsd },
      ) => [evalName, model, test, quality, costUsd, costUsd * test])
    ),
  };
}

/** One row a setting of a system, with the share of the prompts that goes to each model. */
function settingsTable(evaluations: readonly NamedEvaluation[]): Table {
  const models = evaluations[0].evaluation.models.map(({ model }) => model);
  return {
    columns: ["eval_name", "system", "setting", "on_hull", "mean_cost_usd", "mean_quality", ...models.map((model) => `share_${model}`)],
    rows: evaluations.flatMap(({ evalName, evaluation }) =>
      evaluation.systems.flatMap((system) => settingsRows(evalName, system, models.length))
    ),
  };
}

function settingsRows(evalName: string, system: MeasuredSystem, nModels: number): (string | number | null)[][] {
  return system.settings.map((setting) => [
    ...[evalName, system.name, setting.label, system.hull.includes(setting) ? "yes" : "no", setting.costUsd, setting.quality],
    ...(setting.modelShares ?? Array<null>(nModels).fill(null)),
  ]);
}
