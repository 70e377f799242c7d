import type { Table } from "../base/table.ts";
import type { Recommendation } from "../evaluation/recommend.ts";
import type { MeasuredRerank, MeasuredSystem } from "../evaluation/evaluate.ts";
import type { BesideEvaluation } from "../experiments/beside.ts";
import type { EvaluatedOutcomes } from "../experiments/evaluate_table.ts";
import type { NamedEvaluation } from "../experiments/named_evaluation.ts";
import { withoutMeaning } from "../experiments/without_meaning.ts";
import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { groupTable } from "../paper/run/group_table.ts";
import type { Reproduction } from "../paper/run/reproduce.ts";
import type { RunFindings } from "../paper/run/tables_of_run.ts";
import type { Manifest } from "./manifest.ts";

/** An evaluation of a table for machines: everything that is printed, with all digits. */
export function evaluationJson(
  { outcomes, audit, encoder, settings, result, conclusion, recommendation, beside = [] }: EvaluatedOutcomes,
): string {
  const evaluations = result.evaluations.map(evaluationRecord);
  const { source, nPrompts, models } = outcomes;
  const all = {
    outcomes: { ...source, nPrompts, models },
    encoder,
    settings,
    conclusion,
    recommendation: recommendation && recommendationRecord(recommendation),
    notes: result.notes,
    audit: audit.findings,
    evaluations,
    ...Object.fromEntries(beside.map((each) => [each.name, besideRecord(each)])),
  };
  return JSON.stringify(all, null, 1) + "\n";
}

/** Sentences, and tables as arrays of objects. */
export function besideRecord({ sentences, tables }: BesideEvaluation): Record<string, unknown> {
  return { sentences, ...Object.fromEntries([...tables].map(([name, table]) => [name, recordsOf(table)])) };
}

/** A run for machines: evaluations by both protocols, groups, errata, and what it was made from. */
export function runJson(
  { evaluations, groups }: Reproduction,
  { outcomes: { promptIds, models }, manifest, findings, conclusion, notices }: {
    readonly outcomes: OutcomeTable;
    readonly manifest: Manifest;
    readonly findings: RunFindings;
    /** What may be concluded, in sentences. */
    readonly conclusion: readonly string[];
    /** What was said beside the results. */
    readonly notices: readonly string[];
  },
): string {
  const { outcomes, files: _, ...rest } = manifest;
  // Costs are predicted by our protocol alone.
  const both = evaluations.flatMap(({ byOther, costs, ...named }) =>
    [named.evaluation, ...(byOther === null ? [] : [byOther])].map((evaluation) =>
      evaluationRecord({ ...named, evaluation, ...(evaluation.protocol === "ours" ? { costs } : {}) })
    )
  );
  const all = {
    outcomes: { ...outcomes, nPrompts: promptIds.length, models },
    ...rest,
    conclusion,
    notes: notices,
    evaluations: both,
    groups: recordsOf(groupTable(groups)),
    errata: findings.errata,
  };
  return JSON.stringify(all, null, 1) + "\n";
}

function recordsOf({ columns, rows }: Table): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
}

function evaluationRecord(
  {
    evalName,
    leftOut,
    evaluation: whole,
    costs,
  }: Omit<NamedEvaluation, "byOther">,
): Record<string, unknown> {
  const { systems, reranks, oracleShares, modelSample: _sample, seed: _seed, ...evaluation } = whole;
  return {
    ...{ evalName, leftOut, withoutMeaning: withoutMeaning(whole) },
    ...evaluation,
    oracleShares: [...oracleShares],
    ...(costs === undefined ? {} : { predictedCosts: costs }),
    systems: systems.map((system) => systemRecord(system, system.aiqReferenceCode)),
    ...(reranks.length === 0 ? {} : { reranks: reranks.map((rerank) => systemRecord(rerank, null)) }),
  };
}

function systemRecord(
  system: MeasuredSystem | MeasuredRerank,
  aiqReferenceCode: number | null,
): Record<string, unknown> {
  const { name, family, notes, ladder, aiqFormula, againstZero, amongAll, savings, settings, hull } = system;
  return {
    ...{ name, family, notes, ladder, aiqFormula, aiqReferenceCode, againstZero, amongAll, savings },
    settings: settings.map(({ label, costUsd, quality, modelShares }, at) => ({
      ...{ label, costUsd, quality, onHull: hull.includes(settings[at]) },
      modelShares: modelShares === null ? null : [...modelShares],
    })),
  };
}

function recommendationRecord({ setting, ...recommendation }: Recommendation): Record<string, unknown> {
  return { ...recommendation, setting: { ...setting, modelShares: setting.modelShares && [...setting.modelShares] } };
}
