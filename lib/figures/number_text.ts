const MINUS = "−";
const TIMES = "×";

/** A power of ten in Plotly's markup: `2×10<sup>−5</sup>`, `10<sup>3</sup>`, `0`; `digits` significant digits. */
export function powerText(value: number, digits = 3): string {
  if (value === 0) return "0";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const power = `10<sup>${exponent.replace("+", "").replace("-", MINUS)}</sup>`;
  const factor = String(Number(mantissa)).replace("-", MINUS);
  return factor === "1" ? power : `${factor}${TIMES}${power}`;
}

/** A number for reading: `digits` significant digits, plain where that is short, else as a power of ten. */
export function readableNumber(value: number, digits = 3): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return powerText(value, digits);
  const decimals = size === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return value.toFixed(Math.min(decimals, 20)).replace("-", MINUS);
}

/** A number below 1 as the paper prints it: `.773`. */
export function shortNumber(value: number, decimals = 3): string {
  return value.toFixed(decimals).replace(/^0/, "");
}
