import { csvOf } from "../base/table.ts";
import { fileNameOf } from "../base/file_name.ts";
import type { ProgressBar } from "../base/progress.ts";
import type { FolderContents } from "../base/write_folder.ts";
import type { EvaluatedOutcomes } from "../experiments/evaluate_table.ts";
import { evalTitle } from "../experiments/evaluation_names.ts";
import { evaluationTables } from "../experiments/evaluation_tables.ts";
import { DRAWN } from "../experiments/paper_routers.ts";
import { evaluationPanel } from "../figures/evaluation_panel.ts";
import { figureFiles, renderFigure } from "../figures/export.ts";
import { plainMarkup } from "../figures/markup.ts";
import { evaluatePage } from "../reports/evaluate_page.ts";
import { evaluationJson } from "../reports/result_json.ts";
import type { PageFigure } from "../reports/live_page.ts";
import { manifestOf } from "../reports/manifest.ts";

/** All files that `evaluate` writes, the manifest last. */
export async function filesOfEvaluation(
  evaluated: EvaluatedOutcomes,
  { router, escapeFormulas, progress, notebooks, drawn = DRAWN }: {
    readonly router: string | null;
    readonly escapeFormulas: boolean;
    readonly progress: ProgressBar;
    readonly notebooks: string | null;
    /** Systems in figures; default those of the paper. */
    readonly drawn?: readonly string[];
  },
): Promise<FolderContents> {
  const { outcomes, encoder, settings, result: { evaluations }, beside = [] } = evaluated;
  const files = new Map<string, string | Uint8Array>();
  const shown = new Map<string, PageFigure>();
  for (const [name, table] of [...evaluationTables(evaluations), ...beside.flatMap(({ tables }) => [...tables])]) {
    files.set(`tables/${name}.csv`, csvOf(table, { escapeFormulas }));
  }
  const used = new Set(beside.flatMap(({ figures }) => [...figures.keys()]));
  for (const { evalName, evaluation } of evaluations) {
    progress.update(shown.size, evaluations.length);
    const systems = evaluation.systems.map(({ name }) => name).filter((name) => drawn.includes(name));
    const figure = evaluationPanel(evaluation, { title: plainMarkup(evalTitle(evalName)), systems });
    const rendered = await renderFigure(figure);
    shown.set(evalName, { figure, svg: rendered.svg });
    for (const [path, drawn] of figureFiles(fileNameOf(evalName, used), rendered)) files.set(path, drawn);
  }
  for (const [name, { figure, onScreen = figure }] of beside.flatMap(({ figures }) => [...figures])) {
    const rendered = await renderFigure(figure);
    shown.set(name, { figure: onScreen, svg: rendered.svg });
    for (const [path, drawn] of figureFiles(name, rendered)) files.set(path, drawn);
  }
  progress.update(evaluations.length, evaluations.length);
  const inputs = { outcomes: outcomes.source, encoder, settings };
  if (router !== null) files.set("router.json", router);
  files.set("evaluation.json", evaluationJson(evaluated));
  files.set(
    "report.html",
    await evaluatePage(evaluated, { figures: shown, manifest: manifestOf(inputs, files), notebooks, drawn }),
  );
  return files.set("manifest.json", JSON.stringify(manifestOf(inputs, files), null, 2) + "\n");
}
