import { parseArgs } from "node:util";
import { suggestion } from "../base/suggestion.ts";

/** An option of a command; an option without a `value` is a switch. */
export interface OptionSpec {
  /** The name of its value in the help, such as `FILE`. */
  readonly value?: string;
  /** What it does, in the words of the help; the default is added to them. */
  readonly says: string;
  /** The value where the option is not given. */
  readonly default?: string;
}

/** A word without dashes, such as a file. */
export interface WordSpec {
  /** Its name in the help. */
  readonly name: string;
  /** What it is, in the words of the help. */
  readonly says: string;
  /** How often it may be given: once (default), at most once, once or more, or as often as one likes. */
  readonly times?: "once" | "at most once" | "once or more" | "any";
  /** The advice of a refusal where the word is missing; default the help. */
  readonly remedy?: string;
}

/** The options and words of a command. */
export interface CommandSpec {
  /** Its name after `deno task`. */
  readonly name: string;
  /** What it does, in a sentence. */
  readonly summary: string;
  /** The word without dashes that it takes; default none. */
  readonly word?: WordSpec;
  /** Its options by name, without dashes. `help` belongs to every command. */
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** True where all arguments but a first `--help` go to another program. */
  readonly isOpen?: boolean;
  /** Further text of the help, after the options. */
  readonly notes?: string;
  /** Arguments of an example that works. */
  readonly example: string;
}

/** The options and words that a command was given. */
export interface CommandInput {
  /** Values of options, `null` where neither a value nor a default is there. */
  readonly text: (name: string) => string | null;
  /** True where the switch was given. */
  readonly isOn: (name: string) => boolean;
  /** The words without dashes. */
  readonly words: readonly string[];
}

/** The switch that every command has. */
export const HELP: OptionSpec = { says: "this text" };

/** The switches of commands that write a report. */
export const REPORT_OPTIONS: Readonly<Record<"csv-guard" | "json" | "verbose", OptionSpec>> = {
  "csv-guard": {
    says:
      "CSV files that a spreadsheet may open: a text that begins with =, +, - or @ gets a ' before it; without it " +
      "cells are as they are in the data",
  },
  "json": { says: "prints JSON instead of tables" },
  "verbose": { says: "prints the tables of all evaluations, which otherwise stand in report.html only" },
};

/**
 * Reads the arguments of a command in one walk: unknown options are refused, with the one that may have been meant.
 *
 * @throws TypeError for an unknown or repeated option, a missing or superfluous value, a word that is missing or not
 * taken
 * @example
 * ```ts
 * import { readOptions } from "./command_options.ts";
 * import assert from "node:assert/strict";
 *
 * const options = { seed: { value: "N", says: "seed of the split", default: "1" } };
 * const spec = { name: "mine", summary: "Does something.", options, example: "--seed 7" };
 * assert.equal(readOptions(["--seed", "7"], spec).text("seed"), "7");
 * assert.throws(() => readOptions(["--sed", "7"], spec), /"--sed" is not; did you mean "--seed"\?/);
 * ```
 */
export function readOptions(args: readonly string[], spec: CommandSpec): CommandInput {
  if (spec.isOpen) return { text: () => null, isOn: (name) => args[0] === `--${name}`, words: args };
  const options: Readonly<Record<string, OptionSpec>> = { ...spec.options, help: HELP };
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { value }]) => [name, { type: value === undefined ? "boolean" : "string" }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const given = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    if (!Object.hasOwn(options, token.name)) {
      const meant = suggestion(token.name, Object.keys(options));
      throw refused(`each must be known: "${token.rawName}" is not${meant}`);
    }
    if (given.has(token.name)) throw refused(`each must be given once: "${token.rawName}" is given twice`);
    given.set(token.name, checkedValue(token, options));
  }
  if (!given.has("help")) needWords(words, spec.word);
  return {
    text: (name) => given.get(name) ?? options[name].default ?? null,
    isOn: (name) => given.has(name),
    words,
  };
}

function refused(reason: string, remedy = "see --help"): TypeError {
  return new TypeError(`Cannot read the options as ${reason}; ${remedy}`);
}

/** The value of an option's token; the empty text for a switch. */
function checkedValue(
  { name, rawName, value, inlineValue }: {
    readonly name: string;
    readonly rawName: string;
    readonly value?: string;
    readonly inlineValue?: boolean;
  },
  options: Readonly<Record<string, OptionSpec>>,
): string {
  const isSwitch = options[name].value === undefined;
  const looksLikeOption = value?.startsWith("-") === true && inlineValue !== true;
  if (isSwitch ? value !== undefined : value === undefined || looksLikeOption) {
    const switches = Object.keys(options).filter((each) => options[each].value === undefined);
    const found = isSwitch ? "has one" : looksLikeOption ? `is followed by "${value}"` : "has none";
    const remedy = looksLikeOption ? `; write ${rawName}=VALUE for a value that begins with "-"` : "";
    throw refused(
      `each but ${switches.map((each) => `--${each}`).join(", ")} takes one value: "${rawName}" ${found}${remedy}`,
    );
  }
  if (value === "") throw refused(`each value must say something: that of "${rawName}" is empty`);
  return value ?? "";
}

function needWords(words: readonly string[], spec: WordSpec | undefined): void {
  const most = spec === undefined ? 0 : spec.times === "any" || spec.times === "once or more" ? Infinity : 1;
  if (words.length > most) {
    const rule = spec === undefined ? "each must" : `after ${spec.name} each must`;
    throw refused(`${rule} begin with "--": "${words[most]}" does not`);
  }
  if (spec === undefined) return;
  if (words.includes("")) throw refused(`${spec.name} must be named: one is empty`);
  if (words.length === 0 && ["once", "once or more"].includes(spec.times ?? "once")) {
    throw refused(`${spec.name} must be named: there is none`, spec.remedy);
  }
}

/** The numbers that an option takes. */
export interface NumberRule {
  /** The rule in words. */
  readonly words: string;
  /** True for the numbers that the option takes. */
  readonly holds: (value: number) => boolean;
}

/**
 * The value of an option as a number.
 *
 * @throws TypeError where it is none that the rule allows
 */
export function numberOption(input: CommandInput, name: string, rule: NumberRule): number {
  const text = input.text(name) ?? "";
  const value = Number(text);
  if (text.trim() === "" || !rule.holds(value)) {
    throw new TypeError(`Cannot read the options as --${name} must be ${rule.words}: it is "${text}"`);
  }
  return value;
}

/** The rule of seeds. */
export const WHOLE_NUMBER: NumberRule = {
  words: "a whole number",
  holds: (value) => Number.isInteger(value) && value >= 0,
};

/** The rule of counts. */
export const COUNT: NumberRule = {
  words: "a whole number above 0",
  holds: (value) => Number.isInteger(value) && value > 0,
};

/** The seed that the options name. */
export function seedOf(input: CommandInput): number {
  return numberOption(input, "seed", WHOLE_NUMBER);
}

/** The share that a text says, such as "20%" or "0.2"; `NaN` where it says none. */
export function shareOfText(text: string): number {
  if (/^\s*%?\s*$/.test(text)) return NaN;
  return text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text);
}

/**
 * The value of an option that is one of a few words.
 *
 * @throws TypeError where it is none of them
 */
export function choiceOption<T extends string>(input: CommandInput, name: string, known: readonly T[]): T | null {
  const text = input.text(name);
  if (text !== null && !(known as readonly string[]).includes(text)) {
    const meant = suggestion(text, known, "");
    throw new TypeError(`Cannot read the options as --${name} must be ${known.join(" or ")}: it is "${text}"${meant}`);
  }
  return text as T | null;
}

/**
 * The items of an option's value, separated by commas; `null` where the option is not given.
 *
 * @param known the items that are allowed; default any
 * @throws TypeError where an item is none of them
 */
export function listOption<T extends string>(input: CommandInput, name: string, known?: readonly T[]): T[] | null {
  const items = input.text(name)?.split(",").map((item) => item.trim()) ?? null;
  const odd = known === undefined ? undefined : items?.find((item) => !(known as readonly string[]).includes(item));
  if (odd !== undefined) {
    const meant = suggestion(odd, known ?? [], "");
    throw new TypeError(
      `Cannot read the options as --${name} must be some of ${known?.join(", ")}: "${odd}" is none${meant}`,
    );
  }
  return items as T[] | null;
}
