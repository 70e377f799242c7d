import { EDGE, type Frame, frameAround, frameLayout, note, px } from "./frame.ts";
import type { FigureWidth } from "./figure_width.ts";
import type { LineStack } from "./_ablation_lines.ts";
import { textWidth } from "./text_width.ts";
import { type AxisTicks, linearTicks } from "./ticks.ts";
import { PRINT_THEME } from "./theme.ts";

/** The input of an ablation's frame. */
export interface AblationFrameInput {
  readonly title: string;
  readonly subtitle: string;
  readonly legendNames: readonly string[];
  readonly panelTitles: readonly string[];
  /** Ends of the axis of differences, the same in every panel. */
  readonly range: readonly [number, number];
  readonly width: FigureWidth;
}

/** The frame of an ablation: panels beside each other. Lengths are pixels, of the stack points. */
export interface AblationFrame extends Frame {
  readonly stack: LineStack;
  readonly panelTitles: readonly string[];
  readonly panelWidth: number;
  readonly range: readonly [number, number];
  readonly ticks: AxisTicks;
}

/** Points (1/72 inch). */
const SPACE_PT = { gap: 7, label: 6, right: 6, bottom: 27, panelTitle: 11, leastPanel: 50 };
/** Between the labels of two panels, em. */
const LABEL_GAP_EM = 0.4;
const BASE_BAND = "#e4e4e4";
const AXIS_TITLE = "AIQ (formula) less that of Zero";

/**
 * Lays out margins and panels.
 *
 * @throws RangeError if the panels do not fit beside each other
 */
export function ablationFrame(stack: LineStack, input: AblationFrameInput): AblationFrame {
  const { panelTitles, range } = input;
  const { fontPt } = PRINT_THEME;
  const texts = [...stack.lines.map(({ setting }) => setting), ...stack.headings.map(({ text }) => text)];
  const widest = Math.max(...texts.map((text) => textWidth(text, px(fontPt.label))));
  const left = Math.ceil(widest + EDGE + px(SPACE_PT.label));
  const frame = frameAround({
    ...input,
    left,
    right: px(SPACE_PT.right),
    bottom: px(SPACE_PT.bottom),
    plotHeight: px(stack.height),
    above: px(SPACE_PT.panelTitle),
    titlesAtEdge: true,
  });
  const nPanels = panelTitles.length;
  const panelWidth = (frame.plotWidth - (nPanels - 1) * px(SPACE_PT.gap)) / nPanels;
  if (panelWidth < px(SPACE_PT.leastPanel)) {
    const found = `${nPanels} of them have ${Math.floor(panelWidth / px(1))} pt each`;
    throw new RangeError(
      `Cannot draw an ablation as a panel needs ${SPACE_PT.leastPanel} pt: ${found}; choose fewer evalNames or pass width: "page"`,
    );
  }
  return { ...frame, stack, panelTitles, panelWidth, range, ticks: ticksOf(range, { panelWidth, nPanels }) };
}

/** The ticks of every panel: none at an end where its label would touch that of the next panel, or leave the figure. */
function ticksOf(
  range: readonly [number, number],
  { panelWidth, nPanels }: { readonly panelWidth: number; readonly nPanels: number },
): AxisTicks {
  const fontSize = px(PRINT_THEME.fontPt.tick);
  const { major } = linearTicks(range, { length: panelWidth, fontSize, along: "x" });
  // How far each label reaches over either end of its panel; below 0 if it ends inside.
  const hangs = major.map(({ value, text }) => {
    const place = (value - range[0]) / (range[1] - range[0]) * panelWidth;
    const half = textWidth(text, fontSize) / 2;
    return { left: half - place, right: place + half - panelWidth };
  });
  const between = px(SPACE_PT.gap) - fontSize * LABEL_GAP_EM;
  let from = 0;
  let to = major.length - 1;
  while (to > from) {
    const { left } = hangs[from];
    const { right } = hangs[to];
    if (right <= px(SPACE_PT.right) && (nPanels === 1 || left + right <= between)) break;
    if (right > px(SPACE_PT.right) || right >= left) to--;
    else from++;
  }
  return { major: major.slice(from, to + 1), minor: [] };
}

/** Plotly's name of a panel's horizontal axis. */
export function axisOf(panel: number): string {
  return panel === 0 ? "x" : `x${panel + 1}`;
}

/** The Plotly layout of an ablation. */
export function ablationLayout(frame: AblationFrame): Record<string, unknown> {
  const { stack, range, ticks, panelTitles } = frame;
  const { colors, strokePt, fontPt } = PRINT_THEME;
  const panels = [...panelTitles.keys()];
  const zeroLine = { zeroline: true, zerolinecolor: colors.ink, zerolinewidth: px(strokePt.axis) };
  const xAxes = panels.map((panel) => {
    const style = { type: "linear", anchor: "y", domain: domainOf(frame, panel), range, ...zeroLine };
    return [axisOf(panel).replace("x", "xaxis"), { ticks, style }];
  });
  const settings = stack.lines.map(({ at, setting }) => ({ value: at, text: setting }));
  const yaxis = {
    ticks: { major: settings, minor: [], areNames: true },
    style: {
      type: "linear",
      anchor: "x",
      range: [stack.height, 0],
      ticks: "",
      ticklabelstandoff: px(2.5),
      tickfont: { size: px(fontPt.label) },
      mirror: "all",
    },
  };
  const layout = frameLayout(frame, {
    axes: { ...Object.fromEntries(xAxes), yaxis },
    annotations: [...panelTitlesOf(frame), ...headingsOf(frame), axisTitleOf(frame)],
  });
  return { ...layout, shapes: panels.flatMap((panel) => basesOf(frame, panel)) };
}

function domainOf({ panelWidth, plotWidth }: AblationFrame, panel: number): [number, number] {
  const start = panel * (panelWidth + px(SPACE_PT.gap));
  return [start / plotWidth, Math.min(1, (start + panelWidth) / plotWidth)];
}

/** Grey behind the base's lines. */
function basesOf({ stack, range: [x0, x1] }: AblationFrame, panel: number): Record<string, unknown>[] {
  const place = { type: "rect", layer: "below", xref: axisOf(panel), yref: "y", x0, x1 };
  return stack.lines.filter(({ isBase }) => isBase).map(({ at, height }) => {
    return { ...place, y0: at - height / 2, y1: at + height / 2, fillcolor: BASE_BAND, line: { width: 0 } };
  });
}

function panelTitlesOf(frame: AblationFrame): Record<string, unknown>[] {
  return frame.panelTitles.map((title, panel) => {
    const place = { x: domainOf(frame, panel)[0], xanchor: "left", y: 1, yanchor: "bottom" };
    return note(title, { fontPt: PRINT_THEME.fontPt.axis, place });
  });
}

function headingsOf({ stack, titleHang }: AblationFrame): Record<string, unknown>[] {
  const place = { x: 0, xanchor: "left", xshift: -titleHang, yref: "y", yanchor: "middle" };
  return stack.headings.map(({ text, at }) => {
    return note(text, { fontPt: PRINT_THEME.fontPt.label, place: { ...place, y: at } });
  });
}

function axisTitleOf({ margin }: AblationFrame): Record<string, unknown> {
  const place = { x: 0.5, xanchor: "center", y: 0, yanchor: "bottom", yshift: px(2) - margin.b };
  return note(AXIS_TITLE, { fontPt: PRINT_THEME.fontPt.axis, place });
}
