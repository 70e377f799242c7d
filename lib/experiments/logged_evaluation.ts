import { seededRandom } from "../base/random.ts";
import { type Matrix64, toMatrix64 } from "../compute/matrix.ts";
import { predictRidge, ridgeLadder } from "../compute/ridge.ts";
import { ridgeBasis } from "../compute/ridge_basis.ts";
import { type Embeddings, selectEmbeddings } from "../embeddings/embeddings.ts";
import { type AbTest, abTest } from "../evaluation/arms.ts";
import {
  evaluatePolicy,
  loggedMeans,
  type OffPolicyEvaluation,
  type OffPolicyOptions,
  type PolicyMeans,
} from "../evaluation/off_policy.ts";
import { policySupport, type PropensityConflict, propensityConflicts } from "../evaluation/policy_support.ts";
import { constantPolicy, loggingPolicy, routerPolicy, type TargetPolicy } from "../evaluation/target_policy.ts";
import type { LoggedOutcomes, LoggedPredictions } from "../outcomes/logged_outcomes.ts";
import { vectorsOf } from "../routers/router.ts";

/** A policy and its estimate from a log. */
export interface JudgedPolicy {
  /** Its name. */
  readonly name: string;
  /** The estimate; `null` where the log cannot judge the policy. */
  readonly found: OffPolicyEvaluation | null;
  /** Why it cannot; `null` where it can. */
  readonly refusal: string | null;
}

/** Estimates from a log: of each model alone, of the policy that made the log, of a router fitted on it. */
export interface LoggedEvaluation {
  /** The plain means of the log. */
  readonly logged: PolicyMeans;
  /** The policies. */
  readonly policies: readonly JudgedPolicy[];
  /** The arms of an A/B test; `null` where the log has none. */
  readonly abTest: AbTest | null;
  /** Models whose choices contradict their propensities. */
  readonly conflicts: readonly PropensityConflict[];
}

const N_FOLDS = 5;
const ALPHAS: readonly number[] = [1, 10, 100, 1000, 10_000];
/** λ at which the router is judged, in USD for one unit of quality, as multiples of the mean logged cost. */
const LAMBDAS: readonly number[] = [1, 10, 100, Infinity];

/**
 * Judges each model as a constant policy, the policy that made the log, and a router at several λ.
 *
 * The router and the outcome model of the doubly robust estimates are one: where there are vectors, ridge regressions
 * of `mean + 1[chosen] (r − mean) / p`, whose expectation is the model's true outcome r, fitted in five folds of
 * prompts, so that no prompt is predicted by a fit that saw it; else what the router that made the log predicted before
 * it chose, where that was logged for all models. Intervals take these predictions as given.
 *
 * **Source**: Dudík, Langford, Li 2011, section 3; Chernozhukov et al. 2018 (folds). The paper has no logs.
 *
 * @param embeddings of the log's prompts, or `null`
 * @param options `mostWeight`: as of {@linkcode evaluatePolicy}
 * @throws RangeError where there are fewer than 100 resamples or two different prompts
 * @example
 * ```ts
 * import { evaluateLogged, loggedOutcomes } from "routerbench/experiments";
 * import assert from "node:assert/strict";
 *
 * const n = 40, large = Array.from({ length: n }, (_, i) => i % 4 === 0);
 * const log = loggedOutcomes({
 *   models: ["small", "large"],
 *   requestIds: large.map((_, i) => `request ${i}`),
 *   promptIds: large.map((_, i) => `prompt ${i}`),
 *   prompts: null,
 *   chosen: Int32Array.from(large, Number),
 *   quality: Float64Array.from(large, (isLarge) => isLarge ? 1 : 0.5),
 *   costUsd: Float64Array.from(large, (isLarge) => isLarge ? 0.01 : 0.001),
 *   propensity: Float64Array.from(large, (isLarge) => isLarge ? 0.25 : 0.75),
 *   propensities: null,
 *   predictions: null,
 *   source: { kind: "file", name: "forty requests", sha256: "", notes: [] },
 * });
 * const { policies } = await evaluateLogged(log, null, { nResamples: 200, seed: 1 });
 * const found = policies.map(({ name, found }) => [name, found?.selfNormalised.quality.value]);
 * assert.deepEqual(found, [["small", 0.5], ["large", 1]]);
 * ```
 */
export async function evaluateLogged(
  log: LoggedOutcomes,
  embeddings: Embeddings | null,
  { nResamples, seed, mostWeight }: Pick<OffPolicyOptions, "nResamples" | "seed" | "mostWeight">,
): Promise<LoggedEvaluation> {
  const outcomeModel = embeddings === null ? log.predictions : await crossFitted(log, embeddings, seed);
  const policies = log.models.map((model) => constantPolicy(log, model));
  if (log.propensities !== null) policies.push(loggingPolicy(log));
  if (outcomeModel !== null) policies.push(...routersOf(log, outcomeModel, embeddings === null));
  return {
    logged: loggedMeans(log, { nResamples, seed }),
    policies: policies.map((policy) => {
      const { refusal } = policySupport(log, policy, { mostWeight });
      const found = refusal === null
        ? evaluatePolicy(log, policy, { outcomeModel, nResamples, seed, mostWeight })
        : null;
      return { name: policy.name, found, refusal };
    }),
    abTest: abTest(log, { nResamples, seed }),
    conflicts: propensityConflicts(log),
  };
}

function routersOf(log: LoggedOutcomes, outcomeModel: LoggedPredictions, isLogged: boolean): TargetPolicy[] {
  const predictions = { nPrompts: log.requestIds.length, models: log.models, ...outcomeModel };
  const meanCostUsd = log.costUsd.reduce((sum, cost) => sum + cost, 0) / log.costUsd.length;
  return judgedSettings(meanCostUsd, isLogged).map((setting) => routerPolicy(log, predictions, setting));
}

/**
 * The values of λ at which a router is judged, and its name there: one with logged predictions, or one that was fitted
 * on the log.
 */
export function judgedSettings(
  meanCostUsd: number,
  isLogged: boolean,
): { readonly name: string; readonly willingnessToPay: number }[] {
  return LAMBDAS.map((multiple) => {
    const willingnessToPay = multiple === Infinity ? Infinity : multiple * meanCostUsd;
    const shown = multiple === Infinity ? "∞" : willingnessToPay.toPrecision(2);
    return { name: `${isLogged ? "Predicted" : "Ridge router"}, λ = ${shown}`, willingnessToPay };
  });
}

/** Quality and cost of every model in every request, each predicted by a fit on the other folds; `[n · m]`. */
async function crossFitted(log: LoggedOutcomes, embeddings: Embeddings, seed: number): Promise<LoggedPredictions> {
  const m = log.models.length;
  const prompts = seededRandom(seed, "folds").shuffle([...new Set(log.promptIds)]);
  const foldOf = new Map(prompts.map((id, at) => [id, at % N_FOLDS]));
  const result = new Float64Array(log.requestIds.length * 2 * m);
  for (let fold = 0; fold < N_FOLDS; fold++) {
    const isHeld = log.promptIds.map((id) => foldOf.get(id) === fold);
    const learned = isHeld.flatMap((held, row) => held ? [] : [row]);
    const held = isHeld.flatMap((held, row) => held ? [row] : []);
    if (held.length === 0) continue;
    const basis = await ridgeBasis(toMatrix64(vectorsOf(selectEmbeddings(embeddings, learned))));
    const ladder = await ridgeLadder(basis, pseudoOutcomes(log, learned), { alphas: ALPHAS });
    const leftOut = await ladder.leaveOneOutErrors();
    const x = toMatrix64(vectorsOf(selectEmbeddings(embeddings, held)));
    for (let place = 0; place < ALPHAS.length; place++) {
      const { values } = await predictRidge(await ladder.fit(place), x);
      for (let column = 0; column < 2 * m; column++) {
        const errors = leftOut.map((each) => each[column]);
        if (errors.indexOf(Math.min(...errors)) !== place) continue;
        held.forEach((row, at) => result[row * 2 * m + column] = values[at * 2 * m + column]);
      }
    }
  }
  return {
    quality: result.filter((_, at) => at % (2 * m) < m),
    costUsd: result.filter((_, at) => at % (2 * m) >= m).map((cost) => Math.max(0, cost)),
  };
}

/** Qualities, then costs, of every model: what each would have had, in expectation; `[rows · 2m]`. */
function pseudoOutcomes(log: LoggedOutcomes, rows: readonly number[]): Matrix64 {
  const m = log.models.length;
  const values = new Float64Array(rows.length * 2 * m);
  for (const [part, outcomes] of [log.quality, log.costUsd].entries()) {
    for (let j = 0; j < m; j++) {
      const own = rows.filter((row) => log.chosen[row] === j);
      const pool = own.length === 0 ? rows : own;
      const weights = pool.map((row) => 1 / log.propensity[row]);
      const mean = pool.reduce((sum, row, at) => sum + weights[at] * outcomes[row], 0) /
        weights.reduce((sum, weight) => sum + weight, 0);
      rows.forEach((row, at) => {
        const surprise = log.chosen[row] === j ? (outcomes[row] - mean) / log.propensity[row] : 0;
        values[at * 2 * m + part * m + j] = mean + surprise;
      });
    }
  }
  return { rows: rows.length, cols: 2 * m, values };
}
