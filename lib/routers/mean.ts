import { modelMeans } from "../outcomes/outcome_table.ts";
import type { EmbeddedOutcomes, Router } from "./router.ts";

/**
 * The router that looks at no prompt: it predicts for every prompt each model's mean quality and mean cost on the training prompts. Its curve
 * is that of the Zero router with the models' means of the training prompts.
 *
 * **Shapes**: predictions n × m, every row the same.
 */
export function meanRouter({ outcomes }: EmbeddedOutcomes): Router {
  const { quality, costUsd } = modelMeans(outcomes);
  const { models } = outcomes;
  return {
    name: "Mean of each model",
    notes: [],
    predict: ({ nPrompts }) =>
      Promise.resolve({
        nPrompts,
        models,
        quality: Float64Array.from({ length: nPrompts * models.length }, (_, at) => quality[at % models.length]),
        costUsd,
      }),
  };
}
