import { withoutMarkup } from "./markup.ts";

/**
 * A Plotly figure as plain JSON, with the size it is meant to be printed at.
 *
 * `layout.width` and `layout.height` are the pixels it is drawn at; `layout.meta.sizePt` is `{ width, height }` in
 * points (1/72 inch). The figures of this project are drawn at two pixels a point, because Plotly's fixed minimum sizes
 * (the symbols of a legend, for one) are too coarse at one. A figure without `sizePt` is taken to be drawn in CSS
 * pixels of 1/96 inch.
 */
export interface PlotlyFigure {
  /** The traces, in the order they are drawn. */
  readonly data: readonly Readonly<Record<string, unknown>>[];
  /** Plotly's layout. */
  readonly layout: Readonly<Record<string, unknown>>;
}

/** The size of a figure on the screen and on paper. */
export interface FigureSize {
  /** Pixels the figure is drawn at. */
  readonly widthPx: number;
  /** Pixels the figure is drawn at. */
  readonly heightPx: number;
  /** Printed width, points (1/72 inch). */
  readonly widthPt: number;
  /** Printed height, points (1/72 inch). */
  readonly heightPt: number;
}

const DEFAULT_SIZE_PX = { width: 700, height: 450 };
const POINTS_PER_CSS_PIXEL = 72 / 96;

/** Says whether a value has the two parts of a Plotly figure. */
export function isPlotlyFigure(value: unknown): value is PlotlyFigure {
  if (typeof value !== "object" || value === null) return false;
  const { data, layout } = value as Record<string, unknown>;
  return Array.isArray(data) && typeof layout === "object" && layout !== null && !Array.isArray(layout);
}

/**
 * Reads the size of a figure from its layout.
 *
 * @throws RangeError if a size is not a number above 0
 */
export function figureSize(figure: PlotlyFigure): FigureSize {
  const widthPx = positive(figure.layout.width ?? DEFAULT_SIZE_PX.width, "layout.width");
  const heightPx = positive(figure.layout.height ?? DEFAULT_SIZE_PX.height, "layout.height");
  const print = (figure.layout.meta as { sizePt?: { width?: unknown; height?: unknown } } | undefined)?.sizePt;
  return {
    widthPx,
    heightPx,
    widthPt: positive(print?.width ?? widthPx * POINTS_PER_CSS_PIXEL, "layout.meta.sizePt.width"),
    heightPt: positive(print?.height ?? heightPx * POINTS_PER_CSS_PIXEL, "layout.meta.sizePt.height"),
  };
}

/** The title of a figure without markup, or an empty string. */
export function figureTitle(figure: PlotlyFigure): string {
  const title = figure.layout.title as string | { text?: string } | undefined;
  return withoutMarkup((typeof title === "string" ? title : title?.text) ?? "");
}

function positive(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
  throw new RangeError(
    `Cannot read the size of a figure as ${name} must be a number above 0: it is ${
      JSON.stringify(value)
    }; set it in the layout`,
  );
}
