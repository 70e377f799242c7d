import { numberOfCell } from "../frame.ts";

/** Whole numbers below this, and powers of ten up to 10^22, are doubles; their product or quotient is then the double nearest to the decimal. */
const MOST_EXACT = 2 ** 53;
const POWERS: readonly number[] = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const ZERO = 0x30;
const NINE = 0x39;

/**
 * The number that bytes write, as `numberOfCell` reads their text: most are read without making the text.
 *
 * **Source**: W. D. Clinger, "How to read floating point numbers accurately", PLDI 1990: the fast case.
 */
export function numberOfBytes(bytes: DataView, start: number, end: number): number | undefined {
  let at = start;
  const sign = at < end ? bytes.getUint8(at) : 0;
  if (sign === 0x2b || sign === 0x2d) at++;
  let digits = 0;
  let nDigits = 0;
  let scale = 0;
  let point = -1;
  for (; at < end; at++) {
    const byte = bytes.getUint8(at);
    if (byte >= ZERO && byte <= NINE) {
      digits = digits * 10 + (byte - ZERO);
      nDigits++;
    } else if (byte === 0x2e && point < 0) point = nDigits;
    else break;
  }
  if (point >= 0) scale = point - nDigits;
  if (at < end && (bytes.getUint8(at) | 0x20) === 0x65) {
    const exponent = exponentOf(bytes, at + 1, end);
    if (exponent !== undefined) {
      scale += exponent;
      at = end;
    }
  }
  if (nDigits === 0 || at < end || !(digits <= MOST_EXACT) || scale < -22 || scale > 22) {
    return numberOfCell(textOf(bytes, start, end));
  }
  const value = scale < 0 ? digits / POWERS[-scale] : digits * POWERS[scale];
  return sign === 0x2d ? -value : value;
}

/** The exponent behind an `e`, of one to three digits; `undefined` where it is none. */
function exponentOf(bytes: DataView, start: number, end: number): number | undefined {
  let at = start;
  const sign = at < end ? bytes.getUint8(at) : 0;
  if (sign === 0x2b || sign === 0x2d) at++;
  if (at >= end || end - at > 3) return undefined;
  let exponent = 0;
  for (; at < end; at++) {
    const byte = bytes.getUint8(at);
    if (byte < ZERO || byte > NINE) return undefined;
    exponent = exponent * 10 + (byte - ZERO);
  }
  return sign === 0x2d ? -exponent : exponent;
}

/** Characters of bytes; other than ASCII make no number, whatever they are. */
function textOf(bytes: DataView, start: number, end: number): string {
  if (end - start > MOST_LENGTH) return "(a text)";
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes.getUint8(at));
  return text;
}

/** A longer cell is no number that anybody writes. */
const MOST_LENGTH = 1000;
