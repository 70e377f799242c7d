import {
  PAPER_PANELS,
  paperOracleShares,
  type PaperPanel,
  type PaperRouter,
  type PaperSystem,
  paperSystemName,
} from "./panels.ts";
import { PAPER_EVAL_NAMES, PAPER_MODEL_ROWS, PAPER_ORACLE_ROW } from "../../outcomes/paper_table.ts";
import { type PanelWidths, panelWidths, plottedAiq } from "./aiq.ts";

export {
  type BreakEvenRow,
  printedBreakEvenRows,
  type PrintedErrorRateRow,
  printedErrorRateRows,
} from "./_cascades.ts";
export {
  type ClaimRow,
  printedClaimRows,
  type PrintedNearZeroRow,
  printedNearZeroRows,
  type PrintedSavingRow,
  printedSavingRows,
  type PrintedZeroRow,
  printedZeroRows,
} from "./_claims.ts";

/** A printed AIQ beside what the plotted points give. */
export interface PrintedAiqRow {
  /** `Figure 4`, … */
  readonly figure: string;
  /** The panel's evaluation. */
  readonly evalName: string;
  /** `Zero`, `KNN`, `MLP` or `Cascade`: the paper prints one number for a cascade, whatever its judge's error rate. */
  readonly router: string;
  /** The printed AIQ, three decimals. */
  readonly printed: number;
  /** The system whose points give the value beside it; of a cascade the error rate that comes nearest. */
  readonly system: string;
  /** By the reference code's rule, of the hull as it is drawn. */
  readonly referenceCode: number;
  /** By the same rule, of the hull that the plotted points have. */
  readonly referenceCodeOfTrueHull: number;
  /** By the paper's formula, over `costRangeUsd`. */
  readonly formula: number;
  /** `referenceCode` − `printed`. */
  readonly difference: number;
  /** `formula` − `printed`. */
  readonly formulaDifference: number;
  /** X of the reference code, total USD of the test split. */
  readonly maxCostUsd: number;
  /** The cheapest and the dearest plotted model's total cost, USD. */
  readonly costRangeUsd: readonly [low: number, high: number];
  /** `equal`, `explained: …` or `open`. */
  readonly verdict: string;
}

/** One number that the paper prints. */
export interface PrintedNumber {
  /** `Table 1`, `Figure 3`, `Figure 4`, … */
  readonly figure: string;
  /** One of Table 1's evaluations, or `rag`. */
  readonly evalName: string;
  /** A model as released, `oracle`, `no_model_correct`, or a router: `Zero`, `KNN`, `MLP`, `Cascade`. */
  readonly router: string;
  /** Mean quality, total cost of the test split, share of the prompts for which the oracle picks the model, or AIQ. */
  readonly quantity: "quality" | "total_cost_usd" | "oracle_share" | "aiq";
  /** As printed. */
  readonly printed: number;
}

/** Half a unit of the last printed digit. */
const ROUNDING = 5e-4;
/** Uncertainty of an AIQ of points read to four decimals: ±8e-5 of quality on the whole curve, a little for costs. */
const READING = 1e-4;

/**
 * Every AIQ that the paper prints (Figures 4, 5, 6 and 8), beside the values of its own plotted points by the reference
 * code's rule and by the formula.
 *
 * A printed AIQ of a cascade is compared with every error rate that is drawn; the row shows the nearest. `equal` means
 * within .0006: half a unit of the printed third decimal and the precision of the points.
 *
 * **Source**: data/paper/README.md, "AIQ".
 *
 * @example
 * ```ts
 * import { printedAiqRows } from "./printed.ts";
 * import assert from "node:assert/strict";
 *
 * const mmlu = printedAiqRows().filter(({ figure, evalName }) => figure === "Figure 4" && evalName === "mmlu");
 * const { printed, referenceCode, formula, verdict } = mmlu.find(({ router }) => router === "KNN")!;
 * assert.deepEqual([printed, referenceCode.toFixed(3), formula.toFixed(3)], [0.773, "0.773", "0.789"]);
 * assert.equal(verdict, "equal");
 * ```
 */
export function printedAiqRows(): PrintedAiqRow[] {
  return PAPER_PANELS.flatMap((panel) => {
    const widths = panelWidths(panel);
    return printedAiqs(panel).map(([router, printed]) => {
      const systems = panel.systems.filter((system) =>
        system.router === router && (router !== "cascade" || system.errorRate !== null)
      );
      return rowOf(panel, { router, printed, system: nearest(systems, { printed, widths }), systems, widths });
    });
  });
}

/**
 * Every number that the paper prints: Table 1's qualities and costs, Figure 3's shares of the oracle's picks, all AIQs.
 * One row a number, so that a table of differences can be checked for holes.
 *
 * @example
 * ```ts
 * import { printedNumbers } from "./printed.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(printedNumbers().filter(({ quantity }) => quantity === "quality").length, 12 * 7);
 * assert.equal(printedNumbers().filter(({ quantity }) => quantity === "aiq").length, 34);
 * ```
 */
export function printedNumbers(): PrintedNumber[] {
  const table = PAPER_EVAL_NAMES.flatMap((evalName) =>
    [...PAPER_MODEL_ROWS, PAPER_ORACLE_ROW].flatMap((row): PrintedNumber[] => [
      { figure: "Table 1", evalName, router: row.model, quantity: "quality", printed: row.quality[evalName] },
      {
        figure: "Table 1",
        evalName,
        router: row.model,
        quantity: "total_cost_usd",
        printed: row.totalCostUsd[evalName],
      },
    ])
  );
  const shares = PAPER_EVAL_NAMES.flatMap((evalName) =>
    Object.entries(paperOracleShares(evalName)).map(([router, printed]): PrintedNumber => {
      return { figure: "Figure 3", evalName, router, quantity: "oracle_share", printed };
    })
  );
  const aiqs = PAPER_PANELS.flatMap((panel) =>
    printedAiqs(panel).map(([router, printed]): PrintedNumber => {
      return {
        figure: `Figure ${panel.figure}`,
        evalName: panel.evalName,
        router: routerName(router),
        quantity: "aiq",
        printed,
      };
    })
  );
  return [...table, ...shares, ...aiqs];
}

/** A panel's printed AIQs in the order Zero, KNN, MLP, cascade. */
function printedAiqs({ printedAiq, systems }: PaperPanel): [PaperRouter, number][] {
  return [...new Set(systems.map(({ router }) => router))].flatMap((router): [PaperRouter, number][] => {
    const printed = printedAiq[router];
    return printed === undefined ? [] : [[router, printed]];
  });
}

function routerName(router: PaperRouter): string {
  return paperSystemName({ router, errorRate: null }).split(",")[0];
}

function nearest(
  systems: readonly PaperSystem[],
  { printed, widths }: { printed: number; widths: PanelWidths },
): PaperSystem {
  const distance = (system: PaperSystem): number => Math.abs(plottedAiq(system, widths).referenceCode - printed);
  return systems.reduce((best, system) => distance(system) < distance(best) ? system : best);
}

interface Compared {
  readonly router: PaperRouter;
  readonly printed: number;
  readonly system: PaperSystem;
  readonly systems: readonly PaperSystem[];
  readonly widths: PanelWidths;
}

function rowOf({ figure, evalName }: PaperPanel, compared: Compared): PrintedAiqRow {
  const { router, printed, system, widths } = compared;
  const { referenceCode, referenceCodeOfTrueHull, formula } = plottedAiq(system, widths);
  return {
    figure: `Figure ${figure}`,
    evalName,
    router: routerName(router),
    printed,
    system: paperSystemName(system),
    referenceCode,
    referenceCodeOfTrueHull,
    formula,
    difference: referenceCode - printed,
    formulaDifference: formula - printed,
    ...widths,
    verdict: verdictOf(compared),
  };
}

function verdictOf({ router, printed, system, systems, widths }: Compared): string {
  const isPrinted = (value: number): boolean => Math.abs(value - printed) <= ROUNDING + READING;
  const values = plottedAiq(system, widths);
  const reasons: string[] = [];
  if (!isPrinted(values.referenceCode)) return "open";
  const faultless = systems.find(({ errorRate }) => errorRate === 0);
  if (router === "cascade" && faultless !== undefined) {
    const atZero = plottedAiq(faultless, widths).referenceCode;
    if (!isPrinted(atZero)) {
      reasons.push(
        `it is that of error rate ${system.errorRate}; the zero that the caption names gives ${atZero.toFixed(3)}`,
      );
    }
  }
  if (!isPrinted(values.referenceCodeOfTrueHull)) {
    reasons.push(`the drawn hull is not that of its points, which gives ${values.referenceCodeOfTrueHull.toFixed(4)}`);
  }
  return reasons.length === 0 ? "equal" : `explained: ${reasons.join("; ")}`;
}
