import type { QualityPredictions } from "../../routers/router.ts";

/** What a response is believed to cost where a second has a price: one a prompt and model, or the predictions' own where it has none. */
export function pricedCosts(
  { costUsd, nPrompts, models: { length: m } }: QualityPredictions,
  expectedSeconds: Float64Array,
  usdPerSecond: number,
): Float64Array {
  if (usdPerSecond === 0) return costUsd;
  const isPerModel = costUsd.length === m && nPrompts !== 1;
  // A loop, as a function for each cell takes several times as long, and this is asked for every price.
  const costs = new Float64Array(expectedSeconds.length);
  for (let at = 0; at < costs.length; at++) {
    costs[at] = costUsd[isPerModel ? at % m : at] + usdPerSecond * expectedSeconds[at];
  }
  return costs;
}
