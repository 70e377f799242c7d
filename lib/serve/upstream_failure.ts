import { ApiError } from "./api_error.ts";

/** Why an upstream gave no answer. */
export type FailureReason = "connection" | "timeout" | "status" | "answer" | "stream" | "circuit" | "context";

/** Statuses that may pass. */
const PASSING: readonly number[] = [408, 429, 500, 502, 503, 504, 529];
/** Statuses that the upstream's operator has to mend, not the client: another model is tried. */
const OPERATORS: readonly number[] = [401, 402, 403, 404];

/** What is known of a failure. */
export interface FailureDetails {
  /** The status, where the upstream answered with one. */
  readonly status?: number;
  /** Seconds after which the upstream wants to be asked again. */
  readonly retryAfterSeconds?: number | null;
  /** The upstream's own error, for a client whose request is at fault. */
  readonly body?: Readonly<Record<string, unknown>> | null;
}

/** An upstream gave no answer. */
export class UpstreamFailure extends Error {
  /** Why. */
  readonly reason: FailureReason;
  /** What else is known. */
  readonly details: FailureDetails;

  constructor(reason: FailureReason, message: string, details: FailureDetails = {}) {
    super(message);
    this.name = "UpstreamFailure";
    this.reason = reason;
    this.details = details;
  }

  /** True where the same upstream may answer when it is asked again. */
  get mayPass(): boolean {
    if (this.reason === "status") return PASSING.includes(this.details.status ?? 0);
    return this.reason === "connection" || this.reason === "timeout" || this.reason === "answer";
  }

  /** True where the request itself is refused, so that no other model is asked. */
  get isClients(): boolean {
    const status = this.details.status ?? 0;
    return this.reason === "status" && status >= 400 && status < 500 && !PASSING.includes(status) &&
      !OPERATORS.includes(status);
  }
}

/** Seconds of a `retry-after`: a number, or a date; `null` where it is neither. */
export function retryAfterSeconds(header: string | null, nowMilliseconds: number): number | null {
  if (header === null) return null;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, (date - nowMilliseconds) / 1000);
}

/** The error that a client gets after the last failure, in an upstream's own words only if the request is at fault. */
export function clientError(failure: UpstreamFailure, models: readonly string[]): ApiError {
  const { status = 0, retryAfterSeconds = null } = failure.details;
  const names = models.map((model) => `"${model}"`).join(", ");
  if (failure.isClients) {
    const error = failure.details.body?.error as Readonly<Record<string, unknown>> | undefined;
    const said = typeof error?.message === "string" ? error.message : `the status was ${status}`;
    return new ApiError(status, said, {
      type: "invalid_request_error",
      code: typeof error?.code === "string" ? error.code : "refused_by_model",
      param: typeof error?.param === "string" ? error.param : null,
    });
  }
  if (status === 429) {
    return new ApiError(429, `Cannot answer as the models have too many requests: ${names}; ask again later`, {
      type: "rate_limit_error",
      code: "rate_limit_exceeded",
      retryAfterSeconds: retryAfterSeconds ?? 1,
    });
  }
  const isLate = failure.reason === "timeout";
  return new ApiError(
    isLate ? 504 : 502,
    `Cannot answer as no model did: ${names}; the last failed by ${failureWord(failure)}`,
    {
      type: "upstream_error",
      code: isLate ? "upstream_timeout" : "upstream_failed",
    },
  );
}

/** Such as "timeout" or "status 503". */
export function failureWord({ reason, details }: UpstreamFailure): string {
  return reason === "status" ? `status ${details.status}` : reason;
}
