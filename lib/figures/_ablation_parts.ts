import { px } from "./panel_frame.ts";
import type { AxisTicks } from "./_ticks.ts";
import { PAPER_THEME } from "./theme.ts";

/** How an axis of differences is drawn. */
export function axisStyle({ major }: AxisTicks): Record<string, unknown> {
  const { colors, strokePt, tickPt, fontPt } = PAPER_THEME, line = px(strokePt.axis);
  return {
    ...{
      ticks: "outside",
      tickwidth: line,
      tickcolor: colors.ink,
      ticklen: px(tickPt.major),
      tickmode: "array",
      tickangle: 0,
    },
    ...{
      tickvals: major.map(({ value }) => value),
      ticktext: major.map(({ text }) => text),
      tickfont: { size: px(fontPt.tick) },
    },
    ...{ showline: true, mirror: true, linewidth: line, linecolor: colors.ink, zeroline: false },
    ...{ showgrid: true, gridcolor: colors.grid, gridwidth: px(strokePt.grid) },
  };
}

/** A text at a place of the figure. */
export function note(text: string, sizePt: number, place: Record<string, unknown>): Record<string, unknown> {
  const font = { size: px(sizePt) };
  return { text, font, xref: "paper", yref: "paper", showarrow: false, borderpad: 0, borderwidth: 0, ...place };
}
