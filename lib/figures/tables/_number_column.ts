/** How numbers are rounded: to decimal places, to significant digits (whole numbers keep all theirs), or not. */
export type RoundingRule = { readonly decimals: number } | { readonly significant: number } | "exact";

/** A number as it is written: `sign whole.fraction × 10^exponent`. */
export interface NumberParts {
  readonly sign: "-" | "";
  readonly whole: string;
  /** Digits after the point, an empty string for none. */
  readonly fraction: string;
  /** Null where the number is written plainly. */
  readonly exponent: string | null;
}

/** Exponents beyond which a plain number would have too many zeros to be read. */
const LEAST_PLAIN = 1e-4;
const MOST_PLAIN = 1e6;

/**
 * A function that writes the numbers of one column in one style: plainly, or all as powers of ten where one of them is
 * too small or too large to be read plainly.
 */
export function numberColumn(values: readonly number[], rule: RoundingRule): (value: number) => NumberParts {
  if (values.every(Number.isInteger)) return (value) => partsOf(String(value));
  if (rule === "exact") return (value) => partsOf(String(value));
  if ("decimals" in rule) return (value) => partsOf(value.toFixed(rule.decimals));
  const digits = rule.significant;
  const sizes = values.filter((value) => value !== 0).map(Math.abs);
  if (sizes.some((size) => size < LEAST_PLAIN || size >= MOST_PLAIN)) {
    return (value) => partsOf(value.toExponential(digits - 1));
  }
  return (value) => {
    // Rounding may carry into a new digit: 9.996 is 10.0.
    const size = Math.abs(Number(value.toPrecision(digits)));
    const first = size === 0 ? 0 : Math.floor(Math.log10(size));
    return partsOf(value.toFixed(Math.max(0, digits - 1 - first)));
  };
}

/** Reads a number as JavaScript writes it: `-1.5e-7`. A zero has no sign. */
function partsOf(text: string): NumberParts {
  const [, sign, whole, fraction = "", exponent = null] = text.match(/^(-?)(\d+)(?:\.(\d+))?(?:e\+?(-?\d+))?$/)!;
  return { sign: Number(text) === 0 || sign === "" ? "" : "-", whole, fraction, exponent };
}
