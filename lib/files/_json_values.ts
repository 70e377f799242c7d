/** A whole number of 16 digits or more: a double may not hold it exactly. */
const LONG_WHOLE = /(?<![\d.])\d{16,}(?![\d.eE])/;
/** Texts, which are left as they are, the words that Python writes for numbers JSON does not have, and commas behind the last item. */
const TEXT_OR_WORD = /"(?:[^"\\]|\\.)*"|\bNaN\b|-?\bInfinity\b|,(?=\s*[\]}])/g;
/** Greatest depth of nested objects and arrays in a table. */
export const MOST_DEPTH = 100;

/**
 * Parses JSON as programs of Python write it. A whole number that a double cannot hold becomes the text of its digits; a bare `NaN` is `null`; a comma
 * behind the last item is passed over.
 *
 * @throws SyntaxError where the text is not JSON, or is nested too deep
 */
export function parseJson(text: string): unknown {
  try {
    return parseExactly(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError) || !/NaN|Infinity|,\s*[\]}]/.test(text)) throw cause;
    return parseExactly(text.replace(TEXT_OR_WORD, jsonOfWord));
  }
}

function jsonOfWord(word: string): string {
  if (word.startsWith('"')) return word;
  if (word === ",") return "";
  return word === "NaN" ? "null" : `"${word}"`;
}

type Reviver = (key: string, value: unknown) => unknown;

function parseExactly(text: string): unknown {
  try {
    return LONG_WHOLE.test(text) ? JSON.parse(text, exactly as Reviver) : JSON.parse(text);
  } catch (cause) {
    if (cause instanceof RangeError) throw tooDeep();
    throw cause;
  }
}

/** Keeps the digits of a whole number that is no safe integer. */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isRounded = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  const source = context?.source;
  return isRounded && source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

/** The error of objects nested too deep. */
export function tooDeep(): SyntaxError {
  return new SyntaxError(`objects and arrays must be nested at most ${MOST_DEPTH} deep: some are deeper`);
}

/** An array as the JSON that stands for it in a cell. */
export function jsonOfArray(array: readonly unknown[]): string {
  try {
    return JSON.stringify(array);
  } catch (cause) {
    if (cause instanceof RangeError) throw tooDeep();
    throw cause;
  }
}

/** True for an object that is neither `null` nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
