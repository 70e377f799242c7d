import { join } from "node:path";
import { openEncoder } from "../embeddings/open_encoder.ts";
import type { Protocol } from "../evaluation/evaluate.ts";
import { renderFigure } from "../figures/export.ts";
import { latexTableOf } from "../figures/export_all.ts";
import { tableText } from "../figures/export_table.ts";
import { figuresTex, type LatexFigure, type LatexTable } from "../figures/paper_latex.ts";
import { paperTables } from "../figures/paper_results.ts";
import { loadOutcomes } from "../outcomes/load_outcomes.ts";
import { type OutcomeSource, type OutcomeTable, rowsOfEvals, selectPrompts } from "../outcomes/outcome_table.ts";
import { isSimulated, selectSimulated, simulateOutcomes } from "../outcomes/simulate_outcomes.ts";
import { progressBar } from "../progress.ts";
import { manifestOf } from "./manifest.ts";
import { reportOf } from "./report.ts";
import { embedPrompts, evalTitle, evaluationsOf, reproducePaper, type Reproduction } from "./reproduce.ts";
import { summaryOf, terminalTable } from "./summary.ts";
import { csvOf } from "./table.ts";
import { tablesOf } from "./tables.ts";
import { type FolderContents, writeFolder } from "./write_folder.ts";

/** What `deno task reproduce` is told. */
export interface ReproduceCommand {
  /** A file of outcomes; `null`: the released files if they are there, else the simulation. */
  readonly data: string | null;
  /** An encoder's name, `auto` or `lexical`. */
  readonly encoder: string;
  /** The folder for results. */
  readonly out: string;
  /** Seed of everything. */
  readonly seed: number;
  /** The protocol. */
  readonly protocol: Protocol;
  /** Evaluations; `null`: the paper's. */
  readonly evals: readonly string[] | null;
}

/** Where `deno task data` puts the released files, the better one first. */
const RELEASED_FILES: readonly string[] = ["routerbench_0shot.pkl", "routerbench_5shot.pkl"];

/**
 * Runs the whole way from outcomes to figures and writes the results; prints a readable summary through `say`.
 *
 * @param dataFolder the project's data folder: `raw/` with released files and weights, `cache/` with vectors
 * @throws whatever a stage throws; nothing is written before all is computed
 */
export async function runReproduce(command: ReproduceCommand, dataFolder: string, say: (line: string) => void): Promise<void> {
  const { encoder: encoderName, out, seed, protocol } = command;
  const all = await openOutcomes(command, join(dataFolder, "raw"));
  const evalNames = evaluationsOf(all, command.evals ?? undefined);
  const rows = rowsOfEvals(all, evalNames);
  const outcomes: OutcomeTable = isSimulated(all) ? selectSimulated(all, rows) : selectPrompts(all, rows);

  const notices: string[] = [];
  const embedding = progressBar("Embedding prompts");
  const encoder = await openEncoder(encoderName, {
    weightsFolder: join(dataFolder, "raw", "weights"),
    cacheFolder: join(dataFolder, "cache"),
    onNotice: (line) => notices.push(line),
    onProgress: ({ done, total }) => embedding.update(done, total),
  });
  const { kind, name, notes } = outcomes.source;
  say(
    `Outcomes: ${name} (${kind}; ${outcomes.promptIds.length} prompts × ${outcomes.models.length} models). Encoder: ${encoder.name}. Seed: ${seed}.`,
  );
  for (const line of [...notes, ...notices]) say(`  ${line}`);
  const embeddings = await embedPrompts(outcomes, encoder).finally(() => embedding.stop());

  const evaluating = progressBar("Evaluating routers");
  const result = await reproducePaper(outcomes, embeddings, {
    seed,
    protocol,
    evalNames,
    onProgress: ({ done, total }) => evaluating.update(done, total),
  }).finally(() => evaluating.stop());
  say(
    `Protocol: ${
      protocol === "ours"
        ? "ours (settings of every system chosen on validation prompts, measured on test prompts)"
        : "the paper's (settings chosen on the test prompts)"
    }.`,
  );
  for (const named of result.evaluations) {
    const { evaluation: { nPrompts }, leftOut } = named;
    say(
      `\n${evalTitle(named.evalName)}: ${nPrompts.test} test prompts, oracle ${named.evaluation.oracle.quality.toFixed(4)}${
        leftOut === null ? "" : `; ${leftOut}`
      }`,
    );
    say(terminalTable(summaryOf(named)));
    for (
      const note of new Set(named.evaluation.systems.flatMap(({ name, notes }) => notes.map((note) => `  ${name.split(",")[0]}: ${note}`)))
    ) say(note);
  }

  const files = await filesOf(result, { outcomes: outcomes.source, encoder: encoder.name, settings: { seed, protocol, evalNames } });
  await writeFolder(out, files);
  say(`\nWrote ${files.size} files to ${out}: open ${join(out, "report.html")}; figures for papers are in ${join(out, "figures")}.`);
}

async function openOutcomes({ data, seed }: ReproduceCommand, rawFolder: string): Promise<OutcomeTable> {
  if (data !== null) return loadOutcomes(data);
  for (const name of RELEASED_FILES) {
    const path = join(rawFolder, name);
    if (await Deno.stat(path).then(() => true, () => false)) return loadOutcomes(path);
  }
  return simulateOutcomes({ seed });
}

/** Everything that is written, the manifest last. */
async function filesOf(result: Reproduction, inputs: Parameters<typeof manifestOf>[0]): Promise<FolderContents> {
  const files = new Map<string, string | Uint8Array>(), svgs = new Map<string, string>();
  for (const [name, table] of tablesOf(result.evaluations, inputs.outcomes)) {
    files.set(`tables/${name}.csv`, csvOf(table)).set(`tables/${name}.tex`, tableText(table, ".tex"));
  }
  const drawing = progressBar("Drawing figures");
  try {
    for (const [name, figure] of result.figures) {
      drawing.update(svgs.size, result.figures.size);
      const { svg, pdf, png } = await renderFigure(figure);
      svgs.set(name, svg);
      files.set(`figures/${name}.svg`, svg).set(`figures/${name}.pdf`, pdf).set(`figures/${name}.png`, png);
    }
    drawing.update(svgs.size, result.figures.size);
  } finally {
    drawing.stop();
  }
  for (const [path, text] of latexOf(result, inputs.outcomes)) files.set(path, text);
  files.set("report.html", reportOf(result, svgs, manifestOf(inputs, files)));
  return files.set("manifest.json", JSON.stringify(manifestOf(inputs, files), null, 2) + "\n");
}

/** The panels and the tables of each evaluation as LaTeX, and what includes them. */
function latexOf({ evaluations, figures }: Reproduction, outcomes: OutcomeSource): FolderContents {
  const panels: LatexFigure[] = [], listed: LatexTable[] = [], files = new Map<string, string>();
  for (const { evalName, evaluation } of evaluations) {
    const { tables, captions } = paperTables(evaluation, { title: evalTitle(evalName), outcomes, name: evalName });
    const figure = figures.get(evalName);
    if (figure !== undefined) panels.push({ name: evalName, figure, caption: captions[evalName] });
    for (const [name, table] of Object.entries(tables)) {
      files.set(`tables/${name}.tex`, tableText(table, ".tex"));
      listed.push(latexTableOf(table, { name, caption: captions[name] }));
    }
  }
  return files.set("figures.tex", figuresTex(panels, listed));
}
