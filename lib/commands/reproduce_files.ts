import type { ProgressBar } from "../base/progress.ts";
import { csvOf, type Table } from "../base/table.ts";
import type { FolderContents } from "../base/write_folder.ts";
import type { FigureDrawing } from "../figures/drawing/draw_figures.ts";
import { figureFiles } from "../figures/export.ts";
import type { PlotlyFigure } from "../figures/plotly_figure.ts";
import { tableText } from "../figures/tables/export_table.ts";
import type { PaperFigure } from "../paper/figures/catalogue.ts";
import type { Reproduction } from "../paper/run/reproduce.ts";
import type { RunFindings } from "../paper/run/tables_of_run.ts";
import { latexOf } from "../reports/latex_of_run.ts";
import { manifestOf } from "../reports/manifest.ts";
import { reportOf } from "../reports/report.ts";

/** All files that `reproduce` writes, the manifest last. */
export async function filesOfRun(
  run: Reproduction,
  findings: RunFindings,
  { tables, figures, drawing, published, inputs, escapeFormulas, progress, notebooks, conclusion }: {
    readonly tables: ReadonlyMap<string, Table>;
    readonly figures: ReadonlyMap<string, PlotlyFigure>;
    readonly drawing: FigureDrawing;
    readonly published: readonly PaperFigure[];
    readonly inputs: Parameters<typeof manifestOf>[0];
    readonly escapeFormulas: boolean;
    readonly progress: ProgressBar;
    readonly notebooks: string | null;
    readonly conclusion: readonly string[];
  },
): Promise<FolderContents> {
  const files = new Map<string, string | Uint8Array>();
  for (const [name, table] of tables) {
    files.set(`tables/${name}.csv`, csvOf(table, { escapeFormulas })).set(
      `tables/${name}.tex`,
      tableText(table, ".tex"),
    );
  }
  const drawn = await drawing.finish(({ done, total }) => progress.update(done, total));
  for (const [name, rendered] of drawn) {
    for (const [path, content] of figureFiles(name, rendered)) files.set(path, content);
  }
  for (const [path, text] of latexOf(run, { figures, published, source: inputs.outcomes })) files.set(path, text);
  const all = new Map([...figures, ...published.map(({ name, figure }) => [name, figure] as const)]);
  const shown = new Map([...all].map(([name, figure]) => [name, { figure, svg: drawn.get(name)!.svg }]));
  files.set(
    "report.html",
    await reportOf(run, {
      figures: shown,
      tables,
      published,
      findings,
      manifest: manifestOf(inputs, files),
      notebooks,
      conclusion,
    }),
  );
  return files.set("manifest.json", JSON.stringify(manifestOf(inputs, files), null, 2) + "\n");
}
