import { needKnownOptions } from "../base/options.ts";
import { svgToPdf } from "./drawing/pdf.ts";
import { svgToPng } from "./drawing/png.ts";
import { extensionAmong, save } from "./drawing/save.ts";
import { withFonts } from "./drawing/svg_fonts.ts";
import { figureSize, figureTitle, isPlotlyFigure, type PlotlyFigure } from "./plotly_figure.ts";
import { renderSvg } from "./drawing/render.ts";

/** How a figure is saved. */
export interface ExportOptions {
  /** Pixels an inch of a `.png` at the figure's printed size; 300 if not given. */
  readonly dpi?: number;
}

const DEFAULT_DPI = 300;
const KNOWN_OPTIONS = ["dpi"];

/** The writer for each extension. */
const WRITERS: Readonly<
  Record<string, (figure: PlotlyFigure, dpi: number) => Promise<string | Uint8Array<ArrayBuffer>>>
> = {
  ".svg": async (figure) => withFonts(await renderSvg(figure)),
  ".pdf": async (figure) => svgToPdf(await renderSvg(figure), { ...figureSize(figure), title: figureTitle(figure) }),
  ".png": async (figure, dpi) => svgToPng(await renderSvg(figure), { ...figureSize(figure), dpi }),
  ".json": (figure) => Promise.resolve(JSON.stringify(figure, null, 1) + "\n"),
};

/**
 * Saves a figure for a manuscript: vector graphics as `.svg` or `.pdf`, pixels as `.png`, Plotly's JSON as `.json`, by
 * the name of the file.
 *
 * The file has the figure's printed size: 241 pt is the width of a column. SVG and PDF hold the glyphs they show, so
 * that they look the same everywhere. It is written beside its target and renamed, so that an
 * interrupted run leaves no half figure; a file of that name is replaced. The same figure gives the same bytes.
 *
 * @throws TypeError if the extension or an option is not known, or the first argument is not a figure
 * @throws RangeError if `dpi` is not a number above 0
 * @throws Error with `cause` if the file cannot be written
 * @example
 * ```ts
 * import { exportFigure } from "./export.ts";
 * import assert from "node:assert/strict";
 *
 * const folder = await Deno.makeTempDir();
 * const figure = { data: [{ x: [1, 2], y: [3, 4] }], layout: { title: { text: "Two points" } } };
 * await exportFigure(figure, `${folder}/figure.json`);
 * assert.match(await Deno.readTextFile(`${folder}/figure.json`), /"Two points"/);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function exportFigure(figure: PlotlyFigure, path: string, options: ExportOptions = {}): Promise<void> {
  const writer = WRITERS[extensionAmong(WRITERS, path)];
  const dpi = options.dpi ?? DEFAULT_DPI;
  needKnownOptions(`save "${path}"`, options, { known: KNOWN_OPTIONS });
  if (!(Number.isFinite(dpi) && dpi > 0)) {
    throw new RangeError(`Cannot save "${path}" as dpi must be a number above 0: it is ${dpi}; pass one such as 300`);
  }
  if (!isPlotlyFigure(figure)) {
    throw new TypeError(
      `Cannot save "${path}" as a figure must have data and layout: it is ${typeof figure}; pass what costQualityPanel returns`,
    );
  }
  await save(path, await writer(figure, dpi));
}

/** A figure drawn once, in the three formats of a paper: "svg", "pdf" and "png". */
export interface RenderedFigure {
  /** Vector graphics for the web, the glyphs that are used embedded. */
  readonly svg: string;
  /** Vector graphics for LaTeX, fonts embedded. */
  readonly pdf: Uint8Array<ArrayBuffer>;
  /** Pixels at 300 an inch of the printed size. */
  readonly png: Uint8Array<ArrayBuffer>;
}

/** Draws a figure once and gives it in the three formats that {@linkcode exportFigure} writes one at a time. */
export async function renderFigure(figure: PlotlyFigure): Promise<RenderedFigure> {
  const svg = await renderSvg(figure);
  const size = figureSize(figure);
  return {
    svg: await withFonts(svg),
    pdf: await svgToPdf(svg, { ...size, title: figureTitle(figure) }),
    png: await svgToPng(svg, { ...size, dpi: DEFAULT_DPI }),
  };
}

/** The files of a drawn figure by their paths, such as "figures/mmlu.svg". */
export function figureFiles(name: string, { svg, pdf, png }: RenderedFigure): [string, string | Uint8Array][] {
  return [[`figures/${name}.svg`, svg], [`figures/${name}.pdf`, pdf], [`figures/${name}.png`, png]];
}
