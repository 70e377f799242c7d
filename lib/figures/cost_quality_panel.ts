import type { OperatingPoint } from "../plane/operating_point.ts";
import { bandTrace } from "./_band_trace.ts";
import { checkInput, endsOf } from "./_check_panel.ts";
import { curveSegments, curveTrace, type HoverAxes, hoverText, sampleCurve } from "./_curve_trace.ts";
import { insetLayout, isInside, placeInset, regionBorder } from "./_inset.ts";
import type { Segment } from "./_label_geometry.ts";
import { legendRanks } from "./_legend.ts";
import { type PanelFrame, panelFrame, px } from "./panel_frame.ts";
import { panelLayout } from "./panel_layout.ts";
import { pointLabels } from "./_point_labels.ts";
import type { PlotlyFigure } from "./plotly_figure.ts";
import { type CurveFamily, type CurveStyle, curveStyle, markerRadius, PAPER_THEME } from "./theme.ts";
import type { CostQualityPanelInput, PanelCurve } from "./panel_input.ts";

export type { PanelBand } from "./_band_trace.ts";
export type { PanelInset } from "./_inset.ts";

export type { CostQualityPanelInput, PanelCurve } from "./panel_input.ts";

/**
 * Draws models and routers on the cost-quality plane: the figure by which routers are compared.
 *
 * Labels are placed so that they touch neither each other nor a point; routers keep one style in all figures; on a log axis the mixes
 * between two vertices are sampled, because the straight line between them is a curve there. Pure: the same input gives the same figure.
 *
 * **Units**: cost in USD (per prompt, unless `costLabel` says otherwise), quality 0 to 1.
 *
 * **Source**: section 4 of the RouterBench paper, Figures 4, 5, 8 and 9.
 *
 * **Differs from** those figures in the axis: mean cost of a prompt on a log scale, so that cheap models do not fall on one point.
 *
 * @throws RangeError if there is nothing to draw, a number is not finite, a cost is negative (or 0 on a log axis), or a curve's cost falls
 * @throws TypeError if a family, an axis, a width or a part of the input is not known
 * @example
 * ```ts
 * import { costQualityPanel } from "./cost_quality_panel.ts";
 * import assert from "node:assert/strict";
 *
 * const small = { name: "Small", costUsd: 2e-5, quality: 0.56 }, large = { name: "Large", costUsd: 1e-3, quality: 0.83 };
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
  const { models, curves, modelLabels = true } = input,
    oracle = input.oracle ?? null,
    log = (input.costAxis ?? "log") === "log";
  const costLabel = input.costLabel ?? (log ? "Mean cost per prompt (USD, log scale)" : "Mean cost per prompt (USD)");
  const qualityLabel = input.qualityLabel ?? "Mean quality";
  const axes: HoverAxes = { cost: costLabel.replace(/,? *log scale/, "").replace(/ *\(\)/, ""), quality: qualityLabel };
  const points = [
    ...models,
    ...curves.flatMap(({ points, band = [] }) => [...points, ...endsOf(band)]),
    ...(oracle === null ? [] : [oracle]),
  ];
  const markers = [
    ...(models.length === 0 ? [] : [{ name: "Models", style: PAPER_THEME.point.model, points: models }]),
    ...(oracle === null
      ? []
      : [{ name: "Oracle", style: PAPER_THEME.point.oracle, points: [{ name: "Oracle", ...oracle }] }]),
  ];
  const legendNames = [...curves, ...(modelLabels ? [] : markers)].map(({ name }) => name);
  const { title, subtitle = "", width = "column" } = input;
  const frame = panelFrame({ points, legendNames, title, subtitle, width, log, withStrip: input.inset !== undefined });
  const ranks = legendRanks(legendNames.length, frame.legend);
  const styles = styled(curves),
    marks = (within: PanelFrame): PanelMarks => marksIn(within, { styles, markers, ranks, axes, modelLabels });
  const main = marks(frame), inset = input.inset === undefined ? null : placeInset(input.inset, frame);
  const isMagnified = (point: OperatingPoint): boolean => input.inset !== undefined && isInside(input.inset, point);
  const layout = panelLayout(frame, {
    ...{ title, costLabel, qualityLabel },
    annotations: main.labels((point) => !isMagnified(point), input.inset && regionBorder(input.inset, frame)),
  });
  if (inset === null) return { data: main.traces, layout };
  const magnified = marks(inset.frame), place = { xref: "x2", yref: "y2" };
  const notes = [
    ...layout.annotations as unknown[],
    ...magnified.labels(isMagnified).map((label) => ({ ...label, ...place })),
  ];
  const meta = layout.meta as { readonly scales: readonly string[] };
  return {
    data: [
      ...main.traces,
      ...magnified.traces.map((trace) => ({ ...trace, xaxis: "x2", yaxis: "y2", showlegend: false })),
    ],
    layout: {
      ...layout,
      ...insetLayout(inset, frame),
      meta: { ...meta, scales: [...meta.scales, "xaxis2", "yaxis2"] },
      annotations: notes,
    },
  };
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

/** Points that share a marker. */
interface Markers {
  readonly name: string;
  readonly style: CurveStyle;
  readonly points: CostQualityPanelInput["models"];
}

/** What a panel or its inset shows. */
interface PanelMarks {
  readonly traces: Record<string, unknown>[];
  /** Names of the points for which this holds, away from some lines where they can. */
  labels(wanted: (point: OperatingPoint) => boolean, lines?: readonly Segment[]): Record<string, unknown>[];
}

function marksIn(frame: PanelFrame, { styles, markers, ranks, axes, modelLabels }: {
  readonly styles: ReturnType<typeof styled>;
  readonly markers: readonly Markers[];
  readonly ranks: readonly number[];
  readonly axes: HoverAxes;
  readonly modelLabels: boolean;
}): PanelMarks {
  const drawn = styles.map((each) => ({ ...each, sampled: sampleCurve(each.curve.points, frame) }));
  const vertices = drawn.flatMap(({ curve, style }) =>
    curve.points.map((point) => ({ point, radius: px(markerRadius(style)) }))
  );
  const named = markers.flatMap(({ points, style }) =>
    points.map((point) => ({ ...point, radius: px(markerRadius(style)) }))
  );
  const segments = drawn.flatMap(({ sampled }) => curveSegments(sampled, frame));
  return {
    traces: [
      ...drawn.flatMap(({ curve: { name, band = [] }, style }) =>
        band.length === 0 ? [] : [bandTrace(band, { name, style })]
      ),
      ...drawn.map(({ curve, style, nth, sampled }) =>
        curveTrace(sampled, { name: curve.name, style, rank: ranks[nth], axes })
      ),
      ...markers.map((marker, i) => markerTrace(marker, { rank: modelLabels ? null : ranks[styles.length + i], axes })),
    ],
    labels: (wanted, lines = []) => {
      if (!modelLabels) return [];
      const others = named.filter((point) => !wanted(point)).map(({ radius, ...point }) => ({ point, radius }));
      return pointLabels(named.filter(wanted), frame, {
        vertices: [...vertices, ...others],
        segments: [...segments, ...lines],
      });
    },
  };
}

function markerTrace(
  { name, style, points }: Markers,
  { rank, axes }: { rank: number | null; axes: HoverAxes },
): Record<string, unknown> {
  return {
    type: "scatter",
    mode: "markers",
    name,
    ...(rank === null ? { showlegend: false } : { legendrank: rank }),
    x: points.map(({ costUsd }) => costUsd),
    y: points.map(({ quality }) => quality),
    text: points.map((point) => point.name),
    hovertext: points.map((point) => hoverText(point.name, { costUsd: point.costUsd, quality: point.quality }, axes)),
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
