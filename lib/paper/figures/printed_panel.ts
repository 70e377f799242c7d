import { type PaperPanel, paperPanel, type PaperSystem, paperSystemName } from "../printed/panels.ts";
import { PAPER_EVAL_TITLES, PAPER_ORACLE_ROW } from "../../outcomes/paper_table.ts";
import type { OperatingPoint } from "../../plane/operating_point.ts";
import { costQualityPanel } from "../../figures/cost_quality_panel.ts";
import { shortNumber } from "../../figures/number_text.ts";
import type { PanelCurve } from "../../figures/panel_input.ts";
import type { PlotlyFigure } from "../../figures/plotly_figure.ts";
import type { FigureWidth } from "../../figures/figure_width.ts";

/** How a printed panel is drawn. */
export interface PrintedPanelOptions {
  /** Where it is printed, which gives its width; `"column"` (241 pt) if not given. */
  readonly width?: FigureWidth;
}

/** The error rate from which a cascade's printed AIQ comes, whatever the captions say: data/paper/README.md, "AIQ". */
const PRINTED_ERROR_RATE = 0.01;
/** The axis of every figure of the paper. */
const COST_LABEL = "Total cost of the test split (USD, log scale)";
/** Figure 9 is of all prompts of an evaluation: its means and totals are those of the whole released file. */
const COST_LABEL_OF_ALL = "Total cost of all prompts (USD, log scale)";

/**
 * A panel of the paper's Figures 4, 5, 6, 8 and 9 with the points that are printed there: models, every router's hull
 * as it is drawn, and the oracle where it is shown. In brackets stands the printed AIQ, by the reference code's rule.
 *
 * Cascades are drawn at every error rate that can be read; the ones above .4 are partly outside the printed axes and
 * left out.
 *
 * **Units**: costs are totals of the test split, of Figure 9 of all prompts, USD, as in the paper.
 *
 * **Differs from** the paper in the log scale, and in the oracle's quality, which is taken from Table 1: read off the
 * middle of a star it is .002 too high.
 *
 * @param figure 4, 5, 6, 8 or 9
 * @param evalName the panel's evaluation
 * @throws RangeError for a panel that the paper does not have
 * @throws TypeError for an unknown width
 * @example
 * ```ts
 * import { printedPanel } from "./printed_panel.ts";
 * import assert from "node:assert/strict";
 *
 * const { data } = printedPanel(4, "mmlu");
 * assert.deepEqual(data.map(({ name }) => name), ["Zero (.763)", "KNN (.773)", "MLP (.769)", "Models", "Oracle"]);
 * ```
 */
export function printedPanel(figure: number, evalName: string, options: PrintedPanelOptions = {}): PlotlyFigure {
  const panel = paperPanel(figure, evalName);
  return costQualityPanel({
    title: PAPER_EVAL_TITLES[evalName],
    subtitle: subtitleOf(panel),
    models: panel.models,
    curves: curvesOf(panel),
    oracle: oracleOf(panel),
    costLabel: panel.outOfDomain ? COST_LABEL_OF_ALL : COST_LABEL,
    width: options.width,
  });
}

function subtitleOf(panel: PaperPanel): string {
  const parts = [`Published points of Figure ${panel.figure}`];
  if (panel.outOfDomain) parts.push("trained on the other evaluations");
  if (cascadesOf(panel).length > 1) parts.push("cascades by their judge’s error rate ε");
  if (Object.keys(panel.printedAiq).length > 0) parts.push("in brackets the printed AIQ");
  return parts.join("; ");
}

function cascadesOf({ systems }: PaperPanel): PaperSystem[] {
  return systems.filter(({ router, errorRate }) => router === "cascade" && errorRate !== null);
}

function curvesOf(panel: PaperPanel): PanelCurve[] {
  const cascades = cascadesOf(panel);
  const others = panel.systems.filter(({ router }) => router !== "cascade");
  return [...others, ...cascades].map((system): PanelCurve => {
    const aiq = cascades.length === 1 || hasPrintedAiq(system) ? panel.printedAiq[system.router] : undefined;
    const bracket = aiq === undefined ? "" : ` (${shortNumber(aiq)})`;
    const name = system.router === "cascade" && cascades.length > 1
      ? `ε = ${system.errorRate}`
      : paperSystemName(system);
    return { name: `${name}${bracket}`, family: system.router, points: byCost(system.drawnHull) };
  });
}

function hasPrintedAiq({ router, errorRate }: PaperSystem): boolean {
  return router !== "cascade" || errorRate === PRINTED_ERROR_RATE;
}

/** Points are in the order of cost but for the last digit of the reading. */
function byCost<P extends OperatingPoint>(points: readonly P[]): P[] {
  return points.toSorted((a, b) => a.costUsd - b.costUsd || a.quality - b.quality);
}

/** Table 1's quality where it is of the same prompts: Figures 6 and 9 show others. */
function oracleOf({ figure, evalName, oracle }: PaperPanel): OperatingPoint | null {
  if (oracle === null) return null;
  return figure === 4 ? { costUsd: oracle.costUsd, quality: PAPER_ORACLE_ROW.quality[evalName] } : oracle;
}
