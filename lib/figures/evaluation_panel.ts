import type { RouterBounds } from "../evaluation/bounds.ts";
import { curveBand } from "../evaluation/curve_band.ts";
import type { Evaluation } from "../evaluation/evaluate.ts";
import { shortModelName } from "../outcomes/paper_table.ts";
import { qualityAtCost } from "../plane/interpolation.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../plane/operating_point.ts";
import { legendNameOf } from "./_model_names.ts";
import { costQualityPanel } from "./cost_quality_panel.ts";
import { shortNumber } from "./number_text.ts";
import type { CostQualityPanelInput, PanelCurve } from "./panel_input.ts";
import type { PlotlyFigure } from "./plotly_figure.ts";

/** Options of {@linkcode evaluationPanel}. */
export interface EvaluationPanelOptions
  extends Pick<CostQualityPanelInput, "title" | "subtitle" | "width" | "costAxis" | "labelled"> {
  /** Names of the systems to draw; default all. */
  readonly systems?: readonly string[];
  /** Names of overgenerate-and-rerank systems to draw; default all that were evaluated. */
  readonly reranks?: readonly string[];
  /** The oracle at every willingness to pay, on the evaluation's test prompts: {@linkcode oracleCurve}. */
  readonly oracleCurve?: readonly OperatingPoint[];
  /** Curves that no router can beat, for simulated outcomes. */
  readonly bounds?: RouterBounds;
  /** Draws {@linkcode curveBand} around each system's curve: resamples (default 1000) and seed of the bootstrap. */
  readonly band?: { readonly seed: number; readonly nResamples?: number };
}

/** The legend's name of the oracle's curve. */
const ORACLE_CURVE = "Oracle at every λ";
/** Costs at which a band is read off. */
const N_BAND_COSTS = 48;

/**
 * The cost–quality panel of an evaluation: models, hulls of the systems with their AIQ (formula) in the legend, and the
 * oracle.
 *
 * @throws RangeError as {@linkcode costQualityPanel}; for a name in `systems` that the evaluation does not have
 * @example
 * ```ts
 * import { evaluate, evaluationPanel, linear, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 40, seed: 1 });
 * const evaluation = await evaluate(outcomes, [linear()], { seed: 1, encoder: "lexical", nResamples: 100 });
 * assert.ok(evaluationPanel(evaluation, { title: "All evaluations" }).data.length > 2);
 * ```
 */
export function evaluationPanel(evaluation: Evaluation, options: EvaluationPanelOptions): PlotlyFigure {
  const { systems, reranks, bounds, oracleCurve, band, labelled, ...panelOptions } = options;
  const drawn = [...named(evaluation.systems, systems), ...named(evaluation.reranks, reranks)];
  const curves = drawn.map(({ name, family, hull, sample, aiqFormula }): PanelCurve => {
    const curve = { name: `${legendNameOf(name)} (${shortNumber(aiqFormula)})`, family, points: hull };
    if (band === undefined) return curve;
    return { ...curve, band: curveBand(sample, bandCosts(hull), { nResamples: 1000, ...band }) };
  });
  if (oracleCurve !== undefined) {
    curves.push({ name: ORACLE_CURVE, family: "oracle", points: inRange(oracleCurve, evaluation) });
  }
  if (bounds !== undefined) {
    const points = nonDecreasingHull(bounds.bestWithText);
    curves.push({ name: "Best that reads the text", family: "bound", points });
  }
  const shown = [...evaluation.models, evaluation.oracle, ...curves.flatMap(({ points }) => points)];
  // A free model cannot be drawn on a log axis.
  const costAxis = shown.some(({ costUsd }) => costUsd === 0) ? "linear" : "log";
  const panel = costQualityPanel({
    costAxis,
    ...panelOptions,
    labelled: labelled?.map(shortModelName),
    models: evaluation.models.map(({ model, costUsd, quality }) => ({ name: shortModelName(model), costUsd, quality })),
    curves,
    oracle: evaluation.oracle,
  });
  // The oracle's curve has a vertex for nearly every prompt; markers at all of them would form a band.
  const data = panel.data.map((trace) => trace.name === ORACLE_CURVE ? { ...trace, mode: "lines" } : trace);
  return { ...panel, data };
}

/** Costs from the first to the last vertex of a hull, at equal distances on a log scale. */
function bandCosts(hull: readonly OperatingPoint[]): number[] {
  const low = hull[0].costUsd;
  const high = hull[hull.length - 1].costUsd;
  if (low === 0 || low === high) return hull.map(({ costUsd }) => costUsd);
  return Array.from({ length: N_BAND_COSTS }, (_, i) => low * (high / low) ** (i / (N_BAND_COSTS - 1)));
}

/** The part of the oracle's curve that compares with a router's, from the cheapest model's cost on: most is cheaper. */
function inRange(curve: readonly OperatingPoint[], { costRangeUsd: [low] }: Evaluation): OperatingPoint[] {
  const hull = nonDecreasingHull(curve);
  const inside = hull.filter(({ costUsd }) => costUsd > low);
  return [{ costUsd: low, quality: qualityAtCost(hull, low) }, ...inside];
}

function named<S extends { readonly name: string }>(systems: readonly S[], wanted?: readonly string[]): S[] {
  if (wanted === undefined) return [...systems];
  return wanted.map((name) => {
    const system = systems.find((system) => system.name === name);
    if (system !== undefined) return system;
    const known = systems.map(({ name }) => `"${name}"`).join(", ");
    throw new RangeError(
      `Cannot draw the panel as each system must be in the evaluation: "${name}" is not; it has ${known}`,
    );
  });
}
