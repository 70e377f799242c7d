import type { Warehouse } from "./open_warehouse.ts";
import { numbersOf, promptHash, validRows } from "./_prompt_query.ts";
import { listed } from "../base/words.ts";
import { quotedName, quotedText, select } from "./sql.ts";

/** What one model's rows are. */
export interface ModelCounts {
  /** The model. */
  readonly model: string;
  /** Rows with a quality in 0..1 and a cost of 0 or more. */
  readonly nOutcomes: number;
  /** Rows without. */
  readonly nInvalid: number;
  /** Mean quality. */
  readonly quality: number;
  /** Its standard error. */
  readonly qualityStandardError: number;
  /** Mean cost of a response, USD. */
  readonly costUsd: number;
  /** Its standard error. */
  readonly costStandardErrorUsd: number;
}

/** What is counted before anything is compared. */
export interface WarehouseAudit {
  /** Prompts that the first model was asked. */
  readonly nPrompts: number;
  /** The models, in their order. */
  readonly models: readonly ModelCounts[];
  /** Evaluations with their numbers of rows, the largest first; empty where there is no such column. */
  readonly evaluations: readonly { readonly name: string; readonly nRows: number }[];
  /** True where every model has exactly one outcome on every prompt. */
  readonly isComplete: boolean;
  /** Rows that repeat another of the same prompt and the first model. */
  readonly nRepeated: number;
  /** Different qualities, up to 12 of them, ascending. */
  readonly grades: readonly number[];
}

export const MOST_GRADES = 12;
const DOING = "count the outcomes";

/** The query that counts rows and sums qualities and costs model by model. */
export function modelCountsQuery(warehouse: Warehouse): string {
  const { columns, from, where, prefix } = warehouse;
  const model = `${prefix}model`;
  const valid = validRows(warehouse).join(" AND ");
  const quality = numbersOf(columns.quality!);
  const cost = numbersOf(columns.costUsd!);
  return select({
    columns: {
      [model]: `toString(${quotedName(columns.model!.name)})`,
      [`${prefix}n`]: `countIf(${valid})`,
      [`${prefix}invalid`]: `countIf(NOT (${valid}))`,
      // Two models with as many prompts and equal sums of hashes have the same prompts.
      [`${prefix}prompts`]: `sumIf(${promptHash(warehouse, 0)}, ${valid})`,
      [`${prefix}q`]: `sumIf(${quality}, ${valid})`,
      [`${prefix}q2`]: `sumIf(${quality} * ${quality}, ${valid})`,
      [`${prefix}c`]: `sumIf(${cost}, ${valid})`,
      [`${prefix}c2`]: `sumIf(${cost} * ${cost}, ${valid})`,
    },
    from,
    where,
    groupBy: [model],
    orderBy: [model],
  });
}

/** The query that counts the prompts of one model, repeated ones once. */
export function promptCountQuery(warehouse: Warehouse): string {
  const { columns, from, where, models, prefix } = warehouse;
  return select({
    columns: { [`${prefix}n`]: "count()", [`${prefix}prompts`]: `uniqExact(${promptHash(warehouse, 0)})` },
    from,
    where: [
      ...where,
      `toString(${quotedName(columns.model!.name)}) = ${quotedText(models[0])}`,
      ...validRows(warehouse),
    ],
  });
}

/** The query for the first different qualities, in no order. */
export function gradesQuery(warehouse: Warehouse): string {
  const { columns, from, where, prefix } = warehouse;
  const grade = `${prefix}grade`;
  const sql = select({
    columns: { [grade]: numbersOf(columns.quality!) },
    from,
    where: [...where, ...validRows(warehouse)],
    isDistinct: true,
  });
  // Ends as soon as there are enough, however many there are in the table.
  return `${sql}\nLIMIT ${MOST_GRADES}`;
}

/** The query that counts rows evaluation by evaluation; `null` where there is no such column. */
export function evaluationsQuery({ columns, from, where, prefix }: Warehouse): string | null {
  if (columns.evalName === undefined) return null;
  const name = `${prefix}name`, n = `${prefix}n`;
  const counted = { [name]: `toString(${quotedName(columns.evalName.name)})`, [n]: "count()" };
  return select({ columns: counted, from, where, groupBy: [name], orderBy: [`${n} DESC`, name] });
}

/**
 * Counts the outcomes of a table: three queries that group by nothing larger than the models and the evaluations.
 *
 * @throws WarehouseError where the server does not answer or refuses
 */
export async function auditWarehouse(warehouse: Warehouse): Promise<WarehouseAudit> {
  const { connection } = warehouse;
  const rows = await connection.rows(modelCountsQuery(warehouse), DOING);
  const [[nFirst, nPrompts]] = await connection.rows(promptCountQuery(warehouse), DOING);
  const byName = evaluationsQuery(warehouse);
  const evaluations = byName === null ? [] : await connection.rows(byName, DOING);
  const grades = await connection.rows(gradesQuery(warehouse), DOING);
  const nRepeated = Number(nFirst) - Number(nPrompts);
  const [, first, , firstPrompts] = rows[0];
  return {
    nPrompts: Number(nPrompts),
    models: rows.map(([model, n, invalid, , q, q2, c, c2]) => {
      const quality = meanAndError(Number(n), Number(q), Number(q2));
      const cost = meanAndError(Number(n), Number(c), Number(c2));
      return {
        model,
        nOutcomes: Number(n),
        nInvalid: Number(invalid),
        quality: quality.mean,
        qualityStandardError: quality.error,
        costUsd: cost.mean,
        costStandardErrorUsd: cost.error,
      };
    }),
    evaluations: evaluations.map(([name, n]) => ({ name, nRows: Number(n) })),
    isComplete: nRepeated === 0 && rows.every(([, n, , prompts]) => n === first && prompts === firstPrompts),
    nRepeated,
    grades: grades.map(([grade]) => Number(grade)).sort((a, b) => a - b),
  };
}

/**
 * Refuses a table in which something would be counted twice, or prompts would be left out without being asked for.
 *
 * @param missing what happens to prompts on which a model has no outcome
 * @returns whether such prompts are there
 * @throws RangeError where a model has several outcomes on a prompt; where one is missing and `missing` is `"error"`
 */
export function needWholePrompts(
  { models, isComplete, nRepeated, nPrompts }: WarehouseAudit,
  missing: "error" | "drop",
): boolean {
  if (nRepeated > 0) {
    throw new RangeError(
      `Cannot evaluate the table as a model must have one outcome on a prompt: "${
        models[0].model
      }" has ${nRepeated} more; load it by deno task warehouse load, which leaves out what is there, or name the column of prompts by --columns promptId=COLUMN`,
    );
  }
  if (isComplete) return false;
  if (missing === "drop") return true;
  const counts = models.map(({ model, nOutcomes }) => `${model} ${nOutcomes.toLocaleString("en-US")}`);
  const nInvalid = models.reduce((sum, { nInvalid }) => sum + nInvalid, 0);
  throw new RangeError(
    `Cannot evaluate the table as each model must have an outcome on each prompt: ${
      nInvalid > 0 ? `${nInvalid} rows have no quality in 0..1 or no cost; ` : ""
    }of ${nPrompts} prompts of "${models[0].model}" the models have ${
      listed(counts)
    }; pass --missing drop to leave incomplete prompts out`,
  );
}

/** The mean of n values, and its standard error, from their sum and that of their squares. */
export function meanAndError(
  n: number,
  sum: number,
  squares: number,
): { readonly mean: number; readonly error: number } {
  const mean = sum / n;
  return { mean, error: Math.sqrt(Math.max(0, squares / n - mean * mean) / (n - 1)) };
}

/**
 * The table's prompts of some evaluations: every one whose name starts with one of `names`.
 *
 * @throws RangeError for a name that no evaluation starts with
 */
export function warehouseOfEvaluations(
  warehouse: Warehouse,
  { evaluations }: WarehouseAudit,
  names: readonly string[],
): Warehouse {
  const known = evaluations.map(({ name }) => name);
  const unknown = names.find((name) => name === "" || !known.some((evaluation) => evaluation.startsWith(name)));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot select evaluations as each name must begin one of the table's: "${unknown}" does not; it has ${
        known.length === 0 ? "no column for them" : listed(known)
      }`,
    );
  }
  const wanted = known.filter((evaluation) => names.some((name) => evaluation.startsWith(name)));
  const column = quotedName(warehouse.columns.evalName!.name);
  const condition = `toString(${column}) IN (${wanted.map(quotedText).join(", ")})`;
  return { ...warehouse, where: [...warehouse.where, condition] };
}
