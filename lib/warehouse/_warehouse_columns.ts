import { CONVENTIONS, type LoadColumns, plainName } from "../files/column_names.ts";
import { suggestion } from "../base/suggestion.ts";
import { listed } from "../base/words.ts";

/** Which column of a table in a warehouse holds what; one row is one response. */
export interface WarehouseColumns extends Pick<LoadColumns, "promptId" | "evalName" | "model" | "quality" | "costUsd"> {
  /** Quality that a router expected of the model on the prompt. */
  readonly predictedQuality?: string;
  /** Cost that a router expected, USD. */
  readonly predictedCostUsd?: string;
  /** The prompt's vector, an array of numbers; in one row of the prompt or more, the others have an empty array. */
  readonly vector?: string;
  /** Of a log, in which only the chosen model has a row: the probability with which it was chosen. */
  readonly propensity?: string;
  /** Of a log: the models that could be chosen, an array of texts. */
  readonly offered?: string;
  /** Of a log: the probability of each model on offer, an array in the order of `offered`. */
  readonly propensities?: string;
  /** Of a log: the predicted quality of each model on offer, an array in the order of `offered`. */
  readonly predictedQualities?: string;
  /** Of a log: the predicted cost of each model on offer, USD, an array in the order of `offered`. */
  readonly predictedCostsUsd?: string;
  /** Of a log of an A/B test: `router` or `default`. */
  readonly arm?: string;
}

/** A field of {@linkcode WarehouseColumns}. */
export type WarehouseField = keyof WarehouseColumns;

/** A column as the server describes it. */
export interface DescribedColumn {
  /** Its name. */
  readonly name: string;
  /** Its type, such as `Nullable(Float64)`. */
  readonly type: string;
}

/** Columns by field. */
export type FoundColumns = Readonly<Partial<Record<WarehouseField, DescribedColumn>>>;

/** Names under which each field is looked for, the better first. */
const NAMES: Readonly<Record<WarehouseField, readonly string[]>> = {
  promptId: [...CONVENTIONS.promptId, "request_id"],
  evalName: CONVENTIONS.evalName,
  model: [...CONVENTIONS.model, "chosen"],
  quality: CONVENTIONS.quality,
  costUsd: CONVENTIONS.costUsd,
  predictedQuality: ["predicted_quality"],
  predictedCostUsd: ["predicted_cost_usd", "predicted_cost"],
  vector: ["vector", "embedding"],
  propensity: ["propensity", "propensity_of_choice"],
  offered: ["models"],
  propensities: ["propensities"],
  predictedQualities: ["predicted_quality", "predicted_qualities"],
  predictedCostsUsd: ["predicted_cost_usd", "predicted_costs_usd"],
  arm: ["arm"],
};

/** What a column of each field must hold; an array where it says so. */
const NUMBER = /^(?:Nullable\()?(?:U?Int\d+|Float(?:32|64)|Decimal.*|Bool)\)?$/;
const NUMBERS = /^Array\(Float(?:32|64)\)$/;
const ARRAY_OF_NUMBERS = { rule: NUMBERS, words: "Array(Float32) or Array(Float64)" };
const TYPES: Readonly<Partial<Record<WarehouseField, { readonly rule: RegExp; readonly words: string }>>> = {
  quality: { rule: NUMBER, words: "a number" },
  costUsd: { rule: NUMBER, words: "a number" },
  predictedQuality: { rule: NUMBER, words: "a number" },
  predictedCostUsd: { rule: NUMBER, words: "a number" },
  propensity: { rule: NUMBER, words: "a number" },
  vector: ARRAY_OF_NUMBERS,
  offered: { rule: /^Array\((?:LowCardinality\()?String\)+$/, words: "Array(String)" },
  propensities: ARRAY_OF_NUMBERS,
  predictedQualities: ARRAY_OF_NUMBERS,
  predictedCostsUsd: ARRAY_OF_NUMBERS,
};

/** The fields, as they may be named in options. */
export const WAREHOUSE_FIELDS = Object.keys(NAMES) as readonly WarehouseField[];

/**
 * Finds the columns of a table: those that the options name, else those with the usual names.
 *
 * @throws TypeError where one that is needed is missing or has another type
 */
export function warehouseColumns(
  described: readonly DescribedColumn[],
  named: WarehouseColumns,
  table: string,
): FoundColumns {
  const refused = (reason: string): TypeError =>
    new TypeError(
      `Cannot read the table "${table}" as ${reason}; it has ${
        listed(described.map(({ name }) => name), 20)
      }; name columns by --columns FIELD=COLUMN`,
    );
  const found: Partial<Record<WarehouseField, DescribedColumn>> = {};
  for (const field of WAREHOUSE_FIELDS) {
    const column = named[field] === undefined
      ? byConvention(described, NAMES[field])
      : described.find(({ name }) => name === named[field]);
    if (column === undefined && named[field] !== undefined) {
      const meant = suggestion(named[field], described.map(({ name }) => name), "");
      throw refused(`its ${field} must be in the column "${named[field]}": there is none${meant}`);
    }
    const type = TYPES[field];
    if (column !== undefined && type !== undefined && !type.rule.test(column.type)) {
      // A column that was not named may hold something else, such as an array in a log.
      if (named[field] === undefined && !isNeeded(field)) continue;
      throw refused(`its ${field} must be ${type.words}: "${column.name}" is ${column.type}`);
    }
    if (column === undefined && isNeeded(field)) throw refused(`it needs a column for its ${field}: none is found`);
    if (column !== undefined) found[field] = column;
  }
  return found;
}

function isNeeded(field: WarehouseField): boolean {
  return field === "promptId" || field === "model" || field === "quality" || field === "costUsd";
}

/** The column of a field among some names: the first of the usual ones. */
export function usualColumn(names: Iterable<string>, field: WarehouseField): string | undefined {
  return byConvention(Array.from(names, (name) => ({ name, type: "" })), NAMES[field])?.name;
}

function byConvention(described: readonly DescribedColumn[], names: readonly string[]): DescribedColumn | undefined {
  for (const wanted of names) {
    const column = described.find(({ name }) => plainName(name) === plainName(wanted));
    if (column !== undefined) return column;
  }
}
