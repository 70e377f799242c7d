import { knnRouterOf } from "./knn.ts";
import type { Router } from "./router.ts";
import type { RouterState } from "./router_state.ts";

/**
 * Makes a router from its state: it predicts bit for bit what the router predicted whose state it is, as both run the same code.
 *
 * @param state of the right shapes, as {@linkcode loadRouter} has checked
 */
export function rebuildRouter(state: RouterState): Router {
  switch (state.predictor.kind) {
    case "knn":
      return knnRouterOf(state, state.predictor);
  }
}
