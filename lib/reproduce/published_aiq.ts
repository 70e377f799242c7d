import { aiq, referenceCodeMaxCost } from "../evaluation/aiq.ts";
import { PAPER_PANELS, type PaperPanel, type PaperPoint, type PaperSystem } from "../outcomes/paper_figures.ts";
import type { Table } from "./table.ts";

/** One curve of the paper, its AIQ as printed and as the rules give it from the drawn points. */
export interface PublishedAiq {
  /** Number of the figure. */
  readonly figure: number;
  /** The evaluation. */
  readonly evalName: string;
  /** The router. */
  readonly router: string;
  /** A cascade's rate of the judge's errors, else `null`. */
  readonly errorRate: number | null;
  /** The AIQ that the figure prints for the router. */
  readonly printed: number;
  /** From the drawn points by the reference code's rule, X over all systems of the panel. */
  readonly byReferenceCode: number;
  /** From the drawn points by the paper's formula, from the cheapest to the dearest model of the panel. */
  readonly byFormula: number;
  /** What the comparison of the printed number with the reference code's rule says. */
  readonly verdict: string;
}

/** Half of the last printed digit, and .0002 for points that were read off an axis (costs to 2e-3 of its length). */
const SAME_NUMBER = 0.0005 + 0.0002;
/** The rate at which the cascades' printed numbers come out, whatever the captions say. */
const PRINTED_ERROR_RATE = 0.01;

/**
 * Every AIQ printed in Figures 4, 5, 6 and 8, recomputed from the drawn points by both rules; cascades at every rate of errors that is drawn.
 *
 * **Source**: paper.md section 1: the printed numbers follow the reference code's rule, not the paper's formula.
 */
export function publishedAiqs(): PublishedAiq[] {
  return PAPER_PANELS.filter(({ printedAiq }) => Object.keys(printedAiq).length > 0).flatMap(aiqsOfPanel);
}

function aiqsOfPanel(panel: PaperPanel): PublishedAiq[] {
  const maxCostUsd = referenceCodeMaxCost(panel.systems.map(({ points }) => points));
  const costs = panel.models.map(({ costUsd }) => costUsd);
  const costRangeUsd: [number, number] = [Math.min(...costs), Math.max(...costs)];
  // A cascade whose rate of errors is unknown leaves the printed axes, so its curve is not whole.
  const curves = panel.systems.filter(({ router, errorRate }) => router !== "cascade" || errorRate !== null);
  return curves.map((series) => {
    const printed = panel.printedAiq[series.router]!;
    const byReferenceCode = aiq(series.drawnHull, { rule: "reference-code", maxCostUsd });
    return {
      figure: panel.figure,
      evalName: panel.evalName,
      router: series.router,
      errorRate: series.errorRate,
      printed,
      byReferenceCode,
      byFormula: aiq(series.drawnHull, { rule: "formula", costRangeUsd }),
      verdict: verdictOf(panel.figure, series, byReferenceCode - printed),
    };
  });
}

function verdictOf(figure: number, { errorRate }: PaperSystem, difference: number): string {
  const isOfPrintedRate = figure === 6 || errorRate === null || errorRate === PRINTED_ERROR_RATE;
  if (!isOfPrintedRate) return `explained: the printed number is that of error rate ${PRINTED_ERROR_RATE}`;
  return Math.abs(difference) <= SAME_NUMBER ? "equal" : "open: the plotted points give another number by either rule";
}

/** The judge's error at which a cascade's AIQ falls to Zero's, by both rules. */
export interface BreakEvenJudge {
  /** Number of the figure. */
  readonly figure: number;
  /** The evaluation. */
  readonly evalName: string;
  /** Error rate by the reference code's rule, between the drawn rates; `null` where the cascade starts below Zero or never falls to it. */
  readonly byReferenceCode: number | null;
  /** The same by the formula. */
  readonly byFormula: number | null;
}

/** The break-even judge of every cascade panel: linear between the drawn error rates. */
export function breakEvenJudges(): BreakEvenJudge[] {
  const rows = publishedAiqs().filter(({ figure }) => figure === 5 || figure === 8);
  return [...Map.groupBy(rows, ({ figure, evalName }) => `${figure} ${evalName}`).values()].map((panel) => ({
    figure: panel[0].figure,
    evalName: panel[0].evalName,
    byReferenceCode: breakEven(panel, ({ byReferenceCode }) => byReferenceCode),
    byFormula: breakEven(panel, ({ byFormula }) => byFormula),
  }));
}

function breakEven(panel: readonly PublishedAiq[], value: (row: PublishedAiq) => number): number | null {
  const zero = value(panel.find(({ router }) => router === "zero")!);
  const cascades = panel.filter(({ errorRate }) => errorRate !== null).toSorted((a, b) => a.errorRate! - b.errorRate!);
  if (value(cascades[0]) <= zero) return null;
  const at = cascades.findIndex((row) => value(row) <= zero);
  if (at < 0) return null;
  const [before, after] = [cascades[at - 1], cascades[at]], share = (value(before) - zero) / (value(before) - value(after));
  return before.errorRate! + share * (after.errorRate! - before.errorRate!);
}

/** The recomputed AIQs as a table. */
export function publishedAiqTable(): Table {
  return {
    columns: ["figure", "eval_name", "router", "error_rate", "printed", "aiq_reference_code", "difference", "aiq_formula", "verdict"],
    rows: publishedAiqs().map(({ figure, evalName, router, errorRate, printed, byReferenceCode, byFormula, verdict }) => [
      ...[figure, evalName, router, errorRate, printed, byReferenceCode, byReferenceCode - printed, byFormula, verdict],
    ]),
  };
}

/** The break-even judges as a table. */
export function breakEvenTable(): Table {
  return {
    columns: ["figure", "eval_name", "error_rate_by_reference_code", "error_rate_by_formula"],
    rows: breakEvenJudges().map(({ figure, evalName, byReferenceCode, byFormula }) => [figure, evalName, byReferenceCode, byFormula]),
  };
}

/** HellaSwag of Figure 8, where the two rules rank Zero and cascade in opposite order: the hulls, and the costs they are drawn over. */
export function hellaswagReversal(): {
  readonly zero: readonly PaperPoint[];
  readonly cascade: readonly PaperPoint[];
  readonly costRangeUsd: readonly [number, number];
} {
  const panel = PAPER_PANELS.find(({ figure, evalName }) => figure === 8 && evalName === "hellaswag")!;
  const hull = (router: string, errorRate: number | null): readonly PaperPoint[] =>
    panel.systems.find((system) => system.router === router && system.errorRate === errorRate)!.drawnHull;
  const zero = hull("zero", null), cascade = hull("cascade", PRINTED_ERROR_RATE);
  return {
    zero,
    cascade,
    costRangeUsd: [Math.min(...zero.map(({ costUsd }) => costUsd)), referenceCodeMaxCost(panel.systems.map(({ points }) => points))],
  };
}
