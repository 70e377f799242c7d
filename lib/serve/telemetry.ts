import { type Attributes, context, type Histogram, metrics, type Span, SpanKind, trace } from "@opentelemetry/api";
import type { FinishedRequest } from "./log_line.ts";

/** The form of the API in front and behind: upstreams of any maker speak it. */
const PROVIDER = "openai";
/** The boundaries that the conventions name. */
const TOKENS: readonly number[] = Array.from({ length: 14 }, (_, i) => 4 ** i);
const DURATION_SECONDS: readonly number[] = Array.from({ length: 14 }, (_, i) => 0.01 * 2 ** i);
const FIRST_TOKEN_SECONDS: readonly number[] = [
  ...[0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
];

/** A request's span. */
export interface RequestSpan {
  /** Does work within the span, so that the requests to models stand below it. */
  readonly within: <T>(work: () => Promise<T>) => Promise<T>;
  /** Ends the span and records the request's metrics. */
  readonly end: (request: FinishedRequest) => void;
}

/**
 * Traces and metrics by OpenTelemetry, through Deno's own exporter: a program that is started without `OTEL_DENO=true`
 * records nothing. Names of models and numbers are told, never texts.
 *
 * **Source**: OpenTelemetry's semantic conventions for generative AI: `gen_ai.client.token.usage`,
 * `gen_ai.client.operation.duration`, `gen_ai.server.time_to_first_token`.
 */
export class Telemetry {
  readonly #tokens = histogram("gen_ai.client.token.usage", "{token}", TOKENS);
  readonly #duration = histogram("gen_ai.client.operation.duration", "s", DURATION_SECONDS);
  readonly #firstToken = histogram("gen_ai.server.time_to_first_token", "s", FIRST_TOKEN_SECONDS);

  /** Begins the span of a request. */
  begin(): RequestSpan {
    const span = trace.getTracer("routerbench").startSpan("chat", { kind: SpanKind.INTERNAL });
    const inside = trace.setSpan(context.active(), span);
    return {
      within: (work) => context.with(inside, work),
      end: (request) => this.#end(span, request),
    };
  }

  #end(span: Span, request: FinishedRequest): void {
    const { usage, latencySeconds, firstTokenSeconds } = request;
    const attributes = attributesOf(request);
    this.#duration.record(latencySeconds, attributes);
    if (firstTokenSeconds !== null) this.#firstToken.record(firstTokenSeconds, attributes);
    if (usage !== null) {
      this.#tokens.record(usage.promptTokens, { ...attributes, "gen_ai.token.type": "input" });
      this.#tokens.record(usage.completionTokens, { ...attributes, "gen_ai.token.type": "output" });
    }
    span.updateName(`chat ${request.askedFor ?? "unknown"}`);
    span.setAttributes({ ...attributes, ...ownAttributes(request) });
    span.end();
  }
}

function histogram(name: string, unit: string, boundaries: readonly number[]): Histogram {
  return metrics.getMeter("routerbench").createHistogram(name, {
    unit,
    advice: { explicitBucketBoundaries: [...boundaries] },
  });
}

/** What the conventions name, of few different values: these part the metrics. */
function attributesOf({ askedFor, answeredBy, status }: FinishedRequest): Attributes {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": PROVIDER,
    ...(askedFor === null ? {} : { "gen_ai.request.model": askedFor }),
    ...(answeredBy === null ? {} : { "gen_ai.response.model": answeredBy }),
    ...(status < 400 ? {} : { "error.type": String(status) }),
  };
}

/** What only this server knows, for the span alone. */
function ownAttributes({ requestId, attempts, usage, decision, routingMilliseconds }: FinishedRequest): Attributes {
  return {
    "routerbench.request_id": requestId,
    "routerbench.attempts": attempts.length,
    ...(usage === null ? {} : {
      "gen_ai.usage.input_tokens": usage.promptTokens,
      "gen_ai.usage.output_tokens": usage.completionTokens,
      "routerbench.cost_usd": usage.costUsd,
    }),
    ...(decision === null ? {} : { "routerbench.setting": decision.setting.name, "routerbench.arm": decision.arm }),
    ...(routingMilliseconds === null ? {} : { "routerbench.routing_ms": routingMilliseconds }),
  };
}
