import { clientBox, ownBox } from "./_svg_boxes.ts";
import { type Box, loadTextMetrics } from "../text_metrics.ts";
import { FONT_STACK } from "./fonts.ts";
import { figureSize, type PlotlyFigure } from "../plotly_figure.ts";

/** The part of Plotly that is used here. */
interface Plotly {
  newPlot(host: Element, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  toImage(host: Element, options: unknown): Promise<string>;
  purge(host: Element): void;
}

/** The window Plotly runs in. */
interface PlotlyWindow {
  readonly document: Document;
  readonly SVGElement: { readonly prototype: unknown };
  readonly HTMLCanvasElement: { readonly prototype: unknown };
  readonly URL: unknown;
  readonly Math: { random: () => number };
  readonly Plotly: Plotly;
  eval(source: string): void;
}

interface Renderer {
  readonly window: PlotlyWindow;
  readonly host: Element;
}

type Rectangle = Readonly<Record<"x" | "y" | "left" | "top" | "right" | "bottom" | "width" | "height", number>>;

/** Transparent markers, which stand for the points between the vertices of a curve. */
const INVISIBLE_POINT = /<path class="point"[^>]*fill-opacity: 0;[^>]*stroke-opacity: 0;[^>]*\/>/g;

/** The typeface in the style of a single text. It is the same for all texts and is written once. */
const FONT_OF_ONE_TEXT = /font-family: (?:&quot;[^&]*&quot;|[^;"])*; ?/g;

/** The clipping of a legend that scrolls: here none does, and a viewer with a wider typeface would cut a name. */
const LEGEND_CLIP = / clip-path="url\([^)]*#legend[^)]*\)"/g;

let renderer: Promise<Renderer> | null = null;
let lastJob: Promise<unknown> = Promise.resolve();

/**
 * Draws a Plotly figure as SVG without a browser, as wide and high as it is to be printed.
 *
 * Plotly runs in jsdom; text is measured with the font files of the project, so that every machine draws the same. The
 * same figure gives the same bytes, whatever was drawn before. The first call loads Plotly and jsdom, which takes one
 * to three seconds; later ones take tenths of a second. Figures are drawn one after the other.
 *
 * @throws Error with `cause` if Plotly cannot draw the figure
 * @example
 * ```ts
 * import { renderSvg } from "./render.ts";
 * import assert from "node:assert/strict";
 *
 * const svg = await renderSvg({ data: [{ x: [1, 2], y: [3, 4] }], layout: { width: 400, height: 300 } });
 * assert.match(svg, /^<svg [^>]*width="300pt" height="225pt"/);
 * ```
 */
export function renderSvg(figure: PlotlyFigure): Promise<string> {
  const job = lastJob.then(() => draw(figure));
  lastJob = job.catch(() => {});
  return job;
}

async function draw(figure: PlotlyFigure): Promise<string> {
  const { widthPx, heightPx, widthPt, heightPt } = figureSize(figure);
  renderer ??= openRenderer();
  const { window, host } = await renderer;
  window.Math.random = seededFractions();
  let svg: string;
  try {
    const layout = { ...structuredClone(figure.layout), width: widthPx, height: heightPx };
    await window.Plotly.newPlot(host, structuredClone(figure.data), layout, { staticPlot: true });
    svg = await window.Plotly.toImage(host, { format: "svg", imageDataOnly: true, width: widthPx, height: heightPx });
  } catch (cause) {
    throw new Error(
      `Cannot draw the figure as Plotly must accept it: ${
        cause instanceof Error ? cause.message : cause
      }; check its traces`,
      { cause },
    );
  } finally {
    window.Plotly.purge(host);
  }
  return svg.replace(INVISIBLE_POINT, "").replaceAll(FONT_OF_ONE_TEXT, "").replaceAll(LEGEND_CLIP, "").replace(
    /^<svg([^>]*?) width="[^"]*" height="[^"]*"/,
    `<svg$1 width="${widthPt}pt" height="${heightPt}pt" font-family="${FONT_STACK}"`,
  );
}

/** Loads Plotly into a window of jsdom and adds the sizes of elements, as jsdom has no layout. */
async function openRenderer(): Promise<Renderer> {
  const [{ JSDOM }, { default: source }, { svgPathProperties }, metrics] = await Promise.all([
    import("jsdom") as Promise<unknown> as Promise<
      { JSDOM: new (html: string, options: unknown) => { window: PlotlyWindow } }
    >,
    import("plotly.js-cartesian-dist-min/plotly-cartesian.min.js", { with: { type: "text" } }),
    import("svg-path-properties"),
    loadTextMetrics(),
  ]);
  const { window } = new JSDOM('<!DOCTYPE html><div id="host"></div>', {
    pretendToBeVisual: true,
    runScripts: "outside-only",
  });
  const path = (element: Element): InstanceType<typeof svgPathProperties> =>
    new svgPathProperties(element.getAttribute("d") || "M0,0");
  Object.assign(window.HTMLCanvasElement.prototype as object, { getContext: () => null });
  Object.assign(window.URL as object, { createObjectURL: () => "blob:none" });
  Object.assign(window.SVGElement.prototype as object, {
    getBBox(this: Element): Rectangle {
      return rectangle(ownBox(this, metrics));
    },
    getBoundingClientRect(this: Element): Rectangle {
      return rectangle(clientBox(this, metrics));
    },
    getComputedTextLength(this: Element): number {
      const { x0, x1 } = ownBox(this, metrics);
      return x1 - x0;
    },
    getTotalLength(this: Element): number {
      return path(this).getTotalLength();
    },
    getPointAtLength(this: Element, length: number): { x: number; y: number } {
      return path(this).getPointAtLength(length);
    },
  });
  window.eval(source);
  return { window, host: window.document.getElementById("host")! };
}

function rectangle({ x0, y0, x1, y1 }: Box): Rectangle {
  return { x: x0, y: y0, left: x0, top: y0, right: x1, bottom: y1, width: x1 - x0, height: y1 - y0 };
}

/** Fractions for Plotly's element ids: the minimal standard generator of Park and Miller, from 1 for every figure. */
function seededFractions(): () => number {
  const modulus = 2 ** 31 - 1;
  let state = 1;
  return () => (state = state * 48271 % modulus) / modulus;
}
