import { FIGURE_WIDTHS_PT, type FigureWidth, PLOT_HEIGHTS_PT } from "./figure_width.ts";
import { type CurveStyle, OKABE_ITO, PAPER } from "./curve_style.ts";
import { FONT_STACK } from "./drawing/fonts.ts";

/** Sizes and colours of a figure. Lengths are points (1/72 inch) on paper. */
export interface FigureTheme {
  /** Name of the theme. */
  readonly name: string;
  /** Pixels a figure is drawn at for each point. */
  readonly pixelsPerPoint: number;
  /** Widths of a figure. */
  readonly widthPt: Readonly<Record<FigureWidth, number>>;
  /** Heights of the plotting area, without titles, legend and tick labels. */
  readonly plotHeightPt: Readonly<Record<FigureWidth, number>>;
  /** CSS list of typefaces. */
  readonly fontFamily: string;
  /** Sizes of text. */
  readonly fontPt: {
    readonly title: number;
    readonly subtitle: number;
    readonly axis: number;
    readonly tick: number;
    readonly label: number;
  };
  /** Widths of axes, ticks, grid and leader lines. */
  readonly strokePt: { readonly axis: number; readonly grid: number; readonly leader: number };
  /** Lengths of labelled and unlabelled ticks. */
  readonly tickPt: { readonly major: number; readonly minor: number };
  /** CSS colours of text and axes, grid, leader lines, paper, and models without a label. */
  readonly colors: Readonly<Record<"ink" | "grid" | "leader" | "paper" | "unlabelled", string>>;
  /** Marker of a single model and of the oracle. */
  readonly point: { readonly model: CurveStyle; readonly oracle: CurveStyle };
}

/**
 * The theme of printed figures: widths of columns and pages, 8 pt text, the palette of Okabe and Ito.
 *
 * @example
 * ```ts
 * import { PRINT_THEME } from "./theme.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([PRINT_THEME.widthPt["acl-column"], PRINT_THEME.widthPt.neurips], [218.2, 396]);
 * ```
 */
export const PRINT_THEME: FigureTheme = {
  name: "print",
  pixelsPerPoint: 2,
  widthPt: FIGURE_WIDTHS_PT,
  plotHeightPt: PLOT_HEIGHTS_PT,
  fontFamily: FONT_STACK,
  fontPt: { title: 9, subtitle: 7.5, axis: 8, tick: 7.5, label: 7 },
  strokePt: { axis: 0.6, grid: 0.4, leader: 0.4 },
  tickPt: { major: 2.5, minor: 1.5 },
  colors: { ink: "#000000", grid: "#e6e6e6", leader: "#555555", paper: PAPER, unlabelled: "#8c8c8c" },
  point: {
    model: {
      color: OKABE_ITO.black,
      dashPt: [],
      widthPt: 0,
      symbol: "circle",
      markerPt: 3.2,
      fill: OKABE_ITO.black,
      order: 8,
    },
    oracle: {
      color: OKABE_ITO.black,
      dashPt: [],
      widthPt: 0.5,
      symbol: "star",
      markerPt: 5.2,
      fill: OKABE_ITO.yellow,
      order: 9,
    },
  },
};
