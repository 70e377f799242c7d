import type { FigureWidth } from "./figure_width.ts";
import { LEGEND_GAP, LEGEND_SYMBOL_WIDTH, type LegendLayout, legendLayout } from "./_legend.ts";
import { wrapText } from "./text_width.ts";
import { PRINT_THEME } from "./theme.ts";
import type { AxisTicks } from "./ticks.ts";

/** The input of a frame. */
export interface FrameInput {
  readonly title: string;
  readonly subtitle: string;
  readonly legendNames: readonly string[];
  readonly width: FigureWidth;
  /** Pixels left of, right of and below the plotting area, and its height. */
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly plotHeight: number;
  /** Pixels that are kept free between the plotting area and the legend, 0 if not given. */
  readonly above?: number;
  /** Whether the titles begin at the edge of the figure instead of above the plotting area. */
  readonly titlesAtEdge?: boolean;
}

/** The frame of every figure: margins, titles and legend around a plotting area. Lengths are pixels. */
export interface Frame {
  readonly title: string;
  readonly subtitleLines: readonly string[];
  readonly legend: LegendLayout;
  readonly width: number;
  readonly height: number;
  readonly margin: { readonly l: number; readonly r: number; readonly t: number; readonly b: number };
  readonly plotWidth: number;
  readonly plotHeight: number;
  /** Height between the plotting area and the legend. */
  readonly above: number;
  /** How far the titles and the legend begin left of the plotting area. */
  readonly titleHang: number;
  readonly legendHang: number;
}

/** An axis: its ticks, and Plotly's other options of it. */
export interface Axis {
  readonly ticks: AxisTicks;
  readonly style: Readonly<Record<string, unknown>>;
}

/** Points (1/72 inch) around titles and legend; without a legend there is more room above the plotting area. */
const SPACE_PT = { edge: 3, overSubtitle: 0.5, underTitle: 1.5, underLegend: 0.5, withoutLegend: 3 };
/** From the top of a title's capitals to the foot of its letters, and between lines of a subtitle, em. */
const TITLE_HEIGHT = 0.95;
const LINE_HEIGHT = 1.3;

/** Pixels of a length on paper. */
export function px(points: number): number {
  return points * PRINT_THEME.pixelsPerPoint;
}

/** Pixels between the edge of a figure and its outermost parts. */
export const EDGE = px(SPACE_PT.edge);

/** Lays out margins, titles and legend around a plotting area. */
export function frameAround(input: FrameInput): Frame {
  const { title, subtitle, left, right, bottom, plotHeight, above = 0 } = input;
  const { fontPt, widthPt } = PRINT_THEME;
  const width = px(widthPt[input.width]);
  const plotWidth = width - left - right;
  const fontSize = px(fontPt.label);
  const legend = legendLayout(input.legendNames, { fontSize, plotWidth, figureWidth: left + plotWidth });
  const textWidth = width - EDGE - (input.titlesAtEdge ? EDGE : left);
  const subtitleLines = subtitle === "" ? [] : wrapText(subtitle, { size: px(fontPt.subtitle), maxWidth: textWidth });
  const top = Math.ceil(titleHeight(title, subtitleLines.length) + legend.height + px(underLegend(legend)) + above);
  const legendHang = legend.fromFigureEdge ? left - EDGE : 0;
  return {
    title,
    subtitleLines,
    legend,
    width,
    height: top + plotHeight + bottom,
    margin: { l: left, r: right, t: top, b: bottom },
    plotWidth,
    plotHeight,
    above,
    titleHang: input.titlesAtEdge ? left - EDGE : legendHang,
    legendHang,
  };
}

/** From the edge of the figure to the foot of title and subtitle, pixels. */
function titleHeight(title: string, nSubtitleLines: number): number {
  const { fontPt } = PRINT_THEME;
  const big = title === "" ? 0 : fontPt.title * TITLE_HEIGHT;
  const small = nSubtitleLines === 0 ? 0 : SPACE_PT.overSubtitle + nSubtitleLines * fontPt.subtitle * LINE_HEIGHT;
  return px(SPACE_PT.edge + big + small + SPACE_PT.underTitle);
}

function underLegend({ nRows }: LegendLayout): number {
  return nRows === 0 ? SPACE_PT.withoutLegend : SPACE_PT.underLegend;
}

/** The Plotly layout of a figure in its frame; axes by Plotly's names (`xaxis`), annotations beside the titles. */
export function frameLayout(
  frame: Frame,
  { axes, annotations }: {
    readonly axes: Readonly<Record<string, Axis>>;
    readonly annotations: readonly Record<string, unknown>[];
  },
): Record<string, unknown> {
  const { colors, fontFamily, fontPt, pixelsPerPoint } = PRINT_THEME;
  const names = Object.keys(axes);
  return {
    width: frame.width,
    height: frame.height,
    meta: {
      sizePt: { width: frame.width / pixelsPerPoint, height: frame.height / pixelsPerPoint },
      scales: names.filter((name) => !axes[name].ticks.areNames),
    },
    font: { family: fontFamily, size: px(fontPt.axis), color: colors.ink },
    margin: { ...frame.margin, pad: 0, autoexpand: false },
    paper_bgcolor: colors.paper,
    plot_bgcolor: colors.paper,
    hovermode: "closest",
    hoverlabel: { align: "left", bgcolor: colors.paper, font: { size: px(fontPt.label) } },
    title: titleOf(frame),
    ...Object.fromEntries(names.map((name) => [name, { ...axisStyle(axes[name].ticks), ...axes[name].style }])),
    showlegend: frame.legend.nRows > 0,
    legend: legendOf(frame),
    annotations: [...subtitleOf(frame), ...annotations],
  };
}

function titleOf({ title, titleHang, margin, width, height }: Frame): Record<string, unknown> {
  return {
    text: title === "" ? "" : `<b>${title}</b>`,
    font: { size: px(PRINT_THEME.fontPt.title) },
    x: (margin.l - titleHang) / width,
    xref: "container",
    xanchor: "left",
    y: 1 - EDGE / height,
    yref: "container",
    yanchor: "top",
    automargin: false,
  };
}

function subtitleOf({ subtitleLines, titleHang, legend, above }: Frame): Record<string, unknown>[] {
  if (subtitleLines.length === 0) return [];
  return [note(subtitleLines.join("<br>"), {
    fontPt: PRINT_THEME.fontPt.subtitle,
    place: {
      align: "left",
      x: 0,
      xanchor: "left",
      y: 1,
      yanchor: "bottom",
      xshift: 0 - titleHang,
      yshift: above + legend.height + px(underLegend(legend) + SPACE_PT.underTitle),
    },
  })];
}

/** Text at a place of the plotting area, as Plotly's annotation. */
export function note(
  text: string,
  { fontPt, place }: { readonly fontPt: number; readonly place: Readonly<Record<string, unknown>> },
): Record<string, unknown> {
  const font = { size: px(fontPt) };
  return { text, font, xref: "paper", yref: "paper", showarrow: false, borderpad: 0, borderwidth: 0, ...place };
}

/** The legend, in line with the plotting area, or with the figure's edge where it needs the room. */
function legendOf({ legend, legendHang, above, plotWidth, plotHeight }: Frame): Record<string, unknown> {
  return {
    orientation: "h",
    traceorder: "normal",
    x: -(legendHang + LEGEND_GAP) / plotWidth,
    xref: "paper",
    xanchor: "left",
    y: 1 + above / plotHeight,
    yref: "paper",
    yanchor: "bottom",
    maxheight: 1,
    itemwidth: LEGEND_SYMBOL_WIDTH,
    ...(legend.entryWidth === null ? {} : { entrywidth: legend.entryWidth, entrywidthmode: "pixels" }),
    font: { size: px(PRINT_THEME.fontPt.label) },
    bgcolor: "rgba(0,0,0,0)",
    borderwidth: 0,
  };
}

/** Lines, ticks and grid of an axis. */
function axisStyle({ major, minor }: AxisTicks): Record<string, unknown> {
  const { colors, strokePt, tickPt, fontPt } = PRINT_THEME;
  const line = px(strokePt.axis);
  const ticks = { ticks: "outside", tickwidth: line, tickcolor: colors.ink };
  const small = { ...ticks, ticklen: px(tickPt.minor), tickmode: "array", tickvals: minor };
  return {
    ...ticks,
    ticklen: px(tickPt.major),
    tickmode: "array",
    tickvals: major.map(({ value }) => value),
    ticktext: major.map(({ text }) => text),
    tickfont: { size: px(fontPt.tick) },
    tickangle: 0,
    ...(minor.length === 0 ? {} : { minor: small }),
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
