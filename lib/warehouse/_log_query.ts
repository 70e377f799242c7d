import { N_GROUPS, N_PLACES, numbersOf, overLevels, overSettings, promptHash } from "./_prompt_query.ts";
import { choiceAt, INFINITE, type Levels, levelsOfPredictor } from "./_prompt_settings.ts";
import type { Warehouse } from "./open_warehouse.ts";
import { inner, numberText, quotedName, quotedText, select, textList } from "./sql.ts";

/** A log: a table in which each row is a request, with the one model that was chosen. */
export interface WarehouseLog extends Warehouse {
  /** Whether the propensities of all models are there, and the predictions for all models in every request. */
  readonly has: { readonly propensities: boolean; readonly predictions: boolean; readonly arms: boolean };
}

/** The condition under which a number is there. */
function isThere(column: { readonly name: string; readonly type: string }): string {
  const value = `NOT isNaN(${numbersOf(column)})`;
  return column.type.startsWith("Nullable") ? `isNotNull(${quotedName(column.name)}) AND ${value}` : value;
}

/** The conditions on requests whose outcome is known. */
export function knownRequests({ columns, where }: Warehouse): string[] {
  return [...where, isThere(columns.costUsd!), isThere(columns.quality!)];
}

/** The probability with which the choice was made. */
function propensityOf({ columns }: Warehouse): string {
  if (columns.propensity !== undefined) return numbersOf(columns.propensity);
  const { offered, propensities, model } = columns;
  return `toFloat64(${quotedName(propensities!.name)}[indexOf(${quotedName(offered!.name)}, toString(${
    quotedName(model!.name)
  }))])`;
}

/**
 * The query that counts requests, those whose cost is known, those whose outcome is known, and those of the last whose
 * numbers are in range.
 */
export function logCountsQuery(warehouse: Warehouse, tolerance: number): string {
  const { columns, from, where, prefix } = warehouse;
  const { costUsd, quality, offered, propensities, model } = columns;
  const known = knownRequests({ ...warehouse, where: [] }).join(" AND ");
  const q = numbersOf(quality!), c = numbersOf(costUsd!), p = propensityOf(warehouse);
  const right = (condition: string): string => `countIf(${known} AND ${condition})`;
  const far = (a: string, b: string): string => `abs(${a} - ${b}) <= ${numberText(tolerance)}`;
  const all = propensities === undefined ? null : quotedName(propensities.name);
  const hasAll = all !== null && offered !== undefined;
  const choice = hasAll ? `indexOf(${quotedName(offered.name)}, toString(${quotedName(model!.name)}))` : "1";
  const counts = {
    n: "count()",
    with_cost: `countIf(${isThere(costUsd!)})`,
    known: `countIf(${known})`,
    quality: right(`${q} >= 0 AND ${q} <= 1`),
    cost: right(`${c} >= 0 AND ${c} < 1e300`),
    propensity: right(`${p} > 0 AND ${p} <= 1 + ${numberText(tolerance)}`),
    choice: right(`${choice} > 0`),
    propensities: hasAll
      ? right(`arrayReduce('min', ${all}) >= 0 AND ${far(`arrayReduce('sum', ${all})`, "1")}`)
      : right("1"),
    equal: right(hasAll ? far(`${all}[${choice}]`, p) : "1"),
  };
  return select({ columns: prefixed(prefix, counts), from, where });
}

function prefixed(prefix: string, columns: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(columns).map(([name, sql]) => [prefix + name, sql]));
}

/** The query for the models that were on offer; `null` where only the choices are known. */
export function offeredQuery(warehouse: Warehouse): string | null {
  const { columns: { offered }, from, prefix } = warehouse;
  if (offered === undefined) return null;
  const name = `${prefix}model`;
  const columns = { [name]: `arrayJoin(${quotedName(offered.name)})` };
  return select({ columns, from, where: knownRequests(warehouse), groupBy: [name], orderBy: [name] });
}

/** The query that counts the requests in which not all models have a prediction. */
export function unpredictedQuery(warehouse: Warehouse): string | null {
  const { columns: { predictedQualities, predictedCostsUsd }, from, models, prefix } = warehouse;
  if (predictedQualities === undefined || predictedCostsUsd === undefined) return null;
  const isWhole = [predictedQualities, predictedCostsUsd].map(({ name }) =>
    `length(${quotedName(name)}) = ${models.length}`
  );
  const columns = { [`${prefix}n`]: `countIf(NOT (${isWhole.join(" AND ")}))` };
  return select({ columns, from, where: knownRequests(warehouse) });
}

/**
 * A query with a row for each request whose outcome is known: its group `g`, the place of the chosen model `chosen`,
 * propensity `propensity`, outcome
 * `q` and `c`, and where they are there arrays in the order of the models: propensities `ps`, predictions `pq` and
 * `pc`; and the arm `arm`.
 */
function requestRows(log: WarehouseLog, seed: number): string {
  const { columns, models, prefix, from, has } = log;
  const offered = columns.offered === undefined ? "" : quotedName(columns.offered.name);
  // Written out model by model, as servers of 2018 forget columns that only a lambda reads; the place 0, that of no
  // model, has the number 0.
  const inOrder = (column: { readonly name: string } | undefined): string =>
    `[${
      models.map((model) => `toFloat64(${quotedName(column!.name)}[indexOf(${offered}, ${quotedText(model)})])`).join(
        ", ",
      )
    }]`;
  const given = {
    g: `intDiv(${promptHash(log, seed)}, ${N_PLACES}) % ${N_GROUPS}`,
    chosen: `indexOf(${textList(models)}, toString(${quotedName(columns.model!.name)}))`,
    propensity: propensityOf(log),
    q: numbersOf(columns.quality!),
    c: numbersOf(columns.costUsd!),
    ...(has.propensities ? { ps: inOrder(columns.propensities) } : {}),
    ...(has.predictions ? { pq: inOrder(columns.predictedQualities), pc: inOrder(columns.predictedCostsUsd) } : {}),
    ...(has.arms ? { arm: `toString(${quotedName(columns.arm!.name)})` } : {}),
  };
  const sql = select({ columns: prefixed(prefix, given), from, where: knownRequests(log) });
  return select({
    columns: Object.fromEntries(Object.keys(given).map((name) => [name, prefix + name])),
    from: inner(sql),
  });
}

/** The query for the plain sums of each group of requests, by arm where there are arms. */
export function loggedSumsQuery(log: WarehouseLog, seed: number): string {
  const arm = log.has.arms ? "arm" : "''";
  const sums = { g: "g", arm, n: "count()", qualities: "sum(q)", costs: "sum(c)" };
  return select({ columns: sums, from: inner(requestRows(log, seed)), groupBy: ["g", "arm"] });
}

/**
 * The query for the choices of each model, what was expected of their number, and its variance; `null` where the
 * propensities of all models are not known.
 */
export function choicesQuery(log: WarehouseLog): string | null {
  if (!log.has.propensities) return null;
  const chosen = `arrayMap(j -> if(j = chosen, 1.0, 0.0), arrayResize([${
    log.models.map((_, j) => j + 1).join(", ")
  }], ${log.models.length}, chosen))`;
  const sums = {
    n: `sumForEach(${chosen})`,
    expected: "sumForEach(ps)",
    variance: "sumForEach(arrayMap(x -> x * (1 - x), ps))",
  };
  return select({ columns: sums, from: inner(requestRows(log, 0)) });
}

/** Policies that differ in one number. */
export interface LoggedPolicies {
  /** The numbers; infinity is one. */
  readonly values: readonly number[];
  /** Columns of a request. */
  readonly levels: Levels;
  /** The place of the model that a policy takes when the number is `l`; `null` for the policy that made the log. */
  readonly choice: string | null;
}

/** Each policy sends all requests to the model of one place, from 1 on. */
export function constantPolicies(nModels: number): LoggedPolicies {
  return { values: Array.from({ length: nModels }, (_, j) => j + 1), levels: [], choice: "toUInt64(l)" };
}

/** The policy that made the log. */
export const LOGGING_POLICY: LoggedPolicies = { values: [0], levels: [], choice: null };

/** A router with the logged predictions at some values of λ. */
export function predictedPolicies(values: readonly number[]): LoggedPolicies {
  const levels = levelsOfPredictor({ quality: "pq", costUsd: "pc" });
  return { values: values.map((value) => Math.min(value, INFINITE)), levels, choice: choiceAt("l") };
}

/** The query for the sums of each group of requests under each policy: {@linkcode POLICY_SUMS}. */
export function policySumsQuery(
  log: WarehouseLog,
  { values, levels, choice }: LoggedPolicies,
  { seed, mostWeight }: { readonly seed: number; readonly mostWeight: number },
): string {
  const isLogging = choice === null;
  const { predictions, propensities } = log.has;
  const expected = (array: string): string =>
    isLogging ? `arrayReduce('sum', arrayMap((x, y) -> x * y, ps, ${array}))` : `${array}[b]`;
  const w = isLogging ? "ps[chosen] / propensity" : "if(b = chosen, 1 / propensity, 0.0)";
  const settingLevels: Levels = [
    ...(isLogging ? [] : [{ b: choice }]),
    { w },
    { v: mostWeight === Infinity ? "w" : `least(w, ${numberText(mostWeight)})` },
  ];
  const robust = (value: string, array: string): string =>
    predictions ? `sum(${expected(array)} + v * (${value} - ${array}[chosen]))` : "0";
  const rows = overLevels(overSettings(overLevels(requestRows(log, seed), levels), { l: values }), settingLevels);
  const sums: Record<PolicySum, string> = {
    n: "count()",
    w: "sum(w)",
    w2: "sum(w * w)",
    v: "sum(v)",
    v2: "sum(v * v)",
    vq: "sum(v * q)",
    vc: "sum(v * c)",
    rq: robust("q", "pq"),
    rc: robust("c", "pc"),
    // The policy that made the log makes no choice that had no chance.
    impossible: propensities && !isLogging ? "countIf(ps[b] = 0)" : "0",
  };
  const columns = Object.fromEntries(POLICY_SUMS.map((name) => [`sum_${name}`, sums[name]]));
  return select({ columns: { g: "g", i: "i", ...columns }, from: inner(rows), groupBy: ["g", "i"] });
}

/**
 * What is summed under a policy: requests, weights and their squares before and after they are cut, weighted outcomes,
 * doubly robust terms, impossible choices.
 */
export const POLICY_SUMS = ["n", "w", "w2", "v", "v2", "vq", "vc", "rq", "rc", "impossible"] as const;
/** One of {@linkcode POLICY_SUMS}. */
export type PolicySum = typeof POLICY_SUMS[number];
