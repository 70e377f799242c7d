import { counted } from "../base/words.ts";
import { abTestOfTerms, type ArmTerms } from "../evaluation/arms.ts";
import {
  meansOfTerms,
  type OffPolicyEvaluation,
  type OffPolicyOptions,
  policyEstimates,
  type PolicyTerms,
} from "../evaluation/off_policy.ts";
import { conflictsOf, supportOfSums } from "../evaluation/policy_support.ts";
import { judgedSettings, type LoggedEvaluation } from "../experiments/logged_evaluation.ts";
import { PROPENSITY_ROUNDING } from "../outcomes/logged_outcomes.ts";
import {
  choicesQuery,
  constantPolicies,
  logCountsQuery,
  type LoggedPolicies,
  loggedSumsQuery,
  LOGGING_POLICY,
  offeredQuery,
  POLICY_SUMS,
  type PolicySum,
  policySumsQuery,
  predictedPolicies,
  unpredictedQuery,
  type WarehouseLog,
} from "./_log_query.ts";
import { numbersIn } from "./group_sums.ts";
import type { Warehouse } from "./open_warehouse.ts";

/** How a log in a warehouse is judged. */
export type WarehouseLogOptions = Pick<OffPolicyOptions, "nResamples" | "seed" | "mostWeight">;

/** Estimates from a log that stays where it is. */
export interface WarehouseLogEvaluation extends LoggedEvaluation {
  /** The models, in the order of their names. */
  readonly models: readonly string[];
  /** Requests whose outcome is known. */
  readonly nRequests: number;
  /** True where the estimates are doubly robust, by the logged predictions. */
  readonly isRobust: boolean;
  /** What was left out, a sentence each. */
  readonly notes: readonly string[];
}

const DOING = "judge the log";

/**
 * Judges policies from a log in a warehouse as `evaluateLogged` does in memory: each model as a constant policy, the
 * policy that made the log, and the logged predictions as a router at several λ. Only sums of 4,096 groups of requests
 * come back; a hash of the prompt's id and the seed decides the group, which standard errors and intervals resample as
 * wholes.
 *
 * The table has a row a request: prompt id, the chosen model, quality, cost, and the propensity of the choice; or, as
 * `deno task serve` logs them, arrays `models`, `propensities`, `predicted_quality`, `predicted_cost_usd`.
 *
 * @throws TypeError where there are no propensities; RangeError where numbers are out of range; WarehouseError where
 * the server does not answer or refuses
 */
export async function evaluateLoggedWarehouse(
  warehouse: Warehouse,
  { nResamples, seed, mostWeight = Infinity }: WarehouseLogOptions,
): Promise<WarehouseLogEvaluation> {
  const { log, notes } = await checkedLog(warehouse);
  const run = (sql: string): Promise<string[][]> => log.connection.rows(sql, DOING);
  const { all, routed, byDefault } = plainTerms(await run(loggedSumsQuery(log, seed)));
  const nRequests = sumOf(all.nRequests);
  const resampled = { promptIds: Array.from(all.nRequests, (_, g) => String(g)) };
  const options = { nResamples, seed };
  const settings = judgedSettings(sumOf(all.logged.costUsd) / nRequests, true);
  const asked: (readonly [LoggedPolicies, names: readonly string[]])[] = [
    [constantPolicies(log.models.length), log.models],
    ...(log.has.propensities ? [[LOGGING_POLICY, ["Logging policy"]] as const] : []),
    ...(log.has.predictions
      ? [
        [
          predictedPolicies(settings.map(({ willingnessToPay }) => willingnessToPay)),
          settings.map(({ name }) => name),
        ] as const,
      ]
      : []),
  ];
  const policies: LoggedEvaluation["policies"][number][] = [];
  for (const [policy, names] of asked) {
    const sums = sumsByPolicy(await run(policySumsQuery(log, policy, { seed, mostWeight })), names.length);
    names.forEach((name, i) => {
      const support = supportOf(sums[i], log.has.propensities);
      const terms = termsOf(sums[i], all, log.has.predictions);
      const found: OffPolicyEvaluation | null = support.refusal === null
        ? { name, support, ...policyEstimates(terms, resampled, options) }
        : null;
      policies.push({ name, found, refusal: support.refusal });
    });
  }
  return {
    logged: meansOfTerms(all, resampled, options),
    policies,
    abTest: routed === null ? null : abTestOfTerms({ routed, byDefault: byDefault! }, resampled, options),
    conflicts: await conflictsIn(log),
    models: log.models,
    nRequests,
    isRobust: log.has.predictions,
    notes,
  };
}

/** Checks a log as logs in memory are checked. */
async function checkedLog(
  warehouse: Warehouse,
): Promise<{ readonly log: WarehouseLog; readonly notes: readonly string[] }> {
  const { columns, connection } = warehouse;
  const hasAll = columns.propensities !== undefined && columns.offered !== undefined;
  if (columns.propensity === undefined && !hasAll) {
    throw new TypeError(
      `Cannot ${DOING} as each choice must have its propensity, in a column propensity, or arrays models and propensities: there are none; name columns by --columns propensity=COLUMN`,
    );
  }
  const [counts] = await connection.rows(logCountsQuery(warehouse, PROPENSITY_ROUNDING), DOING);
  const notes = needRange(counts.map(Number));
  const offered = offeredQuery(warehouse);
  const models = offered === null ? warehouse.models : (await connection.rows(offered, DOING)).map(([name]) => name);
  const unpredicted = hasAll ? unpredictedQuery({ ...warehouse, models }) : null;
  const hasPredictions = unpredicted !== null && Number((await connection.rows(unpredicted, DOING))[0][0]) === 0;
  const has = { propensities: hasAll, predictions: hasPredictions, arms: columns.arm !== undefined };
  return { log: { ...warehouse, models, has }, notes };
}

const RULES: readonly string[] = [
  "a quality must be in 0..1",
  "a cost must be a finite number of USD, 0 or more",
  "the propensity of a choice must be above 0 and at most 1",
  "a choice must be one of the models on offer",
  "the propensities of a request must be 0 or more and add up to 1",
  "the propensity of a choice must be that of the chosen model",
];

/** Refuses numbers that are out of range; what is said of the requests that are left out. */
function needRange([n, nWithCost, nKnown, ...inRange]: readonly number[]): string[] {
  const at = inRange.findIndex((count) => count < nKnown);
  if (at >= 0) {
    throw new RangeError(`Cannot ${DOING} as ${RULES[at]}: it is not in ${counted(nKnown - inRange[at], "request")}`);
  }
  if (nKnown === 0) {
    throw new RangeError(
      `Cannot ${DOING} as a choice must remain whose quality and cost are known: of ${
        counted(n, "choice")
      } none is; log feedback`,
    );
  }
  const left = (count: number, why: string): string[] =>
    count === 0 ? [] : [`${counted(count, "choice")} of ${n.toLocaleString("en-US")} left out: ${why}`];
  return [
    ...left(n - nWithCost, "the cost is not known"),
    ...left(
      nWithCost - nKnown,
      "nobody told the quality. Estimates are right if that does not depend on the model or the quality",
    ),
  ];
}

/** Sums of all requests by group, and of those of each arm; groups without requests are left out. */
function plainTerms(
  rows: readonly (readonly string[])[],
): { readonly all: ArmTerms; readonly routed: ArmTerms | null; readonly byDefault: ArmTerms | null } {
  const placeOf = new Map(placesOf(rows.map(([g]) => g)));
  const termsOfRows = (some: typeof rows): ArmTerms => {
    const column = (): Float64Array => new Float64Array(placeOf.size);
    const terms = { nRequests: column(), logged: { quality: column(), costUsd: column() } };
    for (const [g, , n, quality, cost] of some) {
      const place = placeOf.get(g)!;
      terms.nRequests[place] += Number(n);
      terms.logged.quality[place] += Number(quality);
      terms.logged.costUsd[place] += Number(cost);
    }
    return terms;
  };
  const ofArm = (name: string): typeof rows => rows.filter(([, arm]) => arm === name);
  const [routed, byDefault] = [ofArm("router"), ofArm("default")];
  const isTest = routed.length > 0 && byDefault.length > 0 && rows.every(([, arm]) => arm !== "");
  return {
    all: termsOfRows(rows),
    routed: isTest ? termsOfRows(routed) : null,
    byDefault: isTest ? termsOfRows(byDefault) : null,
  };
}

/** The places of groups, by ascending number. */
function placesOf(groups: readonly string[]): [group: string, place: number][] {
  return [...new Set(groups)].sort((a, b) => Number(a) - Number(b)).map((g, place) => [g, place]);
}

type SumsOfPolicy = Readonly<Record<PolicySum, Float64Array>>;

/** The sums of each policy by group, in the order of their places. */
function sumsByPolicy(rows: readonly (readonly string[])[], nPolicies: number): SumsOfPolicy[] {
  const placeOf = new Map(placesOf(rows.map(([g]) => g)));
  const column = (): Float64Array => new Float64Array(placeOf.size);
  const result = Array.from(
    { length: nPolicies },
    () => Object.fromEntries(POLICY_SUMS.map((name) => [name, column()])) as Record<PolicySum, Float64Array>,
  );
  for (const [g, i, ...sums] of rows) {
    POLICY_SUMS.forEach((name, at) => result[Number(i)][name][placeOf.get(g)!] += Number(sums[at]));
  }
  return result;
}

function supportOf({ n, w, w2, v, v2, impossible }: SumsOfPolicy, knowsAll: boolean): ReturnType<typeof supportOfSums> {
  return supportOfSums({
    n: sumOf(n),
    sum: sumOf(w),
    squares: sumOf(w2),
    cutSum: sumOf(v),
    cutSquares: sumOf(v2),
    impossible: knowsAll ? sumOf(impossible) : null,
  });
}

function termsOf({ v, vq, vc, rq, rc }: SumsOfPolicy, all: ArmTerms, isRobust: boolean): PolicyTerms {
  const robust = isRobust ? { quality: rq, costUsd: rc } : null;
  return { ...all, weights: v, weighted: { quality: vq, costUsd: vc }, robust };
}

async function conflictsIn(log: WarehouseLog): Promise<LoggedEvaluation["conflicts"]> {
  const sql = choicesQuery(log);
  if (sql === null) return [];
  const [[chosen, expected, variance]] = (await log.connection.rows(sql, DOING)).map((row) => row.map(numbersIn));
  return conflictsOf(log.models.map((model, j) => ({
    model,
    nChosen: chosen[j],
    nExpected: expected[j],
    variance: variance[j],
  })));
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
