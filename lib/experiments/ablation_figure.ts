import { ablationPanel } from "../figures/ablation_panel.ts";
import type { PlotlyFigure } from "../figures/plotly_figure.ts";
import { PAPER_EVAL_TITLES } from "../outcomes/paper_table.ts";
import type { Ablation } from "./ablation.ts";
import { evalTitle, POOLED } from "./evaluation_names.ts";

/** Evaluations side by side on a page. */
const MOST_PANELS = 4;

/** An ablation as a figure of page width: all evaluations together, then the first ones by themselves. */
export function ablationFigure({ rows, protocol }: Ablation): PlotlyFigure {
  const evalNames = [...new Set(rows.map(({ evalName }) => evalName))].slice(0, MOST_PANELS);
  return ablationPanel({
    title: `What the encoder reads and how routers are set: AIQ (formula) over Zero, ${
      protocol === "ours" ? "our" : "the paper's"
    } protocol`,
    points: rows,
    evalNames,
    titles: { ...PAPER_EVAL_TITLES, [POOLED]: evalTitle(POOLED) },
    width: "page",
  });
}
