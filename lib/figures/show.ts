import { readableNumber } from "./_number_text.ts";
import { shownTable, tableHtml, tableText } from "./_table_text.ts";
import { watchErrors } from "./_watch_errors.ts";
import { figureTitle, isPlotlyFigure, plainText, type PlotlyFigure } from "./plotly_figure.ts";
import { renderSvg } from "./render.ts";

/** The parts of a data frame that are shown; danfojs data frames have them. */
export interface FrameLike {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** The rows, each with a value for every column. */
  readonly values: readonly unknown[];
}

/** A table as an array of rows; the columns are the names of all rows, in the order they come up. */
export type TableRows = readonly Readonly<Record<string, unknown>>[];

/** Where a value is shown: takes one representation for every MIME type. */
export type Display = (bundle: Readonly<Record<string, unknown>>) => Promise<void>;

/** How a value is shown. */
export interface ShowOptions {
  /** Where to; the notebook if there is one, else null, which prints. */
  readonly display?: Display | null;
}

const PLOTLY_MIME = "application/vnd.plotly.v1+json";
const PLOTLY_CONFIG = { displaylogo: false, toImageButtonOptions: { format: "svg" } };

/**
 * Shows a figure, a data frame or an array of rows: in a notebook as an interactive figure or a table, elsewhere as printed text.
 *
 * Await it as the last statement of a cell: what is awaited is always displayed, the value of a cell's last expression is not. A figure
 * goes out as Plotly's JSON, as SVG for viewers without Plotly, and as text; a table shows its first 20 rows. The first call in a notebook
 * also makes errors visible that happen outside of any cell's own promise, which the kernel would drop without a word.
 *
 * @throws TypeError if the value is none of the three
 * @example
 * ```ts
 * import { show } from "./show.ts";
 *
 * await show([{ router: "Zero", aiq: 0.763 }, { router: "KNN, k = 40", aiq: 0.773 }]);
 * ```
 */
export async function show(value: PlotlyFigure | FrameLike | TableRows, options: ShowOptions = {}): Promise<void> {
  const notebook = options.display === undefined ? notebookDisplay() : null, display = notebook ?? options.display ?? null;
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

async function bundleOf(value: PlotlyFigure | FrameLike | TableRows): Promise<Record<string, unknown>> {
  const text = textOf(value);
  if (!isPlotlyFigure(value)) return { "text/html": tableHtml(tableOf(value)), "text/plain": text };
  const { data, layout } = value;
  return { [PLOTLY_MIME]: { data, layout, config: PLOTLY_CONFIG }, "image/svg+xml": await renderSvg(value), "text/plain": text };
}

function textOf(value: PlotlyFigure | FrameLike | TableRows): string {
  return isPlotlyFigure(value) ? figureText(value) : tableText(tableOf(value));
}

/** Title, axes and, for every trace, how many points it has and what they span. */
function figureText(figure: PlotlyFigure): string {
  const axis = (name: string): string => plainText((figure.layout[name] as { title?: { text?: string } } | undefined)?.title?.text ?? "");
  const axes = [axis("xaxis"), axis("yaxis")].filter((text) => text !== "").join(" and ");
  const span = (values: unknown): string => {
    const numbers = Array.isArray(values) ? values.filter((each) => typeof each === "number") : [];
    if (numbers.length === 0) return "no numbers";
    const low = plainText(spanNumber(Math.min(...numbers))), high = plainText(spanNumber(Math.max(...numbers)));
    return low === high ? low : `${low} to ${high}`;
  };
  const title = figureTitle(figure);
  const lines = figure.data.map(({ name, x, y }) => `  ${plainText(String(name ?? "trace"))}: x ${span(x)}, y ${span(y)}`);
  return [`Figure${title === "" ? "" : ` "${title}"`}${axes === "" ? "" : `: ${axes}`}`, ...lines].join("\n");
}

function spanNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential(2) : readableNumber(value);
}

function tableOf(value: FrameLike | TableRows): ReturnType<typeof shownTable> {
  if (Array.isArray(value) && value.every(isPlainObject)) {
    const columns = [...new Set(value.flatMap((row) => Object.keys(row)))];
    return shownTable(columns, value.map((row) => columns.map((column) => row[column])));
  }
  const { columns, values } = (value ?? {}) as Partial<FrameLike>;
  if (Array.isArray(columns) && Array.isArray(values)) {
    return shownTable(columns.map(String), values.map((row) => Array.isArray(row) ? row : [row]));
  }
  const found = value === null ? "null" : Array.isArray(value) ? "an array of other values" : typeof value;
  throw new TypeError(
    `Cannot show a value as it must be a figure, a data frame or an array of rows: it is ${found}; use console.log for it`,
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The notebook's display, or null where the program does not run in a kernel. */
function notebookDisplay(): Display | null {
  try {
    const { jupyter } = Deno as unknown as { jupyter?: { display(bundle: unknown, options: { raw: boolean }): Promise<void> } };
    return jupyter === undefined ? null : (bundle) => jupyter.display(bundle, { raw: true });
  } catch {
    // Outside of a kernel the getter throws.
    return null;
  }
}

function print(text: string): void {
  // deno-lint-ignore no-console -- printing is what a program outside of a notebook asked for
  console.log(text);
}
