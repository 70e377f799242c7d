import { type OutcomeTable, selectPrompts } from "../outcomes/outcome_table.ts";
import { nonDecreasingHull } from "../plane/non_decreasing_hull.ts";
import { constantRouters } from "../routers/constant.ts";
import type { QualityPredictions } from "../routers/router.ts";
import { costRangeOf } from "./aiq_among.ts";
import { resampledDifferencesFrom, type SettingSample } from "./compare_curves.ts";
import { chooseModels, sweepWillingnessToPay } from "./policy.ts";
import { alternateRows, type PredictedOutcomes, selectPredicted } from "./select_predictions.ts";

/** Resamples and seed of the rule: a standard error is then good to a twentieth. */
const OPTIONS = { nResamples: 200, seed: 1 } as const;

/**
 * Whether a router's AIQ is above another's by more than the standard error of the difference, without the flattery of
 * choosing settings where they are measured: they are chosen on every second prompt and measured on the others, and the
 * other way round.
 *
 * **Source**: the rule of one standard error, Breiman, Friedman, Olshen and Stone 1984, section 3.4.3.
 */
export function beats(router: QualityPredictions, other: QualityPredictions, outcomes: OutcomeTable): boolean {
  const n = outcomes.promptIds.length;
  if (n < 4) return false;
  let difference = 0;
  let variance = 0;
  const [even, odd] = alternateRows(n);
  for (const [choose, measure] of [[even, odd], [odd, even]]) {
    const costRangeUsd = costRangeOf(constantRouters(selectPrompts(outcomes, measure)));
    if (costRangeUsd[0] === costRangeUsd[1]) return true;
    const sampleOf = (predictions: QualityPredictions): SettingSample =>
      sample(selectPredicted({ outcomes, predictions }, choose), selectPredicted({ outcomes, predictions }, measure));
    const found = resampledDifferencesFrom(sampleOf(other), { ...OPTIONS, costRangeUsd })(sampleOf(router));
    difference += found.difference / 2;
    variance += found.standardError ** 2 / 4;
  }
  return difference > Math.sqrt(variance);
}

/** Cost and quality of each prompt measured, at each vertex of the curve of those on which settings are chosen. */
function sample(chosenOn: PredictedOutcomes, { outcomes, predictions }: PredictedOutcomes): SettingSample {
  const m = outcomes.models.length;
  const hull = nonDecreasingHull(sweepWillingnessToPay(chosenOn.predictions, chosenOn.outcomes));
  const choices = hull.map(({ willingnessToPay }) => chooseModels(predictions, willingnessToPay));
  const cells = (values: Float64Array): Float64Array =>
    Float64Array.from(choices.flatMap((row) => Array.from(row, (model, i) => values[i * m + model])));
  return { nSettings: choices.length, costUsd: cells(outcomes.costUsd), quality: cells(outcomes.quality) };
}
