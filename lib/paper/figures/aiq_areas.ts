import { aiq, type AiqRule } from "../../evaluation/aiq.ts";
import { costQualityPanel } from "../../figures/cost_quality_panel.ts";
import { shortNumber } from "../../figures/number_text.ts";
import type { PanelCurve } from "../../figures/panel_input.ts";
import type { PlotlyFigure } from "../../figures/plotly_figure.ts";
import { type CurveFamily, curveStyle } from "../../figures/curve_style.ts";
import { qualityAtCost } from "../../plane/interpolation.ts";
import { nonDecreasingHull } from "../../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../../plane/operating_point.ts";
import { withMarkersAt } from "./_markers_at.ts";

/** A system whose AIQ is shown as an area. */
export interface AreaSystem {
  /** Name in the legend; the AIQ is added in brackets. */
  readonly name: string;
  /** Kind of router; decides colour and line. */
  readonly family: CurveFamily;
  /** Its points; they are hulled here. */
  readonly points: readonly OperatingPoint[];
}

/** What a figure of areas shows. */
export interface AiqAreasInput {
  /** Bold first line. */
  readonly title: string;
  /** Lines below the title. */
  readonly subtitle?: string;
  /** The systems, one or two, drawn from the first to the last. */
  readonly systems: readonly AreaSystem[];
  /** The rule, the same for all. */
  readonly rule: AiqRule;
  /** Title of the cost axis; `Mean cost per prompt (USD)` if not given. */
  readonly costLabel?: string;
}

/** The first area is filled, the second hatched by so many lines, so that they are told apart without colour. */
const MAX_SYSTEMS = 2;
const N_HATCHES = 48;
/** Properties that all areas share; they have no hover text. */
const UNSEEN = { type: "scatter", mode: "lines", hoverinfo: "skip", showlegend: false };

/**
 * AIQ of systems as shaded areas, by either rule, with the number in brackets. Two calls with the same systems and the
 * two rules show what the rule does: by the reference code the range left of a system's own first point counts as
 * nothing.
 *
 * @throws RangeError where there is no system or more than two, or the rule does not fit them (see `aiq`)
 * @example
 * ```ts
 * import { aiqAreas } from "./aiq_areas.ts";
 * import assert from "node:assert/strict";
 *
 * const points = [{ costUsd: 1, quality: 0.4 }, { costUsd: 3, quality: 0.8 }];
 * const systems = [{ name: "Zero", family: "zero" as const, points }];
 * const { data } = aiqAreas({ title: "Area", systems, rule: { rule: "reference-code", maxCostUsd: 4 } });
 * assert.deepEqual([data[0].fill, data[0].x, data[0].y], ["tozeroy", [1, 3, 4], [0.4, 0.8, 0.8]]);
 * assert.deepEqual([data[1].name, data[1].y], ["Zero (.500)", [0, 0, 0.4, 0.8, 0.8]]);
 * ```
 */
export function aiqAreas(input: AiqAreasInput): PlotlyFigure {
  const { title, subtitle, systems, rule, costLabel = "Mean cost per prompt (USD)" } = input;
  if (systems.length === 0 || systems.length > MAX_SYSTEMS) {
    throw new RangeError(
      `Cannot draw areas as there must be 1 or ${MAX_SYSTEMS} systems: there are ${systems.length}; draw several figures`,
    );
  }
  const hulls = systems.map(({ points }) => nonDecreasingHull(points));
  const curves = systems.map(({ name, family }, i): PanelCurve => {
    return { name: `${name} (${shortNumber(aiq(hulls[i], rule))})`, family, points: integrand(hulls[i], rule) };
  });
  const panel = costQualityPanel({ title, subtitle, models: [], curves, costAxis: "linear", costLabel });
  const areas = systems.map(({ family }, i) => {
    const draw = i === 0 ? filledArea : hatchedArea;
    return draw(counted(hulls[i], rule), curveStyle(family).color);
  });
  const lines = panel.data.map((trace) => withMarkersAt(trace, hulls.flat()));
  return { ...panel, data: [...areas, ...lines] };
}

/** The line under which a rule counts: up to the first point the formula's rises, the reference code's is 0. */
function integrand(hull: readonly OperatingPoint[], rule: AiqRule): OperatingPoint[] {
  const first = hull[0];
  const last = hull[hull.length - 1];
  const line: OperatingPoint[] = [{ costUsd: 0, quality: 0 }];
  if (rule.rule === "reference-code") line.push({ costUsd: first.costUsd, quality: 0 });
  line.push(...hull);
  const end = rule.rule === "formula" ? rule.costRangeUsd[1] : rule.maxCostUsd;
  if (end > last.costUsd) line.push({ costUsd: end, quality: last.quality });
  return line;
}

/** The part of that line whose area counts, with its ends. */
function counted(hull: readonly OperatingPoint[], rule: AiqRule): OperatingPoint[] {
  const [low, high] = rule.rule === "formula" ? rule.costRangeUsd : [hull[0].costUsd, rule.maxCostUsd];
  const at = (costUsd: number): OperatingPoint => ({ costUsd, quality: qualityAtCost(hull, costUsd) });
  return [at(low), ...hull.filter(({ costUsd }) => costUsd > low && costUsd < high), at(high)];
}

function filledArea(line: readonly OperatingPoint[], color: string): Record<string, unknown> {
  return {
    ...UNSEEN,
    x: line.map(({ costUsd }) => costUsd),
    y: line.map(({ quality }) => quality),
    fill: "tozeroy",
    fillcolor: `${color}50`,
    line: { width: 0 },
  };
}

/** Hatching by upright lines, as Plotly's own patterns are lost where figures are drawn without a browser. */
function hatchedArea(line: readonly OperatingPoint[], color: string): Record<string, unknown> {
  const low = line[0].costUsd;
  const high = line[line.length - 1].costUsd;
  const costs = Array.from({ length: N_HATCHES + 1 }, (_, i) => low + (high - low) * i / N_HATCHES);
  return {
    ...UNSEEN,
    x: costs.flatMap((costUsd) => [costUsd, costUsd, null]),
    y: costs.flatMap((costUsd) => [0, qualityAtCost(line, costUsd), null]),
    line: { color, width: 1 },
  };
}
