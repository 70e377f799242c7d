import { groupRouterOf } from "./group.ts";
import { kernelRouterOf } from "./kernel.ts";
import { knnRouterOf } from "./knn.ts";
import { linearRouterOf } from "./linear.ts";
import { meansRouterOf } from "./mean.ts";
import { mlpRouterOf } from "./mlp.ts";
import { costPredictorOf, withPredictedCosts } from "./predicted_cost.ts";
import type { Router } from "./router.ts";
import type { RouterState } from "./router_state.ts";

/**
 * Makes a router from its state. It predicts bit for bit what the saved router predicted, as both run the same code.
 *
 * @param state a state whose shapes are right, as {@linkcode loadRouter} checks
 */
export function rebuildRouter(state: RouterState): Router {
  const router = routerOf(state);
  const { costs, reads } = state;
  if (costs === null || reads === null) return router;
  return { ...withPredictedCosts(router, costPredictorOf(costs, reads)), name: state.name, state };
}

function routerOf(state: RouterState): Router {
  const { predictor } = state;
  switch (predictor.kind) {
    case "means":
      return meansRouterOf(state, predictor);
    case "knn":
      return knnRouterOf(state, predictor);
    case "kernel":
      return kernelRouterOf(state, predictor);
    case "linear":
      return linearRouterOf(state, predictor);
    case "group":
      return groupRouterOf(state, predictor);
    case "mlp":
      return mlpRouterOf(state, predictor);
  }
}
