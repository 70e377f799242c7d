import type { PlotlyFigure } from "./plotly_figure.ts";

/**
 * A figure for the screen: its scales get Plotly's own ticks, which change when the reader zooms in.
 *
 * On paper the ticks of a scale are laid out so that no label touches another; `layout.meta.scales` names the axes that
 * have such ticks. Axes of names, and axes of figures from elsewhere, stay as they are.
 *
 * @example
 * ```ts
 * import { costQualityPanel } from "./cost_quality_panel.ts";
 * import { screenFigure } from "./screen_figure.ts";
 * import assert from "node:assert/strict";
 *
 * const models = [{ name: "Small", costUsd: 2e-5, quality: 0.56 }, { name: "Large", costUsd: 1e-3, quality: 0.83 }];
 * const { layout } = screenFigure(costQualityPanel({ title: "Two models", models, curves: [] }));
 * assert.equal((layout.xaxis as { tickmode: string }).tickmode, "auto");
 * ```
 */
export function screenFigure({ data, layout }: PlotlyFigure): PlotlyFigure {
  const { scales = [] } = (layout.meta ?? {}) as { readonly scales?: readonly string[] };
  const axes = scales.map((name) => [name, onScreen(layout[name] as Record<string, unknown>)] as const);
  return { data, layout: { ...layout, ...Object.fromEntries(axes) } };
}

function onScreen({ tickvals, ticktext: _texts, minor, ...axis }: Record<string, unknown>): Record<string, unknown> {
  const { tickvals: _minor, ...ticks } = (minor ?? {}) as Record<string, unknown>;
  // About as many labels as there is room for on paper.
  const nticks = (tickvals as readonly number[]).length + 2;
  return {
    ...axis,
    tickmode: "auto",
    nticks,
    exponentformat: "power",
    ...(minor === undefined ? {} : { minor: { ...ticks, tickmode: "auto" } }),
  };
}
