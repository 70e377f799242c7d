import type { OperatingPoint } from "../plane/operating_point.ts";
import { curveSegments, curveTrace, type HoverAxes, hoverText, sampleCurve } from "./_curve_trace.ts";
import { legendRanks } from "./_legend.ts";
import { panelFrame, px } from "./_panel_frame.ts";
import { panelLayout } from "./_panel_layout.ts";
import { pointLabels } from "./_point_labels.ts";
import type { PlotlyFigure } from "./plotly_figure.ts";
import { type CurveFamily, type CurveStyle, curveStyle, markerRadius, PAPER_THEME } from "./theme.ts";
import { FIGURE_WIDTHS_PT, type FigureWidth } from "./figure_width.ts";

/** One router's curve on the cost-quality plane. */
export interface PanelCurve {
  /** Name in the legend; may hold Plotly's markup, and the AIQ: `KNN, <i>k</i> = 40 (.773)`. */
  readonly name: string;
  /** Kind of router; decides colour, dashes and marker. */
  readonly family: CurveFamily;
  /**
   * The vertices of the non-decreasing hull, ascending cost. Between them the curve is the mix of its neighbours; the flat part
   * beyond the last is not drawn. `label` says the setting of a point in its hover text: `λ = 12`.
   */
  readonly points: readonly (OperatingPoint & { readonly label?: string })[];
}

/** What a cost-quality panel shows. */
export interface CostQualityPanelInput {
  /** Bold first line; an empty string for none. */
  readonly title: string;
  /** Lines below the title; long text is wrapped. */
  readonly subtitle?: string;
  /** The single models. */
  readonly models: readonly ({ readonly name: string } & OperatingPoint)[];
  /** The curves, in the order of the legend. */
  readonly curves: readonly PanelCurve[];
  /** The oracle's point, if it is to be shown. */
  readonly oracle?: OperatingPoint | null;
  /** Scale of the cost axis; `"log"` if not given. */
  readonly costAxis?: "log" | "linear";
  /** Title of the cost axis; `Mean cost per prompt (USD, log scale)` if not given. */
  readonly costLabel?: string;
  /** Title of the quality axis; `Mean quality` if not given. */
  readonly qualityLabel?: string;
  /** Where it is printed, which gives its width; `"column"` (241 pt) if not given. */
  readonly width?: FigureWidth;
  /** Whether names stand beside the models and the oracle; without, the legend explains their markers. True if not given. */
  readonly modelLabels?: boolean;
}

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
  const { models, curves, modelLabels = true } = input, oracle = input.oracle ?? null, log = (input.costAxis ?? "log") === "log";
  const costLabel = input.costLabel ?? (log ? "Mean cost per prompt (USD, log scale)" : "Mean cost per prompt (USD)");
  const qualityLabel = input.qualityLabel ?? "Mean quality";
  const axes: HoverAxes = { cost: costLabel.replace(/,? *log scale/, "").replace(/ *\(\)/, ""), quality: qualityLabel };
  const points = [...models, ...curves.flatMap((curve) => curve.points), ...(oracle === null ? [] : [oracle])];
  const markers = [
    ...(models.length === 0 ? [] : [{ name: "Models", style: PAPER_THEME.point.model, points: models }]),
    ...(oracle === null ? [] : [{ name: "Oracle", style: PAPER_THEME.point.oracle, points: [{ name: "Oracle", ...oracle }] }]),
  ];
  const legendNames = [...curves, ...(modelLabels ? [] : markers)].map(({ name }) => name);
  const { title, subtitle = "", width = "column" } = input;
  const frame = panelFrame({ points, legendNames, title, subtitle, width, log });
  const ranks = legendRanks(legendNames.length, frame.legend);
  const drawn = styled(curves).map(({ curve, style, nth }) => ({
    curve,
    style,
    rank: ranks[nth],
    sampled: sampleCurve(curve.points, frame),
  }));
  const annotations = modelLabels
    ? pointLabels(markers.flatMap(({ points, style }) => points.map((point) => ({ ...point, radius: px(markerRadius(style)) }))), frame, {
      vertices: drawn.flatMap(({ curve, style }) => curve.points.map((point) => ({ point, radius: px(markerRadius(style)) }))),
      segments: drawn.flatMap(({ sampled }) => curveSegments(sampled, frame)),
    })
    : [];
  return {
    data: [
      ...drawn.map(({ curve, style, rank, sampled }) => curveTrace(sampled, { name: curve.name, style, rank, axes })),
      ...markers.map((marker, i) => markerTrace(marker, { rank: modelLabels ? null : ranks[curves.length + i], axes })),
    ],
    layout: panelLayout(frame, { title, costLabel, qualityLabel, annotations }),
  };
}

const INPUT_NAMES = [
  "title",
  "subtitle",
  "models",
  "curves",
  "oracle",
  "costAxis",
  "costLabel",
  "qualityLabel",
  "width",
  "modelLabels",
];

/** The curves in the order they are drawn, each with its style and its place in the input. */
function styled(curves: readonly PanelCurve[]): { curve: PanelCurve; style: CurveStyle; nth: number }[] {
  const counts = new Map<CurveFamily, number>();
  return curves.map((curve, i) => {
    const nOfFamily = counts.get(curve.family) ?? 0;
    counts.set(curve.family, nOfFamily + 1);
    return { curve, style: curveStyle(curve.family, nOfFamily), nth: i };
  }).sort((a, b) => a.style.order - b.style.order || a.nth - b.nth);
}

function markerTrace(
  { name, style, points }: { name: string; style: CurveStyle; points: CostQualityPanelInput["models"] },
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

function checkInput(input: CostQualityPanelInput): void {
  const { models, curves, oracle, costAxis = "log", width = "column" } = input;
  for (const name of Object.keys(input)) oneOf(name, INPUT_NAMES, "every part of its input");
  oneOf(costAxis, ["log", "linear"], "costAxis");
  oneOf(width, Object.keys(FIGURE_WIDTHS_PT), "width");
  for (const { name, points } of curves) {
    if (points.length === 0) {
      throw new RangeError(`Cannot draw the curve "${name}" as it must have a point: it has none; leave the curve out`);
    }
    points.forEach((point, i) => {
      checkPoint(point, `point ${i + 1} of the curve "${name}"`, costAxis);
      if (i > 0 && point.costUsd < points[i - 1].costUsd) {
        const found = `point ${i + 1} costs ${point.costUsd} after ${points[i - 1].costUsd}`;
        throw new RangeError(
          `Cannot draw the curve "${name}" as its points must be in ascending cost: ${found}; pass the vertices of its hull`,
        );
      }
    });
  }
  for (const model of models) checkPoint(model, `the model "${model.name}"`, costAxis);
  if (oracle) checkPoint(oracle, "the oracle", costAxis);
  if (models.length === 0 && curves.length === 0 && !oracle) {
    throw new RangeError("Cannot draw a cost-quality panel as it must show something: there is no model, no curve and no oracle; pass one");
  }
}

function checkPoint({ costUsd, quality }: OperatingPoint, what: string, costAxis: string): void {
  const verb = `Cannot draw ${what} as`;
  if (!Number.isFinite(quality)) throw new RangeError(`${verb} its quality must be a finite number: it is ${quality}; leave it out`);
  if (!Number.isFinite(costUsd) || costUsd < 0) {
    throw new RangeError(`${verb} its cost must be a finite number of at least 0: it is ${costUsd}; leave it out`);
  }
  if (costUsd === 0 && costAxis === "log") {
    throw new RangeError(`${verb} a log cost axis must have costs above 0: it is 0; leave it out or pass costAxis: "linear"`);
  }
}

function oneOf(value: string, known: readonly string[], option: string): void {
  if (known.includes(value)) return;
  const names = known.map((name) => `"${name}"`).join(" or ");
  throw new TypeError(`Cannot draw a cost-quality panel as ${option} must be ${names}: it is ${JSON.stringify(value)}; choose one of them`);
}
