import { fieldNames, type LoadColumns } from "./column_names.ts";

/** How a table of outcomes is read. */
export interface LoadOptions {
  /** Names of columns, where the conventions do not find them: `{ quality: "acc", model: "system" }`. */
  readonly columns?: LoadColumns;
  /**
   * What happens to prompts on which a model has no quality or no cost: `"error"` stops, `"drop"` leaves them out and says so in
   * `source.notes`. A missing cell is never taken for zero. Default: `"drop"` for the released pickles, which have such rows, else `"error"`.
   */
  readonly missing?: "error" | "drop";
  /** What happens where a model has several different outcomes on one prompt: `"error"` (default) stops, `"mean"` averages them. */
  readonly repeats?: "error" | "mean";
  /** USD per million tokens, by model: gives the cost where the file has token counts and no cost, and checks it where it has both. */
  readonly priceList?: PriceList;
  /** USD of one response, by model: gives the cost where the file has neither costs nor token counts. */
  readonly responseCostUsd?: Readonly<Record<string, number>>;
  /** The scale of the file's qualities, mapped to 0..1: `[1, 10]` for a judge's ten grades. Default `[0, 1]`. */
  readonly qualityRange?: readonly [low: number, high: number];
}

/** Prices by model, USD per million tokens. */
export type PriceList = Readonly<Record<string, { readonly prompt: number; readonly completion: number }>>;

const KNOWN: readonly (keyof LoadOptions)[] = ["columns", "missing", "repeats", "priceList", "responseCostUsd", "qualityRange"];

/**
 * Checks options that came from outside the type system: unknown ones throw.
 *
 * @throws TypeError for an unknown option or field, RangeError for a value that is not allowed
 */
export function checkLoadOptions(options: LoadOptions): void {
  needKnown("options", Object.keys(options), KNOWN);
  needKnown("fields in columns", Object.keys(options.columns ?? {}), fieldNames());
  needOneOf("missing", options.missing, ["error", "drop"]);
  needOneOf("repeats", options.repeats, ["error", "mean"]);
  const [low, high] = options.qualityRange ?? [0, 1];
  if (!(low < high && Number.isFinite(high - low))) {
    throw new RangeError(
      `Cannot load outcomes as qualityRange must go from a number to a greater one: it is ${low} to ${high}; pass [1, 10] for ten grades`,
    );
  }
  for (const [model, { prompt, completion }] of Object.entries(options.priceList ?? {})) {
    needAmount(`the price list of "${model}"`, prompt);
    needAmount(`the price list of "${model}"`, completion);
  }
  for (const [model, costUsd] of Object.entries(options.responseCostUsd ?? {})) needAmount(`responseCostUsd of "${model}"`, costUsd);
}

function needKnown(what: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`Cannot load outcomes as ${what} must be among ${known.join(", ")}: "${unknown}" is not`);
}

function needOneOf(name: string, value: string | undefined, known: readonly string[]): void {
  if (value !== undefined && !known.includes(value)) {
    throw new RangeError(`Cannot load outcomes as ${name} must be ${known.join(" or ")}: it is "${value}"`);
  }
}

function needAmount(what: string, value: unknown): void {
  if (!(typeof value === "number" && value >= 0 && value < Infinity)) {
    throw new RangeError(`Cannot load outcomes as ${what} must be numbers of USD, 0 or more: one is ${value}`);
  }
}
