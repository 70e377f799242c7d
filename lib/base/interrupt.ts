/** Signals that end a program, and the exit codes that shells give them. */
const EXIT_CODES: Readonly<Partial<Record<Deno.Signal, number>>> = Deno.build.os === "windows"
  ? { SIGINT: 130 }
  : { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
/** The exit code of a process whose parent was killed: that of a hang-up. */
const ORPHANED = 129;
/** How often a process looks whether its parent is still there. */
const LOOK_EVERY_MILLISECONDS = 500;

let isHeld = false;
let nGoingOn = 0;
let exitCode: number | null = null;
let parent: number | null = null;

const LISTENERS = Object.entries(EXIT_CODES).map(([signal, code]) => ({
  signal: signal as Deno.Signal,
  listener: (): void => {
    exitCode = code;
  },
}));

/**
 * Makes {@linkcode uninterrupted} delay signals. A program calls it once; a library must not, as signals belong to its
 * user.
 */
export function holdInterrupts(): void {
  isHeld = true;
}

/**
 * Ends this process soon after its parent has ended, so that a killed task leaves no process behind that still writes
 * files. Work that is {@linkcode uninterrupted} is finished first, and no other is begun.
 *
 * @param pid the parent's process; default the present one
 */
export function endWithParent(pid = Deno.ppid): void {
  parent = pid;
  const look = (): void => {
    if (!isOrphan()) return;
    if (nGoingOn === 0) Deno.exit(ORPHANED);
    exitCode = ORPHANED;
  };
  look();
  Deno.unrefTimer(setInterval(look, LOOK_EVERY_MILLISECONDS));
}

/** Whether the parent has ended. Windows does not tell: there a process keeps its parent's number. */
function isOrphan(): boolean {
  return parent !== null && Deno.build.os !== "windows" && Deno.ppid !== parent;
}

/**
 * Does a short piece of work that Ctrl-C must not cut in half, such as writing files. A signal that arrives meanwhile
 * ends the program right after the work, with the signal's exit code. At other times signals end the program at once.
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
  if (isOrphan()) Deno.exit(ORPHANED);
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
