import { costRangeOf } from "../../evaluation/aiq_among.ts";
import { aiq, referenceCodeMaxCost } from "../../evaluation/aiq.ts";
import type { PaperPanel, PaperSystem } from "./panels.ts";
import { qualityAtCost } from "../../plane/interpolation.ts";
import { nonDecreasingHull } from "../../plane/non_decreasing_hull.ts";
import type { OperatingPoint } from "../../plane/operating_point.ts";

/** The widths of costs by which the two rules divide, the same for all systems of a panel. */
export interface PanelWidths {
  /** X of the reference code: the largest cost at which a system of the panel attains its own greatest quality. */
  readonly maxCostUsd: number;
  /** The cheapest and the dearest plotted model's total cost: the range of the formula. */
  readonly costRangeUsd: readonly [low: number, high: number];
}

/** A system's AIQ by every rule. */
export interface PlottedAiq {
  /** By the reference code, of the hull as it is drawn: what the printed number was computed from. */
  readonly referenceCode: number;
  /** By the reference code, of the hull that the plotted points have. Differs where the drawn one is not that hull. */
  readonly referenceCodeOfTrueHull: number;
  /** By the paper's formula, of the hull that the plotted points have. */
  readonly formula: number;
}

/** The widths of a panel. */
export function panelWidths({ models, systems }: PaperPanel): PanelWidths {
  return { maxCostUsd: referenceCodeMaxCost(systems.map(({ points }) => points)), costRangeUsd: costRangeOf(models) };
}

/** A system's AIQ by every rule. */
export function plottedAiq(system: PaperSystem, { maxCostUsd, costRangeUsd }: PanelWidths): PlottedAiq {
  return {
    referenceCode: aiqAsDrawn(system.drawnHull, maxCostUsd),
    referenceCodeOfTrueHull: aiq(nonDecreasingHull(system.points), { rule: "reference-code", maxCostUsd }),
    formula: aiq(nonDecreasingHull(system.points), { rule: "formula", costRangeUsd }),
  };
}

/**
 * The reference code's AIQ of a line that need not be a hull: the trapezoids between its points and a flat end up to X,
 * divided by X.
 *
 * `aiq` would take the hull first.
 */
export function aiqAsDrawn(line: readonly OperatingPoint[], maxCostUsd: number): number {
  const last = line[line.length - 1];
  const pieces = line.slice(1).map((end, i) => (end.costUsd - line[i].costUsd) * (end.quality + line[i].quality) / 2);
  return (pieces.reduce((sum, piece) => sum + piece, 0) + (maxCostUsd - last.costUsd) * last.quality) / maxCostUsd;
}

/** How far below the hull of its points a system is drawn, at most, in quality at a drawn vertex. */
export function depthOfDrawnHull({ drawnHull, points }: PaperSystem): number {
  const hull = nonDecreasingHull([...points, ...drawnHull]);
  return Math.max(...drawnHull.map((vertex) => qualityAtCost(hull, vertex.costUsd) - vertex.quality));
}

/**
 * Whether two vertices of a drawn hull stand at one cost. Costs that are equal to four decimals may differ in the
 * fifth, so that both are on the hull, as Winogrande's Zero shows.
 */
export function hasTiedCosts({ drawnHull }: PaperSystem): boolean {
  return new Set(drawnHull.map(({ costUsd }) => costUsd)).size < drawnHull.length;
}
