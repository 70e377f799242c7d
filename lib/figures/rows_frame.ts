import { legendLayout } from "./_legend.ts";
import { type PanelFrame, px } from "./panel_frame.ts";
import { textWidth, wrapText } from "./_text_width.ts";
import { PAPER_THEME } from "./theme.ts";
import { type AxisTicks, logTicks } from "./_ticks.ts";
import type { FigureWidth } from "./figure_width.ts";

/** What a figure with a row for each name shows. */
export interface RowsInput {
  /** Names of the rows, the first at the top. */
  readonly rows: readonly string[];
  /** Lines below the title, for which there is always room. */
  readonly subtitle: string;
  /** Names in the legend. */
  readonly legendNames: readonly string[];
  /** Width on paper. */
  readonly width: FigureWidth;
  /** The horizontal axis: the values to hold on a log scale, or the names of columns. */
  readonly across: { readonly values: readonly number[] } | { readonly columns: readonly string[] };
}

/** Height of a row, and room around the outermost values, points (1/72 inch). */
const ROW_PT = 12.5;
/** Room beside the outermost values, share of the axis. */
const PADDING = 0.05;
/** Points around titles, legend and axes, as in panels of the plane. */
const SPACE_PT = { edge: 3, title: 9, line: 1.3, bottom: 29, right: 6 };

/** The geometry of a figure with a row for each name, laid out as panels of the cost-quality plane are. Row i stands at height −i. */
export function rowsFrame({ rows, subtitle, legendNames, width: size, across }: RowsInput): PanelFrame {
  const { fontPt, widthPt, tickPt } = PAPER_THEME, tickSize = px(fontPt.tick), width = px(widthPt[size]);
  const left = Math.ceil(
    px(SPACE_PT.edge + tickPt.major + 3) + Math.max(...rows.map((row) => textWidth(row, tickSize))),
  );
  const plotWidth = width - left - px(SPACE_PT.right), plotHeight = px(ROW_PT * rows.length);
  const { xRange, xTicks, log } = axisAcross(across, { length: plotWidth, fontSize: tickSize });
  const legend = legendLayout(legendNames, { fontSize: px(fontPt.label), plotWidth, figureWidth: left + plotWidth });
  const subtitleLines = subtitle === ""
    ? []
    : wrapText(subtitle, { size: px(fontPt.subtitle), maxWidth: width - left - px(SPACE_PT.edge) });
  const top = Math.ceil(
    px(
      SPACE_PT.edge + fontPt.title * 0.95 + subtitleLines.length * fontPt.subtitle * SPACE_PT.line + 3 +
        (legend.nRows === 0 ? 1.5 : 0),
    ) +
      legend.height,
  );
  const margin = { l: left, r: px(SPACE_PT.right), t: top, b: px(SPACE_PT.bottom) };
  return {
    ...{
      log,
      width,
      height: top + plotHeight + margin.b,
      margin,
      plotWidth,
      plotHeight,
      stripHeight: 0,
      xRange,
      xTicks,
      legend,
      subtitleLines,
    },
    yRange: [0.5 - rows.length, 0.5],
    // Adding 0 makes 0 of −0, which JSON does not know.
    yTicks: { major: rows.map((text, i) => ({ value: 0 - i, text })), minor: [], areNames: true },
  };
}

function axisAcross(
  across: RowsInput["across"],
  { length, fontSize }: { length: number; fontSize: number },
): { xRange: [number, number]; xTicks: AxisTicks; log: boolean } {
  if ("columns" in across) {
    const major = across.columns.map((text, value) => ({ value, text }));
    return { xRange: [-0.5, across.columns.length - 0.5], xTicks: { major, minor: [], areNames: true }, log: false };
  }
  const [low, high] = [Math.min(...across.values), Math.max(...across.values)].map(Math.log10),
    room = (high - low) * PADDING;
  const xRange: [number, number] = [low - room, high + room];
  return { xRange, xTicks: logTicks([10 ** xRange[0], 10 ** xRange[1]], { length, fontSize, along: "x" }), log: true };
}
