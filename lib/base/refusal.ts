/** Every message of this program for its user begins so: "Cannot VERB THING as RULE: FOUND; REMEDY". */
const BEGINNING = "Cannot ";

/** True for a refusal, which says everything. Other errors are faults, or fragments for {@linkcode named}. */
export function isRefusal({ message }: Error): boolean {
  return message.startsWith(BEGINNING);
}

/**
 * Completes an error with the file that it is about: a fragment becomes the reason for which the file cannot be loaded,
 * another refusal gets the file's path at its end.
 *
 * @param what the file, such as `"a.csv"` or `the log "a.csv"`
 * @example
 * ```ts
 * import { named } from "./refusal.ts";
 * import assert from "node:assert/strict";
 *
 * const { message } = named(new SyntaxError("row 3 is empty"), { action: "load", what: "mine", path: "a" });
 * assert.equal(message, "Cannot load mine as row 3 is empty");
 * ```
 */
export function named(
  error: Error,
  { action, what, path }: { readonly action: string; readonly what: string; readonly path: string },
): Error {
  if (!isRefusal(error)) error.message = `${BEGINNING}${action} ${what} as ${error.message}`;
  else if (!error.message.startsWith(`${BEGINNING}${action} `)) error.message = `${error.message} (file "${path}")`;
  return error;
}

/** The refusal of a file that cannot be opened. */
export function unreadable(file: string, cause: Error): Error {
  return new Error(`Cannot read "${file}" as it must be a file that may be read: ${cause.message}`, { cause });
}
