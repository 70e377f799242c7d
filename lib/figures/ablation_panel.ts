import { ablationFrame, ablationLayout, axisOf, type LineStack } from "./_ablation_layout.ts";
import { type AblationPoint, checkInput } from "./_ablation_point.ts";
import { px } from "./panel_frame.ts";
import type { PlotlyFigure } from "./plotly_figure.ts";
import { type CurveFamily, type CurveStyle, curveStyle } from "./theme.ts";
import type { FigureWidth } from "./figure_width.ts";

export type { AblationPoint };

/** What an ablation panel shows. */
export interface AblationPanelInput {
  /** Bold first line; an empty string for none. */
  readonly title: string;
  /** Lines below the title; what bands and bars are, if not given. */
  readonly subtitle?: string;
  /** The measurements; lines stand in the order in which they first come. */
  readonly points: readonly AblationPoint[];
  /** Evaluations, a panel each from left to right; default all, in their order. */
  readonly evalNames?: readonly string[];
  /** Titles of panels and of groups of lines by their names; a name that is not here is shown as it is. */
  readonly titles?: Readonly<Record<string, string>>;
  /** Differences beyond ± this are drawn at the edge as an arrow with their number. Default .1: a bad setting must not flatten the good ones. */
  readonly limit?: number;
  /** Where it is printed, which gives its width; `"column"` (241 pt) if not given. */
  readonly width?: FigureWidth;
}

const SUBTITLE =
  "Bars: 95 %, paired bootstrap over prompts. Grey bands: the base, from which the other lines differ in one thing.";
const GROUP_TITLES: Readonly<Record<string, string>> = {
  text: "Text, pieces read",
  k: "Neighbours <i>k</i>",
  encoder: "Encoder",
  alpha: "Linear, penalty α",
  mlp: "MLP units",
  share: "Training share",
};
const FAMILY_NAMES: Partial<Readonly<Record<CurveFamily, string>>> = { knn: "KNN", linear: "Linear", mlp: "MLP" };
/** Points (1/72 inch): a line with one router, each further router, a heading, and between groups. */
const LINE_PT = { first: 9, further: 4, heading: 11, group: 3 };
/** Room at both ends of the axis of differences, share of its length. */
const PADDING = 0.05;
/** Width of the bars, points, and size of an arrow and its number. */
const BAR_PT = 1.1, ARROW_PT = 4, NUMBER_PT = 6;

/**
 * Draws how much routers differ from Zero under many settings: one line a setting, grouped by what is varied, one panel an evaluation, with
 * intervals and a line at zero. Panels share one axis, so that they can be compared.
 *
 * **Units**: differences of AIQ, quality 0 to 1. Pure: the same input gives the same figure.
 *
 * @throws RangeError if there is nothing to draw, a number is not finite, or the panels do not fit beside each other
 * @throws TypeError if a family is not known
 * @example
 * ```ts
 * import { ablationPanel } from "./ablation_panel.ts";
 * import assert from "node:assert/strict";
 *
 * const point = { evalName: "mbpp", factor: "k", family: "knn" as const, isBase: false };
 * const figure = ablationPanel({
 *   title: "Neighbours",
 *   points: [
 *     { ...point, setting: "5", difference: -0.02, interval: [-0.04, 0.01] },
 *     { ...point, setting: "40", difference: 0.03, interval: [0.01, 0.05], isBase: true },
 *   ],
 * });
 * assert.deepEqual((figure.layout.yaxis as { ticktext: string[] }).ticktext, ["5", "40"]);
 * ```
 */
export function ablationPanel(input: AblationPanelInput): PlotlyFigure {
  const { title, subtitle = SUBTITLE, width = "column", limit = 0.1 } = input;
  const evalNames = input.evalNames ?? [...new Set(input.points.map(({ evalName }) => evalName))];
  const points = input.points.filter(({ evalName }) => evalNames.includes(evalName));
  checkInput(points, evalNames, limit);
  const groupTitles = { ...GROUP_TITLES, ...input.titles },
    panelTitles = evalNames.map((evalName) => input.titles?.[evalName] ?? evalName);
  const families = [...new Set(points.map(({ family }) => family))].sort((a, b) =>
    curveStyle(a).order - curveStyle(b).order
  );
  const stack = stackLines(points), range = differenceRange(points, limit);
  const legendNames = families.map((family) => FAMILY_NAMES[family] ?? family);
  const frame = ablationFrame({ title, subtitle, legendNames, panelTitles, groupTitles, stack, range, width });
  const inset = px(ARROW_PT / 2 + 0.6) / frame.panelWidth * (range[1] - range[0]),
    ends = [range[0] + inset, range[1] - inset] as const;
  const data = evalNames.flatMap((evalName, panel) =>
    families.flatMap((family, rank) => {
      const ofFamily = points.filter((point) => point.evalName === evalName && point.family === family);
      const placed = ofFamily.map((point): PlacedPoint => ({
        ...point,
        at: placeOf(point, stack, points),
        isBeyond: isBeyond(point, limit),
      }));
      const traces = [barTrace(placed, range), pointTrace(placed, legendNames[rank]), ...arrowTraces(placed, ends)];
      return traces.map((trace) => ({
        ...{
          type: "scatter",
          xaxis: axisOf(panel),
          yaxis: "y",
          cliponaxis: false,
          hoverinfo: "skip",
          legendgroup: family,
        },
        ...trace,
        showlegend: panel === 0 && trace.name !== undefined,
      }));
    })
  );
  return { data, layout: ablationLayout(frame) };
}

interface PlacedPoint extends AblationPoint {
  /** Below the top of the plotting area, points (1/72 inch). */
  readonly at: number;
  readonly isBeyond: boolean;
}

/** The lines from top to bottom, each as high as it has routers. */
function stackLines(points: readonly AblationPoint[]): LineStack {
  const lines: LineStack["lines"][number][] = [], headings: { factor: string; at: number }[] = [];
  let height = 0;
  for (const [factor, ofFactor] of Map.groupBy(points, (point) => point.factor)) {
    headings.push({ factor, at: height + LINE_PT.heading / 2 });
    height += LINE_PT.heading;
    for (const [setting, ofLine] of Map.groupBy(ofFactor, (point) => point.setting)) {
      const lineHeight = LINE_PT.first + LINE_PT.further * (familiesOf(ofLine).length - 1);
      lines.push({
        factor,
        setting,
        isBase: ofLine.some(({ isBase }) => isBase),
        at: height + lineHeight / 2,
        height: lineHeight,
      });
      height += lineHeight;
    }
    height += LINE_PT.group;
  }
  return { lines, headings, height };
}

function familiesOf(points: readonly AblationPoint[]): CurveFamily[] {
  return [...new Set(points.map(({ family }) => family))].sort((a, b) => curveStyle(a).order - curveStyle(b).order);
}

/** Routers of one line stand below each other. */
function placeOf(
  { factor, setting, family }: AblationPoint,
  { lines }: LineStack,
  points: readonly AblationPoint[],
): number {
  const line = lines.find((line) => line.factor === factor && line.setting === setting)!;
  const families = familiesOf(points.filter((point) => point.factor === factor && point.setting === setting));
  const step = line.height / (families.length + 0.6);
  return line.at + (families.indexOf(family) - (families.length - 1) / 2) * step;
}

function isBeyond({ difference }: AblationPoint, limit: number): boolean {
  return Math.abs(difference) > limit;
}

/** Ends of the axis: everything within the limit, and zero. */
function differenceRange(points: readonly AblationPoint[], limit: number): [number, number] {
  const ends = [0, ...points.flatMap(({ difference, interval }) => [difference, ...interval])];
  const low = Math.max(-limit, Math.min(...ends)),
    high = Math.min(limit, Math.max(...ends)),
    length = high - low || limit;
  return [low - PADDING * length, high + PADDING * length];
}

/** The intervals as bars, as far as the axis goes. */
function barTrace(points: readonly PlacedPoint[], [left, right]: readonly [number, number]): Record<string, unknown> {
  const bars = points.flatMap(({ at, interval: [low, high], isBeyond }) => {
    const ends = [Math.max(low, left), Math.min(high, right)];
    return isBeyond || ends[0] > ends[1] ? [] : [{ at, ends }];
  });
  return {
    mode: "lines",
    x: bars.flatMap(({ ends }) => [...ends, null]),
    y: bars.flatMap(({ at }) => [at, at, null]),
    line: { color: styleOf(points)?.color, width: px(BAR_PT) },
  };
}

function pointTrace(points: readonly PlacedPoint[], name: string): Record<string, unknown> {
  const style = styleOf(points), shown = points.filter(({ isBeyond }) => !isBeyond);
  return {
    mode: "markers",
    name,
    x: shown.map(({ difference }) => difference),
    y: shown.map(({ at }) => at),
    hovertext: shown.map((point) => hoverText(point, name)),
    hoverinfo: "text",
    marker: style && {
      ...{ symbol: style.symbol, size: px(style.markerPt - 0.8), opacity: 1, color: style.fill },
      line: { color: style.color, width: px(BAR_PT) },
    },
  };
}

/** Differences beyond an end of the axis: an arrow there, and the number inside. */
function arrowTraces(
  points: readonly PlacedPoint[],
  [left, right]: readonly [number, number],
): Record<string, unknown>[] {
  return [
    {
      at: left,
      symbol: "triangle-left",
      beyond: points.filter(({ isBeyond, difference }) => isBeyond && difference < 0),
      side: "right",
    },
    {
      at: right,
      symbol: "triangle-right",
      beyond: points.filter(({ isBeyond, difference }) => isBeyond && difference > 0),
      side: "left",
    },
  ].filter(({ beyond }) => beyond.length > 0).map(({ at, symbol, beyond, side }) => ({
    mode: "markers+text",
    x: beyond.map(() => at),
    y: beyond.map((point) => point.at),
    text: beyond.map(({ difference }) => signed(difference)),
    textposition: `middle ${side}`,
    textfont: { size: px(NUMBER_PT), color: styleOf(points)?.color },
    marker: { symbol, size: px(ARROW_PT), color: styleOf(points)?.color, line: { width: 0 } },
  }));
}

function styleOf([first]: readonly AblationPoint[]): CurveStyle | undefined {
  return first && curveStyle(first.family);
}

function hoverText({ setting, difference, interval }: AblationPoint, name: string): string {
  return `<b>${name}</b>, ${setting}<br>${signed(difference)} [${interval.map(signed).join(", ")}]`;
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3).replace(/^0/, "")}`;
}
