import { join } from "node:path";
import type { Access, Command, ProjectFolders } from "./command.ts";
import { choiceOption, type CommandInput, COUNT, listOption, numberOption } from "./command_options.ts";
import { REPORT_OPTIONS, seedOf } from "./command_options.ts";
import type { Protocol } from "../evaluation/evaluate.ts";
import { filesOfRun } from "./reproduce_files.ts";
import { openEncoder } from "../embeddings/open_encoder.ts";
import { drawFigures } from "../figures/drawing/draw_figures.ts";
import { loadOutcomes } from "../files/load_outcomes.ts";
import { type OutcomeTable, rowsOfEvals, selectPrompts } from "../outcomes/outcome_table.ts";
import { isSimulated, selectSimulated, simulateOutcomes } from "../outcomes/simulate_outcomes.ts";
import { paragraph } from "../base/wrapped.ts";
import { runProgress, type StageProgress } from "../base/progress.ts";
import { ablation } from "../experiments/ablation.ts";
import { labelEconomics } from "../experiments/label_economics.ts";
import { labelEconomicsPanel } from "../experiments/label_economics_panel.ts";
import { trustOfIntervals } from "../experiments/trust.ts";
import { errataOfOutcomes, errataRows } from "../paper/errata/errata.ts";
import { evaluationsOf, missingEvaluations } from "../experiments/evaluation_names.ts";
import { manifestOf } from "../reports/manifest.ts";
import { paperFigures } from "../paper/figures/catalogue.ts";
import { embedPrompts, reproducePaper } from "../paper/run/reproduce.ts";
import { ablationFigure } from "../experiments/ablation_figure.ts";
import { conclusionOf } from "../reports/conclusion.ts";
import { notebooksFrom } from "../reports/reading.ts";
import { sayConclusion, sayFirst, sayRun, sayWritten } from "../reports/say_run.ts";
import { runJson } from "../reports/result_json.ts";
import { needFileNames } from "../base/file_name.ts";
import { counted } from "../base/words.ts";
import { csvOf } from "../base/table.ts";
import { tablesOfRun } from "../paper/run/tables_of_run.ts";
import { writeFolder } from "../base/write_folder.ts";

/**
 * `deno task reproduce`: the whole way from outcomes to figures, tables and a report. From here to a figure:
 *
 * 1. `runReproduce`, below, reads the options, loads outcomes, embeds their prompts and calls
 * 2. `reproducePaper` (paper/run/reproduce.ts), which for each evaluation calls
 * 3. `measureEvaluation` (paper/run/measure_evaluation.ts), which passes the paper's routers to
 * 4. `evaluateRouters` (evaluation/evaluate.ts): it fits them, chooses their settings and measures them. Of the result
 * 5. `evaluationPanel` (figures/evaluation_panel.ts) makes a Plotly figure, which
 * 6. `drawFigures` (figures/drawing/draw_figures.ts) draws in a worker; `filesOfRun` (commands/reproduce_files.ts)
 * names the files.
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
        "adds slow parts: the ablation, the trust in intervals, what labels are worth, the MLP out of domain, and each subject and task of the outcomes as " +
        "a group of its own",
    },
    out: { value: "FOLDER", says: "where results go; without it results, with --json nowhere" },
    ...REPORT_OPTIONS,
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

const EMBEDDING = "Embedding prompts";
const DRAWING = "Drawing figures";
/** Of 4,200 prompts and eleven models on two cores, with no vectors kept from an earlier run. */
const USUAL_SECONDS = { [EMBEDDING]: 60, "Evaluating routers": 35, "Evaluating groups": 8, [DRAWING]: 5 };

/** Computes everything before the first file is written. */
async function runReproduce(input: CommandInput, folders: ProjectFolders, print: Say): Promise<void> {
  const out = outFolder(input);
  const verbose = input.isOn("verbose");
  const escapeFormulas = input.isOn("csv-guard");
  const say: Say = input.isOn("json") ? () => {} : print;
  const { outcomes, settings, missing } = await askedOf(input, folders);
  const { seed, protocol, evalNames, whole } = settings;
  const notices: string[] = [];
  const places = { weightsFolder: folders.weights, cacheFolder: folders.cache };
  const progress = runProgress(USUAL_SECONDS);
  const onProgress = ({ stage, done, total }: StageProgress): void => progress.update(stage, done, total);
  const drawing = out === null ? null : drawFigures();
  try {
    const encoder = await openEncoder(input.text("encoder") ?? "auto", {
      ...places,
      onNotice: (line) => notices.push(line),
      onProgress: ({ done, total }) => progress.update(EMBEDDING, done, total),
    });
    if (missing.length > 0) {
      notices.push(`Evaluations of the paper that these outcomes do not have: ${missing.join(", ")}`);
    }
    sayOutcomes(outcomes, { encoder: encoder.name, seed, notices }, say);

    const published = paperFigures();
    for (const { name, figure } of published) drawing?.add(name, figure);
    const nSaid = notices.length;
    const embeddings = await embedPrompts(outcomes, encoder);
    for (const line of notices.slice(nSaid)) say(paragraph(line, "  "));
    const run = await reproducePaper(outcomes, embeddings, { ...settings, drawing, onProgress });
    const ablated = whole ? await ablation(outcomes, { seed, protocol, evalNames, ...places, onProgress }) : null;
    const trust = whole ? await trustOfIntervals({ seed, onProgress }) : null;
    const figures = new Map(run.figures);
    const labels = whole ? await labelEconomics({ outcomes, embeddings }, { seed, onProgress }) : null;
    if (ablated !== null) figures.set("ablation", ablationFigure(ablated));
    if (labels !== null) figures.set("labels", labelEconomicsPanel(labels, { title: "What labels are worth" }));
    for (const name of ["ablation", "labels"]) if (figures.has(name)) drawing?.add(name, figures.get(name)!);
    const { maxTokens } = encoder;
    const errata = [...errataRows(), ...errataOfOutcomes(outcomes, { embeddings, run, evalNames, seed, maxTokens })];
    const findings = { errata, ablation: ablated, trust, labels };
    const inputs = { outcomes: outcomes.source, encoder: encoder.name, settings };
    const conclusion = conclusionOf(run.evaluations, { kind: outcomes.source.kind, nWrong: 0 });
    const tables = tablesOfRun(run, findings, outcomes);
    const files = out === null || drawing === null ? null : await filesOfRun(run, findings, {
      conclusion,
      tables,
      figures,
      drawing,
      published,
      inputs,
      escapeFormulas,
      progress: progress.stage(DRAWING),
      notebooks: notebooksFrom(out, folders.root),
    });
    progress.stop();
    if (verbose) sayRun(run, protocol, say);
    else sayFirst(run.evaluations, say);
    sayConclusion(conclusion, say);
    if (input.isOn("json")) {
      const numbers = new Map(
        [...tables].map(([name, table]) => [`tables/${name}.csv`, csvOf(table, { escapeFormulas })]),
      );
      print(runJson(run, { outcomes, manifest: manifestOf(inputs, numbers), findings, conclusion, notices }).trimEnd());
    }
    if (out === null || files === null) return;
    await writeFolder(out, files);
    sayWritten({ out, nFiles: files.size, verbose, also: `figures for papers are in ${join(out, "figures")}` }, say);
  } finally {
    progress.stop();
    drawing?.stop();
  }
}

type Say = (line: string) => void;

/** What the options ask for, and the outcomes. */
interface Asked {
  readonly outcomes: OutcomeTable;
  readonly settings: {
    readonly seed: number;
    readonly protocol: Protocol;
    readonly evalNames: readonly string[];
    readonly whole: boolean;
  };
  /** The paper's evaluations that the outcomes do not have, where none was named. */
  readonly missing: readonly string[];
}

async function askedOf(input: CommandInput, { raw }: ProjectFolders): Promise<Asked> {
  const protocol = choiceOption(input, "protocol", ["ours", "paper"]) ?? "ours";
  const seed = seedOf(input);
  const evals = listOption(input, "evals");
  const whole = input.isOn("whole");
  const all = await openOutcomes(input, raw, seed);
  const evalNames = evaluationsOf(all, evals ?? undefined);
  const asked = rowsOfEvals(all, evalNames);
  needFileNames(evalNames);
  // Tasks other than the paper's are groups of a whole run only.
  const some = isSimulated(all) ? selectSimulated(all, asked) : selectPrompts(all, asked);
  const outcomes = whole && evals === null ? all : some;
  return {
    outcomes,
    settings: { seed, protocol, evalNames, whole },
    missing: evals === null ? missingEvaluations(all) : [],
  };
}

/** Tells what is run on, before the work. */
function sayOutcomes(
  { source: { name, kind, notes }, promptIds, models }: OutcomeTable,
  { encoder, seed, notices }: { readonly encoder: string; readonly seed: number; readonly notices: readonly string[] },
  say: Say,
): void {
  const size = `${counted(promptIds.length, "prompt")} × ${counted(models.length, "model")}`;
  say(paragraph(`Outcomes: ${name} (${kind}; ${size}). Encoder: ${encoder}. Seed: ${seed}.`));
  for (const line of [...notes, ...notices]) say(paragraph(line, "  "));
}

async function openOutcomes(input: CommandInput, rawFolder: string, seed: number): Promise<OutcomeTable> {
  const data = input.text("data");
  const isReleased = input.text("prompts") === "released";
  const prompts = isReleased ? "released" : numberOption(input, "prompts", COUNT);
  if (data !== null && input.isOn("prompts")) {
    throw new TypeError(
      "Cannot read the options as --prompts must not stand beside --data, whose file says which prompts there are; leave one out",
    );
  }
  if (data !== null) return loadOutcomes(data);
  for (const name of RELEASED_FILES) {
    const path = join(rawFolder, name);
    if (await Deno.stat(path).then(() => true, () => false)) return loadOutcomes(path);
  }
  return simulateOutcomes({ seed, nPromptsPerEval: prompts });
}
