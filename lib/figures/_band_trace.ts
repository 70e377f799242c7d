import type { CurveStyle } from "./theme.ts";

/** Between which qualities a curve lies at a cost. */
export interface PanelBand {
  /** Cost, in the unit of the axis. */
  readonly costUsd: number;
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** How much of what is below shows through: two bands that overlap are still told from one. */
const OPACITY = 0.16;

/** The Plotly trace of a band: an area in the curve's colour, below all curves, not in the legend. */
export function bandTrace(
  band: readonly PanelBand[],
  { name, style }: { readonly name: string; readonly style: CurveStyle },
): Record<string, unknown> {
  const back = band.toReversed(),
    [red, green, blue] = [1, 3, 5].map((at) => parseInt(style.color.slice(at, at + 2), 16));
  return {
    type: "scatter",
    mode: "lines",
    name: `${name}, band`,
    showlegend: false,
    hoverinfo: "skip",
    x: [...band, ...back].map(({ costUsd }) => costUsd),
    y: [...band.map(({ low }) => low), ...back.map(({ high }) => high)],
    fill: "toself",
    fillcolor: `rgba(${red}, ${green}, ${blue}, ${OPACITY})`,
    line: { width: 0, color: style.color },
  };
}
