import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { FinishedRequest } from "./log_line.ts";
import type { LogCounts } from "./request_log.ts";

/** What is read at the moment at which the metrics are asked for. */
export interface MetricSources {
  /** Requests that are being answered. */
  readonly inFlight: () => number;
  /** Models that are left alone after failures. */
  readonly openCircuits: () => readonly string[];
  /** What the log has done. */
  readonly log: () => LogCounts;
}

const SECONDS: readonly number[] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const ROUTING_SECONDS: readonly number[] = [1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.5];

/** The server's metrics, in Prometheus' form. They hold names of models and settings, never texts. */
export class ServeMetrics {
  readonly #registry = new Registry();
  readonly #requests = this.#counter("requests_total", "Requests that have ended", ["model", "status"]);
  readonly #failures = this.#counter("upstream_failures_total", "Attempts that failed", ["model", "reason"]);
  readonly #tokens = this.#counter("tokens_total", "Tokens of answered requests", ["model", "kind"]);
  readonly #cost = this.#counter("cost_usd_total", "Cost of answers, USD", ["model"]);
  readonly #choices = this.#counter("choices_total", "Models that were chosen", ["model", "setting"]);
  readonly #duration = this.#histogram("request_duration_seconds", "Time to the answer's end", SECONDS);
  readonly #firstToken = this.#histogram("time_to_first_token_seconds", "Time to the first token", SECONDS);
  readonly #routing = this.#histogram("routing_seconds", "Time of a decision, embedding included", ROUTING_SECONDS);

  constructor({ inFlight, openCircuits, log }: MetricSources) {
    const gauge = (name: string, help: string, read: () => number): void => {
      new Gauge({
        name: `routerbench_${name}`,
        help,
        registers: [this.#registry],
        collect(): void {
          this.set(read());
        },
      });
    };
    gauge("in_flight_requests", "Requests that are being answered", inFlight);
    gauge("open_circuits", "Models that are left alone after failures", () => openCircuits().length);
    gauge("log_lines_written", "Lines in the log", () => log().written);
    gauge("log_lines_waiting", "Lines that wait for the next batch", () => log().waiting);
    gauge("log_lines_lost", "Lines that could not be kept", () => log().lost);
  }

  /** Counts a request that has ended; `models` are the names of the router's. */
  count(request: FinishedRequest, models: readonly string[]): void {
    const model = request.answeredBy ?? "none";
    this.#requests.inc({ model, status: String(request.status) });
    for (const attempt of request.attempts) {
      if (attempt.failure !== null) this.#failures.inc({ model: attempt.model, reason: attempt.failure });
    }
    const { decision, usage } = request;
    if (decision !== null) this.#choices.inc({ model: models[decision.chosen], setting: decision.setting.name });
    if (usage !== null) {
      this.#tokens.inc({ model, kind: "prompt" }, usage.promptTokens);
      this.#tokens.inc({ model, kind: "completion" }, usage.completionTokens);
      this.#cost.inc({ model }, usage.costUsd);
    }
    this.#duration.observe({ model }, request.latencySeconds);
    if (request.firstTokenSeconds !== null) this.#firstToken.observe({ model }, request.firstTokenSeconds);
    if (request.routingMilliseconds !== null) this.#routing.observe({ model }, request.routingMilliseconds / 1000);
  }

  /** The metrics as a response. */
  async response(): Promise<Response> {
    return new Response(await this.#registry.metrics(), { headers: { "content-type": this.#registry.contentType } });
  }

  #counter(name: string, help: string, labelNames: readonly string[]): Counter {
    return new Counter({ name: `routerbench_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, buckets: readonly number[]): Histogram {
    return new Histogram({
      name: `routerbench_${name}`,
      help,
      labelNames: ["model"],
      buckets: [...buckets],
      registers: [this.#registry],
    });
  }
}
