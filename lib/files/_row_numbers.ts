import { type Field, found, type ModelColumns } from "./column_names.ts";
import { type Frame, numberOfCell, rowError } from "./frame.ts";
import type { PriceList } from "../outcomes/price_list.ts";

/** Numbers of one model's outcomes, row by row. */
export interface RowNumbers {
  quality(row: number): number;
  costUsd(row: number): number;
  latencySeconds(row: number): number;
  /** True where the row's cost is not what its tokens cost by the price list. */
  contradictsPrice(row: number): boolean;
}

/** What the numbers of a row depend on, beside its columns. */
export interface NumberOptions {
  /** Prices by model. */
  readonly priceList?: PriceList;
  /** USD of a response by model. */
  readonly responseCostUsd?: Readonly<Record<string, number>>;
  /** The scale of the qualities. */
  readonly qualityRange: readonly [number, number];
}

/** A cost within one per cent of tokens × price agrees with it: files round their costs. */
const SAME_COST = 0.01;
const LEAST_USD = 1e-9;

/**
 * Readers of the numbers of outcomes from their columns.
 *
 * @param modelOf the model of each row
 * @throws TypeError where the quality's column is missing, or nothing gives the cost
 */
export function rowNumbers(
  frame: Frame,
  columns: ModelColumns,
  modelOf: (row: number) => string,
  options: NumberOptions,
): RowNumbers {
  const { priceList, responseCostUsd, qualityRange: [low, high] } = options;
  const cell = (field: Field, rule: string): (row: number) => number => {
    const name = columns[field];
    if (name === undefined) return () => NaN;
    const column = frame.columns.get(name)!;
    if (column instanceof Float64Array) return (row) => column[row];
    return (row) => {
      const value = numberOfCell(column[row]);
      if (value === undefined) {
        throw rowError(
          new TypeError(
            `the column "${name}" must hold ${rule}: row ${row + 1} has "${String(column[row]).slice(0, 40)}"`,
          ),
          row,
        );
      }
      return value;
    };
  };
  const raw = cell("quality", "numbers, true or false");
  const cost = cell("costUsd", "numbers");
  const latency = cell("latencySeconds", "numbers");
  const quality = (row: number): number => {
    const value = raw(row);
    const scaled = low === 0 && high === 1 ? value : (value - low) / (high - low);
    if (scaled < 0 || scaled > 1) {
      throw rowError(
        new RangeError(
          `the quality must be in ${low} to ${high}: row ${
            row + 1
          } of "${columns.quality}" has ${value}; name its scale by qualityRange (--quality-range LOW,HIGH)`,
        ),
        row,
      );
    }
    return scaled;
  };
  const promptTokens = cell("promptTokens", "numbers");
  const completionTokens = cell("completionTokens", "numbers");
  const hasTokens = columns.promptTokens !== undefined && columns.completionTokens !== undefined;
  const priced = (row: number): number => {
    const price = priceOf(modelOf(row), priceList!);
    return (promptTokens(row) * price.prompt + completionTokens(row) * price.completion) / 1e6;
  };
  const perSecond = /(^|[_|])(latency_)?ms$/i.test(columns.latencySeconds ?? "") ? 1e-3 : 1;
  const checks = columns.costUsd !== undefined && hasTokens && priceList !== undefined;
  return {
    quality,
    costUsd: columns.costUsd !== undefined
      ? cost
      : hasTokens && priceList !== undefined
      ? priced
      : responseCostUsd !== undefined
      ? (row) => responseCostOf(modelOf(row), responseCostUsd)
      : noCost(frame, hasTokens),
    latencySeconds: perSecond === 1 ? latency : (row) => latency(row) * perSecond,
    contradictsPrice: (row) => {
      // A list that only checks need not have every model.
      if (!checks || Number.isNaN(cost(row)) || !Object.hasOwn(priceList, modelOf(row))) return false;
      const expected = priced(row);
      return Math.abs(cost(row) - expected) > SAME_COST * expected + LEAST_USD;
    },
  };
}

function priceOf(model: string, priceList: PriceList): PriceList[string] {
  if (!Object.hasOwn(priceList, model)) {
    throw new TypeError(
      `the price list must have every model: it lacks "${model}"; it has ${
        Object.keys(priceList).map((name) => `"${name}"`).join(", ")
      }; add it (--prices FILE)`,
    );
  }
  return priceList[model];
}

function responseCostOf(model: string, responseCostUsd: Readonly<Record<string, number>>): number {
  if (!Object.hasOwn(responseCostUsd, model)) {
    throw new TypeError(`responseCostUsd must have every model: it lacks "${model}"; add it (--response-costs FILE)`);
  }
  return responseCostUsd[model];
}

function noCost(frame: Frame, hasTokens: boolean): never {
  throw new TypeError(
    `each outcome must have a cost, in a column cost_usd, total_cost or cost: ${found([...frame.columns.keys()])}; ${
      hasTokens
        ? "token counts are there, so pass priceList (--prices FILE), USD per million tokens by model"
        : "name it by columns.costUsd (--columns costUsd=NAME), or pass priceList with token counts (--prices FILE), or responseCostUsd (--response-costs FILE)"
    }`,
  );
}
