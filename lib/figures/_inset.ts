import type { LabelBox, Segment } from "./_label_geometry.ts";
import { axisCost, type PanelFrame, project, px } from "./panel_frame.ts";
import { axisStyle } from "./panel_layout.ts";
import { textWidth } from "./_text_width.ts";
import { type AxisTicks, linearTicks, logTicks } from "./_ticks.ts";
import { PAPER_THEME } from "./theme.ts";

/** The region of a panel that an inset magnifies. */
export interface PanelInset {
  /** Its lowest and highest cost. */
  readonly costUsd: readonly [low: number, high: number];
  /** Its lowest and highest quality. */
  readonly quality: readonly [low: number, high: number];
}

/** An inset that has its place. */
export interface PlacedInset {
  /** Geometry inside the inset: only what concerns its axes is its own. */
  readonly frame: PanelFrame;
  /** The plotting area of the inset, pixels in that of the panel. */
  readonly inner: LabelBox;
  readonly region: PanelInset;
}

/** Size of the tick labels, and room around the inset with its labels, points (1/72 inch). */
const TICK_PT = 6;
const GAP_PT = 4;

/** Puts the inset into the strip that the panel keeps free below its data. */
export function placeInset(region: PanelInset, frame: PanelFrame): PlacedInset {
  const fontSize = px(TICK_PT), ticks = px(PAPER_THEME.tickPt.major + 2), gap = px(GAP_PT);
  const y0 = frame.plotHeight - frame.stripHeight + gap,
    y1 = frame.plotHeight - gap - ticks - fontSize,
    plotHeight = y1 - y0;
  const yTicks = linearTicks(region.quality, { length: plotHeight, fontSize, along: "y" });
  const x0 = gap + ticks + Math.max(0, ...yTicks.major.map(({ text }) => textWidth(text, fontSize)));
  const ticksTo = (x1: number): AxisTicks => {
    const space = { length: x1 - x0, fontSize, along: "x" } as const;
    return frame.log ? logTicks(region.costUsd, space) : linearTicks(region.costUsd, space);
  };
  // Half of a label may hang over the right end.
  const widest = Math.max(0, ...ticksTo(frame.plotWidth).major.map(({ text }) => textWidth(text, fontSize)));
  const x1 = frame.plotWidth - gap - widest / 2;
  const xRange = [axisCost(frame, region.costUsd[0]), axisCost(frame, region.costUsd[1])] as const;
  const own = {
    plotWidth: x1 - x0,
    plotHeight,
    stripHeight: 0,
    xRange,
    yRange: region.quality,
    xTicks: ticksTo(x1),
    yTicks,
  };
  return { frame: { ...frame, ...own }, inner: { x0, y0, x1, y1 }, region };
}

/** What an inset adds to the layout: its axes, and a frame around the region that it magnifies. */
export function insetLayout(
  { frame, inner, region }: PlacedInset,
  { plotWidth, plotHeight }: PanelFrame,
): Record<string, unknown> {
  const tickfont = { size: px(TICK_PT) }, { leader } = PAPER_THEME.colors;
  const [x0, x1] = region.costUsd, [y0, y1] = region.quality;
  return {
    xaxis2: {
      ...axisStyle(frame.xTicks),
      ...{ tickfont, anchor: "y2", type: frame.log ? "log" : "linear", range: frame.xRange },
      domain: [inner.x0 / plotWidth, inner.x1 / plotWidth],
    },
    yaxis2: {
      ...axisStyle(frame.yTicks),
      ...{ tickfont, anchor: "x2", type: "linear", range: frame.yRange },
      domain: [1 - inner.y1 / plotHeight, 1 - inner.y0 / plotHeight],
    },
    shapes: [{
      type: "rect",
      xref: "x",
      yref: "y",
      x0,
      x1,
      y0,
      y1,
      line: { color: leader, width: px(PAPER_THEME.strokePt.axis), dash: "dot" },
    }],
  };
}

/** Whether a point is magnified. */
export function isInside(
  { costUsd, quality }: PanelInset,
  point: { readonly costUsd: number; readonly quality: number },
): boolean {
  return point.costUsd >= costUsd[0] && point.costUsd <= costUsd[1] && point.quality >= quality[0] &&
    point.quality <= quality[1];
}

/** The frame around the region, which names keep away from; pixels. */
export function regionBorder({ costUsd, quality }: PanelInset, frame: PanelFrame): Segment[] {
  const low = project(frame, { costUsd: costUsd[0], quality: quality[0] }),
    high = project(frame, { costUsd: costUsd[1], quality: quality[1] });
  const { x: x0, y: y1 } = low, { x: x1, y: y0 } = high;
  return [{ x0, y0, x1, y1: y0 }, { x0, y0: y1, x1, y1 }, { x0, y0, x1: x0, y1 }, { x0: x1, y0, x1, y1 }];
}
