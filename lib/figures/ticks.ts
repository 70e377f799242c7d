import { powerText } from "./number_text.ts";
import { textWidth } from "./text_width.ts";

/** The ticks of an axis. */
export interface AxisTicks {
  /** Ticks with a label, in Plotly's markup. */
  readonly major: readonly { readonly value: number; readonly text: string }[];
  /** Values of ticks without a label. */
  readonly minor: readonly number[];
  /** Whether the labels are names of rows or columns, not places on a scale. */
  readonly areNames?: boolean;
}

/** The room for ticks. Lengths are pixels. */
export interface TickSpace {
  /** Length of the axis. */
  readonly length: number;
  /** Size of the labels' text. */
  readonly fontSize: number;
  /** Labels stand beside each other along x, above each other along y. */
  readonly along: "x" | "y";
}

const MAX_MAJOR_TICKS = { x: 8, y: 7 };
const LEAST_PLAIN = 1e-3;
const MOST_PLAIN = 1e5;

/** Ticks at multiples of 1, 2 or 5 times a power of ten between two values, as many as fit without touching. */
export function linearTicks(range: readonly [number, number], space: TickSpace): AxisTicks {
  const [low, high] = range;
  const place = (value: number): number => (value - low) / (high - low) * space.length;
  for (let exponent = Math.floor(Math.log10(high - low)) - 2;; exponent++) {
    for (const factor of [1, 2, 5]) {
      const major = label(multiples(range, factor, exponent), { decimals: Math.max(0, -exponent) });
      if (fits(major, place, space) || major.length <= 1) return { major, minor: [] };
    }
  }
}

/**
 * Ticks of a log axis between two values above 0: multiples of 1, 2, 5 where few decades are shown, else decades, or
 * every other one where even these touch; on less than about one decade, round values at equal distances. Whole
 * multiples between them get ticks without labels.
 */
export function logTicks(range: readonly [number, number], space: TickSpace): AxisTicks {
  const [low, high] = range;
  const nDecades = Math.log10(high / low);
  const place = (value: number): number => Math.log10(value / low) / nDecades * space.length;
  const candidates: number[][] = [];
  if (nDecades < 3) candidates.push(decadeMultiples(range, [1, 2, 5]), decadeMultiples(range, [1, 3]));
  for (let every = 1; every <= Math.max(1, nDecades); every++) candidates.push(decadeMultiples(range, [1], every));
  for (const values of candidates) {
    const major = label(values, {});
    if (major.length >= 3 - Number(nDecades > 1) && fits(major, place, space)) {
      const minor = nDecades > 8
        ? []
        : decadeMultiples(range, [1, 2, 3, 4, 5, 6, 7, 8, 9]).filter((value) => !values.includes(value));
      return { major, minor };
    }
  }
  for (let exponent = Math.floor(Math.log10(high - low)) - 1;; exponent++) {
    for (const factor of [1, 2, 5]) {
      const major = label(multiples(range, factor, exponent), { decimals: Math.max(0, -exponent) });
      if (fits(major, place, space) || major.length <= 1) return { major, minor: [] };
    }
  }
}

/** The multiples of factor·10^exponent in a range, without rounding errors. */
function multiples([low, high]: readonly [number, number], factor: number, exponent: number): number[] {
  const step = factor * 10 ** exponent;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from(
    { length: Math.max(0, Math.min(last - first + 1, 1000)) },
    (_, i) => Number(`${(first + i) * factor}e${exponent}`),
  );
}

/** The values m·10^e in a range for each of the multiples m and each e that `every` divides, ascending. */
function decadeMultiples([low, high]: readonly [number, number], mantissas: readonly number[], every = 1): number[] {
  const values: number[] = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
    if (e % every !== 0) continue;
    for (const m of mantissas) {
      const value = Number(`${m}e${e}`);
      if (value >= low && value <= high) values.push(value);
    }
  }
  return values;
}

/** One style for all labels of an axis: plain where every value is short, else powers of ten. */
function label(
  values: readonly number[],
  { decimals }: { readonly decimals?: number },
): { value: number; text: string }[] {
  const sizes = values.filter((value) => value !== 0).map(Math.abs);
  const largest = Math.max(...sizes);
  const plain = sizes.length === 0 ||
    ((decimals === undefined ? Math.min(...sizes) : largest) >= LEAST_PLAIN && largest < MOST_PLAIN);
  const nDigits = decimals === undefined ? 1 : Math.max(1, Math.floor(Math.log10(largest)) + decimals + 1);
  return values.map((value) => ({ value, text: plain ? plainTick(value, decimals) : powerText(value, nDigits) }));
}

function plainTick(value: number, decimals: number | undefined): string {
  return (decimals === undefined || value === 0 ? String(value) : value.toFixed(decimals)).replace("-", "−");
}

function fits(
  ticks: readonly { value: number; text: string }[],
  place: (value: number) => number,
  space: TickSpace,
): boolean {
  if (ticks.length > MAX_MAJOR_TICKS[space.along]) return false;
  const half = ticks.map(({ text }) => (space.along === "x" ? textWidth(text, space.fontSize) : space.fontSize) / 2);
  const gap = space.fontSize * (space.along === "x" ? 0.8 : 0.6);
  return ticks.every(({ value }, i) =>
    i === 0 || place(value) - half[i] - (place(ticks[i - 1].value) + half[i - 1]) >= gap
  );
}
