/**
 * Where a figure is printed, which gives its width: a column or the page of the built-in sizes, or those of a
 * conference's style file. NeurIPS has one column, as wide as the page.
 */
export type FigureWidth = "column" | "page" | "acl-column" | "acl-page" | "neurips" | "ieee-column" | "ieee-page";

/** Centimetres and picas in points of 1/72 inch. A pica is 12 of TeX's points; 72.27 of these are an inch. */
const CENTIMETRE = 72 / 2.54;
const PICA = 12 * 72 / 72.27;
const INCH = 72;

/**
 * Widths of figures, points (1/72 inch).
 *
 * **Source**: `acl.sty` (A4 with margins of 2.5 cm, columns .6 cm apart), `neurips_2025.sty` (text 5.5 in wide),
 * `IEEEtran.cls` 1.8b (columns of 21 pc, 1 pc apart). `column` and `page` are 3.35 and 6.9 inch, which fit most
 * two-column journals.
 */
export const FIGURE_WIDTHS_PT: Readonly<Record<FigureWidth, number>> = {
  "column": 241,
  "page": 496,
  "acl-column": tenths((16 - 0.6) / 2 * CENTIMETRE),
  "acl-page": tenths(16 * CENTIMETRE),
  "neurips": 5.5 * INCH,
  "ieee-column": tenths(21 * PICA),
  "ieee-page": tenths(43 * PICA),
};

/** Heights of a panel's plotting area, points. */
export const PLOT_HEIGHTS_PT: Readonly<Record<FigureWidth, number>> = {
  "column": 142,
  "page": 205,
  "acl-column": 135,
  "acl-page": 190,
  "neurips": 175,
  "ieee-column": 146,
  "ieee-page": 210,
};

/** Rounded down, so that no figure is wider than its column. */
function tenths(points: number): number {
  return Math.floor(points * 10) / 10;
}
