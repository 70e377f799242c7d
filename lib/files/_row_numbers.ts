import { type Field, found, type ModelColumns } from "./column_names.ts";
import { unitOfName } from "./_column_units.ts";
import { type Frame, rowError } from "./frame.ts";
import { type Measure, measuredNumber, oneWayOfWriting } from "./_number_cells.ts";
import type { NumberTally } from "./_number_tally.ts";
import { missingTest, type QualityOptions, qualityReader } from "./_quality_cells.ts";
import { listed } from "../base/words.ts";
import type { PriceList } from "../outcomes/price_list.ts";

/** The numbers of one model's outcomes, row by row. Each is read once. */
export interface RowNumbers {
  quality(row: number): number;
  costUsd(row: number): number;
  latencySeconds(row: number): number;
  /** True where the row's cost differs from its tokens × the prices of the list. */
  contradictsPrice(row: number): boolean;
}

/** Options of the numbers of a row. */
export interface NumberOptions extends QualityOptions {
  /** Prices by model. */
  readonly priceList?: PriceList;
  /** USD of a response by model. */
  readonly responseCostUsd?: Readonly<Record<string, number>>;
  /** True where the format's reader has used responseCostUsd already. */
  readonly costsAreKnown?: boolean;
}

/** The columns from which numbers are read. */
export interface NumberSource {
  readonly frame: Frame;
  readonly columns: ModelColumns;
  /** The model of each row. */
  readonly modelOf: (row: number) => string;
  /** Its name in a price list, where that is another: prices of tokens are the model's, however it was retrieved. */
  readonly pricedAs?: (row: number) => string;
}

/** A cost within one per cent of tokens × price agrees with it: files round their costs. */
const SAME_COST = 0.01;
const LEAST_USD = 1e-9;

/**
 * Readers of the numbers of outcomes from their columns.
 *
 * @throws TypeError where the quality's column is missing, or nothing gives the cost
 */
export function rowNumbers(source: NumberSource, options: NumberOptions, tally: NumberTally): RowNumbers {
  const { frame, columns, modelOf } = source;
  const quality = qualityReader(
    {
      name: columns.quality!,
      cells: numbersOrCells(frame, columns.quality!, options),
      decimalComma: frame.decimalComma ?? false,
      modelOf,
    },
    options,
    tally,
  );
  return {
    quality,
    latencySeconds: numberReader(source, "latencySeconds", options, { measure: "seconds", tally }),
    ...costReaders(source, options, tally),
  };
}

interface CellKind {
  readonly measure: Measure;
  readonly tally: NumberTally;
}

/** The values for "missing" that apply to costs and latencies: words and negative numbers, as 0 may be a cost. */
function noneTest({ missingValues = [] }: QualityOptions): (cell: unknown) => boolean {
  return missingTest(missingValues.filter((value) => !(Number(value) >= 0 && Number(value) < Infinity)));
}

/** A column as numbers where its format has them at hand, and no option speaks of its texts. */
function numbersOrCells(frame: Frame, name: string, options: QualityOptions): ArrayLike<unknown> {
  const speaksOfTexts = options.missingValues !== undefined || options.qualityWords !== undefined;
  return (speaksOfTexts ? null : frame.numbers?.(name)) ?? frame.columns.get(name)!;
}

function numberReader(
  { frame, columns }: NumberSource,
  field: Field,
  options: QualityOptions,
  { measure, tally }: CellKind,
): (row: number) => number {
  const name = columns[field];
  if (name === undefined) return () => NaN;
  const column = numbersOrCells(frame, name, options);
  const isMissing = noneTest(options);
  const { unit, note } = unitOfName(name, measure);
  if (note !== null) tally.said.add(note);
  const { decimalComma = false } = frame;
  const doubtOf = oneWayOfWriting();
  const amount = (row: number, value: number): number => {
    if (Number.isNaN(value) || (value >= 0 && value < Infinity)) return value;
    throw rowError(noAmount(name, measure, { row, cell: column[row] }), row);
  };
  return (row) => {
    const cell = column[row];
    if (isMissing(cell)) return NaN;
    if (typeof cell === "number") return amount(row, cell * unit);
    const doubt = decimalComma && typeof cell === "string" ? doubtOf(cell.trim()) : null;
    if (doubt !== null) {
      const rule = `the column "${name}" must write numbers in one way: row ${row + 1} makes it ${doubt}`;
      throw rowError(new TypeError(`${rule}; write numbers with points for decimals, and without thousands`), row);
    }
    const value = measuredNumber(cell, measure, { decimalComma, unit });
    if (value === undefined) throw rowError(noNumber(name, measure, { row, cell }), row);
    return amount(row, value);
  };
}

interface Place {
  readonly row: number;
  readonly cell: unknown;
}

function noNumber(name: string, measure: Measure, { row, cell }: Place): TypeError {
  const text = String(cell).trim().slice(0, 40);
  const remedy = /^\d+,\d+$/.test(text)
    ? "write decimals with a point, or part the cells by semicolons"
    : /[€£¥₹₩]/.test(text)
    ? "convert the amounts to USD"
    : `write it as a number, or if it means that there is none, say so by missingValues (--missing-values "${text}")`;
  return new TypeError(
    `the column "${name}" must hold numbers${measure === "USD" ? " of USD" : ""}: row ${
      row + 1
    } has "${text}"; ${remedy}`,
  );
}

function noAmount(name: string, measure: Measure, { row, cell }: Place): RangeError {
  return new RangeError(
    `the column "${name}" must hold finite numbers of ${measure}, 0 or more: row ${
      row + 1
    } has ${cell}; if it means that there is none, say so by missingValues (--missing-values ${cell})`,
  );
}

/** A cost is that of `responseCostUsd`, else the file's, else tokens × price. */
function costReaders(
  source: NumberSource,
  options: NumberOptions,
  tally: NumberTally,
): Pick<RowNumbers, "costUsd" | "contradictsPrice"> {
  const { frame, columns, modelOf, pricedAs = modelOf } = source;
  const { priceList } = options;
  const cost = numberReader(source, "costUsd", options, { measure: "USD", tally });
  const promptTokens = numberReader(source, "promptTokens", options, { measure: "tokens", tally });
  const completionTokens = numberReader(source, "completionTokens", options, { measure: "tokens", tally });
  const hasTokens = columns.promptTokens !== undefined && columns.completionTokens !== undefined;
  const canPrice = hasTokens && priceList !== undefined;
  const priced = (row: number): number => {
    const price = priceList![pricedAs(row)];
    return (promptTokens(row) * price.prompt + completionTokens(row) * price.completion) / 1e6;
  };
  const hasPrice = (row: number): boolean => canPrice && Object.hasOwn(priceList, pricedAs(row));
  const ofFile = (row: number): number => {
    const value = cost(row);
    if (!Number.isNaN(value) || !hasPrice(row)) return value;
    const filled = priced(row);
    if (!Number.isNaN(filled)) tally.nPriced++;
    return filled;
  };
  const ofPrices = (row: number): number => {
    needPrice(pricedAs(row), priceList!);
    tally.usedPrices = true;
    return priced(row);
  };
  const without = columns.costUsd !== undefined ? ofFile : canPrice ? ofPrices : null;
  const { responseCostUsd = {}, costsAreKnown = false } = options;
  if (costsAreKnown && options.responseCostUsd !== undefined) tally.usedResponseCosts = true;
  if (costsAreKnown && canPrice) tally.usedPrices = true;
  if (without === null && options.responseCostUsd === undefined) return noCost(frame, hasTokens);
  const costUsd = (row: number): number => {
    const model = modelOf(row);
    if (costsAreKnown || !Object.hasOwn(responseCostUsd, model)) {
      if (without === null) throw lacksModel(model);
      return without(row);
    }
    if (columns.costUsd !== undefined) tally.overruled.add(columns.costUsd);
    tally.usedResponseCosts = true;
    return responseCostUsd[model];
  };
  return {
    costUsd: options.responseCostUsd === undefined || (costsAreKnown && without !== null) ? without! : costUsd,
    contradictsPrice: (row) => {
      // A list that only serves to check costs need not have every model.
      if (columns.costUsd === undefined || !hasPrice(row) || Number.isNaN(cost(row))) return false;
      const expected = priced(row);
      if (!Number.isNaN(expected)) tally.nChecked++;
      return Math.abs(cost(row) - expected) > SAME_COST * expected + LEAST_USD;
    },
  };
}

function needPrice(model: string, priceList: PriceList): void {
  if (Object.hasOwn(priceList, model)) return;
  throw new TypeError(
    `the price list must have every model: it lacks "${model}"; it has ${
      listed(Object.keys(priceList), 12)
    }; add it (--prices FILE)`,
  );
}

function lacksModel(model: string): TypeError {
  return new TypeError(
    `responseCostUsd must have every model: it lacks "${model}"; add it (--response-costs FILE)`,
  );
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
