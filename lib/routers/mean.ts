import { modelMeans } from "../outcomes/outcome_table.ts";
import { checkedTrainingSet, checkEmbeddings, type EmbeddedOutcomes, type Router } from "./router.ts";
import { type MeansState, type RouterState, vectorKindOf } from "./router_state.ts";

/**
 * The router that ignores the prompt: it always predicts each model's mean quality and mean cost on the training prompts. Its curve
 * is that of the Zero router with the models' means of the training prompts.
 *
 * **Shapes**: predictions n × m, every row the same.
 */
export function meanRouter(train: EmbeddedOutcomes): Router {
  const { models } = checkedTrainingSet(train);
  const predictor: MeansState = { kind: "means", ...modelMeans(train.outcomes) };
  const reads = vectorKindOf(train.embeddings);
  return meansRouterOf({ name: "Mean of each model", notes: [], models, reads, predictor, costs: null }, predictor);
}

/** The router of a state. */
export function meansRouterOf(state: RouterState, { quality, costUsd }: MeansState): Router {
  const { name, notes, models, reads } = state;
  return {
    name,
    notes,
    state,
    predict: async (embeddings) => {
      if (reads !== null) checkEmbeddings(embeddings, reads);
      const { nPrompts } = embeddings;
      const cells = { length: nPrompts * models.length };
      return await Promise.resolve({
        nPrompts,
        models,
        quality: Float64Array.from(cells, (_, at) => quality[at % models.length]),
        costUsd,
      });
    },
  };
}
