import type { OperatingPoint } from "../plane/operating_point.ts";
import { type LegendLayout, legendLayout } from "./_legend.ts";
import { textWidth, wrapText } from "./_text_width.ts";
import { PAPER_THEME } from "./theme.ts";
import { type AxisTicks, linearTicks, logTicks } from "./_ticks.ts";
import type { FigureWidth } from "./figure_width.ts";

/** The geometry of a panel: everything that must be known before curves and labels are laid out. Lengths are pixels. */
export interface PanelFrame {
  readonly log: boolean;
  readonly width: number;
  readonly height: number;
  readonly margin: { readonly l: number; readonly r: number; readonly t: number; readonly b: number };
  readonly plotWidth: number;
  readonly plotHeight: number;
  /** Height of the lowest part of the plotting area, where no data are: an inset stands there. */
  readonly stripHeight: number;
  /** Ends of the cost axis as Plotly takes them: log10 of USD on a log axis. */
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  readonly xTicks: AxisTicks;
  readonly yTicks: AxisTicks;
  readonly legend: LegendLayout;
  readonly subtitleLines: readonly string[];
}

/** What the frame depends on. */
export interface FrameInput {
  readonly points: readonly OperatingPoint[];
  readonly legendNames: readonly string[];
  readonly title: string;
  readonly subtitle: string;
  readonly width: FigureWidth;
  readonly log: boolean;
  /** Whether room is kept for an inset. */
  readonly withStrip: boolean;
}

/** Height of the strip for an inset, share of the height that the data have. */
const STRIP = 0.75;
/** Room inside the axes around the outermost points, shares of the axis; more above, where labels go first. */
const PADDING = { left: 0.07, right: 0.07, bottom: 0.09, top: 0.11 };
/** Half the length of an axis on which all points are equal: a third of a decade, or this share of the value. */
const LONE_DECADES = 1 / 3;
const LONE_SHARE = 0.1;

/** Points (1/72 inch) around titles, legend and axes. */
const SPACE_PT = { edge: 3, overSubtitle: 0.5, underTitle: 1.5, underLegend: 0.5, right: 6, bottom: 28, yTitle: 13 };
/** From the top of a title's capitals to the foot of its letters, and between the lines of a subtitle (Plotly's own), em. */
const TITLE_HEIGHT = 0.95;
const LINE_HEIGHT = 1.3;

/** Pixels of a length on paper. */
export function px(points: number): number {
  return points * PAPER_THEME.pixelsPerPoint;
}

/** Lays out axes, margins and legend of a panel. */
export function panelFrame(input: FrameInput): PanelFrame {
  const { fontPt, widthPt, plotHeightPt, tickPt } = PAPER_THEME, { log } = input;
  const width = px(widthPt[input.width]), dataHeight = px(plotHeightPt[input.width]), tickSize = px(fontPt.tick);
  const xs = input.points.map(({ costUsd }) => log ? Math.log10(costUsd) : costUsd),
    ys = input.points.map(({ quality }) => quality);
  const xRange = padded(xs, PADDING.left, PADDING.right, log ? LONE_DECADES : null);
  const dataRange = padded(ys, PADDING.bottom, PADDING.top, null);
  const yTicks = linearTicks(dataRange, { length: dataHeight, fontSize: tickSize, along: "y" });
  const yLabels = Math.max(0, ...yTicks.major.map(({ text }) => textWidth(text, tickSize)));
  const left = Math.ceil(px(SPACE_PT.yTitle + tickPt.major + 3) + yLabels);
  const { right, xTicks } = costAxis(xRange, { log, room: width - left, fontSize: tickSize });
  const plotWidth = width - left - right;
  const legend = legendLayout(input.legendNames, {
    fontSize: px(fontPt.label),
    plotWidth,
    figureWidth: left + plotWidth,
  });
  const subtitleLines = input.subtitle === ""
    ? []
    : wrapText(input.subtitle, { size: px(fontPt.subtitle), maxWidth: width - left - px(SPACE_PT.edge) });
  const top = Math.ceil(
    titleHeight(input.title, subtitleLines.length) + legend.height + px(legend.nRows === 0 ? 3 : SPACE_PT.underLegend),
  );
  const margin = { l: left, r: right, t: top, b: px(SPACE_PT.bottom) };
  const strip = input.withStrip ? STRIP : 0, stripHeight = strip * dataHeight, plotHeight = dataHeight + stripHeight;
  const yRange = [dataRange[0] - strip * (dataRange[1] - dataRange[0]), dataRange[1]] as const;
  const height = top + plotHeight + margin.b;
  return {
    log,
    width,
    height,
    margin,
    plotWidth,
    plotHeight,
    stripHeight,
    xRange,
    yRange,
    xTicks,
    yTicks,
    legend,
    subtitleLines,
  };
}

/** Ticks of the cost axis and the margin right of it, which holds what hangs over of the last label. */
function costAxis(
  range: readonly [number, number],
  { log, room, fontSize }: { readonly log: boolean; readonly room: number; readonly fontSize: number },
): { right: number; xTicks: AxisTicks } {
  let right = px(SPACE_PT.right);
  for (;;) {
    const space = { length: room - right, fontSize, along: "x" } as const;
    const xTicks = log ? logTicks([10 ** range[0], 10 ** range[1]], space) : linearTicks(range, space);
    const ends = xTicks.major.map(({ value, text }) => {
      const share = ((log ? Math.log10(value) : value) - range[0]) / (range[1] - range[0]);
      return share * space.length + textWidth(text, fontSize) / 2;
    });
    const needed = Math.ceil(Math.max(0, ...ends) - space.length) + 1;
    if (needed <= right) return { right, xTicks };
    right = needed;
  }
}

/** From the edge of the figure to the foot of title and subtitle, pixels. */
function titleHeight(title: string, nSubtitleLines: number): number {
  const { fontPt } = PAPER_THEME;
  const big = title === "" ? 0 : fontPt.title * TITLE_HEIGHT;
  const small = nSubtitleLines === 0 ? 0 : SPACE_PT.overSubtitle + nSubtitleLines * fontPt.subtitle * LINE_HEIGHT;
  return px(SPACE_PT.edge + big + small + SPACE_PT.underTitle);
}

/** From the edge of the figure to the top of the title, pixels. */
export function titleTop(): number {
  return px(SPACE_PT.edge);
}

/** From the plotting area up to the foot of the subtitle, pixels. */
export function subtitleShift(frame: PanelFrame): number {
  return frame.legend.height +
    px(frame.legend.nRows === 0 ? SPACE_PT.underTitle + 3 : SPACE_PT.underLegend + SPACE_PT.underTitle);
}

/** The value of a cost on the axis as Plotly takes it. */
export function axisCost(frame: PanelFrame, costUsd: number): number {
  return frame.log ? Math.log10(costUsd) : costUsd;
}

/** The place of a point in the plotting area, pixels from its upper left corner. */
export function project(frame: PanelFrame, point: OperatingPoint): { x: number; y: number } {
  const share = (value: number, [low, high]: readonly [number, number]): number => (value - low) / (high - low);
  return {
    x: share(axisCost(frame, point.costUsd), frame.xRange) * frame.plotWidth,
    y: (1 - share(point.quality, frame.yRange)) * frame.plotHeight,
  };
}

function padded(values: readonly number[], before: number, after: number, loneHalf: number | null): [number, number] {
  const low = Math.min(...values), high = Math.max(...values), inner = 1 - before - after;
  if (high > low) return [low - (high - low) * before / inner, high + (high - low) * after / inner];
  const half = loneHalf ?? (Math.abs(low) * LONE_SHARE || LONE_SHARE);
  return [low - half, high + half];
}
