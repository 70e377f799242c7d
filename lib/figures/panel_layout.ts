import { LEGEND_GAP, LEGEND_SYMBOL_WIDTH } from "./_legend.ts";
import { type PanelFrame, px, subtitleShift, titleTop } from "./panel_frame.ts";
import { PAPER_THEME } from "./theme.ts";
import type { AxisTicks } from "./_ticks.ts";

/** Titles of a panel and the annotations in it. */
export interface PanelTexts {
  readonly title: string;
  readonly costLabel: string;
  readonly qualityLabel: string;
  readonly annotations: readonly Record<string, unknown>[];
}

/** Room left of a legend that needs the whole width, points (1/72 inch). */
const EDGE_PT = 3;

/** The Plotly layout of a panel. */
export function panelLayout(
  frame: PanelFrame,
  { title, costLabel, qualityLabel, annotations }: PanelTexts,
): Record<string, unknown> {
  const { colors, fontFamily, fontPt, pixelsPerPoint } = PAPER_THEME;
  return {
    width: frame.width,
    height: frame.height,
    meta: {
      sizePt: { width: frame.width / pixelsPerPoint, height: frame.height / pixelsPerPoint },
      scales: scalesOf({ xaxis: frame.xTicks, yaxis: frame.yTicks }),
    },
    font: { family: fontFamily, size: px(fontPt.axis), color: colors.ink },
    margin: { ...frame.margin, pad: 0, autoexpand: false },
    paper_bgcolor: colors.paper,
    plot_bgcolor: colors.paper,
    hovermode: "closest",
    hoverlabel: { align: "left", bgcolor: colors.paper, font: { size: px(fontPt.label) } },
    title: titleOf(frame, title),
    xaxis: {
      ...axisStyle(frame.xTicks),
      type: frame.log ? "log" : "linear",
      range: frame.xRange,
      title: { text: costLabel, font: { size: px(fontPt.axis) }, standoff: px(4) },
    },
    yaxis: {
      ...axisStyle(frame.yTicks),
      type: "linear",
      range: frame.yRange,
      title: { text: qualityLabel, font: { size: px(fontPt.axis) }, standoff: px(4) },
    },
    showlegend: frame.legend.nRows > 0,
    legend: legendOf(frame),
    annotations: [...subtitleOf(frame), ...annotations],
  };
}

function titleOf(frame: PanelFrame, title: string): Record<string, unknown> {
  return {
    text: title === "" ? "" : `<b>${title}</b>`,
    font: { size: px(PAPER_THEME.fontPt.title) },
    x: (frame.margin.l - hang(frame)) / frame.width,
    xref: "container",
    xanchor: "left",
    y: 1 - titleTop() / frame.height,
    yref: "container",
    yanchor: "top",
    automargin: false,
  };
}

function subtitleOf(frame: PanelFrame): Record<string, unknown>[] {
  if (frame.subtitleLines.length === 0) return [];
  return [{
    text: frame.subtitleLines.join("<br>"),
    font: { size: px(PAPER_THEME.fontPt.subtitle) },
    align: "left",
    x: 0,
    xref: "paper",
    xanchor: "left",
    y: 1,
    yref: "paper",
    yanchor: "bottom",
    xshift: 0 - hang(frame),
    yshift: subtitleShift(frame),
    borderpad: 0,
    borderwidth: 0,
    showarrow: false,
  }];
}

/** The axes that are scales, for {@linkcode screenFigure}. */
export function scalesOf(axes: Readonly<Record<string, AxisTicks>>): string[] {
  return Object.keys(axes).filter((name) => !axes[name].areNames);
}

/** Lines, ticks and grid of an axis. */
export function axisStyle({ major, minor }: AxisTicks): Record<string, unknown> {
  const { colors, strokePt, tickPt, fontPt } = PAPER_THEME, line = px(strokePt.axis);
  const ticks = { ticks: "outside", tickwidth: line, tickcolor: colors.ink };
  return {
    ...ticks,
    ticklen: px(tickPt.major),
    tickmode: "array",
    tickvals: major.map(({ value }) => value),
    ticktext: major.map(({ text }) => text),
    tickfont: { size: px(fontPt.tick) },
    tickangle: 0,
    ...(minor.length === 0
      ? {}
      : { minor: { ...ticks, ticklen: px(tickPt.minor), tickmode: "array", tickvals: minor } }),
    showline: true,
    mirror: true,
    linewidth: line,
    linecolor: colors.ink,
    showgrid: true,
    gridcolor: colors.grid,
    gridwidth: px(strokePt.grid),
    zeroline: false,
  };
}

/** How far title and legend begin left of the plotting area, pixels. */
function hang(frame: PanelFrame): number {
  return frame.legend.fromFigureEdge ? frame.margin.l - px(EDGE_PT) : 0;
}

/** Above the plotting area; its first symbol in line with the axis, or with the figure's edge where the room is needed. */
function legendOf(frame: PanelFrame): Record<string, unknown> {
  const { fontPt } = PAPER_THEME;
  return {
    orientation: "h",
    traceorder: "normal",
    x: -(hang(frame) + LEGEND_GAP) / frame.plotWidth,
    xref: "paper",
    xanchor: "left",
    y: 1,
    yref: "paper",
    yanchor: "bottom",
    maxheight: 1,
    itemwidth: LEGEND_SYMBOL_WIDTH,
    ...(frame.legend.entryWidth === null ? {} : { entrywidth: frame.legend.entryWidth, entrywidthmode: "pixels" }),
    font: { size: px(fontPt.label) },
    bgcolor: "rgba(0,0,0,0)",
    borderwidth: 0,
  };
}
