import { parseArgs } from "node:util";
import { suggestion } from "../base/suggestion.ts";

/** An option of a command: a text, or a switch. */
export interface OptionSpec {
  /** `string` takes a value, `boolean` none. */
  readonly type: "string" | "boolean";
  /** The value where the option is not given. */
  readonly default?: string;
}

/** What a command takes. */
export interface CommandSpec {
  /** Its options by name, without dashes. `help` belongs to every command. */
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Names of the words without dashes that it takes, in order; default none. */
  readonly words?: readonly string[];
}

/** What a command was told. */
export interface CommandInput {
  /** Values of options, `null` where neither a value nor a default is there. */
  readonly text: (name: string) => string | null;
  /** True where the switch was given. */
  readonly isOn: (name: string) => boolean;
  /** The words without dashes. */
  readonly words: readonly string[];
}

/**
 * Reads the options of a command: unknown ones are refused, with the one that may have been meant.
 *
 * @throws TypeError for an unknown or repeated option, a missing or superfluous value, a word that the command does not take
 * @example
 * ```ts
 * import { readOptions } from "./command_options.ts";
 * import assert from "node:assert/strict";
 *
 * const spec = { options: { seed: { type: "string" as const, default: "1" } }, words: ["FILE"] };
 * assert.equal(readOptions(["mine.csv", "--seed", "7"], spec).text("seed"), "7");
 * assert.throws(() => readOptions(["--sed", "7"], spec), /"--sed" is not; did you mean "--seed"\?/);
 * ```
 */
export function readOptions(args: readonly string[], spec: CommandSpec): CommandInput {
  const options = { ...spec.options, help: { type: "boolean" as const } }, nWords = spec.words?.length ?? 0;
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const words: string[] = [], seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (words.length === nWords) {
        throw new TypeError(
          nWords === 0
            ? `Cannot read the options as each must begin with "--": "${token.value}" does not; see --help`
            : `Cannot read the options as after ${
              spec.words!.join(" ")
            } each must begin with "--": "${token.value}" does not; see --help`,
        );
      }
      words.push(token.value);
    }
    if (token.kind !== "option") continue;
    if (!Object.hasOwn(options, token.name)) {
      throw new TypeError(
        `Cannot read the options as each must be known: "${token.rawName}" is not${
          suggestion(token.name, Object.keys(options))
        }; see --help`,
      );
    }
    if (seen.has(token.name)) {
      throw new TypeError(`Cannot read the options as each must be given once: "${token.rawName}" is given twice`);
    }
    seen.add(token.name);
  }
  let values: Readonly<Record<string, string | boolean | undefined>>;
  try {
    values = parseArgs({ args: [...args], options, allowPositionals: true }).values as typeof values;
  } catch (cause) {
    const switches = Object.keys(options).filter((name) => options[name as keyof typeof options].type === "boolean")
      .map((name) => `--${name}`);
    throw new TypeError(
      `Cannot read the options as each but ${switches.join(", ")} takes one value: ${
        cause instanceof Error ? cause.message.split("\n")[0].replace(/\.$/, "") : cause
      }; see --help`,
      { cause },
    );
  }
  const empty = Object.keys(values).find((name) => values[name] === "");
  if (empty !== undefined) {
    throw new TypeError(
      `Cannot read the options as each value must say something: that of "--${empty}" is empty; see --help`,
    );
  }
  if (words.includes("")) {
    throw new TypeError(
      `Cannot read the options as ${spec.words!.join(" and ")} must be named: one is empty; see --help`,
    );
  }
  return {
    text: (name) => typeof values[name] === "string" ? values[name] : null,
    isOn: (name) => values[name] === true,
    words,
  };
}

/**
 * The value of an option as a number.
 *
 * @param rule which numbers are allowed, in words
 * @throws TypeError where it is none of them
 */
export function numberOption(
  input: CommandInput,
  name: string,
  rule: { readonly words: string; readonly holds: (value: number) => boolean },
): number {
  const text = input.text(name) ?? "", value = Number(text);
  if (text.trim() === "" || !rule.holds(value)) {
    throw new TypeError(`Cannot read the options as --${name} must be ${rule.words}: it is "${text}"`);
  }
  return value;
}

/** Seeds and other whole numbers. */
export const WHOLE_NUMBER = {
  words: "a whole number",
  holds: (value: number): boolean => Number.isInteger(value) && value >= 0,
};

/**
 * The value of an option that is one of a few words.
 *
 * @throws TypeError where it is none of them
 */
export function choiceOption<T extends string>(input: CommandInput, name: string, known: readonly T[]): T | null {
  const text = input.text(name);
  if (text !== null && !(known as readonly string[]).includes(text)) {
    throw new TypeError(
      `Cannot read the options as --${name} must be ${known.join(" or ")}: it is "${text}"${
        suggestion(text, known, "")
      }`,
    );
  }
  return text as T | null;
}

/** The items of an option's value, which commas keep apart; `null` where it is not given. */
export function listOption(input: CommandInput, name: string): string[] | null {
  return input.text(name)?.split(",").map((item) => item.trim()) ?? null;
}
