import { type CascadeInput, cascadeOf, levelsOfSpending } from "./_cascade_settings.ts";
import { meansQuery, orderStatisticsQuery } from "./_learned.ts";
import { dealtParts } from "./_parts.ts";
import { modelsAndOracle, type PromptPredictor, routerOf } from "./_prompt_settings.ts";
import { PROPENSITY_ROUNDING } from "../outcomes/logged_outcomes.ts";
import {
  choicesQuery,
  constantPolicies,
  logCountsQuery,
  type LoggedPolicies,
  loggedSumsQuery,
  LOGGING_POLICY,
  offeredQuery,
  policySumsQuery,
  predictedPolicies,
  unpredictedQuery,
  type WarehouseLog,
} from "./_log_query.ts";
import type { WarehouseLogOptions } from "./evaluate_logged_warehouse.ts";
import type { WarehouseRouter } from "./_systems_of_table.ts";
import { sumsQuery } from "./group_sums.ts";
import { crossingsQuery, stepsQuery } from "./lambda_ladder.ts";
import { vectorLengthsQuery, vectorsQuery } from "./learned_vectors.ts";
import type { Warehouse } from "./open_warehouse.ts";
import { cellsQuery } from "./warehouse_findings.ts";
import { evaluationsQuery, gradesQuery, modelCountsQuery, promptCountQuery } from "./warehouse_audit.ts";

/**
 * The SQL that an evaluation sends, without sending it. What later queries take from earlier ones (means, budgets,
 * values of λ) is made up: `0.5`, `0` and an infinite λ stand for them.
 *
 * @param options as of {@linkcode evaluateWarehouse}
 */
export function plannedQueries(
  warehouse: Warehouse,
  { seed, routers, trainShare }: {
    readonly seed: number;
    readonly routers: readonly WarehouseRouter[];
    readonly trainShare: number;
  },
): string[] {
  const { models, columns } = warehouse;
  const { learn, choose, test } = dealtParts({ seed, trainShare, evalName: null, hasGaps: false });
  const places = Array.from({ length: models.length + 1 }, (_, at) => at + 1);
  const one = models.map(() => 0.5);
  const predictor: PromptPredictor = { quality: "pq", costUsd: columns.predictedCostUsd === undefined ? one : "pc" };
  const cascade: CascadeInput = { order: [...models.keys()], judgeError: 0.1, acceptFromQuality: 0.5 };
  const values = [0, 0.5, Infinity];
  return [
    ...of(modelCountsQuery(warehouse), "counts, means and standard errors of each model"),
    ...of(promptCountQuery(warehouse), "prompts, repeated ones once"),
    ...of(gradesQuery(warehouse), "different qualities"),
    ...of(cellsQuery(warehouse), "sums of each model in each evaluation, for the audit"),
    ...of(evaluationsQuery(warehouse), "evaluations"),
    ...of(meansQuery(warehouse, learn), "means to learn from"),
    ...of(
      sumsQuery(warehouse, choose, { system: modelsAndOracle(models.length), values: places, isGrouped: false }),
      "models where settings are chosen",
    ),
    ...of(
      sumsQuery(warehouse, test, { system: modelsAndOracle(models.length), values: places }),
      "models and the oracle where they are measured",
    ),
    ...(routers.includes("predicted") && columns.predictedQuality !== undefined
      ? [
        ...of(
          crossingsQuery(warehouse, choose, { predictor, nExpected: 1 }),
          "values of λ at which two models change places",
        ),
        ...of(
          stepsQuery(warehouse, choose, { predictor, pairs: [[0, 0.5], [0.5, Infinity]] }),
          "a router's curve, several times with other λ",
        ),
        ...of(
          sumsQuery(warehouse, test, { system: routerOf(predictor), values }),
          "the router's chosen settings, measured",
        ),
      ]
      : []),
    ...((routers.includes("linear") || routers.includes("group")) && columns.vector !== undefined
      ? [
        ...of(vectorLengthsQuery(warehouse, learn), "lengths of the vectors to learn from"),
        ...of(vectorsQuery(warehouse, learn, []), "these vectors; curves of the routers then as above"),
      ]
      : []),
    ...(routers.includes("cascade")
      ? [
        ...of(
          orderStatisticsQuery(warehouse, choose, { levels: levelsOfSpending(cascade), list: "spent" }, {
            places: [0],
            nValues: 1,
          }),
          "budgets of a cascade",
        ),
        ...of(
          sumsQuery(warehouse, test, { system: cascadeOf(cascade), values: [0.5] }),
          "a cascade's chosen budgets, measured",
        ),
      ]
      : []),
  ];
}

/** A query with its purpose as a comment; none for `null`. */
function of(sql: string | null, purpose: string): string[] {
  return sql === null ? [] : [`-- ${purpose}\n${sql}`];
}

/**
 * The SQL that judging a log sends, without sending it. Which models were on offer is not known before, so those that
 * were chosen stand for them; `0.5` and an infinite λ stand for the values of λ.
 *
 * @param options as of {@linkcode evaluateLoggedWarehouse}
 */
export function plannedLogQueries(
  warehouse: Warehouse,
  { seed, mostWeight = Infinity }: Pick<WarehouseLogOptions, "seed" | "mostWeight">,
): string[] {
  const { columns, models } = warehouse;
  const propensities = columns.propensities !== undefined && columns.offered !== undefined;
  const predictions = propensities && unpredictedQuery(warehouse) !== null;
  const log: WarehouseLog = { ...warehouse, has: { propensities, predictions, arms: columns.arm !== undefined } };
  const sums = (policies: LoggedPolicies): string => policySumsQuery(log, policies, { seed, mostWeight });
  return [
    ...of(logCountsQuery(log, PROPENSITY_ROUNDING), "requests, and those whose numbers are in range"),
    ...of(offeredQuery(log), "models on offer"),
    ...of(predictions ? unpredictedQuery(log) : null, "requests without predictions for all models"),
    ...of(loggedSumsQuery(log, seed), "plain sums"),
    ...of(sums(constantPolicies(models.length)), "each model alone"),
    ...of(propensities ? sums(LOGGING_POLICY) : null, "the policy that made the log"),
    ...of(predictions ? sums(predictedPolicies([0.5, Infinity])) : null, "the logged predictions at some λ"),
    ...of(choicesQuery(log), "choices of each model against their propensities"),
  ];
}
