import { PAPER_PANELS, type PaperPanel, type PaperSystem } from "./panels.ts";
import { panelWidths, type PlottedAiq, plottedAiq } from "./aiq.ts";

/** A cascade of Figures 5 and 8 at one error rate of its judge. */
export interface PrintedErrorRateRow {
  /** `Figure 5` or `Figure 8`. */
  readonly figure: string;
  /** The panel's evaluation. */
  readonly evalName: string;
  /** How often the judge errs, 0..1. */
  readonly errorRate: number;
  /** AIQ by the reference code's rule, of the hull as it is drawn. */
  readonly referenceCode: number;
  /** AIQ by the paper's formula. */
  readonly formula: number;
  /** `referenceCode` − Zero's of the same panel. */
  readonly overZeroReferenceCode: number;
  /** `formula` − Zero's of the same panel. */
  readonly overZeroFormula: number;
  /** `formula` − that of error rate 0: the loss by the judge's errors. */
  readonly changeByErrors: number;
  /** The best quality that is plotted. */
  readonly bestQuality: number;
}

/** The rate of judge's errors at which a cascade's AIQ equals Zero's. */
export interface BreakEvenRow {
  /** `Figure 5` or `Figure 8`. */
  readonly figure: string;
  /** The panel's evaluation. */
  readonly evalName: string;
  /** By the reference code's rule; `null` where the cascade is never above Zero, or always. */
  readonly referenceCode: number | null;
  /** By the paper's formula; `null` as above. */
  readonly formula: number | null;
  /** Why there is no number, or an empty string. */
  readonly note: string;
}

/** Figures with cascades at several error rates. */
const CASCADE_FIGURES: readonly number[] = [5, 8];

/**
 * AIQ of the published cascades at every error rate of the judge, by both rules and over Zero.
 *
 * Curves above .4 are left out: they are partly outside the printed axes.
 *
 * @example
 * ```ts
 * import { printedErrorRateRows } from "./printed.ts";
 * import assert from "node:assert/strict";
 *
 * const mmlu = printedErrorRateRows().filter(({ evalName }) => evalName === "mmlu");
 * assert.deepEqual(mmlu.map(({ errorRate }) => errorRate), [0, 0.01, 0.05, 0.1, 0.2, 0.4]);
 * assert.ok(mmlu[4].overZeroFormula > 0 && mmlu[5].overZeroFormula < 0);
 * ```
 */
export function printedErrorRateRows(): PrintedErrorRateRow[] {
  return cascadePanels().flatMap((panel) => {
    const { zero, cascades } = aiqsOf(panel);
    const faultless = cascades[0].aiq;
    return cascades.map(({ system, aiq }): PrintedErrorRateRow => ({
      figure: `Figure ${panel.figure}`,
      evalName: panel.evalName,
      errorRate: system.errorRate!,
      referenceCode: aiq.referenceCode,
      formula: aiq.formula,
      overZeroReferenceCode: aiq.referenceCode - zero.referenceCode,
      overZeroFormula: aiq.formula - zero.formula,
      changeByErrors: aiq.formula - faultless.formula,
      bestQuality: Math.max(...system.points.map(({ quality }) => quality)),
    }));
  });
}

/**
 * The break-even judge: the error rate at which the AIQ of a published cascade falls to Zero's, linear between the
 * published rates.
 *
 * Where the AIQ crosses Zero's more than once, the first time counts.
 *
 * @example
 * ```ts
 * import { printedBreakEvenRows } from "./printed.ts";
 * import assert from "node:assert/strict";
 *
 * const mmlu = printedBreakEvenRows().find(({ evalName }) => evalName === "mmlu")!;
 * assert.ok(mmlu.formula! > 0.2 && mmlu.formula! < 0.4);
 * ```
 */
export function printedBreakEvenRows(): BreakEvenRow[] {
  return cascadePanels().map((panel) => {
    const rows = printedErrorRateRows().filter((row) =>
      row.figure === `Figure ${panel.figure}` && row.evalName === panel.evalName
    );
    const rules = [
      {
        rule: "reference code",
        over: rows.map(({ errorRate, overZeroReferenceCode }) => ({ errorRate, over: overZeroReferenceCode })),
      },
      { rule: "formula", over: rows.map(({ errorRate, overZeroFormula }) => ({ errorRate, over: overZeroFormula })) },
    ].map(({ rule, over }) => ({ rule, over, at: breakEven(over) }));
    const notes = rules.filter(({ at }) => at === null).map(({ rule, over }) =>
      `by the ${rule} ${over[0].over < 0 ? "below Zero even without errors" : "above Zero at every rate"}`
    );
    return {
      figure: `Figure ${panel.figure}`,
      evalName: panel.evalName,
      referenceCode: rules[0].at,
      formula: rules[1].at,
      note: notes.join("; "),
    };
  });
}

/**
 * Where a difference falls to 0, linear between rates; `null` where it is below 0 at the first rate or at none.
 *
 * @param over differences by ascending error rate
 */
export function breakEven(over: readonly { readonly errorRate: number; readonly over: number }[]): number | null {
  const below = over.findIndex((each) => each.over < 0);
  if (below <= 0) return null;
  const a = over[below - 1];
  const b = over[below];
  return a.errorRate + (b.errorRate - a.errorRate) * a.over / (a.over - b.over);
}

function cascadePanels(): PaperPanel[] {
  return PAPER_PANELS.filter(({ figure }) => CASCADE_FIGURES.includes(figure));
}

function aiqsOf(panel: PaperPanel): { zero: PlottedAiq; cascades: { system: PaperSystem; aiq: PlottedAiq }[] } {
  const widths = panelWidths(panel);
  const cascades = panel.systems.filter(({ errorRate }) => errorRate !== null);
  return {
    zero: plottedAiq(panel.systems.find(({ router }) => router === "zero")!, widths),
    cascades: cascades.map((system) => ({ system, aiq: plottedAiq(system, widths) })),
  };
}
