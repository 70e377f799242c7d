import { Buffer } from "node:buffer";
import { gzipSync } from "fflate";
import { withFonts } from "../figures/drawing/svg_fonts.ts";
import { figureSize, type PlotlyFigure } from "../figures/plotly_figure.ts";
import { screenFigure } from "../figures/screen_figure.ts";
import { escapeHtml } from "../base/words.ts";
import { htmlPage, type Section, sectionHtml } from "./html_page.ts";
import script from "./page_script.js" with { type: "text" };
import type { Table } from "../base/table.ts";

/** A figure of a page: the drawing for print and for browsers without scripts, and the interactive figure. */
export interface PageFigure {
  readonly svg: string;
  readonly figure: PlotlyFigure;
}

/** Puts a figure in by its name. */
export type Draw = (name: string, caption: string) => string;

/** The parts of a page with live figures. */
export interface LivePageParts {
  /** HTML that stands before the contents list. */
  readonly lead: string;
  /** HTML that stands after it; default none. */
  readonly head?: string;
  /** The rest, which the contents list names. */
  readonly sections: (figure: Draw) => readonly Section[];
  /** Figures by name. */
  readonly figures: ReadonlyMap<string, PageFigure>;
  /** Tables that unfold, by the name in `data-table` of their `<details>`; default none. */
  readonly tables?: ReadonlyMap<string, Table>;
}

/**
 * A page with figures that zoom and show their values, and tables that sort, in one file that needs no network.
 *
 * Plotly, figures and tables lie in it packed by gzip and are unpacked when they are first needed; drawings share one
 * set of glyphs. The same parts give the same bytes.
 */
export async function livePage(
  title: string,
  { lead, head = "", sections, figures, tables = new Map() }: LivePageParts,
): Promise<string> {
  const shown = [...figures].map(([name, { figure }]) => [name, screenFigure(figure)] as const);
  const data = JSON.stringify({ figures: Object.fromEntries(shown), tables: Object.fromEntries(tables) });
  const { default: plotly } = await import("plotly.js-cartesian-dist-min/plotly-cartesian.min.js", {
    with: { type: "text" },
  });
  const shownSections = sections(figuresOf(figures));
  return htmlPage(title, {
    lead,
    body: head + shownSections.map(sectionHtml).join("\n"),
    contents: shownSections,
    fonts: await sharedFonts([...figures.values()].map(({ svg }) => svg), JSON.stringify(shown)),
    scripts: `${packed("page-data", data)}${packed("page-plotly", plotly)}<script>${script}</script>\n`,
  });
}

/** The style element of a drawing, which holds its own glyphs. */
const OWN_GLYPHS = /<style>@font-face[^<]*<\/style>/;

/** One set of glyphs for all drawings and for the texts of interactive figures, as CSS. */
async function sharedFonts(svgs: readonly string[], texts: string): Promise<string> {
  const letters = [...new Set(texts)].map(escapeHtml).join("");
  const all = await withFonts(
    `<svg>${svgs.map((svg) => svg.replace(OWN_GLYPHS, "")).join("")}<text>${letters}</text></svg>`,
  );
  return all.match(/<style>(.*?)<\/style>/)?.[1] ?? "";
}

/** Figures as HTML. Drawings of one kind have equal ids, so each drawing gets its own. */
function figuresOf(figures: ReadonlyMap<string, PageFigure>): Draw {
  const at = new Map([...figures.keys()].map((name, i) => [name, i]));
  return (name, caption) => {
    const found = figures.get(name);
    if (found === undefined) return "";
    const svg = found.svg.replace(OWN_GLYPHS, "");
    const uid = svg.match(/id="defs-([0-9a-f]+)"/)?.[1];
    const { widthPx } = figureSize(found.figure);
    const own = uid === undefined
      ? svg
      : svg.replaceAll(new RegExp(`((?:id="|url\\(#)[\\w-]*?)${uid}`, "g"), `$1${uid}_${at.get(name)}_`);
    return `<figure data-figure="${
      escapeHtml(name)
    }" data-width="${widthPx}"><div class="drawn" style="max-width:${widthPx}px">${own}</div>` +
      `<div class="live"></div><figcaption>${escapeHtml(caption)}</figcaption></figure>\n`;
  };
}

/** Text that scripts unpack. */
function packed(id: string, text: string): string {
  const bytes = gzipSync(new TextEncoder().encode(text), { level: 9, mtime: 0 });
  return `<script type="text/plain" id="${id}">${Buffer.from(bytes).toString("base64")}</script>\n`;
}
