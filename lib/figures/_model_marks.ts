import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import { counted } from "../base/words.ts";
import { figureNameOf } from "./_model_names.ts";
import { px } from "./frame.ts";
import type { CostQualityPanelInput } from "./panel_input.ts";
import { type CurveStyle, markerRadius } from "./curve_style.ts";
import { PRINT_THEME } from "./theme.ts";

/** A single point of a panel: a model, or the oracle. */
export interface Mark extends OperatingPoint {
  /** The whole name, for the hover text. */
  readonly wholeName: string;
  /** The name beside the point, in Plotly's markup. */
  readonly name: string;
  /** Whether the name is a stand-in for one that the typeface cannot write. */
  readonly isStandIn: boolean;
  /** Priority of its name where not all have room: those asked for come first, then those on a hull. */
  readonly need: "asked" | "hull" | null;
  readonly kind: "model" | "oracle";
  /** Radius of its marker, pixels. */
  readonly radius: number;
}

/** From so many models on their markers are smaller, points (1/72 inch). */
const MARKERS: readonly { readonly nModels: number; readonly markerPt: number }[] = [
  { nModels: 300, markerPt: 1.7 },
  { nModels: 60, markerPt: 2.4 },
];

/** How models are drawn: smaller where there are many. */
export function modelStyle(nModels: number): CurveStyle {
  const { model } = PRINT_THEME.point;
  return { ...model, markerPt: MARKERS.find((each) => nModels >= each.nModels)?.markerPt ?? model.markerPt };
}

/** The single points of a panel. Named first are those asked for, then those on a hull or at a curve's vertex. */
export function marksOf({ models, oracle, curves, labelled = [] }: CostQualityPanelInput): Mark[] {
  const onHull = new Set<OperatingPoint>();
  const drawable = models.filter(({ quality }) => quality >= 0);
  if (drawable.length > 0) { for (const point of nonDecreasingHull(drawable)) onHull.add(point); }
  const key = ({ costUsd, quality }: OperatingPoint): string => `${costUsd} ${quality}`;
  const vertices = new Set(curves.flatMap(({ points }) => points.map(key)));
  const radius = px(markerRadius(modelStyle(models.length)));
  const marks = models.map((model, i): Mark => {
    const { name, costUsd, quality } = model;
    const { markup, isStandIn } = figureNameOf(name, i + 1);
    const need = labelled.includes(name) ? "asked" : onHull.has(model) || vertices.has(key(model)) ? "hull" : null;
    return { wholeName: name, name: markup, isStandIn, costUsd, quality, need, kind: "model", radius };
  });
  if (!oracle) return marks;
  const own = { wholeName: "Oracle", name: "Oracle", isStandIn: false, need: "asked", kind: "oracle" } as const;
  return [...marks, { ...oracle, ...own, radius: px(markerRadius(PRINT_THEME.point.oracle)) }];
}

/** A sentence for each remark on the names in a panel. */
export function notesOnNames(marks: readonly Mark[], unlabelled: ReadonlySet<number>): string[] {
  const notes: string[] = [];
  if (unlabelled.size > 0) notes.push(`Grey: ${counted(unlabelled.size, "more model")} without a label.`);
  const standIns = marks.filter(({ isStandIn }, i) => isStandIn && !unlabelled.has(i)).length;
  if (standIns > 0) {
    notes.push(
      `“model n”: the n-th model, whose name has characters that this typeface lacks${
        marks.some(({ name }) => name.includes("□")) ? " (□)" : ""
      }.`,
    );
  }
  return notes;
}
