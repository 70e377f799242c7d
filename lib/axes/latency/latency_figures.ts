import { curveStyle } from "../../figures/curve_style.ts";
import type { FigureWidth } from "../../figures/figure_width.ts";
import { px } from "../../figures/frame.ts";
import { plainMarkup } from "../../figures/markup.ts";
import type { PlotlyFigure } from "../../figures/plotly_figure.ts";
import { PRINT_THEME } from "../../figures/theme.ts";
import { shortModelName } from "../../outcomes/paper_table.ts";
import type { OperatingPoint } from "../../plane/operating_point.ts";
import { mixAtCost } from "../../plane/interpolation.ts";
import { sidePanels } from "../side_panels.ts";
import { SCALE_PT, timeScale } from "./_time_scale.ts";
import type { LatencyEvaluation, TimedSystemResult } from "./evaluate_latency.ts";

/** How a figure of an evaluation of latency is drawn. */
export interface LatencyFigureOptions {
  /** Bold first line. */
  readonly title: string;
  /** Names of the systems that are drawn; default all. */
  readonly systems?: readonly string[];
  /** Where it is printed; `"page"` if not given. */
  readonly width?: FigureWidth;
}

const COST_TITLE = "Mean cost per prompt (USD, log scale)";
/** Points of a curve: between its corners it is a straight line, which a log axis bends. */
const N_POINTS = 60;

/**
 * Draws what systems reach under each latency limit of an evaluation: one panel a limit, quality over cost, all with the same axes.
 *
 * @throws RangeError for a name that no system has
 */
export function latencyPanels(evaluation: LatencyEvaluation, options: LatencyFigureOptions): PlotlyFigure {
  const systems = systemsOf(evaluation, options);
  const [low, high] = evaluation.costRangeUsd;
  const first = low > 0 ? low : high / 1e4;
  const costs = Array.from({ length: N_POINTS + 1 }, (_, k) => first * (high / first) ** (k / N_POINTS));
  const panels = evaluation.latencyBudgets.map((limit, at) => ({
    title: limitTitle(limit, evaluation.lateBeyondSeconds),
    traces: systems.map((system) => lineTrace(system, sampled(system.within[at].curve, costs))),
  }));
  const qualities = panels.flatMap(({ traces }) => traces.flatMap(({ y }) => y as number[]));
  return sidePanels({
    title: options.title,
    subtitle: "Best mixes of settings within both budgets, measured on test prompts.",
    panels,
    legendNames: systems.map(({ name }) => name),
    xRange: [first, high],
    yRange: spanOf(qualities),
    xTitle: COST_TITLE,
    yTitle: "Mean quality",
    isLog: true,
    width: options.width ?? "page",
  });
}

/** Points along a line at some costs: it is straight between corners. */
function sampled(curve: readonly OperatingPoint[], costs: readonly number[]): OperatingPoint[] {
  return costs.map((costUsd) => {
    const next = curve.findIndex((corner) => corner.costUsd >= costUsd);
    if (next <= 0) return { costUsd, quality: curve[next === 0 ? 0 : curve.length - 1].quality };
    return { costUsd, quality: mixAtCost([curve[next - 1], curve[next]], costUsd).quality };
  });
}

function lineTrace({ name, family }: TimedSystemResult, points: readonly OperatingPoint[]): Trace {
  const { color, widthPt, dashPt } = curveStyle(name === "Oracle" ? "oracle" : family);
  return {
    type: "scatter",
    mode: "lines",
    name: plainMarkup(name),
    x: points.map(({ costUsd }) => costUsd),
    y: points.map(({ quality }) => quality),
    hoverinfo: "x+y+name",
    line: { color, width: px(widthPt), dash: dashPt.length === 0 ? "solid" : dashPt.map((of) => `${px(of)}px`).join() },
  };
}

/**
 * Draws quality over cost, every measured setting coloured by how long its answers take: single models as squares, the settings of routers as dots.
 *
 * @throws RangeError for a name that no system has
 */
export function timeColoredPanel(evaluation: LatencyEvaluation, options: LatencyFigureOptions): PlotlyFigure {
  const systems = systemsOf(evaluation, options).filter(({ settings, family }) =>
    settings.length > 0 && family !== "zero"
  );
  const { models } = evaluation;
  const points = [...models, ...systems.flatMap(({ settings }) => settings)];
  const scale = timeScale(points.map(({ meanSeconds }) => meanSeconds), "Mean seconds");
  const trace = (name: string, of: readonly TimedMark[], marker: Readonly<Record<string, unknown>>): Trace => ({
    type: "scatter",
    mode: "markers",
    name,
    x: of.map(({ costUsd }) => costUsd),
    y: of.map(({ quality }) => quality),
    hovertext: of.map(({ text, meanSeconds }) => `${plainMarkup(text)}<br>${meanSeconds.toFixed(2)} s`),
    hoverinfo: "text",
    marker: { ...marker, opacity: 1, color: of.map(({ meanSeconds }) => scale.colorOf(meanSeconds)) },
  });
  const routers = systems.map(({ name, family, settings }) => {
    const named = settings.map((setting) => ({ ...setting, text: setting.label }));
    return trace(plainMarkup(name), named, { symbol: curveStyle(family).symbol, size: px(3.6), line: { width: 0 } });
  });
  const single = models.map((model) => ({ ...model, text: shortModelName(model.model) }));
  const line = { color: PRINT_THEME.colors.ink, width: px(0.5) };
  const isLog = points.every(({ costUsd }) => costUsd > 0);
  return sidePanels({
    title: options.title,
    subtitle: "Measured settings, on test prompts.",
    panels: [{ title: "", traces: [...routers, trace("Models", single, { symbol: "square", size: px(4.6), line })] }],
    legendNames: [...systems.map(({ name }) => name), "Models"],
    xRange: spanOf(points.map(({ costUsd }) => costUsd)),
    yRange: spanOf(points.map(({ quality }) => quality)),
    xTitle: isLog ? COST_TITLE : "Mean cost per prompt (USD)",
    yTitle: "Mean quality",
    isLog,
    width: options.width ?? "column",
    beside: { widthPt: SCALE_PT, drawn: scale.bar },
  });
}

type Trace = Record<string, unknown>;

/** A point that is coloured by its time. */
interface TimedMark extends OperatingPoint {
  readonly meanSeconds: number;
  readonly text: string;
}

function spanOf(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** The systems that are drawn. */
export function systemsOf(
  { systems }: LatencyEvaluation,
  { systems: asked }: LatencyFigureOptions,
): TimedSystemResult[] {
  if (asked === undefined) return [...systems];
  return asked.map((name) => {
    const found = systems.find((system) => system.name === name);
    if (found !== undefined) return found;
    throw new RangeError(
      `Cannot draw latencies as each name must be a system's: "${name}" is none; name some of ${
        systems.map((system) => `"${system.name}"`).join(", ")
      }`,
    );
  });
}

function limitTitle(limit: number, lateBeyondSeconds: number | null): string {
  const short = (value: number): string => Number(value.toPrecision(3)).toString();
  if (limit === Infinity) return "no limit";
  return lateBeyondSeconds === null
    ? `mean ≤ ${short(limit)} s`
    : `${short(100 * (1 - limit))} % within ${short(lateBeyondSeconds)} s`;
}
