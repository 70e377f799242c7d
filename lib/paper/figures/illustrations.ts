import { aiq, type AiqRule } from "../../evaluation/aiq.ts";
import { mixAtCost, qualityAtCost } from "../../plane/interpolation.ts";
import { nonDecreasingHull } from "../../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../../plane/operating_point.ts";
import { costQualityPanel, type PanelCurve } from "../../figures/cost_quality_panel.ts";
import type { PlotlyFigure } from "../../figures/plotly_figure.ts";
import { type CurveFamily, curveStyle } from "../../figures/theme.ts";
import { markersAt } from "./_markers.ts";
import type { FigureWidth } from "../../figures/figure_width.ts";

export { listPriceFigure, oracleShareFigure, paperCostFigure } from "./_costs.ts";

/** How an illustration is drawn. */
export interface IllustrationOptions {
  /** Where it is printed, which gives its width; `"column"` (241 pt) if not given. */
  readonly width?: FigureWidth;
}

/** A system whose AIQ is shown as an area. */
export interface AreaSystem {
  /** Name in the legend; the AIQ is added in brackets. */
  readonly name: string;
  /** Kind of router; decides colour and line. */
  readonly family: CurveFamily;
  /** Its points; they are hulled here. */
  readonly points: readonly OperatingPoint[];
}

/** What a figure of areas shows. */
export interface AiqAreasInput {
  /** Bold first line. */
  readonly title: string;
  /** Lines below the title. */
  readonly subtitle?: string;
  /** The systems, one or two, drawn from the first to the last. */
  readonly systems: readonly AreaSystem[];
  /** The rule, the same for all. */
  readonly rule: AiqRule;
  /** Title of the cost axis; `Mean cost per prompt (USD)` if not given. */
  readonly costLabel?: string;
  /** Width on paper. */
  readonly width?: FigureWidth;
}

/** Two made models and the end of the axis, for the worked interpolation. */
const WORKED = { a: { costUsd: 2, quality: 0.5 }, b: { costUsd: 6, quality: 0.8 }, endUsd: 8 };
/** A made set of models, named by letters: C and F are below the hull, G is dearer and worse than E. */
const MADE: readonly OperatingPoint[] = [
  { costUsd: 1, quality: 0.35 },
  { costUsd: 1.8, quality: 0.58 },
  { costUsd: 2.6, quality: 0.52 },
  { costUsd: 3.6, quality: 0.72 },
  { costUsd: 6, quality: 0.82 },
  { costUsd: 4.8, quality: 0.66 },
  { costUsd: 7.4, quality: 0.74 },
];
const MADE_END_USD = 8;
const MADE_COST_LABEL = "Mean cost per prompt (made units)";
/** The first area is filled, the second one hatched by so many lines across the axis, so that they are told apart without colour. */
const MAX_SYSTEMS = 2;
const N_HATCHES = 48;

/**
 * Figure 1: two models, their mixes (linear interpolation), and what lies outside: mixes with the null router to the left, nothing gained
 * to the right.
 *
 * **Source**: paper section 3.1; the points are made.
 *
 * @example
 * ```ts
 * import { interpolationIllustration } from "./illustrations.ts";
 * import assert from "node:assert/strict";
 *
 * const models = interpolationIllustration().data.find(({ name }) => name === "Models")!;
 * assert.deepEqual((models.x as number[]).slice(2), [3, 4, 5, 1]);
 * ```
 */
export function interpolationIllustration({ width = "column" }: IllustrationOptions = {}): PlotlyFigure {
  const { a, b, endUsd } = WORKED, hull = [a, b];
  const mixes = [3, 4, 5].map((costUsd) => {
    const { quality, probabilityOfUpper } = mixAtCost(hull, costUsd);
    return { name: `${100 * (1 - probabilityOfUpper)} % A, ${100 * probabilityOfUpper} % B`, costUsd, quality };
  });
  const half = { name: "50 % A, 50 % nothing", costUsd: a.costUsd / 2, quality: qualityAtCost(hull, a.costUsd / 2) };
  return costQualityPanel({
    title: "Interpolation and extrapolation",
    models: [{ name: "A", ...a }, { name: "B", ...b }, ...mixes, half],
    curves: [
      { name: "Mixes of A and B", family: "zero", points: hull },
      { name: "With the null router", family: "bound", points: [{ costUsd: 0, quality: 0 }, a] },
      {
        name: "More cost, no gain",
        family: "bound",
        points: [b, { costUsd: endUsd, quality: qualityAtCost(hull, endUsd) }],
      },
    ],
    costAxis: "linear",
    costLabel: MADE_COST_LABEL,
    width,
  });
}

/**
 * Figure 2: the non-decreasing convex hull of a made set of models, beside the upper convex hull, which falls.
 *
 * **Source**: paper section 3.2; the points are made.
 *
 * @example
 * ```ts
 * import { hullIllustration } from "./illustrations.ts";
 * import assert from "node:assert/strict";
 *
 * const hull = hullIllustration().data.find(({ name }) => name === "Non-decreasing hull")!;
 * assert.deepEqual(hull.y, [0.35, 0.58, 0.72, 0.82, 0.82]);
 * ```
 */
export function hullIllustration({ width = "column" }: IllustrationOptions = {}): PlotlyFigure {
  const hull = nonDecreasingHull(MADE), last = hull[hull.length - 1];
  const dearest = MADE.reduce((a, b) => b.costUsd > a.costUsd ? b : a);
  const panel = costQualityPanel({
    title: "Non-decreasing convex hull",
    models: MADE.map((point, i) => ({ name: String.fromCharCode(65 + i), ...point })),
    curves: [
      {
        name: "Non-decreasing hull",
        family: "zero",
        points: [...hull, { costUsd: MADE_END_USD, quality: last.quality }],
      },
      { name: "Where the convex hull falls", family: "bound", points: [last, dearest] },
    ],
    costAxis: "linear",
    costLabel: MADE_COST_LABEL,
    width,
  });
  return { ...panel, data: panel.data.map((trace) => trace.name === "Models" ? trace : markersAt(trace, hull)) };
}

/** AIQ of the made set as a shaded area, by the paper's formula from the cheapest to the dearest model. */
export function aiqIllustration({ width = "column" }: IllustrationOptions = {}): PlotlyFigure {
  const costs = MADE.map(({ costUsd }) => costUsd), costRangeUsd = [Math.min(...costs), Math.max(...costs)] as const;
  return aiqAreas({
    title: "AIQ",
    subtitle: "Shaded area divided by its width",
    systems: [{ name: "Zero", family: "zero", points: MADE }],
    rule: { rule: "formula", costRangeUsd },
    costLabel: MADE_COST_LABEL,
    width,
  });
}

/**
 * AIQ of systems as shaded areas, by either rule, with the number in brackets. Two calls with the same systems and the two rules show what
 * the rule does: by the reference code the room left of a system's own first point counts as nothing.
 *
 * @throws RangeError where there is no system or more than two, or the rule does not fit them (see `aiq`)
 * @example
 * ```ts
 * import { aiqAreas } from "./illustrations.ts";
 * import assert from "node:assert/strict";
 *
 * const points = [{ costUsd: 1, quality: 0.4 }, { costUsd: 3, quality: 0.8 }];
 * const systems = [{ name: "Zero", family: "zero" as const, points }];
 * const { data } = aiqAreas({ title: "Area", systems, rule: { rule: "reference-code", maxCostUsd: 4 } });
 * assert.deepEqual([data[0].fill, data[0].x, data[0].y], ["tozeroy", [1, 3, 4], [0.4, 0.8, 0.8]]);
 * assert.deepEqual([data[1].name, data[1].y], ["Zero (.500)", [0, 0, 0.4, 0.8, 0.8]]);
 * ```
 */
export function aiqAreas(input: AiqAreasInput): PlotlyFigure {
  const { title, subtitle, systems, rule, costLabel = "Mean cost per prompt (USD)", width = "column" } = input;
  if (systems.length === 0 || systems.length > MAX_SYSTEMS) {
    throw new RangeError(
      `Cannot draw areas as there must be 1 or ${MAX_SYSTEMS} systems: there are ${systems.length}; draw several figures`,
    );
  }
  const hulls = systems.map(({ points }) => nonDecreasingHull(points));
  const curves = systems.map(({ name, family }, i): PanelCurve => ({
    name: `${name} (${aiq(hulls[i], rule).toFixed(3).replace(/^0/, "")})`,
    family,
    points: integrand(hulls[i], rule),
  }));
  const panel = costQualityPanel({ title, subtitle, models: [], curves, costAxis: "linear", costLabel, width });
  const areas = systems.map(({ family }, i) =>
    (i === 0 ? filledArea : hatchedArea)(counted(hulls[i], rule), curveStyle(family).color)
  );
  return { ...panel, data: [...areas, ...panel.data.map((trace) => markersAt(trace, hulls.flat()))] };
}

/** The line that a rule integrates, from no cost on: the null router's mixes by the formula, nothing by the reference code. */
function integrand(hull: readonly OperatingPoint[], rule: AiqRule): OperatingPoint[] {
  const first = hull[0], last = hull[hull.length - 1], isFormula = rule.rule === "formula";
  const end = Math.max(last.costUsd, isFormula ? rule.costRangeUsd[1] : rule.maxCostUsd);
  const before = isFormula ? [] : [{ costUsd: first.costUsd, quality: 0 }];
  return [
    { costUsd: 0, quality: 0 },
    ...before,
    ...hull,
    ...(end > last.costUsd ? [{ costUsd: end, quality: last.quality }] : []),
  ];
}

/** The part of that line whose area counts, with its ends. */
function counted(hull: readonly OperatingPoint[], rule: AiqRule): OperatingPoint[] {
  const [low, high] = rule.rule === "formula" ? rule.costRangeUsd : [hull[0].costUsd, rule.maxCostUsd];
  const at = (costUsd: number): OperatingPoint => ({ costUsd, quality: qualityAtCost(hull, costUsd) });
  return [at(low), ...hull.filter(({ costUsd }) => costUsd > low && costUsd < high), at(high)];
}

function filledArea(line: readonly OperatingPoint[], color: string): Record<string, unknown> {
  return {
    ...UNSEEN,
    x: line.map(({ costUsd }) => costUsd),
    y: line.map(({ quality }) => quality),
    fill: "tozeroy",
    fillcolor: `${color}50`,
    line: { width: 0 },
  };
}

/** Upright lines: a pattern of Plotly's own is lost where figures are drawn without a browser. */
function hatchedArea(line: readonly OperatingPoint[], color: string): Record<string, unknown> {
  const low = line[0].costUsd, high = line[line.length - 1].costUsd;
  const costs = Array.from({ length: N_HATCHES + 1 }, (_, i) => low + (high - low) * i / N_HATCHES);
  return {
    ...UNSEEN,
    x: costs.flatMap((costUsd) => [costUsd, costUsd, null]),
    y: costs.flatMap((costUsd) => [0, heightOf(line, costUsd), null]),
    line: { color, width: 1 },
  };
}

/** What areas have in common: they explain nothing by themselves. */
const UNSEEN = { type: "scatter", mode: "lines", hoverinfo: "skip", showlegend: false };

function heightOf(line: readonly OperatingPoint[], costUsd: number): number {
  const next = Math.max(1, line.findIndex((point) => point.costUsd >= costUsd)), a = line[next - 1], b = line[next];
  return a.quality + (b.quality - a.quality) * (costUsd - a.costUsd) / (b.costUsd - a.costUsd);
}
