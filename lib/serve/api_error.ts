/** The kinds of OpenAI's API that this server answers with. */
export type ApiErrorType =
  | "invalid_request_error"
  | "authentication_error"
  | "rate_limit_error"
  | "upstream_error"
  | "server_error";

/** What else an error tells its client. */
export interface ApiErrorDetails {
  /** OpenAI's kind of the error. */
  readonly type: ApiErrorType;
  /** A word for programs, such as "model_not_found". */
  readonly code: string;
  /** The field of the request that is wrong; default none. */
  readonly param?: string | null;
  /** Seconds after which the client may ask again. */
  readonly retryAfterSeconds?: number | null;
}

/** An error in OpenAI's form. Its message goes to the client: it never holds a key or an upstream's address. */
export class ApiError extends Error {
  /** The HTTP status. */
  readonly status: number;
  /** What else the client is told. */
  readonly details: ApiErrorDetails;

  /** Makes an error; its message goes to the client. */
  constructor(status: number, message: string, details: ApiErrorDetails) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.details = details;
  }
}

/**
 * The body of an error as OpenAI's clients read it.
 *
 * @example
 * ```ts
 * import { ApiError, errorBody } from "./api_error.ts";
 * import assert from "node:assert/strict";
 *
 * const error = new ApiError(404, "No such model", { type: "invalid_request_error", code: "model_not_found" });
 * assert.deepEqual(errorBody(error).error.code, "model_not_found");
 * ```
 */
export function errorBody({ message, details }: ApiError): {
  readonly error: Readonly<Record<"message" | "type" | "param" | "code", string | null>>;
} {
  return { error: { message, type: details.type, param: details.param ?? null, code: details.code } };
}

/** The error as a response; `headers` are added to those that it has. */
export function errorResponse(error: ApiError, headers: Readonly<Record<string, string>> = {}): Response {
  const after = error.details.retryAfterSeconds ?? null;
  const retry: Readonly<Record<string, string>> = after === null ? {} : { "retry-after": String(Math.ceil(after)) };
  return Response.json(errorBody(error), { status: error.status, headers: { ...headers, ...retry } });
}

/** Any error as one that a client may see; what is not meant for clients becomes a plain "internal error". */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(500, "Cannot answer as the server met an internal error; see its log", {
    type: "server_error",
    code: "internal_error",
  });
}
