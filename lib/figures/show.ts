import { rangeOf } from "../base/statistics.ts";
import type { Table } from "../base/table.ts";
import { readableNumber } from "./number_text.ts";
import { foundInstead, type FrameLike, tableParts, type TableRows } from "./tables/table_input.ts";
import { shownTable, shownText, tableHtml } from "./tables/table_text.ts";
import { watchErrors } from "./_watch_errors.ts";
import { withoutMarkup } from "./markup.ts";
import { figureTitle, isPlotlyFigure, type PlotlyFigure } from "./plotly_figure.ts";
import { renderSvg } from "./drawing/render.ts";
import { screenFigure } from "./screen_figure.ts";

export type { FrameLike, TableRows } from "./tables/table_input.ts";

/** The place where a value is shown: a function that takes a representation for each MIME type. */
export type Display = (bundle: Readonly<Record<string, unknown>>) => Promise<void>;

/** Options of {@linkcode show}. */
export interface ShowOptions {
  /** The place; default the notebook if there is one, else `null`, which prints. */
  readonly display?: Display | null;
}

const PLOTLY_MIME = "application/vnd.plotly.v1+json";
const PLOTLY_CONFIG = { displaylogo: false, toImageButtonOptions: { format: "svg" } };

/**
 * Shows a figure, a table, a data frame or an array of rows: in a notebook as an interactive figure or a table,
 * elsewhere as printed text.
 *
 * Await it as the last statement of a cell: what is awaited is always displayed, the value of a cell's last expression
 * is not. A figure goes out as Plotly's JSON, as SVG for viewers without Plotly, and as text; a table shows its first
 * 20 rows. The first call in a notebook also makes errors visible that no cell awaits; the kernel would drop them
 * silently.
 *
 * @throws TypeError if the value is none of the four
 * @example
 * ```ts
 * import { show } from "./show.ts";
 *
 * await show([{ router: "Zero", aiq: 0.763 }, { router: "KNN, k = 40", aiq: 0.773 }]);
 * ```
 */
export async function show(
  value: PlotlyFigure | Table | FrameLike | TableRows,
  options: ShowOptions = {},
): Promise<void> {
  const notebook = options.display === undefined ? notebookDisplay() : null;
  const display = notebook ?? options.display ?? null;
  if (notebook !== null && !watchesErrors) {
    watchErrors(notebook, globalThis);
    watchesErrors = true;
  }
  if (display === null) return print(textOf(value));
  const bundle = await bundleOf(value);
  try {
    await display(bundle);
  } catch {
    // A kernel that has lost its client cannot broadcast: the text still reaches the log.
    print(textOf(value));
  }
}

let watchesErrors = false;

async function bundleOf(value: PlotlyFigure | Table | FrameLike | TableRows): Promise<Record<string, unknown>> {
  const text = textOf(value);
  if (!isPlotlyFigure(value)) return { "text/html": tableHtml(tableOf(value)), "text/plain": text };
  const { data, layout } = screenFigure(value);
  return {
    [PLOTLY_MIME]: { data, layout, config: PLOTLY_CONFIG },
    "image/svg+xml": await renderSvg(withoutSliders(value)),
    "text/plain": text,
  };
}

/** Nothing slides in a drawing. */
function withoutSliders({ data, layout }: PlotlyFigure): PlotlyFigure {
  const { sliders: _, ...still } = layout;
  return { data, layout: still };
}

function textOf(value: PlotlyFigure | Table | FrameLike | TableRows): string {
  return isPlotlyFigure(value) ? figureText(value) : shownText(tableOf(value));
}

/** Title, axes and, for every trace, the number of its points and their ranges. */
function figureText(figure: PlotlyFigure): string {
  const axis = (name: string): string =>
    withoutMarkup((figure.layout[name] as { title?: { text?: string } } | undefined)?.title?.text ?? "");
  const axes = [axis("xaxis"), axis("yaxis")].filter((text) => text !== "").join(" and ");
  const span = (values: unknown): string => {
    const numbers = Array.isArray(values) ? values.filter((each) => typeof each === "number") : [];
    if (numbers.length === 0) return "no numbers";
    const [low, high] = rangeOf(numbers).map((end) => withoutMarkup(spanNumber(end)));
    return low === high ? low : `${low} to ${high}`;
  };
  const title = figureTitle(figure);
  const lines = figure.data.map(({ name, x, y }) =>
    `  ${withoutMarkup(String(name ?? "trace"))}: x ${span(x)}, y ${span(y)}`
  );
  return [`Figure${title === "" ? "" : ` "${title}"`}${axes === "" ? "" : `: ${axes}`}`, ...lines].join("\n");
}

function spanNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential(2) : readableNumber(value);
}

function tableOf(value: Table | FrameLike | TableRows): ReturnType<typeof shownTable> {
  const parts = tableParts(value);
  if (parts !== null) return shownTable(parts.columns, parts.rows);
  throw new TypeError(
    `Cannot show a value as it must be a figure, a table, a data frame or an array of rows: it is ${
      foundInstead(value)
    }; use console.log for it`,
  );
}

/**
 * Deno's kernel sends an output and the end of its cell through separate channels; an output that arrives second is
 * dropped. On a busy machine 6 of 300 outputs were lost, and none of 300 with this pause.
 */
const SENDING_MS = 50;

/** The notebook's display, or null where the program does not run in a kernel. */
function notebookDisplay(): Display | null {
  try {
    const { jupyter } = Deno as unknown as {
      jupyter?: { display(bundle: unknown, options: { raw: boolean }): Promise<void> };
    };
    if (jupyter === undefined) return null;
    return async (bundle) => {
      await jupyter.display(bundle, { raw: true });
      await new Promise((resolve) => setTimeout(resolve, SENDING_MS));
    };
  } catch {
    // Outside of a kernel the getter throws.
    return null;
  }
}

function print(text: string): void {
  // deno-lint-ignore no-console -- outside of a notebook a shown value is printed
  console.log(text);
}
