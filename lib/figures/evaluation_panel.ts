import type { RouterBounds } from "../evaluation/bounds.ts";
import { curveBand } from "../evaluation/curve_band.ts";
import type { Evaluation } from "../evaluation/evaluate.ts";
import { shortModelName } from "../outcomes/paper_table.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import { costQualityPanel, type CostQualityPanelInput } from "./cost_quality_panel.ts";
import type { PlotlyFigure } from "./plotly_figure.ts";

/** What an evaluation's panel shows beside the curves. */
export interface EvaluationPanelOptions extends Pick<CostQualityPanelInput, "title" | "subtitle" | "width" | "costAxis" | "inset"> {
  /** Names of the systems to draw; default all. */
  readonly systems?: readonly string[];
  /** Curves that no router can beat, for simulated outcomes. */
  readonly bounds?: RouterBounds;
  /** Draws {@linkcode curveBand} around each system's curve: resamples (default 1000) and seed of the bootstrap. */
  readonly band?: { readonly seed: number; readonly nResamples?: number };
}

/** Costs at which a band is read off. */
const N_BAND_COSTS = 48;

/**
 * The cost–quality panel of an evaluation: models, hulls of the systems with their AIQ (formula) in the legend, and the oracle.
 *
 * @throws RangeError as {@linkcode costQualityPanel}; for a name in `systems` that the evaluation does not have
 * @example
 * ```ts
 * import { evaluateRouters, evaluationPanel, fitLinearRouter, openEncoder, simulateOutcomes, splitForEvaluation } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 40, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes.prompts!);
 * const data = splitForEvaluation(outcomes, embeddings, { seed: 1 });
 * const evaluation = await evaluateRouters(data, [{ fit: (train) => fitLinearRouter(train, { alpha: 1 }) }], { seed: 1, nResamples: 100 });
 * assert.ok(evaluationPanel(evaluation, { title: "All evaluations" }).data.length > 2);
 * ```
 */
export function evaluationPanel(evaluation: Evaluation, options: EvaluationPanelOptions): PlotlyFigure {
  const { systems: wanted = evaluation.systems.map(({ name }) => name), bounds, band, ...frame } = options;
  const systems = wanted.map((name) => {
    const system = evaluation.systems.find((system) => system.name === name);
    if (system === undefined) {
      throw new RangeError(
        `Cannot draw the panel as each system must be in the evaluation: "${name}" is not; it has ${
          evaluation.systems.map(({ name }) => `"${name}"`).join(", ")
        }`,
      );
    }
    return system;
  });
  const curves = systems.map(({ name, family, hull, sample, aiqFormula }) => ({
    name: `${name} (${shortNumber(aiqFormula)})`,
    family,
    points: hull,
    ...(band === undefined ? {} : { band: curveBand(sample, bandCosts(hull), { nResamples: 1000, ...band }) }),
  }));
  const limits = bounds === undefined
    ? []
    : [{ name: "Best that reads the text", family: "bound" as const, points: nonDecreasingHull(bounds.bestWithText) }];
  return costQualityPanel({
    ...frame,
    models: evaluation.models.map(({ model, costUsd, quality }) => ({ name: shortModelName(model), costUsd, quality })),
    curves: [...curves, ...limits],
    oracle: evaluation.oracle,
  });
}

/** Costs from the first to the last vertex of a hull, at equal distances on a log scale. */
function bandCosts(hull: readonly OperatingPoint[]): number[] {
  const low = hull[0].costUsd, high = hull[hull.length - 1].costUsd;
  if (low === 0 || low === high) return hull.map(({ costUsd }) => costUsd);
  return Array.from({ length: N_BAND_COSTS }, (_, i) => low * (high / low) ** (i / (N_BAND_COSTS - 1)));
}

/** .773, as the paper prints it. */
function shortNumber(value: number): string {
  return value.toFixed(3).replace(/^0/, "");
}
