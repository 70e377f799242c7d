/** How texts of a terminal stand out; without colours they stay as they are. */
export interface TerminalStyle {
  /** A heading. */
  readonly strong: (text: string) => string;
  /** A gain whose interval excludes 0. */
  readonly gain: (text: string) => string;
  /** A loss whose interval excludes 0. */
  readonly loss: (text: string) => string;
}

/**
 * Bold, green and red where texts go to a terminal and the user has not set `NO_COLOR`; nothing in a file or a pipe.
 *
 * @example
 * ```ts
 * import { terminalStyle } from "./terminal.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(terminalStyle(false).strong("MMLU"), "MMLU");
 * assert.equal(terminalStyle(true).strong("MMLU"), "\x1b[1mMMLU\x1b[0m");
 * ```
 */
export function terminalStyle(isColoured = Deno.stdout.isTerminal() && !Deno.noColor): TerminalStyle {
  const code = (code: number) => (text: string): string => isColoured ? `\x1b[${code}m${text}\x1b[0m` : text;
  return { strong: code(1), gain: code(32), loss: code(31) };
}
