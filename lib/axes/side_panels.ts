import type { FigureWidth } from "../figures/figure_width.ts";
import { frameAround, frameLayout, note, px } from "../figures/frame.ts";
import type { PlotlyFigure } from "../figures/plotly_figure.ts";
import { textWidth } from "../figures/text_width.ts";
import { PRINT_THEME } from "../figures/theme.ts";
import { linearTicks, logTicks } from "../figures/ticks.ts";

/** Traces in one panel; the axes are added. */
export interface SidePanel {
  /** Above the panel. */
  readonly title: string;
  /** Plotly's traces without their axes. */
  readonly traces: readonly Readonly<Record<string, unknown>>[];
}

/** Panels beside each other that share both axes. */
export interface SidePanelsInput {
  /** Bold first line. */
  readonly title: string;
  /** Lines below it. */
  readonly subtitle: string;
  /** From left to right. */
  readonly panels: readonly SidePanel[];
  /** Names in the legend, those of the first panel's traces. */
  readonly legendNames: readonly string[];
  /** The ends of the data on the axes; room is added. */
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  /** Titles of the axes. */
  readonly xTitle: string;
  readonly yTitle: string;
  /** Whether the horizontal axis is logarithmic. */
  readonly isLog: boolean;
  /** Where it is printed. */
  readonly width: FigureWidth;
  /** What stands right of the panels: its width in points, and its shapes and annotations for a plotting area of so many pixels. */
  readonly beside?: {
    readonly widthPt: number;
    readonly drawn: (plotWidth: number) => {
      readonly shapes: readonly Record<string, unknown>[];
      readonly annotations: readonly Record<string, unknown>[];
    };
  };
}

/** Points (1/72 inch). */
const SPACE_PT = { gap: 8, right: 6, bottom: 28, panelTitle: 11, yTitle: 13, beforeTicks: 3 };
/** Room around the data, share of an axis. */
const PADDING = 0.06;
/** A panel is about as high as wide, within these limits of the theme's height. */
const LEAST_HEIGHT = 0.6;
/** Where an axis's outermost labels may begin and end, share of its length, so that labels of neighbours do not touch. */
const LABELS_FROM = 0.06;

/** Lays out panels beside each other, with one legend above. */
export function sidePanels(input: SidePanelsInput): PlotlyFigure {
  const { panels, isLog, width, beside } = input;
  const { fontPt, tickPt, plotHeightPt } = PRINT_THEME;
  const fontSize = px(fontPt.tick);
  const plotHeight = px(plotHeightPt[width] * (panels.length > 2 && width.endsWith("column") ? LEAST_HEIGHT : 0.85));
  const xRange = padded(isLog ? [Math.log10(input.xRange[0]), Math.log10(input.xRange[1])] : input.xRange);
  const yRange = padded(input.yRange);
  const yTicks = linearTicks(yRange, { length: plotHeight, fontSize, along: "y" });
  const yLabels = Math.max(0, ...yTicks.major.map(({ text }) => textWidth(text, fontSize)));
  const frame = frameAround({
    title: input.title,
    subtitle: input.subtitle,
    legendNames: input.legendNames,
    width,
    left: Math.ceil(px(SPACE_PT.yTitle + tickPt.major + SPACE_PT.beforeTicks) + yLabels),
    right: px(SPACE_PT.right + (beside?.widthPt ?? 0)),
    bottom: px(SPACE_PT.bottom),
    plotHeight,
    above: panels.every(({ title }) => title === "") ? 0 : px(SPACE_PT.panelTitle),
    titlesAtEdge: true,
  });
  const gap = px(SPACE_PT.gap);
  const panelWidth = (frame.plotWidth - (panels.length - 1) * gap) / panels.length;
  const domain = (panel: number): [number, number] => {
    const start = panel * (panelWidth + gap);
    return [start / frame.plotWidth, Math.min(1, (start + panelWidth) / frame.plotWidth)];
  };
  const space = { length: panelWidth, fontSize, along: "x" } as const;
  const allTicks = isLog ? logTicks([10 ** xRange[0], 10 ** xRange[1]], space) : linearTicks(xRange, space);
  const shareOf = (value: number): number =>
    ((isLog ? Math.log10(value) : value) - xRange[0]) / (xRange[1] - xRange[0]);
  const xTicks = {
    major: allTicks.major.filter(({ value }) => {
      return panels.length === 1 || (shareOf(value) >= LABELS_FROM && shareOf(value) <= 1 - LABELS_FROM);
    }),
    minor: allTicks.minor,
  };
  const names = (panel: number): { x: string; y: string } =>
    panel === 0 ? { x: "x", y: "y" } : { x: `x${panel + 1}`, y: `y${panel + 1}` };
  const axes = panels.flatMap((_, panel) => {
    const { x, y } = names(panel);
    const titled = panel === 0
      ? { title: { text: input.yTitle, font: { size: px(fontPt.axis) }, standoff: px(4) } }
      : {};
    const xStyle = { type: isLog ? "log" : "linear", range: xRange, domain: domain(panel), anchor: y };
    const yStyle = { type: "linear", range: yRange, anchor: x, showticklabels: panel === 0, ...titled };
    return [
      [x.replace("x", "xaxis"), { ticks: xTicks, style: xStyle }],
      [y.replace("y", "yaxis"), { ticks: yTicks, style: yStyle }],
    ] as const;
  });
  const titles = panels.map(({ title }, panel) =>
    note(title, { fontPt: fontPt.axis, place: { x: domain(panel)[0], xanchor: "left", y: 1, yanchor: "bottom" } })
  );
  const foot = { x: 0.5, xanchor: "center", y: 0, yanchor: "bottom", yshift: px(2) - px(SPACE_PT.bottom) };
  const drawnBeside = beside?.drawn(frame.plotWidth);
  const layout = frameLayout(frame, {
    axes: Object.fromEntries(axes),
    annotations: [
      ...titles,
      note(input.xTitle, { fontPt: fontPt.axis, place: foot }),
      ...drawnBeside?.annotations ?? [],
    ],
  });
  return {
    data: panels.flatMap(({ traces }, panel) => {
      const { x: xaxis, y: yaxis } = names(panel);
      return traces.map((trace) => ({
        ...trace,
        xaxis,
        yaxis,
        showlegend: panel === 0 && trace.name !== undefined && trace.showlegend !== false,
      }));
    }),
    layout: drawnBeside === undefined ? layout : { ...layout, shapes: drawnBeside.shapes },
  };
}

function padded([low, high]: readonly [number, number]): [number, number] {
  const room = PADDING * (high > low ? high - low : Math.abs(low) + 1e-9);
  return [low - room, high + room];
}
