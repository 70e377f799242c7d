import { OKABE_ITO } from "../../figures/curve_style.ts";
import type { PlotlyFigure } from "../../figures/plotly_figure.ts";
import {
  PAPER_EVAL_NAMES,
  PAPER_EVAL_TITLES,
  PAPER_MODEL_ROWS,
  paperTestPrompts,
  shortModelName,
} from "../../outcomes/paper_table.ts";
import { dotRows, type Dots, modelsByPrice } from "./_model_rows.ts";

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

/**
 * List prices of the eleven models, prompt and completion, cheapest first: the numbers behind the paper's “2–5×”.
 *
 * **Units**: USD per million tokens.
 *
 * @example
 * ```ts
 * import { listPriceFigure } from "./model_costs.ts";
 * import assert from "node:assert/strict";
 *
 * const { data } = listPriceFigure();
 * assert.deepEqual(data.slice(1).map(({ name }) => name), ["Prompt", "Completion"]);
 * assert.deepEqual([(data[1].x as number[])[0], (data[1].x as number[])[10]], [0.2, 10]);
 * ```
 */
export function listPriceFigure(): PlotlyFigure {
  const models = modelsByPrice();
  const prompt = models.map(([, price]) => price.prompt);
  const completion = models.map(([, price]) => price.completion);
  return dotRows({
    title: "List prices",
    rows: models.map(([model]) => shortModelName(model)),
    dots: [
      { name: "Prompt", symbol: "circle", color: OKABE_ITO.black, isFilled: true, values: prompt },
      { name: "Completion", symbol: "diamond", color: OKABE_ITO.vermillion, isFilled: false, values: completion },
    ],
    axis: "Price (USD per million tokens, log scale)",
  });
}

/**
 * What a prompt costs each model on each evaluation: Table 1's totals divided by the number of test prompts.
 *
 * **Units**: USD a prompt. The cheapest model is at the top.
 */
export function paperCostFigure(): PlotlyFigure {
  const rows = PAPER_MODEL_ROWS.toSorted((a, b) => a.totalCostUsd.mmlu - b.totalCostUsd.mmlu);
  const dots = PAPER_EVAL_NAMES.map((evalName, i): Dots => {
    const [symbol, color, isFilled] = EVAL_MARKERS[i];
    const values = rows.map(({ totalCostUsd }) => totalCostUsd[evalName] / paperTestPrompts(evalName));
    return { name: PAPER_EVAL_TITLES[evalName], symbol, color, isFilled, values };
  });
  return dotRows({
    title: "Mean cost of a prompt",
    rows: rows.map(({ paperName }) => paperName),
    dots,
    axis: "Mean cost per prompt (USD, log scale)",
  });
}
