import { join } from "node:path";
import { openEncoder } from "../embeddings/open_encoder.ts";
import type { Protocol } from "../evaluation/evaluate.ts";
import { drawFigures, type FigureDrawing } from "../figures/drawing/draw_figures.ts";
import { tableText } from "../figures/tables/export_table.ts";
import type { PlotlyFigure } from "../figures/plotly_figure.ts";
import { loadOutcomes } from "../files/load_outcomes.ts";
import { type OutcomeTable, rowsOfEvals, selectPrompts } from "../outcomes/outcome_table.ts";
import { isSimulated, selectSimulated, simulateOutcomes } from "../outcomes/simulate_outcomes.ts";
import { progressBar } from "../base/progress.ts";
import { ablation } from "../experiments/ablation.ts";
import { wordPiecesRead } from "../experiments/encoder_name.ts";
import { errataOfOutcomes, errataRows } from "../paper/errata/errata.ts";
import { evaluationsOf, missingEvaluations } from "../experiments/evaluation_names.ts";
import { latexOf } from "../reports/latex_of_run.ts";
import { manifestOf } from "../reports/manifest.ts";
import { type PaperFigure, paperFigures } from "../paper/figures/catalogue.ts";
import { reportOf } from "../reports/report.ts";
import { embedPrompts, reproducePaper, type Reproduction } from "../paper/run/reproduce.ts";
import { ablationFigure } from "../reports/run_figures.ts";
import { sayRun } from "../reports/say_run.ts";
import { runJson } from "../reports/run_json.ts";
import { csvOf, type Table } from "../base/table.ts";
import { type RunFindings, tablesOfRun } from "../paper/run/tables_of_run.ts";
import { type FolderContents, writeFolder } from "../base/write_folder.ts";

/** What `deno task reproduce` is told. */
export interface ReproduceCommand {
  /** A file of outcomes; `null`: the released files if they are there, else the simulation. */
  readonly data: string | null;
  /** An encoder's name, `auto` or `lexical`. */
  readonly encoder: string;
  /** The folder for results; `null` writes none, and draws no figures. */
  readonly out: string | null;
  /** Prints one JSON document instead of tables. */
  readonly json: boolean;
  /** Seed of everything. */
  readonly seed: number;
  /** The protocol. */
  readonly protocol: Protocol;
  /** Evaluations; `null`: the paper's. */
  readonly evals: readonly string[] | null;
  /** Prompts of each evaluation where outcomes are simulated. */
  readonly prompts: number | "released";
  /** Also what takes long. */
  readonly whole: boolean;
}

/** Where `deno task data` puts the released files, the better one first. */
const RELEASED_FILES: readonly string[] = ["routerbench_0shot.pkl", "routerbench_5shot.pkl"];

/**
 * Runs the whole way from outcomes to figures and writes the results; prints a readable summary, or JSON, through `print`.
 *
 * @param dataFolder the project's data folder: `raw/` with released files and weights, `cache/` with vectors
 * @throws whatever a stage throws; nothing is written before all is computed
 */
export async function runReproduce(
  command: ReproduceCommand,
  dataFolder: string,
  print: (line: string) => void,
): Promise<void> {
  const { encoder: encoderName, out, seed, protocol, whole, json } = command, say = json ? (): void => {} : print;
  const all = await openOutcomes(command, join(dataFolder, "raw"));
  const evalNames = evaluationsOf(all, command.evals ?? undefined), asked = rowsOfEvals(all, evalNames);
  needFileNames(evalNames);
  // Tasks that are not the paper's are groups of the whole run only.
  const outcomes = whole && command.evals === null ? all : selectRows(all, asked);

  const notices: string[] = [],
    places = { weightsFolder: join(dataFolder, "raw", "weights"), cacheFolder: join(dataFolder, "cache") };
  const embedding = progressBar("Embedding prompts");
  const encoder = await openEncoder(encoderName, {
    ...places,
    onNotice: (line) => notices.push(line),
    onProgress: ({ done, total }) => embedding.update(done, total),
  });
  const { kind, name, notes } = outcomes.source, missing = command.evals === null ? missingEvaluations(all) : [];
  say(
    `Outcomes: ${name} (${kind}; ${outcomes.promptIds.length} prompts × ${outcomes.models.length} models). Encoder: ${encoder.name}. Seed: ${seed}.`,
  );
  if (missing.length > 0) {
    notices.push(`Evaluations of the paper that these outcomes do not have: ${missing.join(", ")}`);
  }
  for (const line of [...notes, ...notices]) say(`  ${line}`);

  const drawing = drawFigures();
  try {
    const published = paperFigures(), figures = new Map<string, PlotlyFigure>();
    const onFigure = (name: string, figure: PlotlyFigure): void => {
      figures.set(name, figure);
      if (out !== null) drawing.add(name, figure);
    };
    if (out !== null) { for (const { name, figure } of published) drawing.add(name, figure); }
    const embeddings = await embedPrompts(outcomes, encoder).finally(() => embedding.stop());
    const run = await withBars((onProgress) =>
      reproducePaper(outcomes, embeddings, { seed, protocol, evalNames, whole, onFigure, onProgress })
    );
    const ablated = whole
      ? await withBars((onProgress) => ablation(outcomes, { seed, protocol, evalNames, ...places, onProgress }))
      : null;
    if (ablated !== null) onFigure("ablation", ablationFigure(ablated));
    sayRun(run, protocol, say);
    const ownErrata = errataOfOutcomes(outcomes, {
      embeddings,
      run,
      evalNames,
      seed,
      maxTokens: wordPiecesRead(encoder.name),
    });
    const findings = { errata: [...errataRows(), ...ownErrata], ablation: ablated };
    const inputs = { outcomes: outcomes.source, encoder: encoder.name, settings: { seed, protocol, evalNames, whole } };
    const tables = tablesOfRun(run, findings, outcomes);
    const numbers = new Map([...tables].map(([name, table]) => [`tables/${name}.csv`, csvOf(table)]));
    if (json) print(runJson(run, { outcomes, manifest: manifestOf(inputs, numbers), findings, notices }).trimEnd());
    if (out === null) return;
    const files = await filesOf(run, findings, { tables, figures, drawing, published, inputs });
    await writeFolder(out, files);
    say(
      `\nWrote ${files.size} files to ${out}: open ${join(out, "report.html")}; figures for papers are in ${
        join(out, "figures")
      }.`,
    );
  } finally {
    drawing.stop();
  }
}

type Report = (progress: { readonly stage: string; readonly done: number; readonly total: number }) => void;

/** A progress display for each stage of some work. */
async function withBars<T>(work: (onProgress: Report) => Promise<T>): Promise<T> {
  let stage = "", bar = progressBar("");
  try {
    return await work((progress) => {
      if (progress.stage !== stage) {
        bar.stop();
        stage = progress.stage;
        bar = progressBar(stage);
      }
      bar.update(progress.done, progress.total);
    });
  } finally {
    bar.stop();
  }
}

function selectRows(outcomes: OutcomeTable, rows: readonly number[]): OutcomeTable {
  return isSimulated(outcomes) ? selectSimulated(outcomes, rows) : selectPrompts(outcomes, rows);
}

async function openOutcomes({ data, seed, prompts }: ReproduceCommand, rawFolder: string): Promise<OutcomeTable> {
  if (data !== null) return loadOutcomes(data);
  for (const name of RELEASED_FILES) {
    const path = join(rawFolder, name);
    if (await Deno.stat(path).then(() => true, () => false)) return loadOutcomes(path);
  }
  return simulateOutcomes({ seed, nPromptsPerEval: prompts });
}

/** Everything that is written, the manifest last. */
async function filesOf(
  run: Reproduction,
  findings: RunFindings,
  { tables, figures, drawing, published, inputs }: {
    readonly tables: ReadonlyMap<string, Table>;
    readonly figures: ReadonlyMap<string, PlotlyFigure>;
    readonly drawing: FigureDrawing;
    readonly published: readonly PaperFigure[];
    readonly inputs: Parameters<typeof manifestOf>[0];
  },
): Promise<FolderContents> {
  const files = new Map<string, string | Uint8Array>(), bar = progressBar("Drawing figures");
  for (const [name, table] of tables) {
    files.set(`tables/${name}.csv`, csvOf(table)).set(`tables/${name}.tex`, tableText(table, ".tex"));
  }
  const drawn = await drawing.finish(({ done, total }) => bar.update(done, total)).finally(() => bar.stop());
  for (const [name, { svg, pdf, png }] of drawn) {
    files.set(`figures/${name}.svg`, svg).set(`figures/${name}.pdf`, pdf).set(`figures/${name}.png`, png);
  }
  for (const [path, text] of latexOf(run, { figures, published, source: inputs.outcomes })) files.set(path, text);
  const all = new Map([...figures, ...published.map(({ name, figure }) => [name, figure] as const)]);
  const shown = new Map([...all].map(([name, figure]) => [name, { figure, svg: drawn.get(name)!.svg }]));
  files.set(
    "report.html",
    await reportOf(run, { figures: shown, tables, published, findings, manifest: manifestOf(inputs, files) }),
  );
  return files.set("manifest.json", JSON.stringify(manifestOf(inputs, files), null, 2) + "\n");
}

/** What may stand in a file's name, in LaTeX and in a page's links. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Evaluations give files their names, and come from the user's table. */
function needFileNames(evalNames: readonly string[]): void {
  const odd = evalNames.find((name) => !FILE_NAME.test(name));
  if (odd === undefined) return;
  throw new TypeError(
    `Cannot reproduce an evaluation as its name must be of letters, digits, ".", "_" and "-": "${odd}" is not; rename it, or run deno task evaluate`,
  );
}
