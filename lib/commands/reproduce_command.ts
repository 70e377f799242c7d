import { join } from "node:path";
import type { Access, Command, ProjectFolders } from "./command.ts";
import {
  choiceOption,
  type CommandInput,
  CSV_GUARD,
  listOption,
  numberOption,
  WHOLE_NUMBER,
} from "./command_options.ts";
import { openEncoder } from "../embeddings/open_encoder.ts";
import { drawFigures } from "../figures/drawing/draw_figures.ts";
import { loadOutcomes } from "../files/load_outcomes.ts";
import { type OutcomeTable, rowsOfEvals, selectPrompts } from "../outcomes/outcome_table.ts";
import { isSimulated, selectSimulated, simulateOutcomes } from "../outcomes/simulate_outcomes.ts";
import { progressBar } from "../base/progress.ts";
import { ablation } from "../experiments/ablation.ts";
import { trustOfIntervals } from "../experiments/trust.ts";
import { errataOfOutcomes, errataRows } from "../paper/errata/errata.ts";
import { evaluationsOf, missingEvaluations } from "../experiments/evaluation_names.ts";
import { manifestOf } from "../reports/manifest.ts";
import { paperFigures } from "../paper/figures/catalogue.ts";
import { embedPrompts, reproducePaper } from "../paper/run/reproduce.ts";
import { ablationFigure } from "../experiments/ablation_figure.ts";
import { sayRun } from "../reports/say_run.ts";
import { runJson } from "../reports/result_json.ts";
import { needFileNames } from "../base/file_name.ts";
import { csvOf } from "../base/table.ts";
import { tablesOfRun } from "../paper/run/tables_of_run.ts";
import { filesOfRun } from "./reproduce_files.ts";
import { writeFolder } from "../base/write_folder.ts";

/**
 * `deno task reproduce`: the whole way from outcomes to figures, tables and a report. From here to a figure:
 *
 * 1. `runReproduce`, below, reads the options, loads outcomes, embeds their prompts and calls
 * 2. `reproducePaper` (paper/run/reproduce.ts), which for each evaluation calls
 * 3. `measureEvaluation` (paper/run/measure_evaluation.ts), which passes the paper's routers to
 * 4. `evaluateRouters` (evaluation/evaluate.ts): it fits them, chooses their settings and measures them. Of the result
 * 5. `evaluationPanel` (figures/evaluation_panel.ts) makes a Plotly figure, which
 * 6. `drawFigures` (figures/drawing/draw_figures.ts) draws in a worker; `filesOfRun` (commands/reproduce_files.ts) names the files.
 */
export const REPRODUCE: Command = {
  name: "reproduce",
  summary: "Runs the paper's systems on outcomes and writes tables, figures and a report.",
  options: {
    data: {
      value: "FILE",
      says: "outcomes: a released RouterBench pickle; without it those in data/raw if they are there, " +
        "else outcomes simulated from the paper's Table 1",
    },
    encoder: {
      value: "NAME",
      says: "lexical, an encoder's name, or auto: all-MiniLM-L6-v2, else lexical",
      default: "auto",
    },
    evals: {
      value: "A,B",
      says: "only evaluations whose names begin with one of these; without it the paper's seven",
    },
    protocol: {
      value: "NAME",
      says:
        "ours: settings of all systems chosen on validation prompts; paper: chosen on the test prompts, which are " +
        "those of the printed numbers",
      default: "ours",
    },
    seed: { value: "N", says: "seed of the simulation, the split, the networks and the intervals", default: "1" },
    prompts: {
      value: "N",
      says: "prompts of each evaluation where outcomes are simulated, or released: as many as the released file has, " +
        "34,778 in all",
      default: "600",
    },
    whole: {
      says:
        "adds slow parts: the ablation, the trust in intervals, the MLP out of domain, and each subject and task of the outcomes as " +
        "a group of its own",
    },
    out: { value: "FOLDER", says: "where results go; without it results, with --json nowhere" },
    "csv-guard": CSV_GUARD,
    json: { says: "prints JSON instead of tables" },
  },
  example: "--evals mbpp,winogrande --seed 7 --out results/two",
  access: accessOf,
  run: runReproduce,
};

/** Reads its own workers and the project's data, and keeps weights and vectors for the next run. */
function accessOf(input: CommandInput, { root, weights, cache }: ProjectFolders): Access {
  const data = input.text("data");
  return {
    read: [join(root, "lib"), join(root, "data"), ...(data === null ? [] : [data])],
    write: [weights, cache],
    out: outFolder(input),
  };
}

/** The folder for results; `null` writes none, and draws no figures. */
function outFolder(input: CommandInput): string | null {
  return input.text("out") ?? (input.isOn("json") ? null : "results");
}

/** Names of the released files in data/raw, the better one first. */
const RELEASED_FILES: readonly string[] = ["routerbench_0shot.pkl", "routerbench_5shot.pkl"];

/** Computes everything before the first file is written. */
async function runReproduce(
  input: CommandInput,
  folders: ProjectFolders,
  print: (line: string) => void,
): Promise<void> {
  const out = outFolder(input);
  const json = input.isOn("json");
  const whole = input.isOn("whole");
  const escapeFormulas = input.isOn("csv-guard");
  const say = json ? (): void => {} : print;
  const protocol = choiceOption(input, "protocol", ["ours", "paper"]) ?? "ours";
  const seed = numberOption(input, "seed", WHOLE_NUMBER);
  const evals = listOption(input, "evals");
  const all = await openOutcomes(input, folders.raw, seed);
  const evalNames = evaluationsOf(all, evals ?? undefined);
  const asked = rowsOfEvals(all, evalNames);
  needFileNames(evalNames);
  // Tasks other than the paper's are groups of a whole run only.
  const some = isSimulated(all) ? selectSimulated(all, asked) : selectPrompts(all, asked);
  const outcomes = whole && evals === null ? all : some;

  const notices: string[] = [];
  const places = { weightsFolder: folders.weights, cacheFolder: folders.cache };
  const embedding = progressBar("Embedding prompts");
  const encoder = await openEncoder(input.text("encoder") ?? "auto", {
    ...places,
    onNotice: (line) => notices.push(line),
    onProgress: ({ done, total }) => embedding.update(done, total),
  });
  const { kind, name, notes } = outcomes.source;
  const missing = evals === null ? missingEvaluations(all) : [];
  say(
    `Outcomes: ${name} (${kind}; ${outcomes.promptIds.length} prompts × ${outcomes.models.length} models). Encoder: ${encoder.name}. Seed: ${seed}.`,
  );
  if (missing.length > 0) {
    notices.push(`Evaluations of the paper that these outcomes do not have: ${missing.join(", ")}`);
  }
  for (const line of [...notes, ...notices]) say(`  ${line}`);

  const drawing = out === null ? null : drawFigures();
  try {
    const published = paperFigures();
    for (const { name, figure } of published) drawing?.add(name, figure);
    const embeddings = await embedPrompts(outcomes, encoder).finally(() => embedding.stop());
    const run = await withBars((onProgress) =>
      reproducePaper(outcomes, embeddings, { seed, protocol, evalNames, whole, drawing, onProgress })
    );
    const ablated = whole
      ? await withBars((onProgress) => ablation(outcomes, { seed, protocol, evalNames, ...places, onProgress }))
      : null;
    const trust = whole ? await withBars((onProgress) => trustOfIntervals({ seed, onProgress })) : null;
    const figures = new Map(run.figures);
    if (ablated !== null) {
      figures.set("ablation", ablationFigure(ablated));
      drawing?.add("ablation", figures.get("ablation")!);
    }
    sayRun(run, protocol, say);
    const ownErrata = errataOfOutcomes(outcomes, {
      embeddings,
      run,
      evalNames,
      seed,
      maxTokens: encoder.maxTokens,
    });
    const findings = { errata: [...errataRows(), ...ownErrata], ablation: ablated, trust };
    const inputs = { outcomes: outcomes.source, encoder: encoder.name, settings: { seed, protocol, evalNames, whole } };
    const tables = tablesOfRun(run, findings, outcomes);
    const numbers = new Map(
      [...tables].map(([name, table]) => [`tables/${name}.csv`, csvOf(table, { escapeFormulas })]),
    );
    if (json) print(runJson(run, { outcomes, manifest: manifestOf(inputs, numbers), findings, notices }).trimEnd());
    if (out === null || drawing === null) return;
    const files = await filesOfRun(run, findings, { tables, figures, drawing, published, inputs, escapeFormulas });
    await writeFolder(out, files);
    say(
      `\nWrote ${files.size} files to ${out}: open ${join(out, "report.html")}; figures for papers are in ${
        join(out, "figures")
      }.`,
    );
  } finally {
    drawing?.stop();
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

async function openOutcomes(input: CommandInput, rawFolder: string, seed: number): Promise<OutcomeTable> {
  const data = input.text("data");
  const isReleased = input.text("prompts") === "released";
  const prompts = isReleased ? "released" : numberOption(input, "prompts", WHOLE_NUMBER);
  if (data !== null) return loadOutcomes(data);
  for (const name of RELEASED_FILES) {
    const path = join(rawFolder, name);
    if (await Deno.stat(path).then(() => true, () => false)) return loadOutcomes(path);
  }
  return simulateOutcomes({ seed, nPromptsPerEval: prompts });
}
