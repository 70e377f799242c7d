import type { FigureWidth } from "./figure_width.ts";
import type { CurveFamily } from "./curve_style.ts";

/** One measured difference. */
export interface AblationPoint {
  /** The evaluation: a panel of its own. */
  readonly evalName: string;
  /** The factor: a group of lines. */
  readonly factor: string;
  /** Its value: a line. */
  readonly setting: string;
  /** Whether this is the base, from which the other lines differ in one factor. */
  readonly isBase: boolean;
  /** Kind of router; decides colour and marker. */
  readonly family: CurveFamily;
  /** AIQ minus Zero's. */
  readonly difference: number;
  /** Its interval. */
  readonly interval: readonly [low: number, high: number];
}

/** The input of an ablation panel. */
export interface AblationPanelInput {
  /** Bold first line; an empty string for none. */
  readonly title: string;
  /** Lines below the title; the default explains bands and bars. */
  readonly subtitle?: string;
  /** The measurements; lines stand in the order in which they first come. */
  readonly points: readonly AblationPoint[];
  /** Evaluations, a panel each from left to right; default all, in their order. */
  readonly evalNames?: readonly string[];
  /** Titles of panels and of groups of lines by their names; a name that is not here is shown as it is. */
  readonly titles?: Readonly<Record<string, string>>;
  /** Greater differences are arrows at the edge with their number; default .1, so that others are not flattened. */
  readonly limit?: number;
  /** False where titles of panels or groups name the routers already. Default true. */
  readonly legend?: boolean;
  /** Where it is printed, which gives its width; `"column"` (241 pt) if not given. */
  readonly width?: FigureWidth;
}
