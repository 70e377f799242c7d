import { join } from "node:path";
import { isFileName } from "../base/file_name.ts";
import type { Table } from "../base/table.ts";
import { save } from "./drawing/save.ts";
import { tableParts } from "./tables/table_input.ts";
import { figureFiles, renderFigure } from "./export.ts";
import { type ExportTableOptions, tableText } from "./tables/export_table.ts";
import { figuresTex, type LatexTable } from "./tables/manuscript_latex.ts";
import { figureTitle, type PlotlyFigure } from "./plotly_figure.ts";
import type { FrameLike, TableRows } from "./show.ts";

/** Figures and tables for a manuscript, by the names of their files without endings. */
export interface ManuscriptResults {
  /** The figures. */
  readonly figures?: Readonly<Record<string, PlotlyFigure>>;
  /** The tables. */
  readonly tables?: Readonly<Record<string, Table | FrameLike | TableRows>>;
  /** Captions by the same names, plain text; without one, a figure has its title and a table its name. */
  readonly captions?: Readonly<Record<string, string>>;
}

const FORMATS = [".csv", ".tex", ".md"] as const;

/**
 * Saves all figures and tables of a result for a manuscript: `figures/NAME.svg`, `.pdf` and `.png`, `tables/NAME.csv`,
 * `.tex` and `.md`, and `figures.tex`, which includes them all with captions and labels (`fig:NAME`, `tab:NAME`).
 *
 * `results` is what {@linkcode manuscriptResults} makes of an evaluation, or any record of figures and tables. In the
 * document: `\usepackage{booktabs,graphicx}`, `\newcommand{\resultsfolder}{the folder}`,
 * `\input{\resultsfolder/figures}`. Figures keep their printed size where it fits; wide ones take the page. All is
 * drawn before the first file is written, and each file is written whole. The same results give the same bytes.
 *
 * @param folder is made if it is not there
 * @param options how the tables' numbers are rounded, and titles of their columns
 * @returns the paths below the folder, `figures.tex` last
 * @throws TypeError for a name that is no simple file name, or of a table that is none; Error with `cause` if a file
 * cannot be written
 * @example
 * ```ts
 * import { exportAll } from "./export_all.ts";
 * import assert from "node:assert/strict";
 *
 * const folder = await Deno.makeTempDir();
 * const results = { tables: { aiq: [{ System: "Zero", AIQ: 0.763 }] }, captions: { aiq: "AIQ on MMLU." } };
 * const written = await exportAll(results, folder);
 * assert.deepEqual(written, ["tables/aiq.csv", "tables/aiq.tex", "tables/aiq.md", "figures.tex"]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function exportAll(
  results: ManuscriptResults,
  folder: string,
  options: ExportTableOptions = {},
): Promise<string[]> {
  const { captions = {} } = results;
  const figures = Object.entries(results.figures ?? {});
  const tables = Object.entries(results.tables ?? {});
  for (const [name] of [...figures, ...tables]) {
    if (isFileName(name)) continue;
    throw new TypeError(
      `Cannot save results as names must be letters, digits, ".", "_" and "-" and none that Windows reserves: "${name}" is not; rename it`,
    );
  }
  const files = new Map<string, string | Uint8Array>();
  for (const [name, table] of tables) {
    for (const format of FORMATS) files.set(`tables/${name}${format}`, tableText(table, format, options));
  }
  for (const [name, figure] of figures) {
    for (const [path, drawn] of figureFiles(name, await renderFigure(figure))) files.set(path, drawn);
  }
  files.set(
    "figures.tex",
    figuresTex(
      figures.map(([name, figure]) => ({ name, figure, caption: captions[name] ?? figureTitle(figure) })),
      tables.map(([name, table]) => latexTableOf(table, { name, caption: captions[name] ?? name, options })),
    ),
  );
  await Deno.mkdir(join(folder, "figures"), { recursive: true });
  await Deno.mkdir(join(folder, "tables"), { recursive: true });
  for (const [path, content] of files) await save(join(folder, path), content);
  return [...files.keys()];
}

/** How a table stands in `figures.tex`. */
export function latexTableOf(
  table: Table | FrameLike | TableRows,
  { name, caption, options = {} }: {
    readonly name: string;
    readonly caption: string;
    readonly options?: ExportTableOptions;
  },
): LatexTable {
  const nCharacters = tableText(table, ".md", options).indexOf("\n");
  return { name, caption, nRows: tableParts(table)!.rows.length, nCharacters };
}
