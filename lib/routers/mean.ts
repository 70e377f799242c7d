import { modelMeans } from "../outcomes/outcome_table.ts";
import { checkedTrainingSet, checkEmbeddings, type EmbeddedOutcomes, type Router } from "./router.ts";

/**
 * The router that looks at no prompt: it predicts for every prompt each model's mean quality and mean cost on the training prompts. Its curve
 * is that of the Zero router with the models' means of the training prompts.
 *
 * **Shapes**: predictions n × m, every row the same.
 */
export function meanRouter(train: EmbeddedOutcomes): Router {
  const { models } = checkedTrainingSet(train);
  const { quality, costUsd } = modelMeans(train.outcomes);
  return {
    name: "Mean of each model",
    notes: [],
    predict: async (embeddings) => {
      checkEmbeddings(embeddings, train.embeddings);
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
