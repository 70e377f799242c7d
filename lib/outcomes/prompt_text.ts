import { evalNamesOf, type OutcomeTable } from "./outcome_table.ts";

/** A Python string literal: a quote, anything but that quote and line ends, with escapes, the quote. */
const STRING = /[ \t\n]*(?:'([^'\\\r\n]*(?:\\[^][^'\\\r\n]*)*)'|"([^"\\\r\n]*(?:\\[^][^"\\\r\n]*)*)")[ \t\n]*/y;
/** After the last string, with or without a comma. */
const LIST_END = /[ \t\n]*\]/y;
const ESCAPE = /\\(\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^])/g;
const NAMED: Readonly<Record<string, string>> = {
  ...{ "\\": "\\", "'": "'", '"': '"', "a": "\x07", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v" },
  ...{ "\n": "", "\r": "", "\r\n": "" }, // a backslash before the end of a line joins two lines
};
const LARGEST_CODE_POINT = 0x10ffff;
/** Between the turns of a conversation. */
const BETWEEN_TURNS = "\n\n";

/**
 * Reads the text of a prompt. A Python list of strings gives its strings, joined by blank lines; any other text stays
 * as it is.
 *
 * The released files hold `str(list)` instead of texts, `['Is it _?\nAnswer:']` with a backslash and an n. The list is
 * parsed, never executed. Anything that is not a list of at least one plain string (an empty list, an item of another
 * type, text after it) is taken for the text itself.
 *
 * **Source**: Python's language reference, "String and Bytes literals". **Differs from** it in what Python reads but
 * never writes: `\N{…}`, two strings side by side, prefixes and triple quotes. A prompt with these is left as it is.
 *
 * @example
 * ```ts
 * import { readPromptText } from "./prompt_text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(readPromptText(String.raw`['Who\'s there?\nAnswer:', "It's me"]`), "Who's there?\nAnswer:\n\nIt's me");
 * assert.equal(readPromptText("[1] is a number"), "[1] is a number");
 * ```
 */
export function readPromptText(prompt: string): string {
  return pythonStrings(prompt)?.join(BETWEEN_TURNS) ?? prompt;
}

/** The strings of a Python list; `null` where the text is no such list. */
function pythonStrings(source: string): string[] | null {
  if (!source.startsWith("[")) return null;
  const strings: string[] = [];
  for (let at = 1;;) {
    STRING.lastIndex = at;
    const match = STRING.exec(source);
    const value = match && unescaped(match[1] ?? match[2]);
    if (match === null || value === null) return null;
    strings.push(value);
    const hasComma = source[STRING.lastIndex] === ",";
    at = LIST_END.lastIndex = STRING.lastIndex + Number(hasComma);
    if (LIST_END.test(source)) return LIST_END.lastIndex === source.length ? strings : null;
    if (!hasComma) return null;
  }
}

/** The inside of a literal with its escapes resolved; `null` for one that Python refuses or that is not known here. */
function unescaped(inside: string): string | null {
  let isKnown = true;
  const text = inside.replace(ESCAPE, (whole, escape: string) => {
    if (Object.hasOwn(NAMED, escape)) return NAMED[escape];
    const isOctal = /^[0-7]/.test(escape);
    const isHex = escape.length > 1;
    if (!isOctal && !isHex) {
      if ("NxuU".includes(escape)) isKnown = false;
      return whole; // Python keeps the backslash of an escape it does not know
    }
    const codePoint = isOctal ? parseInt(escape, 8) : parseInt(escape.slice(1), 16);
    if (codePoint > LARGEST_CODE_POINT) isKnown = false;
    return isKnown ? String.fromCodePoint(codePoint) : whole;
  });
  return isKnown ? text : null;
}

/** With fewer different texts, a common beginning is no evidence of a template. */
const LEAST_TEXTS = 5;
/** The end of a line, or of a sentence with the space after it. */
const BOUNDARIES = /\n|[.!?:]["')\]]?[ \t]/g;

/**
 * Finds the beginning that nearly all texts of one evaluation share: the instruction and the worked examples of
 * few-shot prompts.
 *
 * It is the longest prefix of at least `share` of the different texts, cut back to the end of a line or sentence, so
 * that two questions that happen to begin alike keep their first words. The examples may have any form. Empty where
 * there is no such prefix, and for fewer than five different texts.
 *
 * O(n log n) comparisons: in sorted order the texts with a common prefix stand next to each other.
 *
 * @param share above .5, so that there is only one such prefix; default .95: some files have a few prompts of another
 * form
 * @throws RangeError where the share is not above .5 and at most 1
 * @example
 * ```ts
 * import { sharedPrefix } from "./prompt_text.ts";
 * import assert from "node:assert/strict";
 *
 * const colors = ["red", "green", "blue", "black", "brown"];
 * const texts = colors.map((color) => `Is grass green? Yes.\nIs the sky ${color}?`);
 * assert.equal(sharedPrefix(texts), "Is grass green? Yes.\n");
 * ```
 */
export function sharedPrefix(texts: readonly string[], { share = 0.95 }: { readonly share?: number } = {}): string {
  if (!(share > 0.5 && share <= 1)) {
    throw new RangeError(
      `Cannot find a shared prefix as its share must be above .5 and at most 1: it is ${share}; pass one such as .95`,
    );
  }
  const sorted = [...new Set(texts)].sort();
  const nSharing = Math.ceil(share * sorted.length);
  if (sorted.length < LEAST_TEXTS) return "";
  let longest = "";
  for (let first = 0; first + nSharing <= sorted.length; first++) {
    const length = commonLength(sorted[first], sorted[first + nSharing - 1]);
    if (length > longest.length) longest = sorted[first].slice(0, length);
  }
  const ends = [...longest.matchAll(BOUNDARIES)].map(({ index, 0: { length } }) => index + length);
  return longest.slice(0, ends.at(-1) ?? 0);
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

/** Prompts without the beginnings that those of their evaluation share. */
export interface LastQuestions {
  /** What is left of each prompt, `[n]`. */
  readonly texts: readonly string[];
  /** Characters (UTF-16 units, of the read text) removed from the beginning of each prompt, `[n]`. */
  readonly nRemoved: Int32Array;
  /** The shared prefix of each evaluation, by its name; empty where there is none. */
  readonly prefixes: ReadonlyMap<string, string>;
}

/**
 * The last question of each prompt: its text ({@linkcode readPromptText}) without the prefix that nearly all prompts of
 * its evaluation share ({@linkcode sharedPrefix}).
 *
 * An encoder reads the beginning of a text. In few-shot prompts the beginning is the examples, the same for all;
 * without them the encoder reads the question. A prompt that does not begin so, or has nothing after it, stays whole.
 *
 * **Shapes**: one text for each of the table's n prompts. **Source**: the paper encodes the whole prompt.
 *
 * @throws TypeError where the table has no texts
 * @example
 * ```ts
 * import { simulateOutcomes } from "routerbench";
 * import { lastQuestions } from "./prompt_text.ts";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 10, seed: 1 }); // no examples before the questions
 * assert.deepEqual(lastQuestions(outcomes).texts, outcomes.prompts);
 * ```
 */
export function lastQuestions(table: OutcomeTable): LastQuestions {
  const whole = wholeTexts(table);
  const prefixes = new Map(
    evalNamesOf(table).map((evalName) => [
      evalName,
      sharedPrefix(whole.filter((_, i) => table.evalNames[i] === evalName)),
    ]),
  );
  const nRemoved = Int32Array.from(whole, (text, i) => {
    const prefix = prefixes.get(table.evalNames[i])!;
    return text.startsWith(prefix) && text.slice(prefix.length).trim() !== "" ? prefix.length : 0;
  });
  return { texts: whole.map((text, i) => text.slice(nRemoved[i])), nRemoved, prefixes };
}

/**
 * The whole text of each prompt, as {@linkcode readPromptText} reads it.
 *
 * @throws TypeError where the table has no texts
 */
export function wholeTexts({ prompts, source }: OutcomeTable): string[] {
  if (prompts !== null) return prompts.map(readPromptText);
  throw new TypeError(`Cannot read prompts as the table must have their texts: "${source.name}" has none`);
}
