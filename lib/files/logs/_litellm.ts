import { needCosts } from "../benchmarks/costs.ts";
import {
  type BenchmarkFormat,
  type BenchmarkLayout,
  distinct,
  formatColumns,
  type FormatFields,
  withColumns,
} from "../benchmarks/layout.ts";
import { type Frame, numberOfCell, textOfCell } from "../frame.ts";
import { joinedQuality } from "./_join.ts";

const FIELDS: FormatFields = {
  model: { names: ["model_group", "model"], isNeeded: true },
  costUsd: { names: ["spend", "response_cost"], isNeeded: true },
  promptTokens: { names: ["prompt_tokens"], isNeeded: false },
  completionTokens: { names: ["completion_tokens"], isNeeded: false },
  prompt: { names: ["messages"], isNeeded: false },
  promptId: { names: ["prompt_id"], isNeeded: false },
};

/**
 * Logs of LiteLLM: its table of spend (`LiteLLM_SpendLogs`, as `/spend/logs` gives it or exported from the database: `request_id`, `model`, `spend`,
 * `prompt_tokens`, `completion_tokens`, `startTime`, `endTime`, `messages`) and its standard payload of callbacks (`id`, `response_cost`, times in
 * seconds). They tell costs (USD) and latencies and no quality: a file with `request_id` (or `id`) and a quality is joined to them in one folder.
 * LiteLLM keeps messages only where it is told to (`store_prompts_in_spend_logs`); else the prompts' texts or ids must come with that file.
 *
 * **Source**: `litellm/proxy/schema.prisma` (`LiteLLM_SpendLogs`) and `litellm/types/utils.py` (`StandardLoggingPayload`) of the Python package litellm
 * 1.110.2; the second confirmed on what its callbacks were given for mock responses, the first not on a proxy's own export.
 */
export const LITELLM: BenchmarkFormat = {
  name: "litellm",
  title: "a log of LiteLLM",
  detects: ({ columns }): boolean =>
    ["startTime", "endTime", "call_type", "model"].every((name) => columns.has(name)) &&
    (columns.has("spend") || columns.has("response_cost")),
  layout(whole, { options }): BenchmarkLayout {
    const id = whole.columns.has("spend") ? "request_id" : "id";
    const { frame: requests, quality } = joinedQuality(whole, {
      ...{ title: this.title, ids: [id], model: "call_type", given: options.columns?.quality, hasOwn: false },
    });
    const joined = withoutColumn(requests, id);
    const columns = formatColumns(joined, this.title, withTexts(joined), options.columns);
    needCosts(this.title, distinct(joined, columns.model!), columns, options);
    return {
      frame: withColumns(joined, { "endTime − startTime": secondsOf(joined) }),
      models: columns.model!,
      columns: { latencySeconds: "endTime − startTime", ...columns, quality: quality! },
      parts: [],
    };
  },
};

/** A request's id is no prompt's, which models would share. */
function withoutColumn(frame: Frame, name: string): Frame {
  return { ...frame, columns: new Map([...frame.columns].filter(([column]) => column !== name)) };
}

/** The fields, without messages where LiteLLM kept none, and without groups of models where it wrote none. */
function withTexts(frame: Frame): FormatFields {
  const { prompt, ...others } = FIELDS;
  const holds = (name: string): boolean =>
    Array.from(frame.columns.get(name) ?? []).every((cell) => !/^\s*(\{\s*\})?\s*$/.test(textOfCell(cell) ?? ""));
  const model = { names: holds("model_group") ? ["model_group", "model"] : ["model"], isNeeded: true };
  return { ...others, model, ...(holds("messages") ? { prompt } : {}) };
}

function secondsOf({ columns, nRows }: Frame): (number | null)[] {
  const start = columns.get("startTime")!;
  const end = columns.get("endTime")!;
  return Array.from({ length: nRows }, (_, row) => {
    const seconds = momentOf(end[row]) - momentOf(start[row]);
    return Number.isFinite(seconds) ? seconds : null;
  });
}

/** A moment in seconds: a number is one, a text a date; a date without a zone is of the same as the other. */
function momentOf(cell: unknown): number {
  const number = numberOfCell(cell);
  if (number !== undefined) return number;
  const text = String(cell).trim().replace(" ", "T");
  const [, whole, fraction = "", zone = "Z"] = /^([^.Z+]*?)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
  return whole === undefined ? NaN : Date.parse(`${whole}${zone}`) / 1000 + Number(`0${fraction || ".0"}`);
}
