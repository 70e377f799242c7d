import type { Evaluation } from "../evaluation/evaluate.ts";
import type { OutcomeSource } from "../outcomes/outcome_table.ts";
import { PAPER_PANELS, type PaperRouter } from "../outcomes/paper_figures.ts";
import { PAPER_EVAL_NAMES, PAPER_MODEL_ROWS, PAPER_ORACLE_ROW, paperTestPrompts } from "../outcomes/paper_table.ts";
import type { Table } from "./table.ts";
import type { NamedEvaluation } from "./tables.ts";

/** The systems of a run that stand for the routers of a figure: the variants that the paper calls best, and the error rate it prints. */
const SYSTEM_OF_ROUTER: Readonly<Record<PaperRouter, string>> = {
  zero: "Zero",
  knn: "KNN, k = 40",
  mlp: "MLP, 100-100",
  cascade: "Cascade, ε = 0.01",
};

/** A printed number and what a run gives for it. */
interface Difference {
  readonly place: string;
  readonly evalName: string;
  readonly router: string;
  readonly quantity: string;
  readonly printed: number;
  /** What the run gives by the rule that the paper used; `null` where the outcomes have no such evaluation or router. */
  readonly ours: number | null;
  /** An AIQ by the paper's formula, else `null`. */
  readonly oursByFormula: number | null;
  readonly verdict: string;
}

/**
 * Every number that the paper prints in Table 1 and in the legends of Figures 4, 5, 6 and 8, beside what a run gives by the paper's protocol.
 *
 * Verdicts: `equal` to the printed digits; `explained: …`; `calibrated` for simulated outcomes, whose means are Table 1's by construction;
 * `open` where there is no explanation, or nothing to compare with. No row is left out.
 */
export function differenceTable(evaluations: readonly NamedEvaluation[], { kind }: Pick<OutcomeSource, "kind">): Table {
  const byPaper = new Map(
    evaluations.map(({ evalName, evaluation, byOther }) => [evalName, evaluation.protocol === "paper" ? evaluation : byOther]),
  );
  const rows = [...tableRows(byPaper), ...aiqRows(byPaper)].map((row): Difference =>
    kind === "simulated" && row.ours !== null ? { ...row, verdict: "calibrated" } : row
  );
  return {
    columns: ["place", "eval_name", "router", "quantity", "printed", "ours", "difference", "ours_by_formula", "verdict"],
    rows: rows.map(({ place, evalName, router, quantity, printed, ours, oursByFormula, verdict }) => [
      ...[place, evalName, router, quantity, printed, ours, ours === null ? null : ours - printed, oursByFormula, verdict],
    ]),
  };
}

/** How far a number may be from the printed one. */
interface Tolerance {
  /** Half of the last printed digit. */
  readonly halfDigit: number;
  /** What another choice of test prompts may change. */
  readonly spread: number;
  /** That in words. */
  readonly within: string;
}

type ByEvaluation = ReadonlyMap<string, Evaluation | null>;

/** Table 1: qualities and total costs of eleven models and the oracle. */
function tableRows(byPaper: ByEvaluation): Difference[] {
  return PAPER_EVAL_NAMES.flatMap((evalName) =>
    [...PAPER_MODEL_ROWS, PAPER_ORACLE_ROW].flatMap(({ model, paperName, quality, totalCostUsd }) => {
      const evaluation = byPaper.get(evalName) ?? null;
      const point = model === "oracle" ? evaluation?.oracle : evaluation?.models.find((router) => router.model === model);
      const row = (
        quantity: string,
        printed: number,
        ours: number | null,
        rest: Tolerance,
      ): Difference => ({
        ...{ place: "Table 1", evalName, router: paperName, quantity, printed, ours, oursByFormula: null },
        verdict: verdictOf(ours, printed, rest),
      });
      const n = evaluation?.nPrompts.test ?? 1, good = point?.quality ?? null, cost = point?.costUsd ?? null;
      return [
        row("mean quality", quality[evalName], good, {
          halfDigit: 0.0005,
          spread: 3 * Math.sqrt((good ?? 0) * (1 - (good ?? 0)) / n),
          within: "three standard errors",
        }),
        row("total cost, USD", totalCostUsd[evalName], cost === null ? null : cost * paperTestPrompts(evalName), {
          halfDigit: totalCostUsd[evalName] < 10 ? 0.0005 : 0.005,
          spread: 0.1 * totalCostUsd[evalName],
          within: "a tenth",
        }),
      ];
    })
  );
}

/** The AIQs in the legends. */
function aiqRows(byPaper: ByEvaluation): Difference[] {
  return PAPER_PANELS.flatMap(({ figure, evalName, printedAiq }) =>
    Object.entries(printedAiq).map(([router, printed]): Difference => {
      const system = byPaper.get(evalName)?.systems.find(({ name }) => name === SYSTEM_OF_ROUTER[router as PaperRouter]);
      const ours = system?.aiqReferenceCode ?? null;
      return {
        ...{ place: `Figure ${figure}`, evalName, router, quantity: "AIQ", printed, ours, oursByFormula: system?.aiqFormula ?? null },
        verdict: verdictOf(ours, printed, { halfDigit: 0.0005, spread: 0, within: "" }),
      };
    })
  );
}

function verdictOf(
  ours: number | null,
  printed: number,
  { halfDigit, spread, within }: Tolerance,
): string {
  if (ours === null) return "open: these outcomes have nothing to compare with";
  const difference = Math.abs(ours - printed);
  if (difference <= halfDigit + 1e-9) return "equal";
  return difference <= spread ? `explained: other test prompts than the paper's, whose seed is not known; within ${within}` : "open";
}
