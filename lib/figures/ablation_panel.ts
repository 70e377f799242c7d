import { ablationFrame, ablationLayout, axisOf } from "./_ablation_layout.ts";
import type { AblationPanelInput, AblationPoint } from "./ablation_input.ts";
import { familiesOf, placeOf, stackLines } from "./_ablation_lines.ts";
import { familyTraces } from "./_ablation_traces.ts";
import type { PlotlyFigure } from "./plotly_figure.ts";
import type { CurveFamily } from "./curve_style.ts";

const SUBTITLE =
  "Bars: 95 %, paired bootstrap over prompts. Grey bands: the base, from which the other lines differ in one factor.";
const GROUP_TITLES: Readonly<Record<string, string>> = {
  text: "Text, pieces read",
  k: "Neighbours <i>k</i>",
  encoder: "Encoder",
  alpha: "Linear, penalty α",
  mlp: "MLP units",
  share: "Training share",
};
const FAMILY_NAMES: Partial<Readonly<Record<CurveFamily, string>>> = { knn: "KNN", linear: "Linear", mlp: "MLP" };
/** Room at both ends of the axis of differences, share of its length. */
const PADDING = 0.05;

/**
 * Draws the differences of routers from Zero under many settings: a line for each setting, grouped by factor, and a
 * panel for each evaluation, with intervals and a line at zero. All panels share one axis.
 *
 * **Units**: differences of AIQ, quality 0 to 1. Pure: the same input gives the same figure.
 *
 * @throws RangeError if there is nothing to draw, a number is not finite, or the panels do not fit beside each other
 * @throws TypeError if a family is not known
 * @example
 * ```ts
 * import { ablationPanel } from "./ablation_panel.ts";
 * import assert from "node:assert/strict";
 *
 * const point = { evalName: "mbpp", factor: "k", family: "knn" as const, isBase: false };
 * const figure = ablationPanel({
 *   title: "Neighbours",
 *   points: [
 *     { ...point, setting: "5", difference: -0.02, interval: [-0.04, 0.01] },
 *     { ...point, setting: "40", difference: 0.03, interval: [0.01, 0.05], isBase: true },
 *   ],
 * });
 * assert.deepEqual((figure.layout.yaxis as { ticktext: string[] }).ticktext, ["5", "40"]);
 * ```
 */
export function ablationPanel(input: AblationPanelInput): PlotlyFigure {
  const { title, subtitle = SUBTITLE, width = "column", limit = 0.1, legend = true } = input;
  const evalNames = input.evalNames ?? [...new Set(input.points.map(({ evalName }) => evalName))];
  const points = input.points.filter(({ evalName }) => evalNames.includes(evalName));
  checkInput(points, { evalNames, limit });
  const stack = stackLines(points, { ...GROUP_TITLES, ...input.titles });
  const families = familiesOf(points).map((family) => ({ family, name: FAMILY_NAMES[family] ?? family }));
  const legendNames = legend ? families.map(({ name }) => name) : [];
  const panelTitles = evalNames.map((evalName) => input.titles?.[evalName] ?? evalName);
  const range = differenceRange(points, limit);
  const frame = ablationFrame(stack, { title, subtitle, legendNames, panelTitles, range, width });
  const placed = points.map((point) => ({ ...point, at: placeOf(point, stack) }));
  const isBeyond = ({ difference }: AblationPoint): boolean => Math.abs(difference) > limit;
  const data = evalNames.flatMap((evalName, panel) =>
    families.flatMap(({ family, name }) => {
      const own = placed.filter((point) => point.evalName === evalName && point.family === family);
      const within = own.filter((point) => !isBeyond(point));
      const place = { type: "scatter", xaxis: axisOf(panel), yaxis: "y", cliponaxis: false, hoverinfo: "skip" };
      return familyTraces({ name, family, within, beyond: own.filter(isBeyond) }, frame).map((trace) => ({
        ...place,
        legendgroup: family,
        ...trace,
        showlegend: panel === 0 && trace.name !== undefined,
      }));
    })
  );
  return { data, layout: ablationLayout(frame) };
}

/** Ends of the axis: everything within the limit, and zero. */
function differenceRange(points: readonly AblationPoint[], limit: number): [number, number] {
  const ends = [0, ...points.flatMap(({ difference, interval }) => [difference, ...interval])];
  const low = Math.max(-limit, Math.min(...ends));
  const high = Math.min(limit, Math.max(...ends));
  const length = high > low ? high - low : limit;
  return [low - PADDING * length, high + PADDING * length];
}

function checkInput(
  points: readonly AblationPoint[],
  { evalNames, limit }: { readonly evalNames: readonly string[]; readonly limit: number },
): void {
  if (!(limit > 0)) {
    throw new RangeError(`Cannot draw an ablation as its limit must be above 0: it is ${limit}; pass one such as .1`);
  }
  const without = evalNames.find((name) => !points.some(({ evalName }) => evalName === name));
  if (points.length === 0 || without !== undefined) {
    const found = without === undefined ? "there are none" : `"${without}" has none`;
    throw new RangeError(`Cannot draw an ablation as every panel needs points: ${found}; leave it out`);
  }
  for (const { evalName, setting, difference, interval } of points) {
    if (![difference, ...interval].every(Number.isFinite)) {
      const found = `"${setting}" on "${evalName}" has ${difference} [${interval}]`;
      throw new RangeError(`Cannot draw an ablation as its differences must be finite: ${found}; leave it out`);
    }
  }
}
