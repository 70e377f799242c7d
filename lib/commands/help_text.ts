import { type CommandSpec, HELP } from "./command_options.ts";
import { wrapped } from "../base/wrapped.ts";

/** Column at which the explanations begin. */
const COLUMN = 20;

/**
 * The text of `--help`, made from the descriptions of a command's options.
 *
 * @example
 * ```ts
 * import { helpText } from "./help_text.ts";
 * import assert from "node:assert/strict";
 *
 * const options = { seed: { value: "N", says: "seed of the split", default: "1" } };
 * const text = helpText({ name: "mine", summary: "Does something.", options, example: "--seed 7" });
 * assert.match(text, /\n {2}--seed N {10}seed of the split\. Default: 1\n/);
 * assert.match(text, /\nExample: deno task mine --seed 7$/);
 * ```
 */
export function helpText({ name, summary, word, options, isOpen = false, notes, example }: CommandSpec): string {
  const shown = isOpen ? [] : Object.entries(options);
  const usage = [`deno task ${name}`, word && usageOf(word), shown.length > 0 && "[options]"].filter(Boolean).join(" ");
  const rows = shown.map(([option, { value, says, default: standard }]) =>
    row(`--${option}${value === undefined ? "" : ` ${value}`}`, withDefault(says, standard))
  );
  const blocks = [
    wrapped(summary).join("\n"),
    `Usage: ${usage}`,
    [...(word === undefined ? [] : [row(word.name, word.says)]), ...rows, row("--help", HELP.says)].join("\n"),
    ...(notes === undefined ? [] : [wrapped(notes).join("\n")]),
    `Example: deno task ${name} ${example}`,
  ];
  return blocks.join("\n\n");
}

function usageOf({ name, times = "once" }: NonNullable<CommandSpec["word"]>): string {
  const usages = { "once": name, "at most once": `[${name}]`, "once or more": `${name} …`, "any": `[${name} …]` };
  return usages[times];
}

function withDefault(says: string, standard: string | undefined): string {
  return standard === undefined ? says : `${says}. Default: ${standard}`;
}

/** An option and its explanation, which begins on a line of its own where the option is long. */
function row(name: string, says: string): string {
  const indent = " ".repeat(COLUMN);
  const first = `  ${name}`;
  if (first.length + 2 <= COLUMN) return wrapped(says, { indent, first: first.padEnd(COLUMN) }).join("\n");
  return [first, ...wrapped(says, { indent })].join("\n");
}
