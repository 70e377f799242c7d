import { isRefusal } from "../base/refusal.ts";

/** The exit code of a command that an error ended. */
const FAILED = 1;

/**
 * Prints one or more lines on stdout.
 *
 * @throws Error where stdout takes nothing, such as a file on a full disk; a pipe whose reader has ended takes
 * everything
 */
export function print(text: string): void {
  try {
    // deno-lint-ignore no-console -- stdout is where a command answers
    console.log(text);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot print as standard output must be writable: ${found}; send it elsewhere`, { cause });
  }
}

/**
 * Runs a command on the program's arguments; an error is printed on stderr and ends the program with code 1.
 *
 * A message of ours, "Cannot …", says all; anything else is a fault in the program, which needs its trace.
 */
export async function runCommand(main: (args: readonly string[]) => Promise<void>): Promise<void> {
  try {
    await main(Deno.args);
  } catch (error) {
    const text = error instanceof Error
      ? (isRefusal(error) ? error.message : error.stack ?? error.message)
      : String(error);
    // deno-lint-ignore no-console
    console.error(text);
    Deno.exit(FAILED);
  }
}
