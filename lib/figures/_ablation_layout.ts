import { axisStyle, note } from "./_ablation_parts.ts";
import { type LegendLayout, legendLayout } from "./_legend.ts";
import { px } from "./panel_frame.ts";
import { textWidth, wrapText } from "./_text_width.ts";
import { type AxisTicks, linearTicks } from "./_ticks.ts";
import { PAPER_THEME } from "./theme.ts";
import type { FigureWidth } from "./figure_width.ts";

/** A line of the figure; `at` is its middle below the top of the plotting area, points (1/72 inch). */
export interface SettingLine {
  readonly factor: string;
  readonly setting: string;
  readonly isBase: boolean;
  readonly at: number;
  readonly height: number;
}

/** The lines with the headings of their groups; lengths are points. */
export interface LineStack {
  readonly lines: readonly SettingLine[];
  readonly headings: readonly { readonly factor: string; readonly at: number }[];
  readonly height: number;
}

/** What the frame depends on. */
export interface AblationFrameInput {
  readonly title: string;
  readonly subtitle: string;
  readonly legendNames: readonly string[];
  readonly panelTitles: readonly string[];
  readonly groupTitles: Readonly<Record<string, string>>;
  readonly stack: LineStack;
  readonly range: readonly [number, number];
  readonly width: FigureWidth;
}

/** Where everything stands. Lengths are pixels, `height` of the stack aside. */
export interface AblationFrame extends AblationFrameInput {
  readonly size: { readonly width: number; readonly height: number };
  readonly margin: { readonly l: number; readonly r: number; readonly t: number; readonly b: number };
  readonly plotWidth: number;
  readonly panelWidth: number;
  readonly ticks: AxisTicks;
  readonly legend: LegendLayout;
  readonly subtitleLines: readonly string[];
}

/** Points (1/72 inch). */
const SPACE_PT = { edge: 3, gap: 7, label: 6, right: 6, bottom: 27, panelTitle: 11, leastPanel: 50 };
const LINE_HEIGHT = 1.3;
/** Between the labels of two panels, em. */
const LABEL_GAP_EM = 0.4;
const BAND = "#e4e4e4";
const AXIS_TITLE = "AIQ (formula) less that of Zero";

/**
 * Lays out margins and panels.
 *
 * @throws RangeError if the panels do not fit beside each other
 */
export function ablationFrame(input: AblationFrameInput): AblationFrame {
  const { fontPt, widthPt } = PAPER_THEME, { stack, panelTitles, title } = input, nPanels = panelTitles.length;
  const width = px(widthPt[input.width]), edge = px(SPACE_PT.edge), right = px(SPACE_PT.right);
  const texts = [
    ...stack.lines.map(({ setting }) => setting),
    ...stack.headings.map(({ factor }) => headingText(input, factor)),
  ];
  const left = Math.ceil(
    Math.max(...texts.map((text) => textWidth(text, px(fontPt.label)))) + edge + px(SPACE_PT.label),
  );
  const plotWidth = width - left - right, panelWidth = (plotWidth - (nPanels - 1) * px(SPACE_PT.gap)) / nPanels;
  if (panelWidth < px(SPACE_PT.leastPanel)) {
    throw new RangeError(
      `Cannot draw an ablation as a panel needs ${SPACE_PT.leastPanel} pt: ${nPanels} of them have ${
        Math.floor(panelWidth / px(1))
      } pt each; choose fewer evalNames or pass width: "page"`,
    );
  }
  const legend = legendLayout(input.legendNames, { fontSize: px(fontPt.label), plotWidth, figureWidth: width - right });
  const subtitleLines = input.subtitle === ""
    ? []
    : wrapText(input.subtitle, { size: px(fontPt.subtitle), maxWidth: width - 2 * edge });
  const titleHeight = px(LINE_HEIGHT * ((title === "" ? 0 : fontPt.title) + subtitleLines.length * fontPt.subtitle));
  const margin = {
    l: left,
    r: right,
    t: Math.ceil(edge + titleHeight + legend.height + px(SPACE_PT.panelTitle)),
    b: px(SPACE_PT.bottom),
  };
  return {
    ...input,
    size: { width, height: margin.t + px(stack.height) + margin.b },
    margin,
    plotWidth,
    panelWidth,
    ticks: ticksOf(input.range, { panelWidth, nPanels }),
    legend,
    subtitleLines,
  };
}

/** The ticks of every panel: none at an end where its label would touch that of the next panel, or leave the figure. */
function ticksOf(
  range: readonly [number, number],
  { panelWidth, nPanels }: { readonly panelWidth: number; readonly nPanels: number },
): AxisTicks {
  const fontSize = px(PAPER_THEME.fontPt.tick),
    { major } = linearTicks(range, { length: panelWidth, fontSize, along: "x" });
  // How far each label reaches over either end of its panel; below 0 if it ends inside.
  const hangs = major.map(({ value, text }) => {
    const place = (value - range[0]) / (range[1] - range[0]) * panelWidth, half = textWidth(text, fontSize) / 2;
    return { left: half - place, right: place + half - panelWidth };
  });
  const between = px(SPACE_PT.gap) - fontSize * LABEL_GAP_EM;
  let from = 0, to = major.length - 1;
  while (to > from) {
    const { left } = hangs[from], { right } = hangs[to];
    if (right <= px(SPACE_PT.right) && (nPanels === 1 || left + right <= between)) break;
    if (right > px(SPACE_PT.right) || right >= left) to--;
    else from++;
  }
  return { major: major.slice(from, to + 1), minor: [] };
}

/** The title of a group of lines. */
function headingText({ groupTitles }: AblationFrameInput, factor: string): string {
  return `<b>${groupTitles[factor] ?? factor}</b>`;
}

/** Plotly's name of a panel's horizontal axis. */
export function axisOf(panel: number): string {
  return panel === 0 ? "x" : `x${panel + 1}`;
}

/** The Plotly layout of an ablation. */
export function ablationLayout(frame: AblationFrame): Record<string, unknown> {
  const { colors, fontFamily, fontPt, pixelsPerPoint } = PAPER_THEME,
    { size, margin, stack, panelTitles, range } = frame;
  const panels = [...panelTitles.keys()];
  const zeroLine = { zeroline: true, zerolinecolor: colors.ink, zerolinewidth: px(PAPER_THEME.strokePt.axis) };
  const settings = { major: stack.lines.map(({ at, setting }) => ({ value: at, text: setting })), minor: [] };
  return {
    ...size,
    meta: {
      sizePt: { width: size.width / pixelsPerPoint, height: size.height / pixelsPerPoint },
      scales: panels.map((panel) => axisOf(panel).replace("x", "xaxis")),
    },
    font: { family: fontFamily, size: px(fontPt.axis), color: colors.ink },
    margin: { ...margin, pad: 0, autoexpand: false },
    paper_bgcolor: colors.paper,
    plot_bgcolor: colors.paper,
    hovermode: "closest",
    hoverlabel: { align: "left", bgcolor: colors.paper, font: { size: px(fontPt.label) } },
    ...Object.fromEntries(panels.map((panel) => [
      axisOf(panel).replace("x", "xaxis"),
      { ...axisStyle(frame.ticks), type: "linear", anchor: "y", domain: domainOf(frame, panel), range, ...zeroLine },
    ])),
    yaxis: {
      ...axisStyle(settings),
      ...{
        type: "linear",
        anchor: "x",
        range: [stack.height, 0],
        ticks: "",
        ticklabelstandoff: px(2.5),
        tickfont: { size: px(fontPt.label) },
        mirror: "all",
      },
    },
    shapes: panels.flatMap((panel) => bandsOf(frame, panel)),
    showlegend: true,
    legend: {
      orientation: "h",
      traceorder: "normal",
      x: 0,
      xanchor: "left",
      y: 1 + SPACE_PT.panelTitle / stack.height,
      yanchor: "bottom",
      maxheight: 1,
      ...(frame.legend.entryWidth === null ? {} : { entrywidth: frame.legend.entryWidth, entrywidthmode: "pixels" }),
      font: { size: px(fontPt.label) },
      bgcolor: "rgba(0,0,0,0)",
      borderwidth: 0,
    },
    title: titleOf(frame),
    annotations: [...subtitleOf(frame), ...panelTitlesOf(frame), ...headingsOf(frame), axisTitleOf(frame)],
  };
}

function domainOf({ panelWidth, plotWidth }: AblationFrame, panel: number): [number, number] {
  const start = panel * (panelWidth + px(SPACE_PT.gap));
  return [start / plotWidth, Math.min(1, (start + panelWidth) / plotWidth)];
}

/** Grey behind the base's lines. */
function bandsOf({ stack, range }: AblationFrame, panel: number): Record<string, unknown>[] {
  return stack.lines.filter(({ isBase }) => isBase).map(({ at, height }) => ({
    ...{ type: "rect", layer: "below", xref: axisOf(panel), yref: "y", x0: range[0], x1: range[1] },
    ...{ y0: at - height / 2, y1: at + height / 2, fillcolor: BAND, line: { width: 0 } },
  }));
}

function titleOf({ title, size }: AblationFrame): Record<string, unknown> {
  const edge = px(SPACE_PT.edge);
  return {
    text: title === "" ? "" : `<b>${title}</b>`,
    font: { size: px(PAPER_THEME.fontPt.title) },
    ...{
      x: edge / size.width,
      xref: "container",
      xanchor: "left",
      y: 1 - edge / size.height,
      yref: "container",
      yanchor: "top",
    },
    automargin: false,
  };
}

function subtitleOf({ subtitleLines, margin, legend }: AblationFrame): Record<string, unknown>[] {
  if (subtitleLines.length === 0) return [];
  const place = { x: 0, xanchor: "left", y: 1, yanchor: "bottom", align: "left", xshift: px(SPACE_PT.edge) - margin.l };
  const yshift = px(SPACE_PT.panelTitle) + legend.height;
  return [note(subtitleLines.join("<br>"), PAPER_THEME.fontPt.subtitle, { ...place, yshift })];
}

function panelTitlesOf(frame: AblationFrame): Record<string, unknown>[] {
  return frame.panelTitles.map((title, panel) =>
    note(title, PAPER_THEME.fontPt.axis, { x: domainOf(frame, panel)[0], xanchor: "left", y: 1, yanchor: "bottom" })
  );
}

function headingsOf(frame: AblationFrame): Record<string, unknown>[] {
  const { stack, margin } = frame;
  const place = { x: 0, xanchor: "left", xshift: px(SPACE_PT.edge) - margin.l, yref: "y", yanchor: "middle" };
  return stack.headings.map(({ factor, at }) =>
    note(headingText(frame, factor), PAPER_THEME.fontPt.label, { ...place, y: at })
  );
}

function axisTitleOf({ margin }: AblationFrame): Record<string, unknown> {
  return note(AXIS_TITLE, PAPER_THEME.fontPt.axis, {
    x: 0.5,
    xanchor: "center",
    y: 0,
    yanchor: "bottom",
    yshift: px(2) - margin.b,
  });
}
