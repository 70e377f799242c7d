import { rangeOf } from "../base/statistics.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import { type Frame, frameAround, type FrameInput, frameLayout, px } from "./frame.ts";
import { textWidth } from "./text_width.ts";
import { PRINT_THEME } from "./theme.ts";
import { type AxisTicks, linearTicks, logTicks } from "./ticks.ts";

/** The frame of a figure with two axes, which is laid out before curves and labels. */
export interface PanelFrame extends Frame {
  readonly log: boolean;
  /** Ends of the horizontal axis as Plotly takes them: log10 of USD on a log axis. */
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  readonly xTicks: AxisTicks;
  readonly yTicks: AxisTicks;
}

/** The input of a cost–quality panel's frame. */
export interface PanelFrameInput extends Pick<FrameInput, "title" | "subtitle" | "legendNames" | "width"> {
  readonly points: readonly OperatingPoint[];
  readonly log: boolean;
}

/** Room inside the axes around the outermost points, shares of the axis; more above, where labels go first. */
const PADDING = { left: 0.07, right: 0.07, bottom: 0.09, top: 0.11 };
/** Half the length of an axis on which all points are equal: a third of a decade, or this share of the value. */
const LONE_DECADES = 1 / 3;
const LONE_SHARE = 0.1;
/** Points (1/72 inch) around the axes. */
const SPACE_PT = { right: 6, bottom: 28, yTitle: 13, beforeTicks: 3 };

/** Lays out axes, margins and legend of a cost-quality panel. */
export function panelFrame({ points, log, ...texts }: PanelFrameInput): PanelFrame {
  const { fontPt, widthPt, plotHeightPt, tickPt } = PRINT_THEME;
  const plotHeight = px(plotHeightPt[texts.width]);
  const fontSize = px(fontPt.tick);
  const xs = points.map(({ costUsd }) => log ? Math.log10(costUsd) : costUsd);
  const ys = points.map(({ quality }) => quality);
  const xRange = padded(xs, { before: PADDING.left, after: PADDING.right, loneHalf: log ? LONE_DECADES : null });
  const yRange = padded(ys, { before: PADDING.bottom, after: PADDING.top, loneHalf: null });
  const yTicks = linearTicks(yRange, { length: plotHeight, fontSize, along: "y" });
  const yLabels = Math.max(0, ...yTicks.major.map(({ text }) => textWidth(text, fontSize)));
  const left = Math.ceil(px(SPACE_PT.yTitle + tickPt.major + SPACE_PT.beforeTicks) + yLabels);
  const { right, xTicks } = costAxis(xRange, { log, room: px(widthPt[texts.width]) - left, fontSize });
  const frame = frameAround({ ...texts, left, right, bottom: px(SPACE_PT.bottom), plotHeight });
  return { ...frame, log, xRange, yRange, xTicks, yTicks };
}

/** Ticks of the cost axis, and the margin right of it, which holds the end of the last label. */
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

/** The Plotly layout of a figure with two axes. */
export function panelLayout(frame: PanelFrame, { costLabel, qualityLabel, annotations }: {
  readonly costLabel: string;
  readonly qualityLabel: string;
  readonly annotations: readonly Record<string, unknown>[];
}): Record<string, unknown> {
  const titled = (text: string): unknown => ({ text, font: { size: px(PRINT_THEME.fontPt.axis) }, standoff: px(4) });
  const xStyle = { type: frame.log ? "log" : "linear", range: frame.xRange, title: titled(costLabel) };
  const yStyle = { type: "linear", range: frame.yRange, title: titled(qualityLabel) };
  const axes = { xaxis: { ticks: frame.xTicks, style: xStyle }, yaxis: { ticks: frame.yTicks, style: yStyle } };
  return frameLayout(frame, { axes, annotations });
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

/** An axis around some values, with room before and after them. */
function padded(
  values: readonly number[],
  { before, after, loneHalf }: { readonly before: number; readonly after: number; readonly loneHalf: number | null },
): [number, number] {
  const [low, high] = rangeOf(values);
  const inner = 1 - before - after;
  if (high > low) return [low - (high - low) * before / inner, high + (high - low) * after / inner];
  const half = loneHalf ?? (low === 0 ? LONE_SHARE : Math.abs(low) * LONE_SHARE);
  return [low - half, high + half];
}
