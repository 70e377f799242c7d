import { checkInput, endsOf } from "./_check_panel.ts";
import { bandTrace, curveSegments, curveTrace, hoverText, sampleCurve } from "./_curve_trace.ts";
import { legendRanks } from "./_legend.ts";
import { panelFrame, panelLayout } from "./panel_frame.ts";
import { px } from "./frame.ts";
import { type Mark, marksOf, modelStyle, notesOnNames } from "./_model_marks.ts";
import { plainMarkup } from "./markup.ts";
import { pointLabels } from "./_point_labels.ts";
import type { PlotlyFigure } from "./plotly_figure.ts";
import { type CurveFamily, type CurveStyle, curveStyle, markerRadius } from "./curve_style.ts";
import { PRINT_THEME } from "./theme.ts";
import type { CostQualityPanelInput, PanelCurve } from "./panel_input.ts";

/**
 * Draws models and routers on the cost–quality plane, to compare routers.
 *
 * Labels are placed so that they touch neither each other nor a point. Up to 20 points all have one; of more models
 * those do that are asked for or lie on a hull, and as many others as have room, and the subtitle counts the rest.
 * Hover texts have every whole name. Routers keep one style in all figures; on a log axis the mixes between two
 * vertices are sampled, because the straight line between them is a curve there. Pure: the same input gives the same
 * figure.
 *
 * **Units**: cost in USD (per prompt, unless `costLabel` says otherwise), quality 0 to 1.
 *
 * **Source**: section 4 of the RouterBench paper, Figures 4, 5, 8 and 9.
 *
 * **Differs from** those figures in the axis: mean cost of a prompt on a log scale, so that cheap models do not fall on
 * one point.
 *
 * @throws RangeError if there is nothing to draw, a number is not finite, a cost is negative (or 0 on a log axis), or a
 * curve's cost falls
 * @throws TypeError if a family, an axis, a width or a part of the input is not known
 * @example
 * ```ts
 * import { costQualityPanel } from "./cost_quality_panel.ts";
 * import assert from "node:assert/strict";
 *
 * const small = { name: "Small", costUsd: 2e-5, quality: 0.56 };
 * const large = { name: "Large", costUsd: 1e-3, quality: 0.83 };
 * const figure = costQualityPanel({
 *   title: "MMLU",
 *   models: [small, large],
 *   curves: [{ name: "Zero", family: "zero", points: [{ ...small, label: "Small" }, { ...large, label: "Large" }] }],
 *   oracle: { costUsd: 7e-5, quality: 0.96 },
 * });
 * assert.deepEqual(figure.data.map(({ name }) => name), ["Zero", "Models", "Oracle"]);
 * ```
 */
export function costQualityPanel(input: CostQualityPanelInput): PlotlyFigure {
  checkInput(input);
  const { title, subtitle = "", curves, width = "column" } = input;
  const log = input.costAxis !== "linear";
  const costLabel = input.costLabel ?? (log ? "Mean cost per prompt (USD, log scale)" : "Mean cost per prompt (USD)");
  const costName = costLabel.replace(/,? *log scale/, "").replace(/ *\(\)/, "");
  const marks = marksOf(input);
  const curvePoints = curves.flatMap(({ points, band = [] }) => [...points, ...endsOf(band)]);
  const legendNames = curves.map(({ name }) => name);
  const frameInput = { points: [...marks, ...curvePoints], title, legendNames, width, log };
  const frame = panelFrame({ ...frameInput, subtitle });
  const ranks = legendRanks(legendNames.length, frame.legend);
  const drawn = styled(curves).map((each) => ({ ...each, sampled: sampleCurve(each.curve.points, frame) }));
  const bands = drawn.flatMap(({ curve: { name, band = [] }, style }) =>
    band.length === 0 ? [] : [bandTrace(band, { name, style })]
  );
  const lines = drawn.map(({ curve: { name }, style, nth, sampled }) =>
    curveTrace(sampled, { name, style, rank: ranks[nth], costName })
  );
  const { annotations, unlabelled } = pointLabels(marks, frame, {
    vertices: drawn.flatMap(({ curve, style }) => withRadius({ points: curve.points, style })),
    segments: drawn.flatMap(({ sampled }) => curveSegments(sampled, frame)),
  });
  // A note on names needs a line above the plotting area; the plotting area keeps the size for which names were placed.
  const noted = [subtitle, ...notesOnNames(marks, unlabelled)].filter((text) => text !== "").join(" ");
  const { models, named, oracle } = tracesOf(marks, { unlabelled, costName });
  return {
    data: [...bands, ...models, ...lines, ...named, ...oracle],
    layout: panelLayout(panelFrame({ ...frameInput, subtitle: noted }), {
      costLabel,
      qualityLabel: input.qualityLabel ?? "Mean quality",
      annotations,
    }),
  };
}

/** The traces of single points: models without a label, which lie below the curves, models with one, the oracle. */
function tracesOf(
  marks: readonly Mark[],
  { unlabelled, costName }: { readonly unlabelled: ReadonlySet<number>; readonly costName: string },
): Readonly<Record<"models" | "named" | "oracle", Record<string, unknown>[]>> {
  const { colors, point } = PRINT_THEME;
  const models = marks.filter(({ kind }) => kind === "model");
  const style = modelStyle(models.length);
  const grey = { ...style, color: colors.unlabelled, fill: colors.unlabelled };
  const trace = (name: string, style: CurveStyle, points: readonly Mark[]): Record<string, unknown>[] =>
    points.length === 0 ? [] : [markerTrace({ name, style, points }, costName)];
  const hidden = new Set(marks.filter((_, i) => unlabelled.has(i)));
  return {
    models: trace("Models without a label", grey, models.filter((mark) => hidden.has(mark))),
    named: trace("Models", style, models.filter((mark) => !hidden.has(mark))),
    oracle: trace("Oracle", point.oracle, marks.filter(({ kind }) => kind === "oracle")),
  };
}

/** Points that share a marker. */
interface Markers {
  readonly name: string;
  readonly style: CurveStyle;
  readonly points: readonly Mark[];
}

/** The points with the radius of their marker, pixels. */
function withRadius<P>(
  { points, style }: { readonly points: readonly P[]; readonly style: CurveStyle },
): (P & { readonly radius: number })[] {
  const radius = px(markerRadius(style));
  return points.map((point) => ({ ...point, radius }));
}

/** The curves in the order they are drawn, each with its style and its place in the input. */
function styled(curves: readonly PanelCurve[]): { curve: PanelCurve; style: CurveStyle; nth: number }[] {
  const counts = new Map<CurveFamily, number>();
  return curves.map((curve, i) => {
    const nOfFamily = counts.get(curve.family) ?? 0;
    counts.set(curve.family, nOfFamily + 1);
    return { curve, style: curveStyle(curve.family, nOfFamily), nth: i };
  }).sort((a, b) => a.style.order - b.style.order || a.nth - b.nth);
}

/** The Plotly trace of single points, which have names beside them and are not in the legend. */
function markerTrace({ name, style, points }: Markers, costName: string): Record<string, unknown> {
  return {
    type: "scatter",
    mode: "markers",
    name,
    showlegend: false,
    x: points.map(({ costUsd }) => costUsd),
    y: points.map(({ quality }) => quality),
    text: points.map(({ wholeName }) => plainMarkup(wholeName)),
    hovertext: points.map(({ wholeName, costUsd, quality }) =>
      hoverText(plainMarkup(wholeName), { costUsd, quality }, costName)
    ),
    hoverinfo: "text",
    marker: {
      symbol: style.symbol,
      size: px(style.markerPt),
      opacity: 1,
      color: style.fill,
      line: { color: style.color, width: px(style.widthPt) },
    },
  };
}
