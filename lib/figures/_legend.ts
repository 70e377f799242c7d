import { textWidth } from "./text_width.ts";

/** How the entries of a horizontal legend are arranged. Lengths are pixels. */
export interface LegendLayout {
  readonly nRows: number;
  readonly nColumns: number;
  /** Width of every entry's text, null where one row holds entries of their own widths. */
  readonly entryWidth: number | null;
  /** Height of the whole legend. */
  readonly height: number;
  /** Whether the legend needs the room left of the plotting area. */
  readonly fromFigureEdge: boolean;
}

/** Plotly's constants, pixels: the symbol's width, the gap on each side of it, and a row's least height and padding. */
export const LEGEND_SYMBOL_WIDTH = 30;
export const LEGEND_GAP = 5;
const ROW_MIN_HEIGHT = 16;
const ROW_PADDING = 3;
const LINE_HEIGHT = 1.3;

/** Room after the longest name before the next column, em. */
const COLUMN_GAP_EM = 0.7;
/** How much wider than needed columns are where there is room. */
const SPARE_WIDTH = 1.12;

/**
 * Arranges a legend in as few rows as fit: above the plotting area if that is wide enough, else across the figure.
 *
 * The top margin depends on the numbers of rows and columns and must be known before Plotly draws, so this repeats
 * Plotly's arithmetic.
 */
export function legendLayout(
  names: readonly string[],
  { fontSize, plotWidth, figureWidth }: {
    readonly fontSize: number;
    readonly plotWidth: number;
    readonly figureWidth: number;
  },
): LegendLayout {
  if (names.length === 0) return { nRows: 0, nColumns: 0, entryWidth: null, height: 0, fromFigureEdge: false };
  const symbol = LEGEND_SYMBOL_WIDTH + 2 * LEGEND_GAP;
  const widths = names.map((name) => textWidth(name, fontSize) + COLUMN_GAP_EM * fontSize);
  const rowHeight = Math.max(fontSize * LINE_HEIGHT, ROW_MIN_HEIGHT) + ROW_PADDING;
  const height = (nRows: number): number => Math.ceil(nRows * rowHeight + 2 * LEGEND_GAP);
  const oneRow = widths.reduce((sum, width) => sum + width + symbol + LEGEND_GAP, 0);
  for (const [available, fromFigureEdge] of [[plotWidth, false], [figureWidth, true]] as const) {
    if (oneRow < available) {
      return { nRows: 1, nColumns: names.length, entryWidth: null, height: height(1), fromFigureEdge };
    }
  }
  const least = Math.max(...widths) + symbol + LEGEND_GAP;
  const rowsIn = (available: number): number => Math.ceil(names.length / Math.max(1, Math.floor(available / least)));
  const nRows = rowsIn(figureWidth);
  const fromFigureEdge = rowsIn(plotWidth) > nRows;
  const nColumns = Math.ceil(names.length / nRows);
  // Plotly fills a row until the next entry would pass the figure's width: wide enough that it takes no more than was
  // counted, and a little wider where there is room, because browsers without the typeface show a wider one.
  const spare = Math.min(SPARE_WIDTH * least, Math.floor((fromFigureEdge ? figureWidth : plotWidth) / nColumns));
  const pitch = Math.max(least, spare, Math.ceil((figureWidth + LEGEND_GAP + 1) / (nColumns + 1)));
  const entryWidth = Math.ceil(pitch) - symbol - LEGEND_GAP;
  return { nRows, nColumns, entryWidth, height: height(nRows), fromFigureEdge };
}

/**
 * The place of every entry in Plotly's order, which fills rows, such that the entries read down the columns: related
 * curves, which are given one after the other, stand below each other.
 */
export function legendRanks(nEntries: number, { nColumns, nRows }: LegendLayout): number[] {
  const ranks: number[] = [];
  const nInLastRow = nEntries - (nRows - 1) * nColumns;
  for (let column = 0; column < nColumns; column++) {
    for (let row = 0; row < (column < nInLastRow ? nRows : nRows - 1); row++) ranks.push(row * nColumns + column + 1);
  }
  return ranks;
}
