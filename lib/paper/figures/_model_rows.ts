import { frameAround, px } from "../../figures/frame.ts";
import { type PanelFrame, panelLayout } from "../../figures/panel_frame.ts";
import type { PlotlyFigure } from "../../figures/plotly_figure.ts";
import { textWidth } from "../../figures/text_width.ts";
import { PRINT_THEME } from "../../figures/theme.ts";
import { type AxisTicks, logTicks } from "../../figures/ticks.ts";
import { PRICE_USD_PER_MILLION_TOKENS } from "../../outcomes/paper_table.ts";

/** Dots of one kind in a figure with a row for each model. */
export interface Dots {
  readonly name: string;
  readonly symbol: string;
  readonly color: string;
  readonly isFilled: boolean;
  /** One value a row. */
  readonly values: readonly number[];
}

/** What a figure with a row for each name shows. */
interface RowsInput {
  readonly title: string;
  /** Names of the rows, the first at the top. */
  readonly rows: readonly string[];
  readonly legendNames: readonly string[];
  /** The horizontal axis: the values to hold on a log scale, or the names of columns. */
  readonly across: { readonly values: readonly number[] } | { readonly columns: readonly string[] };
}

/** Points (1/72 inch): a row, and around the axes. */
const SPACE_PT = { row: 12.5, edge: 3, beforeTicks: 3, right: 6, bottom: 29 };
/** Room beside the outermost values, share of the axis. */
const PADDING = 0.05;
const MARKER_PT = { open: 4.8, filled: 3.2 };

/** The models with their list prices, cheapest first. */
export function modelsByPrice(): [model: string, price: { readonly prompt: number; readonly completion: number }][] {
  return Object.entries(PRICE_USD_PER_MILLION_TOKENS).sort(([, a], [, b]) =>
    a.prompt + a.completion - b.prompt - b.completion
  );
}

/** The frame of a figure with a row for each name. Row i stands at height −i. */
export function rowsFrame({ title, rows, legendNames, across }: RowsInput): PanelFrame {
  const { fontPt, tickPt } = PRINT_THEME;
  const fontSize = px(fontPt.tick);
  const widest = Math.max(...rows.map((row) => textWidth(row, fontSize)));
  const left = Math.ceil(px(SPACE_PT.edge + tickPt.major + SPACE_PT.beforeTicks) + widest);
  const frame = frameAround({
    title,
    subtitle: "",
    legendNames,
    width: "column",
    left,
    right: px(SPACE_PT.right),
    bottom: px(SPACE_PT.bottom),
    plotHeight: px(SPACE_PT.row * rows.length),
  });
  // Adding 0 makes 0 of −0, which JSON does not know.
  const yTicks = { major: rows.map((text, i) => ({ value: 0 - i, text })), minor: [], areNames: true };
  return { ...frame, ...axisAcross(across, frame.plotWidth), yRange: [0.5 - rows.length, 0.5], yTicks };
}

function axisAcross(across: RowsInput["across"], length: number): Pick<PanelFrame, "log" | "xRange" | "xTicks"> {
  if ("columns" in across) {
    const major = across.columns.map((text, value) => ({ value, text }));
    const xTicks: AxisTicks = { major, minor: [], areNames: true };
    return { log: false, xRange: [-0.5, across.columns.length - 0.5], xTicks };
  }
  const low = Math.log10(Math.min(...across.values));
  const high = Math.log10(Math.max(...across.values));
  const room = (high - low) * PADDING;
  const xRange = [low - room, high + room] as const;
  const fontSize = px(PRINT_THEME.fontPt.tick);
  const xTicks = logTicks([10 ** xRange[0], 10 ** xRange[1]], { length, fontSize, along: "x" });
  return { log: true, xRange, xTicks };
}

/** A dot plot: a row for each model, dots of several kinds, a thin line between the outermost dots of a row. */
export function dotRows({ title, rows, dots, axis }: {
  readonly title: string;
  readonly rows: readonly string[];
  readonly dots: readonly Dots[];
  readonly axis: string;
}): PlotlyFigure {
  const legendNames = dots.map(({ name }) => name);
  const frame = rowsFrame({ title, rows, legendNames, across: { values: dots.flatMap(({ values }) => values) } });
  const heights = rows.map((_, i) => 0 - i);
  const spans = {
    type: "scatter",
    mode: "lines",
    name: "Range",
    showlegend: false,
    hoverinfo: "skip",
    x: rows.flatMap((_, i) => {
      const row = dots.map(({ values }) => values[i]);
      return [Math.min(...row), Math.max(...row), null];
    }),
    y: heights.flatMap((height) => [height, height, null]),
    line: { color: PRINT_THEME.colors.leader, width: px(PRINT_THEME.strokePt.leader) },
  };
  const traces = dots.map(({ name, symbol, color, isFilled, values }, rank) => ({
    type: "scatter",
    mode: "markers",
    name,
    legendrank: rank + 1,
    x: values,
    y: heights,
    hovertext: values.map((value, i) => `<b>${rows[i]}</b><br>${name}: ${value.toPrecision(3)}`),
    hoverinfo: "text",
    marker: {
      symbol,
      size: px(isFilled ? MARKER_PT.filled : MARKER_PT.open),
      opacity: 1,
      color: isFilled ? color : "rgba(0,0,0,0)",
      line: { color, width: px(0.9) },
    },
  }));
  const layout = panelLayout(frame, { costLabel: axis, qualityLabel: "", annotations: [] });
  return { data: [spans, ...traces], layout };
}
