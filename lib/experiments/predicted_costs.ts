import { type CostQuality, costQuality } from "../evaluation/cost_quality.ts";
import type { EvaluationData } from "../evaluation/evaluation_data.ts";
import { sharedCostPredictor } from "../routers/predicted_cost.ts";

/** How well costs per prompt are predicted on the test prompts by what is learned from the others: the costs that chosen routers may decide by. */
export async function predictedCosts({ fit, test }: EvaluationData): Promise<CostQuality[]> {
  const { predict } = await sharedCostPredictor(fit);
  return costQuality(await predict(test.embeddings), test.outcomes);
}
