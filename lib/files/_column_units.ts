import { plainName } from "./column_names.ts";
import type { Measure } from "./_number_cells.ts";

/** Endings of names that say in which unit a column counts, and the unit in those of its measure: `cost_cents`, `latency_ms`. */
const UNITS: Readonly<Partial<Record<Measure, readonly (readonly [ending: RegExp, unit: number])[]>>> = {
  USD: [
    [/(^|_)(usd_)?cents?$/, 1e-2],
    [/(^|_)milli_?(usd|dollars?)$/, 1e-3],
    [/(^|_)(micro_?(usd|dollars?)|(usd|dollars?|cost)_micros?)$/, 1e-6],
    [/(^|_)(nano_?(usd|dollars?)|(usd|dollars?|cost)_nanos?)$/, 1e-9],
  ],
  seconds: [
    [/(^|_)(ms|msecs?|millis|milliseconds?)$/, 1e-3],
    [/(^|_)(us|µs|μs|usecs?|micros|microseconds?)$/, 1e-6],
    [/(^|_)(ns|nsecs?|nanos|nanoseconds?)$/, 1e-9],
    [/(^|_)minutes?$/, 60],
  ],
};
/** Names of prices, which are no costs of responses. */
const PRICE = /(^|_)(price|rate)(_|$)|_per_(1k|1m|1000|1000000|thousand|million|mtok|tokens?|1k_tokens|1m_tokens)(_|$)/;
const OTHER_CURRENCY = /(^|_)(eur|euros?|gbp|pounds?|jpy|yen|cny|rmb|yuan|inr|rupees?|chf|krw|cad|aud|brl)$/;

/**
 * The unit in which a column counts by its name, in units of the measure, and what is to be said of it.
 *
 * @throws TypeError where the name is that of a price
 */
export function unitOfName(name: string, measure: Measure): { readonly unit: number; readonly note: string | null } {
  const plain = plainName(name);
  if (measure === "USD" && PRICE.test(plain)) {
    throw new TypeError(
      `each outcome must have the cost of its response: "${name}" names a price; pass prices as priceList (--prices FILE) beside token counts, or rename the column if it holds costs`,
    );
  }
  const unit = UNITS[measure]?.find(([ending]) => ending.test(plain))?.[1] ?? 1;
  if (unit !== 1) return { unit, note: `"${name}" is read in the unit of its name: 1 is ${unit} ${measure}` };
  const isOther = measure === "USD" && OTHER_CURRENCY.test(plain);
  return { unit, note: isOther ? `"${name}" is taken as USD, whatever the currency of its name` : null };
}
