import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import { cascadeOrder } from "../routers/cascade.ts";
import { overLevels, type PromptPart, promptRows } from "./_prompt_query.ts";
import type { Levels, PromptPredictor } from "./_prompt_settings.ts";
import { numbersIn } from "./group_sums.ts";
import type { Warehouse } from "./open_warehouse.ts";
import { inner, numberList, select, textList } from "./sql.ts";

/** Means of what was learned from. */
export interface LearnedMeans {
  /** Number of prompts. */
  readonly nPrompts: number;
  /** Mean quality of each model, `[m]`. */
  readonly quality: readonly number[];
  /** Mean cost of each model, `[m]`, USD. */
  readonly costUsd: readonly number[];
  /** The same by evaluation; empty where there is no such column. */
  readonly evaluations: readonly {
    readonly name: string;
    readonly nPrompts: number;
    readonly quality: readonly number[];
    readonly costUsd: readonly number[];
  }[];
}

/** How many prompts of all evaluations the means of one are mixed with, as in memory. */
const SHRINK_BY = 20;
const DOING = "learn from the table";

/** The query for the means of a part, evaluation by evaluation. */
export function meansQuery(warehouse: Warehouse, part: PromptPart): string {
  const name = warehouse.columns.evalName === undefined ? "''" : "e";
  return select({
    columns: { name, n: "count()", qualities: "sumForEach(q)", costs: "sumForEach(c)" },
    from: inner(promptRows(warehouse, part)),
    groupBy: ["name"],
    orderBy: ["name"],
  });
}

/**
 * Means of a part.
 *
 * @throws RangeError where the part has no prompts
 */
export async function learnedMeans(warehouse: Warehouse, part: PromptPart): Promise<LearnedMeans> {
  const rows = await warehouse.connection.rows(meansQuery(warehouse, part), DOING, { byPrompt: true });
  const groups = rows.map(([name, n, qualities, costs]) => ({
    name,
    nPrompts: Number(n),
    quality: numbersIn(qualities),
    costUsd: numbersIn(costs),
  }));
  const nPrompts = groups.reduce((sum, group) => sum + group.nPrompts, 0);
  if (nPrompts === 0) {
    throw new RangeError(
      `Cannot ${DOING} as there must be prompts to learn from: there are none; the table is too small to be parted`,
    );
  }
  const total = (of: (group: typeof groups[number]) => readonly number[]): number[] =>
    warehouse.models.map((_, j) => groups.reduce((sum, group) => sum + of(group)[j], 0) / nPrompts);
  return {
    nPrompts,
    quality: total(({ quality }) => quality),
    costUsd: total(({ costUsd }) => costUsd),
    evaluations: warehouse.columns.evalName === undefined ? [] : groups.map(({ name, nPrompts, quality, costUsd }) => ({
      name,
      nPrompts,
      quality: quality.map((sum) => sum / nPrompts),
      costUsd: costUsd.map((sum) => sum / nPrompts),
    })),
  };
}

/**
 * Means of each model by evaluation, shrunk towards those of all prompts: the means of all first, then each
 * evaluation's.
 */
export function shrunkMeans(
  { quality, costUsd, evaluations }: LearnedMeans,
): { readonly quality: readonly (readonly number[])[]; readonly costUsd: readonly (readonly number[])[] } {
  const shrunk = (means: readonly number[], all: readonly number[], n: number): number[] =>
    means.map((mean, j) => (n * mean + SHRINK_BY * all[j]) / (n + SHRINK_BY));
  return {
    quality: [quality, ...evaluations.map((own) => shrunk(own.quality, quality, own.nPrompts))],
    costUsd: [costUsd, ...evaluations.map((own) => shrunk(own.costUsd, costUsd, own.nPrompts))],
  };
}

/**
 * A router that knows each prompt's evaluation: {@linkcode shrunkMeans}.
 *
 * @param place the evaluation's place, from 1 on, 0 for one that was not learned from; default: the prompt's own
 */
export function evaluationPredictor(
  learned: LearnedMeans,
  place = `indexOf(${textList(learned.evaluations.map(({ name }) => name))}, e)`,
): PromptPredictor {
  const sql = (lists: readonly (readonly number[])[]): string => `[${lists.map(numberList).join(", ")}][${place} + 1]`;
  const { quality, costUsd } = shrunkMeans(learned);
  return { quality: sql(quality), costUsd: sql(costUsd) };
}

/** The order of a cascade by what was learned. */
export function orderOfCascade(models: readonly string[], { quality, costUsd }: LearnedMeans): number[] {
  const means: OutcomeTable = {
    models,
    promptIds: ["mean"],
    evalNames: ["mean"],
    prompts: null,
    quality: Float64Array.from(quality),
    costUsd: Float64Array.from(costUsd),
    latencySeconds: null,
    source: { kind: "file", name: "means", sha256: "", notes: [] },
  };
  return cascadeOrder(means);
}

/** A list in each prompt. */
interface PromptList {
  /** Columns before it. */
  readonly levels: Levels;
  /** The list, as SQL. */
  readonly list: string;
}

/** The query for values of all prompts' lists together: those at places of the ascending order, 0 being the least. */
export function orderStatisticsQuery(
  warehouse: Warehouse,
  part: PromptPart,
  { levels, list }: PromptList,
  { places, nValues }: { readonly places: readonly number[]; readonly nValues: number },
): string {
  // The server takes the value at ⌊share · n⌋: half a place more keeps rounding away from the edge.
  const shares = places.map((place) => (place + 0.5) / nValues);
  const sql = overLevels(promptRows(warehouse, part), levels);
  return select({
    columns: { found: `quantilesExact(${shares.join(", ")})(x)` },
    from: inner(select({ columns: { x: `arrayJoin(${list})` }, from: inner(sql) })),
  });
}

/**
 * Values of all prompts' lists together, each as long as there are models.
 *
 * @param placesOf the places that are asked for, by how many values there are
 */
export async function orderStatistics(
  warehouse: Warehouse,
  part: PromptPart,
  list: PromptList,
  placesOf: (nValues: number) => readonly number[],
): Promise<number[]> {
  const run = (sql: string): Promise<string[][]> => warehouse.connection.rows(sql, DOING, { byPrompt: true });
  const [[n]] = await run(select({ columns: { n: "count()" }, from: inner(promptRows(warehouse, part)) }));
  const nValues = Number(n) * warehouse.models.length;
  const [[found]] = await run(orderStatisticsQuery(warehouse, part, list, { places: placesOf(nValues), nValues }));
  return numbersIn(found);
}
