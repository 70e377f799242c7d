import { signed } from "../base/words.ts";
import type { AblationPoint } from "./ablation_input.ts";
import { px } from "./frame.ts";
import { type CurveFamily, curveStyle } from "./curve_style.ts";

/** A point that has its place. */
export interface PlacedPoint extends AblationPoint {
  /** Below the top of the plotting area, points (1/72 inch). */
  readonly at: number;
}

/** What is drawn of one kind of router in one panel. */
export interface FamilyPoints {
  readonly name: string;
  readonly family: CurveFamily;
  /** Points within the limit, and those beyond it. */
  readonly within: readonly PlacedPoint[];
  readonly beyond: readonly PlacedPoint[];
}

/** Width of the bars, and size of an arrow and its number, points (1/72 inch). */
const BAR_PT = 1.1;
const ARROW_PT = 4;
const NUMBER_PT = 6;

/** The traces of one kind of router in one panel: bars, markers, and arrows at the ends of the axis. */
export function familyTraces(
  points: FamilyPoints,
  { range, panelWidth }: { readonly range: readonly [number, number]; readonly panelWidth: number },
): Record<string, unknown>[] {
  const room = px(ARROW_PT / 2 + 0.6) / panelWidth * (range[1] - range[0]);
  const lower = points.beyond.filter(({ difference }) => difference < 0);
  const upper = points.beyond.filter(({ difference }) => difference > 0);
  const traces = [barTrace(points, range), pointTrace(points)];
  if (lower.length > 0) traces.push(arrowTrace(lower, { x: range[0] + room, symbol: "triangle-left", side: "right" }));
  if (upper.length > 0) traces.push(arrowTrace(upper, { x: range[1] - room, symbol: "triangle-right", side: "left" }));
  return traces;
}

/** The intervals as bars, as far as the axis goes. */
function barTrace(
  { within, family }: FamilyPoints,
  [left, right]: readonly [number, number],
): Record<string, unknown> {
  const cut = within.map(({ at, interval }) => {
    return { at, low: Math.max(interval[0], left), high: Math.min(interval[1], right) };
  });
  const bars = cut.filter(({ low, high }) => low <= high);
  return {
    mode: "lines",
    x: bars.flatMap(({ low, high }) => [low, high, null]),
    y: bars.flatMap(({ at }) => [at, at, null]),
    line: { color: curveStyle(family).color, width: px(BAR_PT) },
  };
}

function pointTrace({ name, family, within }: FamilyPoints): Record<string, unknown> {
  const { symbol, markerPt, fill, color } = curveStyle(family);
  return {
    mode: "markers",
    name,
    x: within.map(({ difference }) => difference),
    y: within.map(({ at }) => at),
    hovertext: within.map((point) => hoverText(point, name)),
    hoverinfo: "text",
    marker: {
      symbol,
      size: px(markerPt - 0.8),
      opacity: 1,
      color: fill,
      line: { color, width: px(BAR_PT) },
    },
  };
}

/** Differences beyond an end of the axis are drawn as an arrow at that end, with the number beside it. */
function arrowTrace(
  points: readonly PlacedPoint[],
  { x, symbol, side }: { readonly x: number; readonly symbol: string; readonly side: "left" | "right" },
): Record<string, unknown> {
  const { color } = curveStyle(points[0].family);
  return {
    mode: "markers+text",
    x: points.map(() => x),
    y: points.map(({ at }) => at),
    text: points.map(({ difference }) => shortSigned(difference)),
    textposition: `middle ${side}`,
    textfont: { size: px(NUMBER_PT), color },
    marker: { symbol, size: px(ARROW_PT), color, line: { width: 0 } },
  };
}

function hoverText({ setting, difference, interval }: AblationPoint, name: string): string {
  const ends = interval.map(shortSigned).join(", ");
  return `<b>${name}</b>, ${setting}<br>${shortSigned(difference)} [${ends}]`;
}

/** A difference as the paper prints numbers: +.012. */
function shortSigned(value: number): string {
  return signed(value, 3).replace(/^([+−])0/, "$1");
}
