import type { Levels } from "./_prompt_settings.ts";
import { inner, numberList, quotedName, quotedText, select, textList } from "./sql.ts";
import type { Warehouse } from "./open_warehouse.ts";

/** Prompts are dealt to parts by their place in 0 … 999,999, which a hash of the id and the seed gives. */
export const N_PLACES = 1_000_000;
/** Groups of prompts that are resampled as wholes: {@linkcode sampleOfGroups}. */
export const N_GROUPS = 4096;

/** Some of the prompts. */
export interface PromptPart {
  /** Places in 0 … {@linkcode N_PLACES}, the end not among them. */
  readonly places: readonly [from: number, to: number];
  /** Decides the places. */
  readonly seed: number;
  /** Only prompts of this evaluation; `null` for all. */
  readonly evalName: string | null;
  /** True where prompts on which a model has no outcome are there and are left out. */
  readonly hasGaps: boolean;
}

/** The hash of a row's prompt: the same on every server, whatever the type of the id. */
export function promptHash({ columns }: Pick<Warehouse, "columns">, seed: number): string {
  return `cityHash64(toString(${quotedName(columns.promptId!.name)}), ${quotedText(`seed ${seed}`)})`;
}

/** The place of a hash; the rest of the division by N_PLACES · N_GROUPS keeps place and group apart. */
export function placeOf(hash: string): string {
  return `${hash} % ${N_PLACES}`;
}

/** A column as numbers without NULL. */
export function numbersOf({ name, type }: { readonly name: string; readonly type: string }): string {
  const value = `toFloat64(${quotedName(name)})`;
  return type.startsWith("Nullable") ? `assumeNotNull(${value})` : value;
}

/** Conditions under which a row is an outcome. */
export function validRows({ columns }: Pick<Warehouse, "columns">): string[] {
  const quality = columns.quality!;
  const costUsd = columns.costUsd!;
  const there = [quality, costUsd].filter(({ type }) => type.startsWith("Nullable"))
    .map(({ name }) => `isNotNull(${quotedName(name)})`);
  return [
    ...there,
    `${numbersOf(quality)} >= 0 AND ${numbersOf(quality)} <= 1`,
    // Written so that NaN and infinity fail it.
    `${numbersOf(costUsd)} >= 0 AND ${numbersOf(costUsd)} < 1e300`,
  ];
}

/**
 * A query with a row for each prompt of a part: its hash `h`, its evaluation `e`, and arrays in the order of the
 * models: qualities `q`, costs `c`, predictions `pq` and `pc`, and the vector `v`, where the table has them.
 */
export function promptRows(warehouse: Warehouse, { places: [from, to], seed, evalName, hasGaps }: PromptPart): string {
  const { columns, models, prefix } = warehouse;
  const hash = promptHash(warehouse, seed);
  const evaluation = columns.evalName === undefined ? undefined : `toString(${quotedName(columns.evalName.name)})`;
  // The place of each row's model; the same for all arrays, whatever the order in which rows came.
  const order = `groupArray(transform(toString(${quotedName(columns.model!.name)}), ${textList(models)}, ${
    placesList(models.length)
  }, 0))`;
  const inOrder = (column: { readonly name: string; readonly type: string } | undefined): string | null =>
    column === undefined ? null : `arraySort((x, k) -> k, groupArray(${numbersOf(column)}), ${order})`;
  const arrays = {
    q: inOrder(columns.quality),
    c: inOrder(columns.costUsd),
    pq: inOrder(columns.predictedQuality),
    pc: inOrder(columns.predictedCostUsd),
    e: evaluation === undefined ? null : `any(${evaluation})`,
    v: columns.vector === undefined
      ? null
      : `anyIf(${quotedName(columns.vector.name)}, notEmpty(${quotedName(columns.vector.name)}))`,
  };
  const given = Object.entries(arrays).filter((entry): entry is [string, string] => entry[1] !== null);
  const grouped = select({
    columns: Object.fromEntries([["h", `any(${hash})`], ...given].map(([name, sql]) => [prefix + name, sql])),
    from: warehouse.from,
    where: [
      ...warehouse.where,
      ...(evalName === null || evaluation === undefined ? [] : [`${evaluation} = ${quotedText(evalName)}`]),
      ...(from > 0 || to < N_PLACES ? [`${placeOf(hash)} >= ${from} AND ${placeOf(hash)} < ${to}`] : []),
      ...validRows(warehouse),
    ],
    groupBy: [quotedName(columns.promptId!.name)],
    having: hasGaps ? `count() = ${models.length} AND arrayUniq(${order}) = ${models.length}` : undefined,
  });
  const names = ["h", ...given.map(([name]) => name)];
  return select({ columns: Object.fromEntries(names.map((name) => [name, prefix + name])), from: inner(grouped) });
}

function placesList(n: number): string {
  return `[${Array.from({ length: n }, (_, at) => at + 1).join(", ")}]`;
}

/**
 * A query over another, level by level: the aliases of a level are columns of the next, beside those that were there.
 */
export function overLevels(query: string, levels: Levels): string {
  return levels.reduce((sql, columns) => select({ columns: { "*": "*", ...columns }, from: inner(sql) }), query);
}

/**
 * A query with a row for each row of another and each place of some lists, whose numbers are its columns `l`, … and
 * their place `i`, from 0 on.
 */
export function overSettings(query: string, lists: Readonly<Record<string, readonly number[]>>): string {
  const [first] = Object.values(lists);
  const joined = Object.entries(lists).map(([name, values]) => `${numberList(values)} AS ${name}`);
  const places = `[${first.map((_, at) => at).join(", ")}]`;
  return select({
    columns: { "*": "*", ...Object.fromEntries(["i", ...Object.keys(lists)].map((name) => [name, name])) },
    from: `${inner(query)} ARRAY JOIN ${[...joined, `${places} AS i`].join(", ")}`,
  });
}
