import { needCosts } from "../benchmarks/costs.ts";
import {
  type BenchmarkFormat,
  type BenchmarkLayout,
  distinct,
  formatColumns,
  type FormatFields,
  withColumns,
} from "../benchmarks/layout.ts";
import { numberOfCell } from "../frame.ts";
import { isRow, type Row, rowsIn } from "./_row.ts";
import { joinedQuality } from "./_join.ts";
import { scoresOfRows } from "./_scores.ts";

const SCORE = "otel.score.";
const FIELDS: FormatFields = {
  prompt: { names: ["otel.prompt"], isNeeded: false },
  promptId: { names: ["prompt_id"], isNeeded: false },
  model: { names: ["otel.model"], isNeeded: true },
  costUsd: { names: ["otel.cost_usd"], isNeeded: false },
  latencySeconds: { names: ["otel.seconds"], isNeeded: false },
  promptTokens: { names: ["otel.prompt_tokens"], isNeeded: false },
  completionTokens: { names: ["otel.completion_tokens"], isNeeded: false },
};
/** Operations that answer a prompt: embeddings, tools and agents around them do not. */
const ANSWERS: ReadonlySet<unknown> = new Set(["chat", "text_completion", "generate_content", undefined]);
const PROMPTS: readonly string[] = ["gen_ai.input.messages", "gen_ai.prompt", "gen_ai.prompt.0.content"];
const NANOSECONDS = 1e9;

/**
 * Spans of OpenTelemetry's GenAI conventions in OTLP's JSON (a file of `resourceSpans`, or a line for each export): `gen_ai.request.model`,
 * `gen_ai.usage.input_tokens` and `.output_tokens`, start and end times. Spans have costs by tokens × price and latencies, and a quality only where an
 * event `gen_ai.evaluation.result` gives a score; else a file with `span_id` (or `trace_id`) and a quality is joined to them in one folder. Prompts
 * are those of `gen_ai.input.messages`, which exporters leave out unless they are asked to keep contents, or come with the file that is joined.
 *
 * **Source**: repository open-telemetry/semantic-conventions, `docs/gen-ai/gen-ai-spans.md` and `gen-ai-events.md`; open-telemetry/opentelemetry-proto,
 * `trace.proto`, whose JSON writes times as texts of digits; confirmed on spans that Deno's exporter wrote (`OTEL_DENO`, `http/json`).
 */
export const OTEL: BenchmarkFormat = {
  name: "otel",
  title: "a file of GenAI spans of OpenTelemetry",
  detects: ({ columns }): boolean => columns.has("otel.model") && columns.has("span_id"),
  layout(whole, { options }): BenchmarkLayout {
    const { quality, ...given } = options.columns ?? {};
    const own = [...whole.columns.keys()].filter((name) => name.startsWith(SCORE));
    const { frame, quality: joined } = joinedQuality(whole, {
      ...{
        title: this.title,
        ids: ["span_id", "trace_id"],
        model: "otel.model",
        given: quality,
        hasOwn: own.length > 0,
      },
    });
    const columns = formatColumns(frame, this.title, FIELDS, given);
    const scores = scoresOfRows(frame, () => joined === null ? own : [joined], {
      ...{ title: this.title, what: "evaluation", prefix: joined === null ? SCORE : "" },
      given: joined ?? quality,
    });
    needCosts(this.title, distinct(frame, columns.model!), columns, options);
    return {
      frame: withColumns(frame, { "the score": scores.cells }),
      models: columns.model!,
      columns: { ...columns, quality: "the score" },
      parts: [],
    };
  },
};

/** The answering spans of an export as rows; `null` where the object is no export of traces. */
export function otelRows(item: Row): readonly Row[] | null {
  if (!Array.isArray(item.resourceSpans)) return null;
  return rowsIn(item, "resourceSpans").flatMap((resource) =>
    [...rowsIn(resource, "scopeSpans"), ...rowsIn(resource, "instrumentationLibrarySpans")].flatMap((scope) =>
      rowsIn(scope, "spans").flatMap(rowsOfSpan)
    )
  );
}

function rowsOfSpan(span: Row): Row[] {
  const attributes = attributesOf(span);
  const model = attributes["gen_ai.request.model"] ?? attributes["gen_ai.response.model"];
  if (model === undefined || !ANSWERS.has(attributes["gen_ai.operation.name"])) return [];
  const events = rowsIn(span, "events").map((event) => ({ name: event.name, attributes: attributesOf(event) }));
  const said = [attributes, ...events.map((event) => event.attributes)];
  const prompt = PROMPTS.flatMap((name) => said.map((each) => each[name])).find((text) => text !== undefined);
  const cost = attributes["gen_ai.usage.cost"];
  return [{
    span_id: span.spanId,
    trace_id: span.traceId,
    "otel.model": model,
    "otel.prompt": typeof prompt === "string" ? textOfParts(prompt) : null,
    "otel.seconds": secondsOf(span),
    "otel.prompt_tokens": attributes["gen_ai.usage.input_tokens"] ?? attributes["gen_ai.usage.prompt_tokens"] ?? null,
    "otel.completion_tokens": attributes["gen_ai.usage.output_tokens"] ??
      attributes["gen_ai.usage.completion_tokens"] ?? null,
    ...(cost === undefined ? {} : { "otel.cost_usd": cost }),
    ...Object.fromEntries(
      events.filter(({ name }) => name === "gen_ai.evaluation.result").map((event) => [
        `${SCORE}${event.attributes["gen_ai.evaluation.name"]}`,
        event.attributes["gen_ai.evaluation.score.value"] ?? event.attributes["gen_ai.evaluation.score.label"] ?? null,
      ]),
    ),
  }];
}

/** Attributes by name; a value stands in an object that says its type. */
function attributesOf(item: Row): Row {
  return Object.fromEntries(
    rowsIn(item, "attributes").map(({ key, value }) => {
      const [inner] = isRow(value) ? Object.entries(value) : [];
      return [String(key), inner?.[0] === "intValue" ? numberOfCell(inner[1]) : inner?.[1]];
    }),
  );
}

/** Times are whole numbers of nanoseconds, which a double would round by a quarter of a microsecond. */
function secondsOf({ startTimeUnixNano: start, endTimeUnixNano: end }: Row): number | null {
  const isWhole = (time: unknown): boolean => /^\d+$/.test(String(time));
  return isWhole(start) && isWhole(end) ? Number(BigInt(String(end)) - BigInt(String(start))) / NANOSECONDS : null;
}

/** Messages of the conventions have `parts` with a `content` each; such a list is rewritten as messages with contents. */
function textOfParts(text: string): string {
  if (!/^\s*\[/.test(text) || !text.includes('"parts"')) return text;
  try {
    const messages: unknown = JSON.parse(text);
    if (!Array.isArray(messages) || !messages.every(isRow)) return text;
    return JSON.stringify(messages.map((message) => ({
      role: message.role,
      content: rowsIn(message, "parts").map(({ type, content }) => typeof content === "string" ? content : `[${type}]`)
        .join("\n"),
    })));
  } catch {
    return text; // A text that only looks like JSON is a prompt.
  }
}
