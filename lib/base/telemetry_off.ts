const SETTING = "ORT_DISABLE_TELEMETRY";

/**
 * Switches off the telemetry of ONNX Runtime, whose native part otherwise keeps a file about each session in the user's
 * home and holds an address to send it to, out of reach of Deno's network permission. To be called before
 * onnxruntime-node or transformers.js is imported.
 *
 * This is a function and not an effect of an import, so that a program without networks needs no permission for it.
 *
 * @throws Error if the setting cannot be made, so that nothing is ever sent
 * @example
 * ```ts
 * import { turnOffTelemetry } from "./telemetry_off.ts";
 * import assert from "node:assert/strict";
 *
 * turnOffTelemetry();
 * assert.equal(Deno.env.get("ORT_DISABLE_TELEMETRY"), "1");
 * ```
 */
export function turnOffTelemetry(): void {
  const refused = (found: string, cause?: unknown): Error =>
    new Error(
      `Cannot load ONNX Runtime as its telemetry must be off first: ${found}; run with --allow-env=${SETTING}`,
      { cause },
    );
  try {
    Deno.env.set(SETTING, "1");
  } catch (cause) {
    throw refused(`${SETTING} may not be set`, cause);
  }
  // --ignore-env swallows the setting without an error.
  if (Deno.env.get(SETTING) !== "1") throw refused(`${SETTING} was not kept`);
}
