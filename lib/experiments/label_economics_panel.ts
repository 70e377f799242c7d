import { costQualityPanel } from "../figures/cost_quality_panel.ts";
import type { CurveFamily } from "../figures/curve_style.ts";
import type { FigureWidth } from "../figures/figure_width.ts";
import type { PlotlyFigure } from "../figures/plotly_figure.ts";
import type { LabelRow } from "./label_economics.ts";

/** Looks of the lines, by ascending number of models. */
const STYLES: readonly CurveFamily[] = ["knn", "linear", "mlp", "cascade"];

/**
 * Draws what labels are worth: the gain over Zero against what the labels cost, one line for each number of models
 * labelled per prompt, with the intervals over repeats as bands.
 *
 * @param rows of {@linkcode labelEconomics}
 * @throws RangeError where there is no row, or a number of the rows is not finite
 * @example
 * ```ts
 * import { labelEconomicsPanel } from "routerbench/experiments";
 * import assert from "node:assert/strict";
 *
 * const row = { modelsPerPrompt: 3, aiq: 0.8, savedUsdPerRequest: null, requestsToRepay: null, repayInterval: null };
 * const figure = labelEconomicsPanel([
 *   { ...row, nPrompts: 100, nLabels: 300, labelCostUsd: 1, gain: 0.01, interval: [-0.01, 0.03] },
 *   { ...row, nPrompts: 200, nLabels: 600, labelCostUsd: 2, gain: 0.02, interval: [0.01, 0.03] },
 * ], { title: "Labels" });
 * assert.ok(figure.data.length > 0);
 * ```
 */
export function labelEconomicsPanel(
  rows: readonly LabelRow[],
  { title, width }: { readonly title: string; readonly width?: FigureWidth },
): PlotlyFigure {
  const counts = [...new Set(rows.map(({ modelsPerPrompt }) => modelsPerPrompt))].sort((a, b) => a - b);
  return costQualityPanel({
    title,
    subtitle:
      "Bands: 95 % over draws of the labels and of the split. Labels: answers at their recorded cost, and a judgement of each.",
    models: [],
    curves: counts.map((count, at) => {
      const own = rows.filter(({ modelsPerPrompt }) => modelsPerPrompt === count)
        .toSorted((a, b) => a.labelCostUsd - b.labelCostUsd);
      return {
        name: `${count} models a prompt`,
        family: STYLES[at % STYLES.length],
        points: own.map(({ labelCostUsd, gain, nPrompts }) => ({
          costUsd: labelCostUsd,
          quality: gain,
          label: `${nPrompts} prompts`,
        })),
        band: own.map(({ labelCostUsd, interval: [low, high] }) => ({ costUsd: labelCostUsd, low, high })),
      };
    }),
    costLabel: "Cost of the labels (USD, log scale)",
    qualityLabel: "AIQ (formula) less Zero's",
    width,
  });
}
