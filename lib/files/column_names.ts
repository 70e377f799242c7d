import { listed } from "../base/words.ts";
import type { Frame } from "./frame.ts";

/** Names of the columns by their field. In a wide table the fields of an outcome follow the model's name: `MODEL|quality`. */
export interface LoadColumns {
  /** The prompt's identifier. */
  readonly promptId?: string;
  /** The prompt's text. */
  readonly prompt?: string;
  /** The evaluation (task). */
  readonly evalName?: string;
  /** The model; a long table has it. */
  readonly model?: string;
  /** Goodness of the response. */
  readonly quality?: string;
  /** Cost of the response, USD. */
  readonly costUsd?: string;
  /** Time to the response, seconds. */
  readonly latencySeconds?: string;
  /** Tokens of the prompt, as the model's price list counts them. */
  readonly promptTokens?: string;
  /** Tokens of the response. */
  readonly completionTokens?: string;
  /** What was retrieved by; a long table may have it. */
  readonly retriever?: string;
  /** What was retrieved, as a text that the second look of a two-stage router reads. */
  readonly retrieved?: string;
  /** How well it fits the prompt, as the retriever says. */
  readonly retrievalScore?: string;
}

/** A field of {@linkcode LoadColumns}. */
export type Field = keyof LoadColumns;

/** Usual names of each field, the better ones first; case and the signs between words do not matter. */
export const CONVENTIONS: Readonly<Record<Field, readonly string[]>> = {
  promptId: ["prompt_id", "sample_id", "query_id", "question_id", "example_id", "id", "uid"],
  prompt: ["prompt", "query", "question", "instruction", "input", "messages", "user_message", "prompt_messages"],
  evalName: [
    "eval_name",
    "evaluation",
    "eval",
    "task",
    "task_name",
    "benchmark",
    "dataset",
    "dataset_name",
    "subset",
    "category",
  ],
  model: ["model", "model_name", "model_id", "llm"],
  quality: ["quality", "score", "performance", "correct", "is_correct", "reward", "accuracy"],
  costUsd: [
    ...["cost_usd", "total_cost", "cost", "total_cost_usd", "cost_cents", "cost_usd_cents"],
    ...["cost_micro_usd", "cost_microusd", "cost_milli_usd", "cost_nano_usd"],
  ],
  latencySeconds: [
    "latency_seconds",
    "latency_s",
    "latency_sec",
    "latency",
    ...["latency_ms", "latency_us", "latency_ns"],
    "response_time",
    "duration_seconds",
    "duration_ms",
    ...["duration_us", "duration_ns", "response_time_ms"],
  ],
  promptTokens: [
    "prompt_tokens",
    "input_tokens",
    "num_prompt_tokens",
    "num_input_tokens",
    "usage.prompt_tokens",
    "usage.input_tokens",
  ],
  completionTokens: [
    ...["completion_tokens", "output_tokens", "num_completion_tokens", "num_output_tokens", "response_tokens"],
    ...["usage.completion_tokens", "usage.output_tokens"],
  ],
  retriever: ["retriever", "retriever_name"],
  retrieved: ["retrieved", "retrieved_text", "retrieved_context", "retrieved_documents"],
  retrievalScore: ["retrieval_score", "retriever_score"],
};

/** Names of ids in files without texts of prompts; beside texts these may number rows or samples. */
export const ID_CONVENTIONS: readonly string[] = ["task_id", "doc_id", "item_id", "instance_id", "case_id", "trace_id"];

/** The fields, as they may be named in options. */
export function fieldNames(): Field[] {
  return Object.keys(CONVENTIONS) as Field[];
}

/** A name in lower case with one underscore between words: `Cost (USD)` and `cost-usd` are `cost_usd`. */
export function plainName(name: string): string {
  return name.trim().replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_").replace(
    /^_+|_+$/g,
    "",
  );
}

/**
 * The column of a field among `names`: the one that the options name, else the first of the conventions.
 *
 * @throws TypeError where the options name a column that is not there
 */
export function findColumn(names: readonly string[], field: Field, columns: LoadColumns): string | undefined {
  const named = columns[field];
  if (named !== undefined) {
    if (!names.includes(named)) {
      throw new TypeError(
        `its ${field} must be in the column "${named}" that the options name: there is none; ${found(names)}`,
      );
    }
    return named;
  }
  for (const convention of CONVENTIONS[field]) {
    const match = names.find((name) => plainName(name) === plainName(convention));
    if (match !== undefined) return match;
  }
  return undefined;
}

/** Signs between a model's name and the field in a wide table. */
export const MODEL_SEPARATOR = "|";

/** The columns of one model in a wide table. */
export type ModelColumns = Readonly<Partial<Record<Field, string>>>;

/**
 * The models of a wide table with their columns, in the file's order: `MODEL|quality` and `MODEL|cost_usd` or other names of the
 * conventions; `MODEL` itself is its quality where `MODEL|total_cost` or `MODEL|model_response` stands beside it, as in the RouterBench files.
 *
 * @param separator the sign between a model and a field: a dot in tables of nested JSON, `{"MODEL": {"score": 1, "cost": 0.1}}`
 */
export function modelsOfWide(
  frame: Frame,
  columns: LoadColumns,
  separator = MODEL_SEPARATOR,
): ReadonlyMap<string, ModelColumns> {
  const all = [...frame.columns.keys()];
  const fieldsOf = new Map<string, string[]>();
  for (const name of all) {
    const at = name.lastIndexOf(separator);
    if (at <= 0) continue;
    const model = name.slice(0, at);
    fieldsOf.set(model, [...(fieldsOf.get(model) ?? []), name.slice(at + 1)]);
  }
  const models = new Map<string, ModelColumns>();
  for (
    const name of new Set(
      all.flatMap((name) => fieldsOf.has(name) ? [name] : [name.slice(0, Math.max(0, name.lastIndexOf(separator)))]),
    )
  ) {
    const fields = fieldsOf.get(name);
    if (fields === undefined) continue;
    const found: Partial<Record<Field, string>> = {};
    for (const field of ["quality", "costUsd", "latencySeconds", "promptTokens", "completionTokens"] as const) {
      const wanted = columns[field] !== undefined && fields.includes(columns[field]) ? { [field]: columns[field] } : {};
      const column = findColumn(fields, field, wanted);
      if (column !== undefined) found[field] = name + separator + column;
    }
    if (found.quality === undefined && all.includes(name)) found.quality = name;
    if (found.quality !== undefined) models.set(name, found);
  }
  return models;
}

/** The end of an error, which lists the columns. */
export function found(names: readonly string[]): string {
  return `the file has ${names.length === 0 ? "no columns" : listed(names, 12)}`;
}
