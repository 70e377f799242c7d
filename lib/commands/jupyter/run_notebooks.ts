import { join } from "node:path";
import { suggestion } from "../../base/suggestion.ts";
import { progressBar } from "../../base/progress.ts";
import type { Command } from "../command.ts";
import { makeEnvironment, NOTEBOOKS, ROOT, runProgram } from "./environment.ts";
import { codeCells, type NotebookFile, notebookNames, readNotebook, sourceOf } from "./notebook_file.ts";

/** Where executed notebooks go. */
const EXECUTED = join(ROOT, "results", "notebooks");
/** Options of nbconvert. */
const EXECUTE: readonly string[] = [
  "--to=notebook",
  "--execute",
  "--log-level=ERROR",
  "--ExecutePreprocessor.timeout=600",
  `--output-dir=${EXECUTED}`,
];
/** So many run at a time: a notebook alone leaves a second processor idle half of its time. */
const N_AT_A_TIME = 2;
/** Greatest number of runs of a notebook that loses outputs; on a busy machine about one output in fifty was late. */
const MOST_RUNS = 3;
/** The formats in the output of a cell with a figure, for viewers with and without Plotly. */
const FIGURE_FORMATS: readonly string[] = ["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"];

/** `deno task notebooks`. */
export const NOTEBOOKS_COMMAND: Command = {
  name: "notebooks",
  summary: "Executes notebooks from a fresh kernel and checks that every cell runs and shows what it promises.",
  word: { name: "NOTEBOOK", says: "names of files in notebooks; without one all of them", times: "any" },
  options: {},
  notes: "The first run makes .venv from requirements.txt, which takes a minute. Executed notebooks go to " +
    "results/notebooks.",
  example: "01_quick_start.ipynb",
  run: (input, _folders, print) => runNotebooks(input.words, print),
};

/**
 * Executes notebooks from a fresh kernel with nbconvert and checks what they show.
 *
 * @param names notebooks; none: all of them
 * @throws Error for the first cell that throws, or that shows nothing where it should show a figure
 */
async function runNotebooks(names: readonly string[], say: (line: string) => void): Promise<void> {
  const known = await notebookNames(NOTEBOOKS);
  for (const name of names) {
    if (!known.includes(name)) {
      const meant = suggestion(name, known, "");
      throw new RangeError(`Cannot run the notebook as it must be one of ${known.join(", ")}: it is "${name}"${meant}`);
    }
  }
  const jupyter = await makeEnvironment(say);
  const asked = names.length > 0 ? names : known;
  const lines: string[][] = asked.map(() => []);
  const bar = progressBar("Running notebooks");
  const waiting = asked.entries();
  let nDone = 0;
  const runWaiting = async (): Promise<void> => {
    for (const [at, name] of waiting) {
      lines[at] = await runNotebook(jupyter, name);
      bar.update(++nDone, asked.length);
    }
  };
  bar.update(0, asked.length);
  const ended = await Promise.allSettled(Array.from({ length: N_AT_A_TIME }, runWaiting));
  bar.stop();
  lines.flat().forEach(say);
  const failed = ended.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** Executes a notebook; returns the lines that report on it. */
async function runNotebook(jupyter: string, name: string): Promise<string[]> {
  const start = performance.now();
  const lines: string[] = [];
  for (let run = 1;; run++) {
    await runProgram(jupyter, ["nbconvert", ...EXECUTE, join(NOTEBOOKS, name)], { cwd: NOTEBOOKS });
    try {
      const nFigures = checkOutputs(name, await readNotebook(EXECUTED, name));
      return [...lines, `${name}: ${nFigures} figures, ${((performance.now() - start) / 1000).toFixed(0)} s`];
    } catch (cause) {
      if (!(cause instanceof LostOutput) || run === MOST_RUNS) throw cause;
      lines.push(`${name}: once more, as an output came after the kernel had said that its cell was done`);
    }
  }
}

/** A cell that ran but showed too few outputs: Deno's kernel may send an output late, and nbclient then drops it. */
class LostOutput extends Error {}

/**
 * Checks an executed notebook: no cell threw, every cell that awaits `show(…)` showed something, every figure is there
 * in all formats.
 *
 * @returns the number of figures
 * @throws Error that names the notebook and the cell
 */
export function checkOutputs(name: string, notebook: NotebookFile): number {
  let nFigures = 0;
  codeCells(notebook).forEach((cell, at) => {
    const failed = (found: string, kind: new (message: string) => Error = Error): Error =>
      new kind(
        `Cannot accept "${name}" as every cell must run and show what it promises: code cell ${at + 1} ${found}`,
      );
    const outputs = cell.outputs ?? [];
    const shown = outputs.filter((output) => output.output_type === "display_data");
    const error = outputs.find((output) =>
      output.output_type === "error" || output.data?.["application/vnd.deno.error+json"] !== undefined
    );
    if (error !== undefined) throw failed(`throws ${error.ename}: ${error.evalue}`);
    const nPromised = sourceOf(cell).split("await show(").length - 1;
    if (shown.length < nPromised) throw failed(`shows ${shown.length} of ${nPromised} outputs`, LostOutput);
    for (const { data = {} } of shown.filter(({ data = {} }) => FIGURE_FORMATS[0] in data)) {
      const missing = FIGURE_FORMATS.find((format) => !(format in data));
      if (missing !== undefined) throw failed(`shows a figure without ${missing}`);
      nFigures++;
    }
  });
  if (nFigures === 0) throw new Error(`Cannot accept "${name}" as a notebook must show a figure: it shows none`);
  return nFigures;
}
