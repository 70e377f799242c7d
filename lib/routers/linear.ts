import { toMatrix64 } from "../compute/matrix.ts";
import { coefficientsOf, predictRidge, ridgeLadder } from "../compute/ridge.ts";
import { basisOf } from "./_ridge_basis.ts";
import { leastAt } from "./predicted_cost.ts";
import { checkedTrainingSet, checkEmbeddings, type EmbeddedOutcomes, type Router, vectorsOf } from "./router.ts";
import { type LinearState, type RouterState, vectorKindOf } from "./router_state.ts";

/**
 * Fits a linear router: ridge regression with an intercept from a prompt's vector to the quality of every model.
 *
 * Minimises Σ (q − b − xᵀw)² + alpha · ‖w‖² for each model; the intercept b is not penalised. Of several penalties the one with the least
 * mean squared leave-one-out error over all models is taken; the errors come in closed form from one eigendecomposition, which routers on the
 * same vectors share. In double precision: products by ONNX Runtime, the eigendecomposition by ml-matrix (.4 s for d = 384).
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
  const { models, meanCostUsd } = checkedTrainingSet(train);
  const alphas = typeof alpha === "number" ? [alpha] : alpha;
  const target = { rows: train.outcomes.promptIds.length, cols: models.length, values: train.outcomes.quality };
  const ladder = await ridgeLadder(await basisOf(train.embeddings), target, { alphas });
  const place = leastAt(ladder.leaveOneOutErrors.map((errors) => errors.reduce((sum, error) => sum + error)));
  const fit = await ladder.fit(place);
  const notes = typeof alpha === "number" ? [] : [`α = ${alphas[place]} by leave-one-out errors`];
  const predictor: LinearState = { kind: "linear", regression: coefficientsOf(fit), costUsd: meanCostUsd };
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
