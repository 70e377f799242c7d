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
import { found } from "../column_names.ts";
import { type Frame, textOfCell } from "../frame.ts";

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
 * metric. The model is the folder's name, the evaluation the task in the file's name. `results_TIME.json` beside the samples is passed over.
 * There are no costs and no token counts.
 *
 * **Source**: `lm_eval/evaluator.py` and `lm_eval/loggers/evaluation_tracker.py` of the Python package lm_eval 0.4.13.
 */
export const LM_EVAL: BenchmarkFormat = {
  name: "lm-eval",
  title: "samples of lm-evaluation-harness",
  detects: ({ columns }): boolean => ["doc_id", "target", "filtered_resps", "resps"].every((name) => columns.has(name)),
  layout(whole, { parts, options }): BenchmarkLayout {
    const given = formatColumns(
      whole,
      this.title,
      { promptId: { names: ["doc_id"], isNeeded: true } },
      options.columns,
    );
    const prompt = given.prompt ?? PROMPTS.find((name) => whole.columns.has(name));
    const ids = whole.columns.get(given.promptId!)!;
    const filters = whole.columns.get("filter");
    const filter = filterOf(whole, options.filter);
    const holds = (row: number): boolean =>
      textOfCell(ids[row]) !== null && (filter === null || textOfCell(filters![row]) === filter);
    const named = withColumns(whole, { "the file's task": tasksOf(parts), "the folder's name": foldersOf(parts) });
    const frame = selectRows(named, holds);
    const quality = given.quality ?? metricOf(frame);
    const columns = { evalName: "the file's task", ...given, prompt, quality };
    const model = given.model ?? "the folder's name";
    const models = distinct(frame, model);
    needCosts(this.title, models, columns, options);
    const notes = [
      `the folder's name is the model, "${quality}" the quality${
        filter === null ? "" : ` after the filter "${filter}"`
      }`,
    ];
    return {
      frame,
      models: model,
      columns,
      parts: keptParts(parts, frame.nRows === whole.nRows ? null : holds),
      notes: models.length === 1 ? [...notes, ONE_MODEL] : notes,
    };
  },
};

/** The filter that counts; `null` where no row names any. */
function filterOf(frame: Frame, wanted: string | undefined): string | null {
  const filters = distinct(frame, "filter");
  const shown = filters.map((name) => `"${name}"`).join(" or ");
  if (wanted === undefined && filters.length > 1) {
    throw new TypeError(
      `${LM_EVAL.title} must be of one filter: each document is graded after ${shown}; choose one by filter (--filter NAME)`,
    );
  }
  if (wanted !== undefined && !filters.includes(wanted)) {
    throw new TypeError(
      `a filter (--filter) must be one of the file's: "${wanted}" is none; it has ${shown || "none"}`,
    );
  }
  return wanted ?? filters[0] ?? null;
}

/** The one metric of all rows. */
function metricOf(frame: Frame): string {
  const metrics = new Set(distinct(frame, "metrics").flatMap((text) => namesIn(text)));
  const [first] = [...metrics].filter((name) => frame.columns.has(name));
  if (metrics.size === 1 && first !== undefined) return first;
  throw new TypeError(
    metrics.size === 0
      ? `${LM_EVAL.title} must name their metrics in a column "metrics": ${
        found([...frame.columns.keys()])
      }; name the metric's column by columns.quality (--columns quality=NAME)`
      : `${LM_EVAL.title} must be graded by one metric: they have ${
        [...metrics].map((name) => `"${name}"`).join(" and ")
      }; choose one by columns.quality (--columns quality=NAME)`,
  );
}

function namesIn(text: string): string[] {
  try {
    const names: unknown = JSON.parse(text);
    return Array.isArray(names) ? names.map(String) : [];
  } catch {
    return []; // A text that is no list names no metric; the refusal says what was found.
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
