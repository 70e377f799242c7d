import { PAPER_EVAL_TITLES } from "../../outcomes/paper_table.ts";
import { paperOracleShares } from "../printed/panels.ts";
import {
  PAPER_EVAL_NAMES,
  PAPER_MODEL_ROWS,
  paperTestPrompts,
  PRICE_USD_PER_MILLION_TOKENS,
  shortModelName,
} from "../../outcomes/paper_table.ts";
import { panelLayout } from "../../figures/panel_layout.ts";
import { px } from "../../figures/panel_frame.ts";
import { rowsFrame } from "../../figures/rows_frame.ts";
import type { PlotlyFigure } from "../../figures/plotly_figure.ts";
import { OKABE_ITO, PAPER_THEME } from "../../figures/theme.ts";
import type { FigureWidth } from "../../figures/figure_width.ts";

/** Dots of one kind in a figure with a row for each model. */
interface Dots {
  readonly name: string;
  readonly symbol: string;
  readonly color: string;
  readonly isFilled: boolean;
  /** One value a row. */
  readonly values: readonly number[];
}

/** Markers of the seven evaluations: told apart by shape, in a fixed order. */
const EVAL_MARKERS: readonly (readonly [symbol: string, color: string, isFilled: boolean])[] = [
  ["circle", OKABE_ITO.black, true],
  ["square", OKABE_ITO.blue, false],
  ["triangle-up", OKABE_ITO.green, true],
  ["diamond", OKABE_ITO.vermillion, false],
  ["triangle-down", OKABE_ITO.purple, true],
  ["circle", OKABE_ITO.orange, false],
  ["x-thin", OKABE_ITO.black, false],
];
const MARKER_PT = { open: 4.8, filled: 3.2 };
/** The row of prompts that no model answers. */
const NO_MODEL = "no_model_correct";
/** Columns are narrow: long names break in two. */
const COLUMN_TITLES: Readonly<Record<string, string>> = {
  mtbench: "MT-<br>Bench",
  hellaswag: "Hella-<br>Swag",
  winogrande: "Wino-<br>grande",
  "arc-challenge": "ARC",
};

/**
 * List prices of the eleven models, prompt and completion, cheapest first: the numbers behind the paper's “2–5×”.
 *
 * **Units**: USD per million tokens.
 *
 * @example
 * ```ts
 * import { listPriceFigure } from "./illustrations.ts";
 * import assert from "node:assert/strict";
 *
 * const { data } = listPriceFigure();
 * assert.deepEqual(data.slice(1).map(({ name }) => name), ["Prompt", "Completion"]);
 * assert.deepEqual([(data[1].x as number[])[0], (data[1].x as number[])[10]], [0.2, 10]);
 * ```
 */
export function listPriceFigure({ width = "column" }: { readonly width?: FigureWidth } = {}): PlotlyFigure {
  const prices = Object.entries(PRICE_USD_PER_MILLION_TOKENS).toSorted(([, a], [, b]) =>
    a.prompt + a.completion - b.prompt - b.completion
  );
  return dotRows({
    title: "List prices",
    rows: prices.map(([model]) => shortModelName(model)),
    dots: [
      {
        name: "Prompt",
        symbol: "circle",
        color: OKABE_ITO.black,
        isFilled: true,
        values: prices.map(([, { prompt }]) => prompt),
      },
      {
        name: "Completion",
        symbol: "diamond",
        color: OKABE_ITO.vermillion,
        isFilled: false,
        values: prices.map(([, { completion }]) => completion),
      },
    ],
    axis: "Price (USD per million tokens, log scale)",
    width,
  });
}

/**
 * What a prompt costs each model on each evaluation: Table 1's totals divided by the number of test prompts.
 *
 * **Units**: USD a prompt. The cheapest model is at the top.
 */
export function paperCostFigure({ width = "column" }: { readonly width?: FigureWidth } = {}): PlotlyFigure {
  const rows = PAPER_MODEL_ROWS.toSorted((a, b) => a.totalCostUsd.mmlu - b.totalCostUsd.mmlu);
  return dotRows({
    title: "Mean cost of a prompt",
    rows: rows.map(({ paperName }) => paperName),
    dots: PAPER_EVAL_NAMES.map((evalName, i): Dots => ({
      name: PAPER_EVAL_TITLES[evalName],
      symbol: EVAL_MARKERS[i][0],
      color: EVAL_MARKERS[i][1],
      isFilled: EVAL_MARKERS[i][2],
      values: rows.map(({ totalCostUsd }) => totalCostUsd[evalName] / paperTestPrompts(evalName)),
    })),
    axis: "Mean cost per prompt (USD, log scale)",
    width,
  });
}

/**
 * Figure 3 (right): for which share of the prompts the oracle picks each model, or finds none correct, as shaded cells with the printed
 * numbers. The cheapest model is at the top: of equally good answers the oracle takes the cheapest.
 *
 * @example
 * ```ts
 * import { oracleShareFigure } from "./illustrations.ts";
 * import assert from "node:assert/strict";
 *
 * const { layout } = oracleShareFigure();
 * assert.equal((layout.shapes as unknown[]).length, 12 * 7);
 * assert.equal((layout.annotations as { text: string }[])[0].text, ".52");
 * ```
 */
export function oracleShareFigure({ width = "column" }: { readonly width?: FigureWidth } = {}): PlotlyFigure {
  const models = Object.entries(PRICE_USD_PER_MILLION_TOKENS).toSorted(([, a], [, b]) =>
    a.prompt + a.completion - b.prompt - b.completion
  );
  const keys = [...models.map(([model]) => model), NO_MODEL];
  const rows = keys.map((key) => key === NO_MODEL ? "No model correct" : shortModelName(key));
  const columns = PAPER_EVAL_NAMES.map((evalName) => COLUMN_TITLES[evalName] ?? PAPER_EVAL_TITLES[evalName]);
  const frame = rowsFrame({ rows, subtitle: "", legendNames: [], width, across: { columns } });
  const cells = keys.flatMap((key, i) =>
    PAPER_EVAL_NAMES.map((evalName, j) => ({ x: j, y: 0 - i, share: paperOracleShares(evalName)[key] }))
  );
  const largest = Math.max(...cells.map(({ share }) => share));
  const annotations = cells.map(({ x, y, share }) => ({
    ...{ x, y, text: share.toFixed(2).replace(/^0/, ""), showarrow: false, borderpad: 0, borderwidth: 0 },
    font: {
      size: px(PAPER_THEME.fontPt.label),
      color: share / largest > 0.55 ? PAPER_THEME.colors.paper : PAPER_THEME.colors.ink,
    },
  }));
  const layout = panelLayout(frame, { title: "What the oracle picks", costLabel: "", qualityLabel: "", annotations });
  return {
    data: [{
      type: "scatter",
      mode: "markers",
      name: "Share of prompts",
      showlegend: false,
      x: cells.map(({ x }) => x),
      y: cells.map(({ y }) => y),
      hovertext: cells.map(({ x, y, share }) =>
        `<b>${rows[-y]}</b><br>${PAPER_EVAL_TITLES[PAPER_EVAL_NAMES[x]]}: ${share.toFixed(2)}`
      ),
      hoverinfo: "text",
      marker: { size: px(8), opacity: 0 },
    }],
    layout: {
      ...withoutGrid(layout),
      shapes: cells.map(({ x, y, share }) => ({
        ...{ type: "rect", layer: "below", x0: x - 0.5, x1: x + 0.5, y0: y - 0.5, y1: y + 0.5, line: { width: 0 } },
        fillcolor: grey(0.85 * share / largest),
      })),
    },
  };
}

/** A dot plot: a row for each model, dots of several kinds, a thin line between the outermost dots of a row. */
function dotRows({ title, rows, dots, axis, width }: {
  readonly title: string;
  readonly rows: readonly string[];
  readonly dots: readonly Dots[];
  readonly axis: string;
  readonly width: FigureWidth;
}): PlotlyFigure {
  const legendNames = dots.map(({ name }) => name), values = dots.flatMap((each) => each.values);
  const frame = rowsFrame({ rows, subtitle: "", legendNames, width, across: { values } });
  const ends = rows.map((_, i) => dots.map((each) => each.values[i])).map((
    row,
  ) => [Math.min(...row), Math.max(...row)]);
  const spans = {
    type: "scatter",
    mode: "lines",
    name: "Range",
    showlegend: false,
    hoverinfo: "skip",
    x: ends.flatMap(([low, high]) => [low, high, null]),
    y: rows.flatMap((_, i) => [0 - i, 0 - i, null]),
    line: { color: PAPER_THEME.colors.leader, width: px(PAPER_THEME.strokePt.leader) },
  };
  const traces = dots.map(({ name, symbol, color, isFilled, values }, rank) => ({
    type: "scatter",
    mode: "markers",
    name,
    legendrank: rank + 1,
    x: values,
    y: rows.map((_, i) => 0 - i),
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
  return {
    data: [spans, ...traces],
    layout: panelLayout(frame, { title, costLabel: axis, qualityLabel: "", annotations: [] }),
  };
}

function withoutGrid(layout: Record<string, unknown>): Record<string, unknown> {
  const bare = (axis: unknown): Record<string, unknown> => ({ ...axis as Record<string, unknown>, showgrid: false });
  return { ...layout, xaxis: bare(layout.xaxis), yaxis: bare(layout.yaxis) };
}

/** From white (0) to black (1). */
function grey(share: number): string {
  const channel = Math.round(255 * (1 - share)).toString(16).padStart(2, "0");
  return `#${channel}${channel}${channel}`;
}
