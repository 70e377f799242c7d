import { numberOfCell } from "./frame.ts";

/** The measure of a number in a cell, which decides its units. */
export type Measure = "quality" | "USD" | "seconds" | "tokens";

/** Groups of three digits with commas between them. */
const THOUSANDS = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;
const DECIMAL_COMMA = /^[+-]?(\d{1,3}(\.\d{3})+|\d*),\d+(e[+-]?\d+)?$/i;
/** A space or an apostrophe, the same one each time, between groups of three digits. */
const SPACED = /^([^\d]*\d{1,3})([\s'’])(\d{3}(?:\2\d{3})*)(?!\d)/;
const SECONDS_OF_UNIT: Readonly<Record<string, number>> = {
  ...{ ns: 1e-9, us: 1e-6, μs: 1e-6 },
  ...{ ms: 1e-3, msec: 1e-3, s: 1, sec: 1, secs: 1, sek: 1, second: 1, seconds: 1 },
  ...{ m: 60, min: 60, mins: 60, h: 3600 },
};
/** As Python's `timedelta` and pandas write durations: `0:00:01.5`, `0 days 00:00:01.500000`. */
const CLOCK = /^(?:(\d+) days? ?,? ?)?(\d+):([0-5]\d):([0-5]\d(?:\.\d+)?)$/;

/**
 * A cell as a number, units and separators of thousands read: `$0.0015`, `1.58s`, `45 %`, `1,234`.
 *
 * @param unit that of a number which names none, in units of the measure: .001 in a column of milliseconds
 * @returns `NaN` where the cell is empty, `undefined` where it is no number
 */
export function measuredNumber(
  cell: unknown,
  measure: Measure,
  { decimalComma, unit = 1 }: { readonly decimalComma: boolean; readonly unit?: number },
): number | undefined {
  const plain = numberOfCell(cell);
  if (plain !== undefined) return plain * unit;
  const text = withoutSpaces(String(cell).trim().normalize("NFKC"));
  const number = numberOfText(text, decimalComma);
  if (number !== undefined) return number * unit;
  switch (measure) {
    case "USD": {
      const cents = /^(.*\d)\s*(¢|cents?)$/i.exec(text);
      if (cents !== null) return timesUnit(numberOfText(cents[1], decimalComma), 0.01);
      return numberOfText(
        text.replace(/^([+-]?)(USD|US\$|\$)\s*/i, "$1").replace(/\s*(USD|US\$|\$)$/i, ""),
        decimalComma,
      );
    }
    case "seconds":
      return secondsOf(text, decimalComma);
    default:
      return undefined;
  }
}

/** Groups of three digits with points between them: thousands where commas part decimals, else a decimal. */
const POINTS = /^[+-]?\d{1,3}(\.\d{3})+$/;

/**
 * Looks over the numbers of a column that may have decimal commas: beside one that has, `1.234` may be either.
 *
 * @returns for each text in turn, what is wrong with it beside those before; `null` where nothing is
 */
export function oneWayOfWriting(): (text: string) => string | null {
  let withComma: string | null = null;
  let withPoints: string | null = null;
  return (text) => {
    if (DECIMAL_COMMA.test(text)) withComma ??= text;
    else if (POINTS.test(text)) withPoints ??= text;
    return withComma === null || withPoints === null
      ? null
      : `"${withPoints}" beside "${withComma}", which may be thousands or a decimal`;
  };
}

/** A share that is written with a per cent sign, as a number of 0 to 1; `undefined` where the text is none. */
export function shareOfText(text: string, decimalComma: boolean): number | undefined {
  if (!text.endsWith("%")) return undefined;
  const percent = numberOfText(text.slice(0, -1).trim(), decimalComma);
  return percent === undefined ? undefined : percent / 100;
}

/** Without what parts thousands beside commas and points, and with the hyphen for a minus. */
function withoutSpaces(text: string): string {
  const spaced = SPACED.exec(text);
  const joined = spaced === null
    ? text
    : spaced[1] + spaced[3].replaceAll(spaced[2], "") + text.slice(spaced[0].length);
  return joined.replace(/^\u2212/, "-");
}

function timesUnit(number: number | undefined, unit: number): number | undefined {
  return number === undefined ? undefined : number * unit;
}

/** `1.58s`, `900 ms`, `1m 3s`, `0:00:01.5`. */
function secondsOf(text: string, decimalComma: boolean): number | undefined {
  const clock = CLOCK.exec(text);
  if (clock !== null) {
    const [days = 0, hours, minutes, seconds] = clock.slice(1).map((digits) => Number(digits ?? 0));
    return 86_400 * days + 3600 * hours + 60 * minutes + seconds;
  }
  const parts = [...text.toLowerCase().matchAll(/([\d.,e+-]+?)\s*([a-zμ]+)\.?\s*/gy)];
  if (parts.length === 0 || parts.map(([part]) => part).join("").length !== text.length) return undefined;
  let seconds = 0;
  for (const [, digits, unit] of parts) {
    const number = numberOfText(digits, decimalComma);
    if (number === undefined || !Object.hasOwn(SECONDS_OF_UNIT, unit)) return undefined;
    seconds += number * SECONDS_OF_UNIT[unit];
  }
  return seconds;
}

function numberOfText(text: string, decimalComma: boolean): number | undefined {
  const isThousands = THOUSANDS.test(text) && (!decimalComma || text.includes(".") || text.split(",").length > 2);
  const point = isThousands
    ? text.replaceAll(",", "")
    : decimalComma && DECIMAL_COMMA.test(text)
    ? text.replaceAll(".", "").replace(",", ".")
    : text;
  const number = point === "" ? undefined : numberOfCell(point);
  return Number.isNaN(number) ? undefined : number;
}
