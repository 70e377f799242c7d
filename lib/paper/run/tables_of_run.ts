import { nonDecreasingHull } from "../../plane/non_decreasing_hull.ts";
import { aiq } from "../../evaluation/aiq.ts";
import { type OutcomeTable, selectPrompts } from "../../outcomes/outcome_table.ts";
import { constantRouters } from "../../routers/constant.ts";
import { oracle } from "../../routers/oracle.ts";
import type { Ablation } from "../../experiments/ablation.ts";
import { ablationTable } from "../../experiments/ablation_table.ts";
import { labelEconomicsTable, type LabelRow } from "../../experiments/label_economics.ts";
import { type TrustRow, trustTable } from "../../experiments/trust.ts";
import { differenceTable } from "./difference_table.ts";
import type { ErratumRow } from "../errata/errata.ts";
import { groupTable } from "./group_table.ts";
import { predictorTable } from "./predictor_table.ts";
import { printedAiqRows, printedBreakEvenRows, printedClaimRows, printedErrorRateRows } from "../printed/printed.ts";
import type { Reproduction } from "./reproduce.ts";
import { type Table, tableOfRows } from "../../base/table.ts";
import type { NamedOracleCurve } from "../../experiments/named_evaluation.ts";
import { evalFamilyOf } from "../../experiments/evaluation_names.ts";
import { evaluationTables } from "../../experiments/evaluation_tables.ts";

/** The findings of a run beside its evaluations. */
export interface RunFindings {
  /** Errata, those of the published numbers and those of the outcomes. */
  readonly errata: readonly ErratumRow[];
  /** The ablation; `null` where it was not asked for. */
  readonly ablation: Ablation | null;
  /** How far intervals can be trusted; `null` where it was not asked for. */
  readonly trust: readonly TrustRow[] | null;
  /** What labels are worth; `null` where it was not asked for. */
  readonly labels: readonly LabelRow[] | null;
}

/** Number of an oracle curve's points that are written; a curve has thousands. */
const ORACLE_POINTS = 50;

/** The tables of a run, by file name without ending. */
export function tablesOfRun(
  run: Reproduction,
  { errata, ablation, trust, labels }: RunFindings,
  outcomes: OutcomeTable,
): ReadonlyMap<string, Table> {
  const { evaluations, predictors, oracleCurves, optimism, groups } = run;
  return new Map([
    ...evaluationTables(evaluations),
    ["outcome_means", outcomeMeansTable(outcomes)],
    ...(predictors.length === 0 ? [] : [["predictors", predictorTable(predictors)] as const]),
    ["oracle_curve", oracleCurveTable(oracleCurves)],
    ...(groups.length === 0 ? [] : [["groups", groupTable(groups)] as const]),
    ...(optimism.length === 0 ? [] : [["optimism", tableOfRows(optimism)] as const]),
    ...(ablation === null ? [] : [["ablation", ablationTable(ablation)] as const]),
    ...(trust === null ? [] : [["trust", trustTable(trust)] as const]),
    ...(labels === null ? [] : [["labels", labelEconomicsTable(labels)] as const]),
    ["printed_vs_ours", differenceTable(run, outcomes)],
    ["printed_aiq", tableOfRows(printedAiqRows())],
    ["printed_error_rates", tableOfRows(printedErrorRateRows())],
    ["printed_break_even_judge", tableOfRows(printedBreakEvenRows())],
    ["printed_claims", tableOfRows(printedClaimRows())],
    ["errata", tableOfRows(errata)],
  ]);
}

/** Means over all prompts of an evaluation, training and test together, by which a file can be identified. */
function outcomeMeansTable(outcomes: OutcomeTable): Table {
  const rowsByFamily = Map.groupBy(outcomes.promptIds.keys(), (row) => evalFamilyOf(outcomes.evalNames[row]));
  return tableOfRows([...rowsByFamily].flatMap(([evalName, rows]) => {
    const part = selectPrompts(outcomes, rows);
    const nPrompts = rows.length;
    return [...constantRouters(part), { model: "oracle", ...oracle(part) }]
      .map(({ model, quality, costUsd }) => ({
        evalName,
        model,
        nPrompts,
        meanQuality: quality,
        meanCostUsd: costUsd,
      }));
  }));
}

/** The oracle at every willingness to pay: its AIQ, and evenly picked points of its curve. */
function oracleCurveTable(curves: readonly NamedOracleCurve[]): Table {
  return tableOfRows(curves.flatMap(({ evalName, evaluation: { protocol, nPrompts, costRangeUsd }, curve }) => {
    const aiqFormula = aiq(nonDecreasingHull(curve), { rule: "formula", costRangeUsd });
    const nSteps = Math.min(ORACLE_POINTS, curve.length) - 1;
    const picked = Array.from(
      { length: nSteps + 1 },
      (_, step) => curve[Math.round(step / Math.max(1, nSteps) * (curve.length - 1))],
    );
    return picked.map(({ willingnessToPay, costUsd, quality }) => ({
      evalName,
      protocol,
      nTest: nPrompts.test,
      aiqFormula,
      willingnessToPayUsd: willingnessToPay,
      meanCostUsd: costUsd,
      meanQuality: quality,
    }));
  }));
}
