import { type Matrix64, toMatrix64 } from "../compute/matrix.ts";
import { predictRidge, type RidgeCoefficients, ridgeLadder } from "../compute/ridge.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { basisOf } from "./_ridge_basis.ts";
import { checkedTrainingSet, checkEmbeddings, type EmbeddedOutcomes, type Router, vectorsOf } from "./router.ts";
import { type LogCostState, type VectorKind, vectorKindOf } from "./router_state.ts";

/** Penalties among which leave-one-out errors choose, for costs and for qualities. */
export const ALPHA_LADDER: readonly number[] = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000];

/** A predictor of the cost of each model's response. */
export interface CostPredictor {
  /** Its state as plain data. */
  readonly state: LogCostState;
  /** `[n · m]`, USD. */
  predict(embeddings: Embeddings): Promise<Float64Array>;
}

/**
 * Fits a predictor of costs per prompt: ridge regression of the logarithm of each model's cost on the prompt's vector, with the penalty chosen
 * by leave-one-out errors, times exp(s²/2) with s² the variance of the leave-one-out residuals, which turns the mean of a logarithm into the
 * mean of a lognormal cost. A model with a free response keeps its mean cost for every prompt.
 *
 * **Units**: USD. **Source**: Hastie, Tibshirani, Friedman 2009, section 3.4.1; the mean of a lognormal variable.
 */
export async function fitCostPredictor(train: EmbeddedOutcomes): Promise<CostPredictor> {
  const { models, meanCostUsd } = checkedTrainingSet(train);
  const { costUsd } = train.outcomes;
  const m = models.length;
  const n = train.outcomes.promptIds.length;
  const isFree = models.map((_, j) => costUsd.some((cost, at) => at % m === j && cost <= 0));
  const logs = costUsd.map((cost, at) => isFree[at % m] ? 0 : Math.log(cost));
  const { regression, leftOutResiduals } = await fitRidgeByLeaveOneOut(train.embeddings, {
    rows: n,
    cols: m,
    values: logs,
  });
  const variance = new Float64Array(m);
  (await leftOutResiduals()).forEach((residual, at) => variance[at % m] += residual * residual / n);
  const fixedCostUsd = isFree.map((free, j) => free ? meanCostUsd[j] : null);
  return costPredictorOf({ regression, variance, fixedCostUsd }, vectorKindOf(train.embeddings));
}

/** Ridge regression on prompts' vectors with the penalty of {@linkcode ALPHA_LADDER} that leave-one-out errors choose for all targets together. */
export async function fitRidgeByLeaveOneOut(embeddings: Embeddings, target: Matrix64): Promise<LeaveOneOutFit> {
  const ladder = await ridgeLadder(await basisOf(embeddings), target, { alphas: ALPHA_LADDER });
  const place = leastAt((await ladder.leaveOneOutErrors()).map((errors) => errors.reduce((a, b) => a + b)));
  return { regression: await ladder.fit(place), leftOutResiduals: () => ladder.leftOutResiduals(place) };
}

/** A regression whose penalty leave-one-out errors have chosen. */
interface LeaveOneOutFit {
  readonly regression: RidgeCoefficients;
  /** Residuals of each row from a fit without it, `[n · m]`. */
  leftOutResiduals(): Promise<Float64Array>;
}

const SHARED = new WeakMap<EmbeddedOutcomes, Promise<CostPredictor>>();

/** The predictor of a training set, fitted once for all that ask. */
export function sharedCostPredictor(train: EmbeddedOutcomes): Promise<CostPredictor> {
  const costs = SHARED.get(train) ?? fitCostPredictor(train);
  SHARED.set(train, costs);
  return costs;
}

/** The predictor of a state. */
export function costPredictorOf(state: LogCostState, reads: VectorKind): CostPredictor {
  const { regression, variance, fixedCostUsd } = state;
  const m = variance.length;
  return {
    state,
    predict: async (embeddings) => {
      checkEmbeddings(embeddings, reads);
      const { values } = await predictRidge(regression, toMatrix64(vectorsOf(embeddings)));
      return values.map((log, at) => fixedCostUsd[at % m] ?? Math.exp(log + variance[at % m] / 2));
    },
  };
}

/** The same router with costs predicted per prompt instead of one mean a model. */
export function withPredictedCosts(router: Router, costs: CostPredictor): Router {
  const name = `${router.name}, costs predicted`;
  const { state } = router;
  return {
    ...router,
    name,
    ...(state === undefined ? {} : { state: { ...state, name, costs: costs.state } }),
    predict: async (embeddings, prompts) => ({
      ...await router.predict(embeddings, prompts),
      costUsd: await costs.predict(embeddings),
    }),
  };
}

/** Place of the least number, the first of equals. */
export function leastAt(values: readonly number[]): number {
  return values.reduce((best, value, at) => value < values[best] ? at : best, 0);
}
