import { curveStyle } from "../../figures/curve_style.ts";
import { frameAround, frameLayout, px } from "../../figures/frame.ts";
import { plainMarkup } from "../../figures/markup.ts";
import { powerText } from "../../figures/number_text.ts";
import type { PlotlyFigure } from "../../figures/plotly_figure.ts";
import { PRINT_THEME } from "../../figures/theme.ts";
import type { LatencyEvaluation, TimedSystemResult } from "./evaluate_latency.ts";
import { type LatencyFigureOptions, systemsOf } from "./latency_figures.ts";
import { timedSurface } from "./surface.ts";
import { type Box, boxTraces, type Place, projected, type View } from "./_projection.ts";

/** Lines of a surface along each axis. */
const N_COSTS = 13;
const N_LIMITS = 9;
/** Views of the slider, degrees around the upright axis; none is along an axis, where edges would hide each other. */
const VIEWS: readonly number[] = [-65, -50, -35, -20, 20, 35, 50, 65];
const DEFAULT_VIEW = 35;
/** Points (1/72 inch). */
const SPACE_PT = { side: 4, bottom: 4, slider: 56 };
/** Share of a surface's colour in its areas. */
const TINT = 0.22;

/** How the surface is drawn. */
export interface SurfaceFigureOptions extends LatencyFigureOptions {
  /** From where it is seen, degrees around the upright axis, −90 to 90 without both ends. Default 35. */
  readonly viewDegrees?: number;
  /** Whether a slider turns it, for a screen. Default false. */
  readonly turns?: boolean;
}

/**
 * Draws the best quality within each budget of cost and seconds as a surface in space, one for each system: higher is better. Areas hide what is behind
 * them. The projection is parallel, so that equal lengths along an axis stay equal.
 *
 * @param options `systems`: names; default Zero and the router with the greatest mean height
 * @throws RangeError for a name that no system with settings has, or a view from the side or from behind
 */
export function surfacePanel(evaluation: LatencyEvaluation, options: SurfaceFigureOptions): PlotlyFigure {
  const { viewDegrees = DEFAULT_VIEW, turns = false, width = "column" } = options;
  if (!(Math.abs(viewDegrees) < 90)) {
    throw new RangeError(`Cannot draw a surface as its view must be within −90 and 90 degrees: it is ${viewDegrees}`);
  }
  const systems = drawnSystems(evaluation, options);
  const surfaces = systems.map((system) => heightsOf(system, evaluation));
  const heights = surfaces.flatMap(({ quality }) => [...quality]);
  const box: Box = {
    cost: evaluation.costRangeUsd[0] > 0
      ? evaluation.costRangeUsd
      : [evaluation.costRangeUsd[1] / 1e4, evaluation.costRangeUsd[1]],
    limit: evaluation.latencyRangeSeconds,
    quality: [Math.min(...heights), Math.max(...heights)],
    limitTitle: evaluation.lateBeyondSeconds === null
      ? "Mean seconds at most"
      : `Share beyond ${evaluation.lateBeyondSeconds} s at most`,
  };
  const tracesAt = (degrees: number): Trace[] => {
    const view = { azimuth: degrees * Math.PI / 180, box };
    return [...boxTraces(view), ...surfaceTraces(surfaces, view)];
  };
  const plotWidth = PRINT_THEME.widthPt[width];
  const frame = frameAround({
    title: options.title,
    subtitle: "Best mixes within both budgets, measured on test prompts.",
    legendNames: systems.map(({ name }) => name),
    width,
    left: px(SPACE_PT.side),
    right: px(SPACE_PT.side),
    bottom: px(SPACE_PT.bottom + (turns ? SPACE_PT.slider : 0)),
    plotHeight: px(Math.min(plotWidth * 0.74, PRINT_THEME.plotHeightPt[width] * 1.5)),
    titlesAtEdge: true,
  });
  const none = { ticks: { major: [], minor: [], areNames: true } };
  const axes = {
    xaxis: { ...none, style: { visible: false, range: [-1, 1], fixedrange: true } },
    yaxis: { ...none, style: { visible: false, range: [-0.78, 0.68], fixedrange: true } },
  };
  const layout = frameLayout(frame, { axes, annotations: [] });
  const data = tracesAt(viewDegrees);
  return { data, layout: turns ? { ...layout, sliders: [sliderOf(tracesAt, viewDegrees)] } : layout };
}

type Trace = Readonly<Record<string, unknown>>;

/** A surface's height above each corner of the grid, limit by limit. */
interface Surface {
  readonly system: TimedSystemResult;
  readonly costs: readonly number[];
  readonly limits: readonly number[];
  readonly quality: Float64Array;
}

function drawnSystems(evaluation: LatencyEvaluation, options: SurfaceFigureOptions): TimedSystemResult[] {
  const measured = evaluation.systems.filter(({ settings }) => settings.length > 0);
  if (options.systems !== undefined) return systemsOf({ ...evaluation, systems: measured }, options);
  const [zero, ...routers] = measured;
  const best = routers.toSorted((a, b) => b.surface.aiq - a.surface.aiq)[0];
  return best === undefined ? [zero] : [zero, best];
}

function heightsOf(
  system: TimedSystemResult,
  { costRangeUsd: [low, high], latencyRangeSeconds: [fast, slow] }: LatencyEvaluation,
): Surface {
  const first = low > 0 ? low : high / 1e4;
  const costs = Array.from({ length: N_COSTS }, (_, k) => first * (high / first) ** (k / (N_COSTS - 1)));
  const limits = Array.from({ length: N_LIMITS }, (_, k) => fast + (slow - fast) * k / (N_LIMITS - 1));
  const within = timedSurface(system.settings);
  const quality = Float64Array.from(
    { length: costs.length * limits.length },
    (_, at) => within({ costUsd: costs[at % N_COSTS], latencySeconds: limits[Math.floor(at / N_COSTS)] }).quality,
  );
  return { system, costs, limits, quality };
}

/** The surfaces as strips between two limits, the farthest first, in each place the lower surface first. */
function surfaceTraces(surfaces: readonly Surface[], view: View): Trace[] {
  const nStrips = N_LIMITS - 1;
  const strips = Array.from({ length: nStrips }, (_, k) => nStrips - 1 - k);
  return strips.flatMap((strip) => {
    const meanHeight = ({ quality }: Surface): number =>
      quality.subarray(strip * N_COSTS, (strip + 2) * N_COSTS).reduce((sum, height) => sum + height, 0);
    return surfaces.toSorted((a, b) => meanHeight(a) - meanHeight(b)).map((surface) =>
      stripTrace(surface, strip, view)
    );
  });
}

/** One strip: its area, the lines along both axes, and what is read at each corner. */
function stripTrace({ system: { name, family }, costs, limits, quality }: Surface, strip: number, view: View): Trace {
  const { color } = curveStyle(family);
  const place = (row: number, column: number): Place => {
    return { cost: costs[column], limit: limits[row], quality: quality[row * N_COSTS + column] };
  };
  const columns = costs.map((_, column) => column);
  const back = columns.map((column) => place(strip + 1, column));
  const front = columns.map((column) => place(strip, column));
  // The front edge with each line across it drawn to and fro, which adds no area, and home along the back edge.
  const path = [
    ...columns.flatMap((column) => [front[column], back[column], front[column]]),
    ...back.toReversed(),
    front[0],
  ];
  const points = path.map((each) => projected(each, view));
  return {
    type: "scatter",
    mode: "lines",
    name: plainMarkup(name),
    legendgroup: name,
    showlegend: strip === 0,
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    fill: "toself",
    fillcolor: tinted(color),
    line: { color, width: px(0.5) },
    hoveron: "points",
    hoverinfo: "text",
    hovertext: path.map(({ cost, limit, quality }) =>
      `${plainMarkup(name)}<br>${powerText(cost)} USD, ${limit.toPrecision(3)} s: ${quality.toFixed(3)}`
    ),
  };
}

/** A colour mixed with white, opaque, so that it hides what is behind it. */
function tinted(color: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  const mixed = [red, green, blue].map((part) => Math.round(255 - TINT * (255 - part)));
  return `rgb(${mixed.join(", ")})`;
}

/** A slider that turns the figure: in each step all traces get the places that they have in that view. */
function sliderOf(tracesAt: (degrees: number) => readonly Trace[], first: number): Trace {
  const views = [...new Set([...VIEWS, first])].sort((a, b) => a - b);
  return {
    active: views.indexOf(first),
    currentvalue: { prefix: "Seen from ", font: { size: px(PRINT_THEME.fontPt.label) } },
    font: { size: px(PRINT_THEME.fontPt.tick) },
    pad: { t: px(2), b: 0 },
    x: 0.05,
    len: 0.9,
    steps: views.map((degrees) => {
      const traces = tracesAt(degrees);
      const of = (key: string): unknown[] => traces.map((trace) => trace[key] ?? null);
      return {
        label: `${degrees}°`.replace("-", "−"),
        method: "restyle",
        args: [{
          x: of("x"),
          y: of("y"),
          text: of("text"),
          textposition: traces.map((trace) => trace.textposition ?? "top center"),
        }],
      };
    }),
  };
}
