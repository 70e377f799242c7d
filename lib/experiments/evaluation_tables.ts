import type { NamedEvaluation } from "./named_evaluation.ts";
import type { Evaluation, MeasuredRerank } from "../evaluation/evaluate.ts";
import type { Family } from "../evaluation/systems.ts";
import { QUALITY_SHARES } from "../evaluation/savings.ts";
import type { Table } from "../base/table.ts";

/** The tables of any evaluation, by file name without ending. Numbers keep all their digits: what is printed elsewhere is rounded from these. */
export function evaluationTables(evaluations: readonly NamedEvaluation[]): ReadonlyMap<string, Table> {
  return new Map([
    ["systems", systemsTable(evaluations)],
    ["models", modelsTable(evaluations)],
    ["settings", settingsTable(evaluations)],
    ...tablesWithRows([["ladders", laddersTable(evaluations)], ["predicted_costs", costsTable(evaluations)]]),
  ]);
}

/** Families that learn, of which there may be several variants. */
const LEARNED: readonly Family[] = ["knn", "mlp", "linear", "kernel", "group", "best"];

/** True for a system that learns from prompts. */
export function isLearned({ family }: { readonly family: Family }): boolean {
  return LEARNED.includes(family);
}

/** One row a system and protocol: AIQ by both rules, against Zero, savings. */
function systemsTable(evaluations: readonly NamedEvaluation[]): Table {
  const shares = QUALITY_SHARES.flatMap((
    share,
  ) => [`times_cheaper_at_${share}`, `times_cheaper_than_zero_at_${share}`]);
  return {
    columns: [
      ...[
        "eval_name",
        "protocol",
        "system",
        "n_learned",
        "n_chosen",
        "n_test",
        "aiq_formula",
        "aiq_reference_code",
        "aiq_formula_where_chosen",
        "is_chosen_variant",
      ],
      ...[
        "aiq_formula_over_zero",
        "interval_low",
        "interval_high",
        "smallest_visible",
        "simultaneous_low",
        "simultaneous_high",
        "adjusted_p_value",
        "best_quality",
        ...shares,
        "notes",
      ],
    ],
    rows: byBoth(evaluations).flatMap(({ evalName, evaluation }) =>
      measuredOf(evaluation).map((system) => [
        ...[evalName, evaluation.protocol, system.name],
        ...[
          evaluation.nPrompts.learned,
          evaluation.nPrompts.chosen,
          evaluation.nPrompts.test,
          system.aiqFormula,
          system.aiqReferenceCode,
        ],
        ...[system.aiqWhereChosen, isLearned(system) ? isChosenVariant(system, evaluation) ? "yes" : "no" : null],
        ...[
          system.againstZero?.difference ?? null,
          ...(system.againstZero?.interval ?? [null, null]),
          system.againstZero?.smallestVisible ?? null,
          ...(system.amongAll?.interval ?? [null, null]),
          system.amongAll?.adjustedPValue ?? null,
        ],
        system.hull[system.hull.length - 1].quality,
        ...system.savings.flatMap(({ timesCheaper, timesCheaperThanZero }) => [timesCheaper, timesCheaperThanZero]),
        system.notes.join("; "),
      ])
    ),
  };
}

/** True for the variant of a learned router to take: the best of its family where settings are chosen, which by the paper's protocol is the test split. */
export function isChosenVariant({ name, family }: MeasuredRerank, { systems }: Evaluation): boolean {
  const variants = systems.filter((system) => system.family === family && isLearned(system));
  return variants.length > 0 && variants.reduce((a, b) => b.aiqWhereChosen > a.aiqWhereChosen ? b : a).name === name;
}

/** Each evaluation by the protocol that is shown, then by the other one. Each row names its protocol; rows of two protocols must not be compared. */
function byBoth(
  evaluations: readonly NamedEvaluation[],
): { readonly evalName: string; readonly evaluation: Evaluation }[] {
  return evaluations.flatMap(({ evalName, evaluation, byOther }) =>
    [evaluation, ...(byOther === null ? [] : [byOther])].map((evaluation) => ({ evalName, evaluation }))
  );
}

/** Systems, then overgenerate-and-rerank, which has no AIQ by the reference code's rule. */
export function measuredOf(
  { systems, reranks }: Evaluation,
): (MeasuredRerank & { readonly aiqReferenceCode: number | null })[] {
  return [...systems, ...reranks.map((rerank) => ({ ...rerank, aiqReferenceCode: null }))];
}

/** A row for each model and one for the oracle. The share is that of the prompts for which the oracle picks the model, in its own row none. */
function modelsTable(evaluations: readonly NamedEvaluation[]): Table {
  return {
    columns: [
      "eval_name",
      "protocol",
      "model",
      "n_test",
      "mean_quality",
      "mean_cost_usd",
      "total_cost_usd",
      "oracle_share",
    ],
    rows: byBoth(evaluations).flatMap(({ evalName, evaluation }) => {
      const { protocol, models, oracle, oracleShares, nPrompts: { test } } = evaluation;
      const none = Math.max(0, 1 - oracleShares.reduce((sum, share) => sum + share, 0));
      return [...models.map((model, j) => ({ ...model, share: oracleShares[j] })), {
        model: "oracle",
        ...oracle,
        share: none,
      }].map((
        { model, quality, costUsd, share },
      ) => [evalName, protocol, model, test, quality, costUsd, costUsd * test, share]);
    }),
  };
}

/** One row a setting of a system, with the share of the prompts that goes to each model. */
function settingsTable(evaluations: readonly NamedEvaluation[]): Table {
  const models = evaluations[0].evaluation.models.map(({ model }) => model);
  return {
    columns: [
      ...["eval_name", "protocol", "system", "setting", "on_hull", "mean_cost_usd", "mean_quality"],
      ...models.map((model) => `share_${model}`),
    ],
    rows: byBoth(evaluations).flatMap(({ evalName, evaluation }) =>
      measuredOf(evaluation).flatMap((system) => settingsRows([evalName, evaluation.protocol], system, models.length))
    ),
  };
}

function settingsRows(place: readonly string[], system: MeasuredRerank, nModels: number): (string | number | null)[][] {
  return system.settings.map((setting) => [
    ...[
      ...place,
      system.name,
      setting.label,
      system.hull.includes(setting) ? "yes" : "no",
      setting.costUsd,
      setting.quality,
    ],
    ...(setting.modelShares ?? Array<null>(nModels).fill(null)),
  ]);
}

/** Learned routers may be left out: then there is nothing that was chosen or predicted. */
function tablesWithRows(tables: readonly (readonly [string, Table])[]): (readonly [string, Table])[] {
  return tables.filter(([, { rows }]) => rows.length > 0);
}

/** One row a setting that was tried on validation prompts. */
function laddersTable(evaluations: readonly NamedEvaluation[]): Table {
  return {
    columns: ["eval_name", "system", "setting", "aiq_formula_on_validation", "is_chosen"],
    rows: evaluations.flatMap(({ evalName, evaluation: { systems } }) =>
      systems.flatMap(({ name, ladder }) =>
        ladder.map(({ setting, aiq, isChosen }) => [evalName, name, setting, aiq, isChosen ? "yes" : "no"])
      )
    ),
  };
}

/** One row a model: how well the cost of its responses is predicted on the test prompts. */
function costsTable(evaluations: readonly NamedEvaluation[]): Table {
  return {
    columns: ["eval_name", "model", "n_test", "mean_cost_usd", "bias_usd", "r_squared_of_log_cost"],
    rows: evaluations.flatMap(({ evalName, evaluation: { nPrompts }, costs = [] }) =>
      costs.map(({ model, meanCostUsd, biasUsd, rSquaredOfLog }) => [
        ...[evalName, model, nPrompts.test, meanCostUsd, biasUsd, rSquaredOfLog],
      ])
    ),
  };
}
