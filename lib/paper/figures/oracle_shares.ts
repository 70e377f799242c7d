import { rangeOf } from "../../base/statistics.ts";
import { shortNumber } from "../../figures/number_text.ts";
import { px } from "../../figures/frame.ts";
import { panelLayout } from "../../figures/panel_frame.ts";
import type { PlotlyFigure } from "../../figures/plotly_figure.ts";
import { PRINT_THEME } from "../../figures/theme.ts";
import { PAPER_EVAL_NAMES, PAPER_EVAL_TITLES, shortModelName } from "../../outcomes/paper_table.ts";
import { NO_MODEL, paperOracleShares } from "../printed/panels.ts";
import { modelsByPrice, rowsFrame } from "./_model_rows.ts";

/** A share of prompts in its row and column. */
interface Cell {
  readonly x: number;
  readonly y: number;
  readonly share: number;
  /** The share as a part of the largest one. */
  readonly shade: number;
  readonly hover: string;
}

/** Columns are narrow: long names break in two. */
const COLUMN_TITLES: Readonly<Record<string, string>> = {
  mtbench: "MT-<br>Bench",
  hellaswag: "Hella-<br>Swag",
  winogrande: "Wino-<br>grande",
  "arc-challenge": "ARC",
};
/** On cells that are darker than this, text is white. */
const DARK = 0.55;
/** Grey of the largest share: not black, so that a print shows the number. */
const DARKEST = 0.85;

/**
 * Figure 3 (right): for which share of the prompts the oracle picks each model, or finds none correct, as shaded cells
 * with the printed numbers. The cheapest model is at the top: of equally good answers the oracle takes the cheapest.
 *
 * @example
 * ```ts
 * import { oracleShareFigure } from "./oracle_shares.ts";
 * import assert from "node:assert/strict";
 *
 * const { layout } = oracleShareFigure();
 * assert.equal((layout.shapes as unknown[]).length, 12 * 7);
 * assert.equal((layout.annotations as { text: string }[])[0].text, ".52");
 * ```
 */
export function oracleShareFigure(): PlotlyFigure {
  const keys = [...modelsByPrice().map(([model]) => model), NO_MODEL];
  const rows = keys.map((key) => key === NO_MODEL ? "No model correct" : shortModelName(key));
  const columns = PAPER_EVAL_NAMES.map((evalName) => COLUMN_TITLES[evalName] ?? PAPER_EVAL_TITLES[evalName]);
  const frame = rowsFrame({ title: "What the oracle picks", rows, legendNames: [], across: { columns } });
  const shares = keys.map((key) => PAPER_EVAL_NAMES.map((evalName) => paperOracleShares(evalName)[key]));
  const [, largest] = rangeOf(shares.flat());
  const cells = shares.flatMap((row, i) =>
    row.map((share, j): Cell => {
      const hover = `<b>${rows[i]}</b><br>${PAPER_EVAL_TITLES[PAPER_EVAL_NAMES[j]]}: ${share.toFixed(2)}`;
      return { x: j, y: 0 - i, share, shade: share / largest, hover };
    })
  );
  const layout = panelLayout(frame, { costLabel: "", qualityLabel: "", annotations: cells.map(numberIn) });
  const hovers = {
    type: "scatter",
    mode: "markers",
    name: "Share of prompts",
    showlegend: false,
    x: cells.map(({ x }) => x),
    y: cells.map(({ y }) => y),
    hovertext: cells.map(({ hover }) => hover),
    hoverinfo: "text",
    marker: { size: px(8), opacity: 0 },
  };
  return { data: [hovers], layout: { ...withoutGrid(layout), shapes: cells.map(rectangleOf) } };
}

/** The number in a cell, as Plotly's annotation. */
function numberIn({ x, y, share, shade }: Cell): Record<string, unknown> {
  const { fontPt, colors } = PRINT_THEME;
  const font = { size: px(fontPt.label), color: shade > DARK ? colors.paper : colors.ink };
  return { x, y, text: shortNumber(share, 2), font, showarrow: false, borderpad: 0, borderwidth: 0 };
}

/** The grey of a cell, as Plotly's shape. */
function rectangleOf({ x, y, shade }: Cell): Record<string, unknown> {
  const place = { x0: x - 0.5, x1: x + 0.5, y0: y - 0.5, y1: y + 0.5 };
  return { type: "rect", layer: "below", ...place, line: { width: 0 }, fillcolor: grey(DARKEST * shade) };
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
