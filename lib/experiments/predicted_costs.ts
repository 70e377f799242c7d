import { type CostQuality, costQuality } from "../evaluation/cost_quality.ts";
import type { EvaluationData } from "../evaluation/evaluation_data.ts";
import { sharedCostPredictor } from "../routers/predicted_cost.ts";

/** How well the costs by which chosen routers may decide are predicted on the test prompts. */
export async function predictedCosts({ fit, test }: EvaluationData): Promise<CostQuality[]> {
  const { predict } = await sharedCostPredictor(fit);
  return costQuality(await predict(test.embeddings), test.outcomes);
}
