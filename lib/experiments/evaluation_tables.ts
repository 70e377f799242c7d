import type { NamedEvaluation } from "./named_evaluation.ts";
import type { Evaluation, MeasuredRerank } from "../evaluation/evaluate.ts";
import type { Family } from "../evaluation/systems.ts";
import { type Table, tableOfRows } from "../base/table.ts";

/** The tables of any evaluation, by file name without ending. Numbers keep all their digits. */
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
  return tableOfRows(
    byBoth(evaluations).flatMap(({ evalName, evaluation }) =>
      measuredOf(evaluation).map((system) => ({
        evalName,
        protocol: evaluation.protocol,
        system: system.name,
        nLearned: evaluation.nPrompts.learned,
        nChosen: evaluation.nPrompts.chosen,
        nTest: evaluation.nPrompts.test,
        aiqFormula: system.aiqFormula,
        aiqReferenceCode: system.aiqReferenceCode,
        aiqFormulaWhereChosen: system.aiqWhereChosen,
        isChosenVariant: isLearned(system) ? yesOrNo(isChosenVariant(system, evaluation)) : null,
        ...gainFields(system),
        smallestVisible: system.againstZero?.smallestVisible,
        simultaneousLow: system.amongAll?.interval[0],
        simultaneousHigh: system.amongAll?.interval[1],
        adjustedPValue: system.amongAll?.adjustedPValue,
        bestQuality: system.hull[system.hull.length - 1].quality,
        ...Object.fromEntries(system.savings.flatMap(({ qualityShare, timesCheaper, timesCheaperThanZero }) => [
          [`times_cheaper_at_${qualityShare}`, timesCheaper],
          [`times_cheaper_than_zero_at_${qualityShare}`, timesCheaperThanZero],
        ])),
        notes: system.notes.join("; "),
      }))
    ),
  );
}

/** The gain over Zero with its interval, as fields of a row; none for Zero itself. */
export function gainFields({ againstZero }: Pick<MeasuredRerank, "againstZero">): Record<string, number | undefined> {
  return {
    aiqFormulaOverZero: againstZero?.difference,
    intervalLow: againstZero?.interval[0],
    intervalHigh: againstZero?.interval[1],
  };
}

function yesOrNo(is: boolean): "yes" | "no" {
  return is ? "yes" : "no";
}

/** True for the variant of a learned router to take: the best of its family where settings are chosen. */
export function isChosenVariant({ name, family }: MeasuredRerank, { systems }: Evaluation): boolean {
  const variants = systems.filter((system) => system.family === family && isLearned(system));
  return variants.length > 0 && variants.reduce((a, b) => b.aiqWhereChosen > a.aiqWhereChosen ? b : a).name === name;
}

/** Each evaluation by the protocol that is shown, then by the other: rows of two protocols must not be compared. */
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

/** A row for each model and one for the oracle, with the oracle's picks; in the oracle's row the share of no pick. */
function modelsTable(evaluations: readonly NamedEvaluation[]): Table {
  return tableOfRows(
    byBoth(evaluations).flatMap(({ evalName, evaluation }) => {
      const { protocol, models, oracle, oracleShares, nPrompts: { test } } = evaluation;
      const none = Math.max(0, 1 - oracleShares.reduce((sum, share) => sum + share, 0));
      const rows = models.map((model, j) => ({ ...model, share: oracleShares[j] }));
      return [...rows, { model: "oracle", ...oracle, share: none }].map(({ model, quality, costUsd, share }) => ({
        evalName,
        protocol,
        model,
        nTest: test,
        meanQuality: quality,
        meanCostUsd: costUsd,
        totalCostUsd: costUsd * test,
        oracleShare: share,
      }));
    }),
  );
}

/** One row a setting of a system, with the share of the prompts that goes to each model. */
function settingsTable(evaluations: readonly NamedEvaluation[]): Table {
  const models = evaluations[0].evaluation.models.map(({ model }) => model);
  return {
    columns: [
      "eval_name",
      "protocol",
      "system",
      "setting",
      "on_hull",
      "mean_cost_usd",
      "mean_quality",
      ...models.map((model) => `share_${model}`),
    ],
    rows: byBoth(evaluations).flatMap(({ evalName, evaluation }) =>
      measuredOf(evaluation).flatMap((system) => settingsRows([evalName, evaluation.protocol], system, models.length))
    ),
  };
}

function settingsRows(place: readonly string[], system: MeasuredRerank, nModels: number): (string | number | null)[][] {
  return system.settings.map((setting) => [
    ...place,
    system.name,
    setting.label,
    yesOrNo(system.hull.includes(setting)),
    setting.costUsd,
    setting.quality,
    ...(setting.modelShares ?? Array<null>(nModels).fill(null)),
  ]);
}

/** Learned routers may be left out: then there is nothing that was chosen or predicted. */
function tablesWithRows(tables: readonly (readonly [string, Table])[]): (readonly [string, Table])[] {
  return tables.filter(([, { rows }]) => rows.length > 0);
}

/** One row a setting that was tried on validation prompts. */
function laddersTable(evaluations: readonly NamedEvaluation[]): Table {
  return tableOfRows(
    evaluations.flatMap(({ evalName, evaluation: { systems } }) =>
      systems.flatMap(({ name, ladder }) =>
        ladder.map(({ setting, aiq, isChosen }) => ({
          evalName,
          system: name,
          setting,
          aiqFormulaOnValidation: aiq,
          isChosen: yesOrNo(isChosen),
        }))
      )
    ),
  );
}

/** One row a model: how well the cost of its responses is predicted on the test prompts. */
function costsTable(evaluations: readonly NamedEvaluation[]): Table {
  return tableOfRows(
    evaluations.flatMap(({ evalName, evaluation: { nPrompts }, costs = [] }) =>
      costs.map(({ model, meanCostUsd, biasUsd, rSquaredOfLog }) => ({
        evalName,
        model,
        nTest: nPrompts.test,
        meanCostUsd,
        biasUsd,
        rSquaredOfLogCost: rSquaredOfLog,
      }))
    ),
  );
}
