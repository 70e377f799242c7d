/** Figures 1 and 2 of the paper: what interpolation, the hull and the AIQ are, shown with invented points. */
import { costRangeOf } from "../../evaluation/aiq_among.ts";
import { costQualityPanel } from "../../figures/cost_quality_panel.ts";
import type { PlotlyFigure } from "../../figures/plotly_figure.ts";
import { mixAtCost, qualityAtCost } from "../../plane/interpolation.ts";
import { nonDecreasingHull } from "../../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../../plane/operating_point.ts";
import { aiqAreas } from "./aiq_areas.ts";
import { withMarkersAt } from "./_markers_at.ts";

/** Two invented models and the end of the axis, for the worked interpolation. */
const WORKED = { a: { costUsd: 2, quality: 0.5 }, b: { costUsd: 6, quality: 0.8 }, endUsd: 8 };
/** An invented set of models, named by letters: C and F are below the hull, G is dearer and worse than E. */
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
const MADE_COST_LABEL = "Mean cost per prompt (invented units)";

/**
 * Figure 1: two models and their mixes (linear interpolation). To the left are mixes with the null router, to the right
 * more cost gains nothing.
 *
 * **Source**: paper section 3.1; the points are invented.
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
export function interpolationIllustration(): PlotlyFigure {
  const { a, b, endUsd } = WORKED;
  const hull = [a, b];
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
  });
}

/**
 * Figure 2: the non-decreasing convex hull of an invented set of models, beside the upper convex hull, which falls.
 *
 * **Source**: paper section 3.2; the points are invented.
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
export function hullIllustration(): PlotlyFigure {
  const hull = nonDecreasingHull(MADE);
  const last = hull[hull.length - 1];
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
  });
  return { ...panel, data: panel.data.map((trace) => trace.name === "Models" ? trace : withMarkersAt(trace, hull)) };
}

/** AIQ of the invented set as a shaded area, by the paper's formula from the cheapest to the dearest model. */
export function aiqIllustration(): PlotlyFigure {
  return aiqAreas({
    title: "AIQ",
    subtitle: "Shaded area divided by its width",
    systems: [{ name: "Zero", family: "zero", points: MADE }],
    rule: { rule: "formula", costRangeUsd: costRangeOf(MADE) },
    costLabel: MADE_COST_LABEL,
  });
}
