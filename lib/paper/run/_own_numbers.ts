import { aiq } from "../../evaluation/aiq.ts";
import type { Evaluation, MeasuredSystem } from "../../evaluation/evaluate.ts";
import type { OperatingPoint } from "../../plane/operating_point.ts";
import type { GroupEvaluation } from "../../experiments/group_evaluation.ts";
import { NO_MODEL, type PaperRouter, paperSystemName } from "../printed/panels.ts";
import { paperReleasedPrompts, paperTestPrompts } from "../../outcomes/paper_table.ts";
import { qualityAtCost } from "../../plane/interpolation.ts";
import { JUDGE_ERRORS } from "../../experiments/paper_routers.ts";
import { type RunsAbove, runsAbove } from "./_cascade_runs.ts";
import { type PaperNumber, readingOfCost, routerNamed } from "../printed/numbers.ts";

/** The results of a run by the paper's protocol, for each evaluation. */
export interface PaperRuns {
  /** Trained on the same evaluation. */
  readonly inDomain: ReadonlyMap<string, Evaluation>;
  /** Trained on the others too, or on them alone. */
  readonly outOfDomain: ReadonlyMap<string, GroupEvaluation>;
  /** All prompts of the evaluation, training prompts too: Figure 3's shares and Figure 9 are of these. */
  readonly allPrompts: ReadonlyMap<string, ModelsAndOracle>;
}

/** The results that need no router. */
export type ModelsAndOracle = Pick<Evaluation, "models" | "oracle" | "oracleShares" | "nPrompts">;

/** The value that a run gives for a number of the paper. */
export interface OwnNumber {
  /** By the rule that the paper used. */
  readonly value: number;
  /** The range of values that a plotted point may stand for; the value twice where it is printed. */
  readonly range: readonly [low: number, high: number];
  /** An AIQ by the paper's formula, else `null`. */
  readonly byFormula: number | null;
  /** Number of test prompts. */
  readonly nTest: number;
  /** Of a cascade: how far single runs of its simulation lie above the value, which is an expectation; else `null`. */
  readonly runsAbove: (() => RunsAbove) | null;
}

/** The systems of a run that stand for the paper's: its best variants, and the error rate whose AIQ it prints. */
const SYSTEM_OF_ROUTER: Readonly<Record<PaperRouter, string>> = {
  zero: "Zero",
  knn: "KNN, k = 40",
  mlp: "MLP, 100-100",
  cascade: paperSystemName({ router: "cascade", errorRate: 0.01 }),
};

/** The value that a run gives for a number; `null` where its outcomes have no such evaluation, model or system. */
export function ownNumber(number: PaperNumber, { inDomain, outOfDomain, allPrompts }: PaperRuns): OwnNumber | null {
  const { figure, evalName, router, quantity, atCostUsd } = number;
  const evaluation = inDomain.get(evalName);
  const all = allPrompts.get(evalName);
  if (evaluation === undefined || all === undefined) return null;
  const isOfAll = quantity === "oracle_share" || figure === "Figure 9";
  const { models, oracle, nPrompts } = isOfAll ? all : evaluation;
  const nPublished = (isOfAll ? paperReleasedPrompts : paperTestPrompts)(evalName);
  const plain = (value: number | undefined): OwnNumber | null => {
    return value === undefined
      ? null
      : { value, range: [value, value], byFormula: null, nTest: nPrompts.test, runsAbove: null };
  };
  const model = router === "oracle" ? oracle : models.find((each) => each.model === router);
  switch (quantity) {
    case "quality":
    case "plotted_quality":
      return plain(model?.quality);
    case "total_cost_usd":
    case "plotted_total_cost_usd":
      return plain(model && model.costUsd * nPublished);
    case "oracle_share":
      return plain(oracleShare(all, router));
    case "aiq":
      return ownAiq(evaluation, figure, router);
    case "plotted_quality_at_cost": {
      const systems = figure === "Figure 9"
        ? outOfDomain.get(evalName)?.systems.filter(({ seen }) => seen === "other groups")
        : evaluation.systems.map(({ comparedAs, hull }) => ({ name: comparedAs, hull }));
      const name = router.includes("ε") ? router : SYSTEM_OF_ROUTER[routerNamed(router)];
      const hull = systems?.find((system) => system.name === name)?.hull;
      if (hull === undefined) return null;
      const at = (total: number): number => qualityAtCost(hull, Math.max(0, total) / nPublished);
      const reading = readingOfCost(atCostUsd!);
      const range = [at(atCostUsd! - reading), at(atCostUsd! + reading)] as const;
      const value = at(atCostUsd!);
      const measure = (points: readonly OperatingPoint[]): number =>
        qualityAtCost(points, Math.max(0, atCostUsd!) / nPublished);
      return {
        ...{ value, range, byFormula: null, nTest: evaluation.nPrompts.test },
        runsAbove: runsOf({ evaluation, name }, { measure, expected: value }),
      };
    }
  }
}

function oracleShare({ models, oracleShares }: ModelsAndOracle, router: string): number | undefined {
  if (router === NO_MODEL) return Math.max(0, 1 - oracleShares.reduce((sum, share) => sum + share, 0));
  return oracleShares[models.findIndex(({ model }) => model === router)];
}

/** The AIQ as the reference code computes it. X is that of the systems in the figure, not of all systems of the run. */
function ownAiq(evaluation: Evaluation, figure: string, router: string): OwnNumber | null {
  const { systems, nPrompts } = evaluation;
  const system = systems.find(({ comparedAs }) => comparedAs === SYSTEM_OF_ROUTER[routerNamed(router)]);
  if (system === undefined) return null;
  const beside = systems.filter((each) => isInFigure(each, figure));
  const maxCostUsd = Math.max(...beside.map(({ ownMaxCostUsd }) => ownMaxCostUsd));
  const value = aiq(system.hull, { rule: "reference-code", maxCostUsd });
  const measure = (hull: readonly OperatingPoint[]): number =>
    aiq(hull, { rule: "reference-code", maxCostUsd: Math.max(maxCostUsd, hull[hull.length - 1].costUsd) });
  return {
    ...{ value, range: [value, value], byFormula: system.aiqFormula, nTest: nPrompts.test },
    runsAbove: runsOf({ evaluation, name: system.comparedAs }, { measure, expected: value }),
  };
}

/** Runs of the simulation of a system, where it is a cascade whose judge errs. */
function runsOf(
  { evaluation, name }: { readonly evaluation: Evaluation; readonly name: string },
  options: Parameters<typeof runsAbove>[1],
): OwnNumber["runsAbove"] {
  const judgeError = JUDGE_ERRORS.paper.find((errorRate) => paperSystemName({ router: "cascade", errorRate }) === name);
  return judgeError === undefined || judgeError === 0 ? null : () => runsAbove({ evaluation, judgeError }, options);
}

/** Figure 4 draws Zero and the best KNN and MLP, Figures 5 and 8 Zero and all cascades. */
function isInFigure({ comparedAs, family }: MeasuredSystem, figure: string): boolean {
  if (figure === "Figure 4") {
    return [SYSTEM_OF_ROUTER.zero, SYSTEM_OF_ROUTER.knn, SYSTEM_OF_ROUTER.mlp].includes(comparedAs);
  }
  return family === "zero" || family === "cascade";
}
