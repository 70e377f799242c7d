import type { OperatingPoint } from "../plane/operating_point.ts";
import type { FigureWidth } from "./figure_width.ts";
import type { CurveFamily } from "./curve_style.ts";

/** The range of a curve's quality at a cost. */
export interface PanelBand {
  /** Cost, in the unit of the axis. */
  readonly costUsd: number;
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** One router's curve on the cost-quality plane. */
export interface PanelCurve {
  /** Name in the legend; may hold Plotly's markup, and the AIQ: `KNN, <i>k</i> = 40 (.773)`. */
  readonly name: string;
  /** Kind of router; decides colour, dashes and marker. */
  readonly family: CurveFamily;
  /**
   * The vertices of the non-decreasing hull, ascending cost. Between them the curve is the mix of its neighbours; the
   * flat part beyond the last is not drawn. `label` says the setting of a point in its hover text, as plain text:
   * `λ = 12`.
   */
  readonly points: readonly (OperatingPoint & { readonly label?: string })[];
  /** The range of the curve's quality at ascending costs, with straight lines between them; see `curveBand`. */
  readonly band?: readonly PanelBand[];
}

/** The input of a cost–quality panel. */
export interface CostQualityPanelInput {
  /** Bold first line; an empty string for none. */
  readonly title: string;
  /** Lines below the title; long text is wrapped. */
  readonly subtitle?: string;
  /** The single models. Their names are plain text: markup in them is shown as it is written. */
  readonly models: readonly ({ readonly name: string } & OperatingPoint)[];
  /** Names of models that have a label even where not all have room. */
  readonly labelled?: readonly string[];
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
}
