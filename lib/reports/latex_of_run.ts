import { latexTableOf } from "../figures/export_all.ts";
import { tableText } from "../figures/tables/export_table.ts";
import { figuresTex, type LatexFigure, type LatexTable } from "../figures/tables/manuscript_latex.ts";
import { manuscriptTables } from "../figures/manuscript_results.ts";
import type { PlotlyFigure } from "../figures/plotly_figure.ts";
import type { OutcomeSource } from "../outcomes/outcome_table.ts";
import { evalTitle } from "../experiments/evaluation_names.ts";
import type { PaperFigure } from "../paper/figures/catalogue.ts";
import type { Reproduction } from "../paper/run/reproduce.ts";
import type { FolderContents } from "../base/write_folder.ts";

/** The panels and the tables of each evaluation as LaTeX, the paper's figures after them, and what includes them. */
export function latexOf({ evaluations }: Pick<Reproduction, "evaluations">, { figures, published, source }: {
  /** The panels by evaluation. */
  readonly figures: ReadonlyMap<string, PlotlyFigure>;
  readonly published: readonly PaperFigure[];
  readonly source: OutcomeSource;
}): FolderContents {
  const panels: LatexFigure[] = [];
  const listed: LatexTable[] = [];
  const files = new Map<string, string>();
  for (const { evalName, evaluation } of evaluations) {
    const { tables, captions } = manuscriptTables(evaluation, {
      title: evalTitle(evalName),
      outcomes: source,
      name: evalName,
    });
    const figure = figures.get(evalName);
    if (figure !== undefined) panels.push({ name: evalName, figure, caption: captions[evalName] });
    for (const [name, table] of Object.entries(tables)) {
      files.set(`tables/${name}.tex`, tableText(table, ".tex"));
      listed.push(latexTableOf(table, { name, caption: captions[name] }));
    }
  }
  return files.set("figures.tex", figuresTex([...panels, ...published], listed));
}
