/** Signals that end a program, and the exit codes that shells give them. */
const EXIT_CODES: Readonly<Partial<Record<Deno.Signal, number>>> = Deno.build.os === "windows"
  ? { SIGINT: 130 }
  : { SIGINT: 130, SIGTERM: 143 };

let isHeld = false, nGoingOn = 0, exitCode: number | null = null;

const LISTENERS = Object.entries(EXIT_CODES).map(([signal, code]) => ({
  signal: signal as Deno.Signal,
  listener: (): void => {
    exitCode = code;
  },
}));

/**
 * Makes {@linkcode uninterrupted} hold signals back. A program calls it once; a library must not, as signals belong to its user.
 */
export function holdInterrupts(): void {
  isHeld = true;
}

/**
 * Does a short piece of work that Ctrl-C must not cut in half, such as writing files: the signal ends the program right after it, with the
 * code that it would have ended with. Outside of such work signals end the program at once.
 *
 * @example
 * ```ts
 * import { uninterrupted } from "./interrupt.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(await uninterrupted(() => Promise.resolve("whole")), "whole");
 * ```
 */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  if (!isHeld) return await work();
  if (nGoingOn++ === 0) { for (const { signal, listener } of LISTENERS) Deno.addSignalListener(signal, listener); }
  try {
    return await work();
  } finally {
    if (--nGoingOn === 0) {
      for (const { signal, listener } of LISTENERS) Deno.removeSignalListener(signal, listener);
      if (exitCode !== null) Deno.exit(exitCode);
    }
  }
}
