import {
  type BenchmarkFormat,
  type BenchmarkLayout,
  distinct,
  fileNames,
  formatColumns,
  type FramePart,
  ONE_MODEL,
  selectRows,
  withColumns,
} from "../benchmarks/layout.ts";
import { needCosts } from "../benchmarks/costs.ts";
import { listed } from "../../base/words.ts";
import { found } from "../column_names.ts";
import { type Frame, textOfCell } from "../frame.ts";
import { type Scores, scoresOfRows } from "./_scores.ts";

const PROMPTS: readonly string[] = [
  "arguments.gen_args_0.arg_0",
  "doc.question",
  "doc.prompt",
  "doc.query",
  "doc.input",
];

/**
 * What lm-evaluation-harness writes with `--log_samples`: `OUTPUT/MODEL/samples_TASK_TIME.jsonl`, a folder for each model and a line for each
 * document and filter, with `doc_id`, `doc`, `arguments` (the prompt is `gen_args_0.arg_0`), `filter`, `metrics` (their names) and a column for each
 * metric. The model is the folder's name, the evaluation the task in the file's name. `results_TIME.json` beside the samples is passed over. A filter
 * or metric is chosen for tasks that have several, the others keep theirs. There are no costs and no token counts.
 *
 * **Source**: `lm_eval/evaluator.py` and `lm_eval/loggers/evaluation_tracker.py` of the Python package lm_eval 0.4.13;
 * confirmed on samples that it wrote with `--model dummy`.
 */
export const LM_EVAL: BenchmarkFormat = {
  name: "lm-eval",
  title: "a file of samples of lm-evaluation-harness",
  detects: ({ columns }): boolean => ["doc_id", "target", "filtered_resps", "resps"].every((name) => columns.has(name)),
  layout(whole, { parts, options }): BenchmarkLayout {
    const { quality, ...given } = options.columns ?? {};
    const columns = formatColumns(whole, this.title, { promptId: { names: ["doc_id"], isNeeded: true } }, given);
    const ids = whole.columns.get(columns.promptId!)!;
    const tasks = tasksOf(parts);
    const filters = filtersOf(whole, tasks, options.filter);
    const filterOf = whole.columns.get("filter") ?? [];
    const holds = (row: number): boolean =>
      textOfCell(ids[row]) !== null && (textOfCell(filterOf[row]) ?? "") === filters.get(tasks[row]);
    const named = withColumns(whole, { "the file's task": tasks, "the folder's name": foldersOf(parts) });
    const frame = selectRows(named, holds);
    const scores = gradesOf(frame, quality);
    const model = columns.model ?? "the folder's name";
    const models = distinct(frame, model);
    const prompt = columns.prompt ?? PROMPTS.find((name) => whole.columns.has(name));
    const all = { evalName: "the file's task", ...columns, prompt, quality: "the metric" };
    needCosts(this.title, models, all, options);
    const taken = [...new Set(filters.values())].filter((name) => name !== "");
    return {
      frame: withColumns(frame, { "the metric": scores.cells }),
      models: model,
      columns: all,
      parts: keptParts(parts, frame.nRows === whole.nRows ? null : holds),
      notes: [
        `the folder's name is the model, ${listed(scores.names)} the quality${
          taken.length === 0 ? "" : ` after the filter ${listed(taken)}`
        }`,
        ...(models.length === 1 ? [ONE_MODEL] : []),
      ],
    };
  },
};

/** The filter that counts in each task: the one that the options name where the task has it, else its only one. */
function filtersOf(frame: Frame, tasks: readonly string[], wanted: string | undefined): ReadonlyMap<string, string> {
  const all = new Map<string, Set<string>>();
  const cells = frame.columns.get("filter") ?? [];
  const isSample = frame.columns.get("doc_id")!;
  for (let row = 0; row < frame.nRows; row++) {
    if (textOfCell(isSample[row]) === null) continue;
    all.set(tasks[row], (all.get(tasks[row]) ?? new Set()).add(textOfCell(cells[row]) ?? ""));
  }
  const names = new Set([...all.values()].flatMap((of) => [...of]));
  if (wanted !== undefined && !names.has(wanted)) {
    throw new TypeError(
      `a filter (--filter) must be one of the file's: "${wanted}" is none; it has ${
        [...names].map((name) => `"${name}"`).join(" or ") || "none"
      }`,
    );
  }
  return new Map([...all].map(([task, of]) => {
    if (wanted !== undefined && of.has(wanted)) return [task, wanted];
    if (of.size === 1) return [task, [...of][0]];
    throw new TypeError(
      `${LM_EVAL.title} must be of one filter: each document of "${task}" is graded after ${
        [...of].map((name) => `"${name}"`).join(" or ")
      }; choose one by filter (--filter NAME)`,
    );
  }));
}

/** Each row's grade by its task's metric. */
function gradesOf(frame: Frame, given: string | undefined): Scores {
  const lists = frame.columns.get("metrics");
  if (lists === undefined) {
    if (given !== undefined && frame.columns.has(given)) {
      return { cells: Array.from(frame.columns.get(given)!), names: [given] };
    }
    throw new TypeError(
      `${LM_EVAL.title} must name their metrics in a column "metrics": ${
        found([...frame.columns.keys()])
      }; name the metric's column by columns.quality (--columns quality=NAME)`,
    );
  }
  const namesOf = new Map<string, readonly string[]>();
  const graders = (row: number): readonly string[] => {
    const text = textOfCell(lists[row]) ?? "[]";
    const names = namesOf.get(text) ?? namesIn(text);
    namesOf.set(text, names);
    return names;
  };
  return scoresOfRows(frame, graders, { title: LM_EVAL.title, what: "metric", given });
}

function namesIn(text: string): string[] {
  try {
    const names: unknown = JSON.parse(text);
    return Array.isArray(names) ? names.map(String) : [];
  } catch {
    return []; // A text that is no list names no metric; the row is then without a grade.
  }
}

/** `samples_gsm8k_2026-01-02T03-04-05.123456` is of the task gsm8k. */
function tasksOf(parts: readonly FramePart[]): string[] {
  return fileNames(parts).map((name) => name.replace(/^samples_/, "").replace(/_\d{4}-\d\d-\d\dT[\d-]+(\.\d+)?$/, ""));
}

/** The folder in which each row's file stands. */
function foldersOf(parts: readonly FramePart[]): string[] {
  return parts.flatMap(({ path, nRows }) => new Array<string>(nRows).fill(path.split(/[\\/]/).at(-2) ?? "model"));
}

/** The files with the numbers of their kept rows. */
function keptParts(parts: readonly FramePart[], holds: ((row: number) => boolean) | null): readonly FramePart[] {
  if (holds === null) return parts;
  let row = 0;
  return parts.map(({ path, nRows }) => {
    let kept = 0;
    for (const end = row + nRows; row < end; row++) if (holds(row)) kept++;
    return { path, nRows: kept };
  });
}
