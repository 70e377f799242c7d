import { needKnownOptions } from "../base/options.ts";
import type { PriceList } from "../outcomes/price_list.ts";
import { fieldNames, type LoadColumns } from "./column_names.ts";

/**
 * The layout of a table, by the benchmark that it is from; each but RouterBench's (which the usual names read) is known by its columns where they are
 * unmistakable. `"any"` reads by the usual names alone.
 *
 * | name | files | to be given beside them |
 * |---|---|---|
 * | `routerbench` | `routerbench_0shot.pkl`, `routerbench_5shot.pkl` | |
 * | `routerbench-raw` | `routerbench_raw.pkl` | |
 * | `routellm` | `mmlu_DOMAIN.csv`, `gsm8k_responses.csv`, the folder of them | `responseCostUsd` |
 * | `embedllm` | `train.csv`, `val.csv`, `test.csv` | `responseCostUsd` |
 * | `routereval` | `NAME_router_dataset.pkl` | `pool`, `responseCostUsd` |
 * | `llmrouterbench` | the folder `results/bench`, or part of it | `priceList` for models without costs |
 * | `routerarena` | the folder `cached_results`; prediction files that are graded | `priceList` for models without costs |
 * | `sprout` | Parquet, or JSON Lines | `priceList` |
 * | `paretobandit` | `val.jsonl`, `test_holdout.jsonl`, the folder of them | |
 * | `lm-eval` | a folder of lm-evaluation-harness: `MODEL/samples_TASK_TIME.jsonl` | `responseCostUsd` |
 * | `inspect` | a folder of Inspect's logs, `.eval` or `.json` | `priceList` |
 * | `promptfoo` | what promptfoo writes by `-o FILE.json` or `.jsonl` | `priceList` for providers without costs |
 * | `helm` | a folder of HELM's runs with `per_instance_stats.json` | `columns.quality`, `priceList` |
 * | `mt-bench` | the folder of `JUDGE_single.jsonl` and `question.jsonl` | `responseCostUsd` |
 * | `alpaca-eval` | a folder of `MODEL/annotations.json` | `responseCostUsd` |
 * | `litellm` | LiteLLM's spend logs, with a file of qualities in one folder | that file |
 * | `otel` | OpenTelemetry's GenAI spans as JSON, with a file of qualities in one folder | that file, `priceList` |
 *
 * Each layout and its source are described in the file of its reader, `lib/files/benchmarks/_NAME.ts` or `lib/files/logs/_NAME.ts`.
 */
export type TableFormat =
  | "any"
  | "routerbench"
  | "routerbench-raw"
  | "routellm"
  | "embedllm"
  | "routereval"
  | "llmrouterbench"
  | "routerarena"
  | "sprout"
  | "paretobandit"
  | "lm-eval"
  | "inspect"
  | "promptfoo"
  | "helm"
  | "mt-bench"
  | "alpaca-eval"
  | "litellm"
  | "otel";

/** The names of {@linkcode TableFormat}. */
export const TABLE_FORMATS: readonly TableFormat[] = [
  ...["any", "routerbench", "routerbench-raw", "routellm", "embedllm"] as const,
  ...["routereval", "llmrouterbench", "routerarena", "sprout", "paretobandit", "lm-eval"] as const,
  ...["inspect", "promptfoo", "helm", "mt-bench", "alpaca-eval", "litellm", "otel"] as const,
];

/** Options of {@linkcode loadOutcomes}. */
export interface LoadOptions {
  /** The layout, where the columns do not show it. */
  readonly format?: TableFormat;
  /** Which of a RouterEval file's groups of models is loaded: `"hard/10/strong_to_weak"`. */
  readonly pool?: string;
  /** Which filter of lm-evaluation-harness counts, where its samples have several: `"strict-match"`. */
  readonly filter?: string;
  /** Names of columns, where the conventions do not find them: `{ quality: "acc", model: "system" }`. */
  readonly columns?: LoadColumns;
  /**
   * Treatment of prompts on which a model has no quality or no cost: `"error"` stops, `"drop"` leaves them out with a note in
   * `source.notes`. A missing cell is never read as zero. Default: `"drop"` for pickles, as the released ones have such rows, else `"error"`.
   */
  readonly missing?: "error" | "drop";
  /** Treatment of several different outcomes of a model on one prompt: `"error"` (default) stops, `"mean"` averages them. */
  readonly repeats?: "error" | "mean";
  /** USD per million tokens, by model: gives the cost where the file has token counts and no cost, and checks it where it has both. */
  readonly priceList?: PriceList;
  /** USD of one response, by model: gives the cost where the file has neither costs nor token counts. */
  readonly responseCostUsd?: Readonly<Record<string, number>>;
  /** The scale of the file's qualities, mapped to 0..1: `[1, 10]` for a judge's ten grades. Default `[0, 1]`. */
  readonly qualityRange?: readonly [low: number, high: number];
  /**
   * Qualities that words stand for, on the file's scale: `{ error_harness: 0 }`. Verdicts such as pass and fail, yes and no, C and I are known.
   */
  readonly qualityWords?: Readonly<Record<string, number>>;
  /** Values that mean "none" in the column of qualities: `[-1, "error"]`. Negative ones mean the same in costs and latencies. */
  readonly missingValues?: readonly (string | number)[];
  /** Only rows with these values in these columns are read: `{ filter: "strict-match" }`. */
  readonly where?: Readonly<Record<string, string>>;
  /** True where all prompts are of one evaluation, whatever the columns say. Default false. */
  readonly oneEvaluation?: boolean;
}

const KNOWN = [
  "format",
  "pool",
  "filter",
  "columns",
  "missing",
  "repeats",
  "priceList",
  "responseCostUsd",
  "qualityRange",
  ...["qualityWords", "missingValues", "where", "oneEvaluation"],
];

/**
 * Checks options that came from outside the type system: unknown ones throw.
 *
 * @throws TypeError for an unknown option or field, RangeError for a value that is not allowed
 */
export function checkLoadOptions(options: LoadOptions): void {
  needKnownOptions("load outcomes", options, { known: KNOWN });
  needKnownOptions("load outcomes", options.columns ?? {}, { known: fieldNames(), what: "fields in columns" });
  needOneOf("format", options.format, TABLE_FORMATS);
  needOneOf("missing", options.missing, ["error", "drop"]);
  needOneOf("repeats", options.repeats, ["error", "mean"]);
  const [low, high] = options.qualityRange ?? [0, 1];
  if (!(low < high && Number.isFinite(high - low))) {
    throw new RangeError(
      `Cannot load outcomes as qualityRange must go from a number to a greater one: it is ${low} to ${high}; pass [1, 10] for ten grades`,
    );
  }
  needConsistent(options);
  for (const [model, { prompt, completion }] of Object.entries(options.priceList ?? {})) {
    needAmount(`the price list of "${model}"`, prompt);
    needAmount(`the price list of "${model}"`, completion);
  }
  for (const [model, costUsd] of Object.entries(options.responseCostUsd ?? {})) {
    needAmount(`responseCostUsd of "${model}"`, costUsd);
  }
}

/** Refuses two options that contradict each other about one column. */
function needConsistent({ columns = {}, responseCostUsd, oneEvaluation, qualityWords = {} }: LoadOptions): void {
  if (columns.costUsd !== undefined && responseCostUsd !== undefined) {
    throw new TypeError(
      `Cannot load outcomes as costs must come from one place: columns.costUsd names "${columns.costUsd}", and responseCostUsd gives others; leave one out (--columns costUsd=NAME or --response-costs FILE)`,
    );
  }
  if (columns.evalName !== undefined && oneEvaluation === true) {
    throw new TypeError(
      `Cannot load outcomes as evaluations must come from one place: columns.evalName names "${columns.evalName}", and oneEvaluation ignores it; leave one out`,
    );
  }
  const odd = Object.entries(qualityWords).find(([, value]) => !Number.isFinite(value));
  if (odd !== undefined) {
    throw new TypeError(`Cannot load outcomes as qualityWords must give numbers: "${odd[0]}" is ${String(odd[1])}`);
  }
}

function needOneOf(name: string, value: string | undefined, known: readonly string[]): void {
  if (value !== undefined && !known.includes(value)) {
    throw new RangeError(
      `Cannot load outcomes as ${name} must be ${known.join(", ").replace(/, ([^,]*)$/, " or $1")}: it is "${value}"`,
    );
  }
}

function needAmount(what: string, value: unknown): void {
  if (!(typeof value === "number" && value >= 0 && value < Infinity)) {
    throw new RangeError(`Cannot load outcomes as ${what} must be numbers of USD, 0 or more: one is ${value}`);
  }
}
