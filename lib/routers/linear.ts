import { type Matrix64, toMatrix64 } from "../compute/matrix.ts";
import { fitRidge, predictRidge, type RidgeCoefficients, ridgeLadder } from "../compute/ridge.ts";
import { basisOf } from "./_ridge_basis.ts";
import { leastAt } from "./predicted_cost.ts";
import { checkedTrainingSet, checkEmbeddings, type EmbeddedOutcomes, type Router, vectorsOf } from "./router.ts";
import { type LinearState, type RouterState, vectorKindOf } from "./router_state.ts";

/**
 * Fits a linear router: ridge regression with an intercept from a prompt's vector to the quality of every model.
 *
 * Minimises Σ (q − b − xᵀw)² + alpha · ‖w‖² for each model; the intercept b is not penalised. Of several penalties the one with the least
 * mean squared leave-one-out error over all models is taken; the errors come in closed form from one eigendecomposition, which routers on the
 * same vectors share. One penalty needs no more than a Cholesky decomposition. In double precision: products by ONNX Runtime.
 *
 * **Shapes**: n × d vectors, n × m qualities. O(n d² + d³). **Source**: Hoerl and Kennard 1970; equals scikit-learn's `Ridge` and, for several
 * penalties, `RidgeCV`. The reference code has a LinearSVR instead, which the paper does not report.
 *
 * @param options `alpha`: weight of the penalty, above 0; or several among which leave-one-out errors choose
 * @throws RangeError where alpha is not above 0, or there is none
 * @example
 * ```ts
 * import { fitLinearRouter, openEncoder, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 10, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes);
 * const router = await fitLinearRouter({ outcomes, embeddings }, { alpha: [1, 10, 100] });
 * assert.match(router.notes[0], /^α = \d+ by leave-one-out errors$/);
 * assert.equal((await router.predict(embeddings)).quality.length, 70 * 11);
 * ```
 */
export async function fitLinearRouter(
  train: EmbeddedOutcomes,
  { alpha }: { readonly alpha: number | readonly number[] },
): Promise<Router> {
  if (typeof alpha === "number") {
    const target = targetOf(train);
    return fittedRouter(train, await fitRidge(toMatrix64(vectorsOf(train.embeddings)), target, { alpha }), []);
  }
  const ladder = await ridgeLadder(await basisOf(train.embeddings), targetOf(train), { alphas: alpha });
  const errors = await ladder.leaveOneOutErrors();
  const place = leastAt(errors.map((of) => of.reduce((sum, error) => sum + error)));
  return fittedRouter(train, await ladder.fit(place), [`α = ${alpha[place]} by leave-one-out errors`]);
}

/** One linear router for each penalty, in the order given, all from one decomposition. */
export async function fitLinearRouters(
  train: EmbeddedOutcomes,
  { alphas }: { readonly alphas: readonly number[] },
): Promise<Router[]> {
  const ladder = await ridgeLadder(await basisOf(train.embeddings), targetOf(train), { alphas });
  return await Promise.all(alphas.map(async (_, place) => fittedRouter(train, await ladder.fit(place), [])));
}

function targetOf(train: EmbeddedOutcomes): Matrix64 {
  checkedTrainingSet(train);
  const { promptIds, models, quality } = train.outcomes;
  return { rows: promptIds.length, cols: models.length, values: quality };
}

function fittedRouter(train: EmbeddedOutcomes, regression: RidgeCoefficients, notes: readonly string[]): Router {
  const { models, meanCostUsd } = checkedTrainingSet(train);
  const predictor: LinearState = { kind: "linear", regression, costUsd: meanCostUsd };
  const reads = vectorKindOf(train.embeddings);
  return linearRouterOf({ name: "Linear", notes, models, reads, predictor, costs: null }, predictor);
}

/** The router of a state. */
export function linearRouterOf(state: RouterState, { regression, costUsd }: LinearState): Router {
  const { name, notes, models, reads } = state;
  return {
    name,
    notes,
    state,
    predict: async (embeddings) => {
      checkEmbeddings(embeddings, reads!);
      const { values } = await predictRidge(regression, toMatrix64(vectorsOf(embeddings)));
      return { nPrompts: embeddings.nPrompts, models, quality: values, costUsd };
    },
  };
}
