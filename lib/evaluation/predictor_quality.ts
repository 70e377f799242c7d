import type { OutcomeTable } from "../outcomes/outcome_table.ts";
import type { QualityPredictions } from "../routers/router.ts";
import { pairAccuracies, type PairAccuracy } from "./_better_model.ts";
import { type CalibrationBin, calibrationBins, expectedCalibrationError } from "./_calibration.ts";
import { probabilityOfOrder, rankCorrelation } from "./_ranks.ts";

export type { CalibrationBin, PairAccuracy };

/** How well predictions match the realised qualities. */
export interface PredictionMeasures {
  /** Mean of (predicted − realised)². For qualities of 0 and 1 this is the Brier score. */
  readonly meanSquaredError: number;
  /** Spearman's rank correlation of predicted and realised quality, −1..1; `null` where either is constant. */
  readonly rankCorrelation: number | null;
  /**
   * Of two different qualities, the probability that the better one was predicted higher, equal predictions counting
   * half; for qualities of 0 and 1 the area under the ROC curve. .5 is no information; `null` where all qualities are
   * equal.
   */
  readonly auroc: number | null;
  /** At most ten bins of equal counts, by ascending prediction. */
  readonly calibration: readonly CalibrationBin[];
  /** Mean distance of predicted and realised quality over the bins, each weighted by its count. */
  readonly expectedCalibrationError: number;
}

/** A predictor's measures beside those of the constant predictor, which predicts each model's training mean. */
export interface PredictionsBesideConstant extends PredictionMeasures {
  /** The constant predictor's. */
  readonly constant: PredictionMeasures;
  /** 1 − mean squared error ÷ the constant's: above 0 the prompt tells something; `null` where that never errs. */
  readonly skill: number | null;
}

/** How good a router's predictions are, whatever is decided by them. */
export interface PredictorQuality {
  /** Model by model, in the table's order. */
  readonly models: readonly (PredictionsBesideConstant & { readonly model: string })[];
  /** All n · m cells together. Here the constant predictor has ranks too, as it knows which models are better. */
  readonly pooled: PredictionsBesideConstant;
  /** Choosing the better of two models, all pairs together, on which routing depends. */
  readonly betterOfTwo: PairAccuracy;
  /** The same for each of the m (m − 1) / 2 pairs. */
  readonly pairs: readonly PairAccuracy[];
}

/** Number of bins of a calibration. */
const N_CALIBRATION_BINS = 10;

/**
 * How good predicted qualities are, per model, pooled, and for choosing the better of two models; each beside the
 * constant predictor.
 *
 * A router can fail because its predictions carry no signal (no measure is better than the constant's) or in its
 * decisions (there is signal, but its curve lies below Zero); this tells which. A router can have skill for every model
 * and none in choosing, if it only knows which prompts are hard for all of them: compare `betterOfTwo.accuracy` with
 * `constantAccuracy`.
 *
 * @param predictions of a router for the same prompts
 * @param outcomes what happened
 * @param options `trainMeans`: each model's mean quality on the prompts that the router learned from, `[m]`, such as
 * `modelMeans(train).quality`
 *
 * **Shapes**: n × m predictions and outcomes. **Units**: qualities 0..1. O(n m log(n m) + n m²).
 *
 * **Source**: Brier 1950; Spearman 1904; Hanley and McNeil 1982; for graded qualities (Somers' D + 1) / 2. Equals
 * scikit-learn's `mean_squared_error` and `roc_auc_score` and scipy's `spearmanr` and `somersd`. The paper does not
 * report the quality of predictors.
 * @throws TypeError where predictions, outcomes and means do not match; RangeError where a prediction or mean is not
 * finite
 * @example
 * ```ts
 * import { modelMeans, predictorQuality, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 100, seed: 1 });
 * // The probabilities from which the outcomes were drawn: the best predictions there are.
 * const { models, promptIds, trueQuality, trueCostUsd } = outcomes;
 * const known = { nPrompts: promptIds.length, models, quality: trueQuality, costUsd: trueCostUsd };
 * const { pooled, betterOfTwo } = predictorQuality(known, outcomes, { trainMeans: modelMeans(outcomes).quality });
 * assert.ok(pooled.skill! > 0.3 && pooled.auroc! > 0.8);
 * assert.ok(betterOfTwo.accuracy! > betterOfTwo.constantAccuracy!);
 * ```
 */
export function predictorQuality(
  predictions: QualityPredictions,
  outcomes: OutcomeTable,
  { trainMeans }: { readonly trainMeans: ArrayLike<number> },
): PredictorQuality {
  checkInputs(predictions, outcomes, trainMeans);
  const m = outcomes.models.length;
  const constant = outcomes.quality.map((_, at) => trainMeans[at % m]);
  const { pairs, total } = pairAccuracies(predictions.quality, outcomes, trainMeans);
  return {
    models: outcomes.models.map((model, j) => {
      const column = (cells: Float64Array): Float64Array =>
        Float64Array.from(outcomes.promptIds, (_, i) => cells[i * m + j]);
      return { model, ...besideConstant(column(predictions.quality), column(outcomes.quality), column(constant)) };
    }),
    pooled: besideConstant(predictions.quality, outcomes.quality, constant),
    betterOfTwo: total,
    pairs,
  };
}

function besideConstant(
  predicted: Float64Array,
  quality: Float64Array,
  constant: Float64Array,
): PredictionsBesideConstant {
  const own = measuresOf(predicted, quality);
  const constants = measuresOf(constant, quality);
  const skill = constants.meanSquaredError === 0 ? null : 1 - own.meanSquaredError / constants.meanSquaredError;
  return { ...own, constant: constants, skill };
}

function measuresOf(predicted: Float64Array, quality: Float64Array): PredictionMeasures {
  const calibration = calibrationBins(predicted, quality, N_CALIBRATION_BINS);
  return {
    meanSquaredError: predicted.reduce((sum, value, at) => sum + (value - quality[at]) ** 2, 0) / quality.length,
    rankCorrelation: rankCorrelation(predicted, quality),
    auroc: probabilityOfOrder(predicted, quality),
    calibration,
    expectedCalibrationError: expectedCalibrationError(calibration),
  };
}

function checkInputs(
  { nPrompts, models, quality }: QualityPredictions,
  outcomes: OutcomeTable,
  trainMeans: ArrayLike<number>,
): void {
  const n = outcomes.promptIds.length;
  const m = outcomes.models.length;
  const sameModels = models.length === m && models.every((model, j) => model === outcomes.models[j]);
  if (nPrompts !== n || !sameModels || quality.length !== n * m) {
    throw new TypeError(
      `Cannot measure predictions as they and the outcomes must have the same prompts and models: they are ${nPrompts}×${models.length} with ${quality.length} cells, outcomes are ${n}×${m}; predict for the outcomes' prompts`,
    );
  }
  if (trainMeans.length !== m) {
    throw new TypeError(
      `Cannot measure predictions as there must be one training mean a model (${m}): there are ${trainMeans.length}; pass modelMeans(train).quality`,
    );
  }
  const isWrong = (value: number): boolean => !Number.isFinite(value);
  const wrong = quality.find(isWrong) ?? Array.from(trainMeans).find(isWrong);
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot measure predictions as they and the training means must be finite: one is ${wrong}; mend the router`,
    );
  }
}
