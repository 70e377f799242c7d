import type { OperatingPoint } from "../plane/operating_point.ts";
import { plainMarkup } from "./markup.ts";
import { readableNumber } from "./number_text.ts";
import { px } from "./frame.ts";
import { axisCost, type PanelFrame, project } from "./panel_frame.ts";
import type { Segment } from "./_label_geometry.ts";
import type { PanelBand } from "./panel_input.ts";
import type { CurveStyle } from "./curve_style.ts";

/** A point of a curve or a single model, with what the hover text says of it. */
export interface NamedPoint extends OperatingPoint {
  readonly label?: string;
}

/** A curve as it is drawn: its vertices and, on a log axis, the mixes between them. */
export interface SampledCurve {
  readonly points: readonly (NamedPoint & { readonly isVertex: boolean })[];
}

/** Opacity of a band, low enough that two overlapping bands differ from one. */
const BAND_OPACITY = 0.16;
const TRANSPARENT = "rgba(0,0,0,0)";
/** Greatest distance between the drawn line and the true curve, pixels. */
const TOLERANCE_PX = 0.2;
const MAX_PIECES = 64;

/**
 * Adds points between the vertices of a curve on a log axis: the mixes of two settings lie on a straight line of the
 * cost–quality plane, which a log scale bends.
 */
export function sampleCurve(vertices: readonly NamedPoint[], frame: PanelFrame): SampledCurve {
  const points: (NamedPoint & { isVertex: boolean })[] = [];
  vertices.forEach((vertex, i) => {
    if (i > 0) points.push(...between(vertices[i - 1], vertex, frame).map((point) => ({ ...point, isVertex: false })));
    points.push({ ...vertex, isVertex: true });
  });
  return { points };
}

/** The straight pieces of a sampled curve, pixels in the plotting area. */
export function curveSegments(curve: SampledCurve, frame: PanelFrame): Segment[] {
  const places = curve.points.map((point) => project(frame, point));
  return places.slice(1).map((end, i) => ({ x0: places[i].x, y0: places[i].y, x1: end.x, y1: end.y }));
}

/** The Plotly trace of a curve: markers at the vertices, a line through all points, a hover text for each. */
export function curveTrace(
  { points }: SampledCurve,
  { name, style, rank, costName }: {
    readonly name: string;
    readonly style: CurveStyle;
    readonly rank: number;
    readonly costName: string;
  },
): Record<string, unknown> {
  const perPoint = (color: string): string | string[] =>
    points.every(({ isVertex }) => isVertex) ? color : points.map(({ isVertex }) => isVertex ? color : TRANSPARENT);
  const dash = style.dashPt.length === 0
    ? "solid"
    : style.dashPt.map((length) => `${Number(px(length).toFixed(2))}px`).join(",");
  const marker = style.symbol === null ? {} : {
    marker: {
      symbol: style.symbol,
      size: px(style.markerPt),
      opacity: 1,
      color: perPoint(style.fill),
      line: { color: perPoint(style.color), width: px(0.8) },
    },
  };
  return {
    type: "scatter",
    mode: style.symbol === null ? "lines" : "lines+markers",
    name,
    legendrank: rank,
    x: points.map(({ costUsd }) => costUsd),
    y: points.map(({ quality }) => quality),
    hovertext: points.map((point) => hoverText(name, point, costName)),
    hoverinfo: "text",
    line: { color: style.color, dash, width: px(style.widthPt) },
    ...marker,
  };
}

/** The Plotly trace of a band: an area in the curve's colour, below all curves, not in the legend. */
export function bandTrace(
  band: readonly PanelBand[],
  { name, style }: { readonly name: string; readonly style: CurveStyle },
): Record<string, unknown> {
  const back = band.toReversed();
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(style.color.slice(at, at + 2), 16));
  return {
    type: "scatter",
    mode: "lines",
    name: `${name}, band`,
    showlegend: false,
    hoverinfo: "skip",
    x: [...band, ...back].map(({ costUsd }) => costUsd),
    y: [...band.map(({ low }) => low), ...back.map(({ high }) => high)],
    fill: "toself",
    fillcolor: `rgba(${red}, ${green}, ${blue}, ${BAND_OPACITY})`,
    line: { width: 0, color: style.color },
  };
}

/** Name (in Plotly's markup), cost, quality and setting (plain text) of a point, in Plotly's markup. */
export function hoverText(name: string, point: NamedPoint, costName: string): string {
  const lines = [
    `<b>${name}</b>`,
    `${costName}: ${readableNumber(point.costUsd)}`,
    `Mean quality: ${point.quality.toFixed(3)}`,
  ];
  if (point.label !== undefined && point.label !== "") lines.push(plainMarkup(point.label));
  return lines.join("<br>");
}

/** The mixes of two neighbouring vertices that are needed to draw the line between them. */
function between(a: NamedPoint, b: NamedPoint, frame: PanelFrame): NamedPoint[] {
  if (!frame.log || b.costUsd <= a.costUsd) return [];
  const pixelsPerQuality = frame.plotHeight / (frame.yRange[1] - frame.yRange[0]);
  const slope = Math.abs(b.quality - a.quality) / (b.costUsd - a.costUsd);
  // Of a chord over a step h of log10 c, the greatest error is |d²q/d(log10 c)²|·h²/8, with d²q/d(log10 c)² =
  // slope·c·(ln 10)².
  const bend = slope * b.costUsd * Math.LN10 ** 2 * pixelsPerQuality;
  const from = axisCost(frame, a.costUsd);
  const to = axisCost(frame, b.costUsd);
  const nPieces = bend === 0 ? 1 : Math.min(MAX_PIECES, Math.ceil((to - from) * Math.sqrt(bend / (8 * TOLERANCE_PX))));
  return Array.from({ length: nPieces - 1 }, (_, i) => {
    const costUsd = 10 ** (from + (to - from) * (i + 1) / nPieces);
    const share = (costUsd - a.costUsd) / (b.costUsd - a.costUsd);
    return { costUsd, quality: a.quality + share * (b.quality - a.quality), label: mixLabel(a, b, share) };
  });
}

function mixLabel(a: NamedPoint, b: NamedPoint, share: number): string {
  const percent = Math.round(100 * share);
  return `mix: ${100 - percent} % ${a.label ?? "of the point before"}, ${percent} % ${b.label ?? "of the point after"}`;
}
