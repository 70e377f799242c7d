import { needCosts } from "../benchmarks/costs.ts";
import {
  type BenchmarkFormat,
  type BenchmarkLayout,
  distinct,
  formatColumns,
  type FormatFields,
  ONE_MODEL,
  withColumns,
} from "../benchmarks/layout.ts";
import { listed } from "../../base/words.ts";
import { type Frame, numberOfCell, textOfCell } from "../frame.ts";
import { plainFields, type Row, rowIn, rowsIn } from "./_row.ts";
import { scoresOfRows } from "./_scores.ts";

const SCORE = "inspect.score.";
const FIELDS: FormatFields = {
  promptId: { names: ["inspect.id"], isNeeded: true },
  prompt: { names: ["inspect.input"], isNeeded: true },
  evalName: { names: ["inspect.task"], isNeeded: true },
  model: { names: ["inspect.model"], isNeeded: true },
  promptTokens: { names: ["inspect.prompt_tokens"], isNeeded: false },
  completionTokens: { names: ["inspect.completion_tokens"], isNeeded: false },
};

/** The numbers that Inspect's `value_to_float` gives for a score's words. */
const VALUES: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ...[["C", 1], ["P", 0.5], ["I", 0], ["N", 0]] as const,
  ...[["yes", 1], ["true", 1], ["no", 0], ["false", 0]] as const,
]);

/**
 * Logs of Inspect, `.eval` or `.json`: an object with `eval` (its `model` and `task`) and `samples`, each with `id`, `epoch`, `input`, `scores` by
 * scorer, `model_usage` by model, `output.time` and `working_time` in seconds. A log is of one model and task, so a folder of them is loaded. Scores
 * C, P, I and N are 1, .5, 0 and 0, as Inspect counts them; epochs are averaged. A sample that ended in an error has no scores and is a hole.
 *
 * Costs are `total_cost` where the log has it, else tokens × price: those of the log's own model (a grader's are another's), tokens read from or
 * written to the provider's cache counted like others. The latency is the time of the response, or where a log lacks it the sample's working time,
 * scoring included.
 *
 * **Source**: `inspect_ai/log/_log.py`, `scorer/_metric.py` (`value_to_float`) and `log/_recorders/eval.py` of the Python package inspect_ai 0.3.285;
 * confirmed on logs of both kinds that it wrote with `mockllm/model`.
 */
export const INSPECT: BenchmarkFormat = {
  name: "inspect",
  title: "a log of Inspect",
  detects: ({ columns }): boolean => columns.has("inspect.id") && columns.has("inspect.model"),
  layout(frame, { options }): BenchmarkLayout {
    const { quality, ...given } = options.columns ?? {};
    const columns = formatColumns(frame, this.title, FIELDS, given);
    const graders = [...frame.columns.keys()].filter((name) => name.startsWith(SCORE));
    const scores = scoresOfRows(frame, () => graders, {
      ...{ title: this.title, what: "scorer", prefix: SCORE, given: quality },
    });
    const latency = hasAll(frame, "inspect.response_seconds") ? "inspect.response_seconds" : "inspect.working_seconds";
    const hasCosts = frame.columns.has("inspect.cost_usd");
    const models = distinct(frame, columns.model!);
    const all = {
      latencySeconds: latency,
      ...columns,
      quality: "the score",
      ...(hasCosts && columns.costUsd === undefined ? { costUsd: "inspect.cost_usd" } : {}),
    };
    needCosts(this.title, models, all, options);
    return {
      frame: withColumns(frame, { "the score": scores.cells.map(numberOfScore) }),
      models: columns.model!,
      columns: all,
      defaults: { repeats: "mean" },
      notes: [
        `quality by ${listed(scores.names)}`,
        ...(latency === "inspect.working_seconds" ? ["latencies are working times of samples, with scoring"] : []),
        ...(models.length === 1 ? [ONE_MODEL] : []),
      ],
    };
  },
};

function numberOfScore(cell: unknown): unknown {
  return VALUES.get(cell) ?? VALUES.get(String(cell).toLowerCase()) ?? cell;
}

function hasAll({ columns, nRows }: Frame, name: string): boolean {
  const cells = columns.get(name);
  return cells !== undefined && nRows > 0 && Array.from(cells).every((cell) => textOfCell(cell) !== null);
}

/** The samples of a log as rows; `null` where the object is no log of Inspect. */
export function inspectRows(log: Row): readonly Row[] | null {
  const spec = rowIn(log, "eval");
  if (typeof spec.model !== "string" || typeof spec.task !== "string" || !("version" in log)) return null;
  return rowsIn(log, "samples").map((sample) => inspectRow(spec, sample));
}

/** One sample as a row; `spec` is the log's field `eval`. */
export function inspectRow(spec: Row, sample: Row): Row {
  const usage = rowIn(rowIn(sample, "model_usage"), String(spec.model));
  const count = (name: string): number => numberOfCell(usage[name] ?? 0) ?? NaN;
  const hasTokens = usage.input_tokens !== undefined;
  return {
    "inspect.id": sample.id,
    "inspect.epoch": sample.epoch,
    "inspect.task": spec.task,
    "inspect.model": spec.model,
    "inspect.input": sample.input,
    "inspect.prompt_tokens": hasTokens
      ? count("input_tokens") + count("input_tokens_cache_read") + count("input_tokens_cache_write")
      : null,
    "inspect.completion_tokens": hasTokens ? count("output_tokens") : null,
    ...(usage.total_cost === undefined || usage.total_cost === null ? {} : { "inspect.cost_usd": usage.total_cost }),
    "inspect.response_seconds": rowIn(sample, "output").time ?? null,
    "inspect.working_seconds": sample.working_time ?? sample.total_time ?? null,
    ...plainFields(rowIn(sample, "metadata"), "metadata"),
    ...gradesOf(sample),
  };
}

/** A scorer gives one value, or several by name. */
function gradesOf(sample: Row): Row {
  const grades: Record<string, unknown> = {};
  if (sample.error !== null && sample.error !== undefined) return grades;
  for (const name of Object.keys(rowIn(sample, "scores"))) {
    const { value } = rowIn(rowIn(sample, "scores"), name);
    if (typeof value !== "object") grades[SCORE + name] = value;
    else for (const [part, grade] of Object.entries(value ?? {})) grades[`${SCORE}${name}.${part}`] = grade;
  }
  return grades;
}
