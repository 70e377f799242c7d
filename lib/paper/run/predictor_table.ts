import type { Protocol } from "../../evaluation/evaluate.ts";
import type { FittedRecipe, SystemRecipe } from "../../evaluation/recipe.ts";
import type { EvaluationData } from "../../evaluation/evaluation_data.ts";
import {
  type PairAccuracy,
  type PredictionMeasures,
  type PredictorQuality,
  predictorQuality,
} from "../../evaluation/predictor_quality.ts";
import { modelMeans } from "../../outcomes/outcome_table.ts";
import { type Table, tableOfRows } from "../../base/table.ts";

/** How good a router's predictions are on an evaluation, whatever is decided by them. */
export interface NamedPredictor {
  /** The evaluation. */
  readonly evalName: string;
  /** The protocol, which says what was learned from and which prompts are predicted. */
  readonly protocol: Protocol;
  /** The router. */
  readonly router: string;
  /** Number of test prompts. */
  readonly nTest: number;
  /** The measures, each beside those of the constant predictor. */
  readonly quality: PredictorQuality;
}

/** Measures each recipe's predictions on the test prompts; it learns from the prompts that the protocol gives. */
export async function measurePredictors(
  data: EvaluationData,
  recipes: readonly (FittedRecipe | SystemRecipe)[],
  { evalName, protocol }: { readonly evalName: string; readonly protocol: Protocol },
): Promise<NamedPredictor[]> {
  const learn = protocol === "ours" ? data.fit : data.train;
  const trainMeans = modelMeans(learn.outcomes).quality;
  const { outcomes } = data.test;
  const found: NamedPredictor[] = [];
  for (const recipe of recipes) {
    if ("system" in recipe) continue;
    const router = await recipe.fit(learn);
    const predictions = await router.predict(data.test.embeddings);
    const quality = predictorQuality(predictions, outcomes, { trainMeans });
    found.push({ evalName, protocol, router: router.name, nTest: outcomes.promptIds.length, quality });
  }
  return found;
}

/** The name of the row for all models together. */
const ALL_MODELS = "all";

/** A row for each router and model, and one for all models together; the constant predictor's measures stand beside. */
export function predictorTable(predictors: readonly NamedPredictor[]): Table {
  return tableOfRows(predictors.flatMap(({ quality: { pooled, models, betterOfTwo }, ...named }) => [
    predictorRow(named, { ...pooled, model: ALL_MODELS }, betterOfTwo),
    ...models.map((measures) => predictorRow(named, measures, null)),
  ]));
}

function predictorRow(
  { evalName, protocol, router, nTest }: Omit<NamedPredictor, "quality">,
  { constant, ...own }: PredictorQuality["models"][number],
  pair: PairAccuracy | null,
): object {
  return {
    evalName,
    protocol,
    router,
    model: own.model,
    nTest,
    skill: own.skill,
    meanSquaredError: own.meanSquaredError,
    constantMeanSquaredError: constant.meanSquaredError,
    rankCorrelation: own.rankCorrelation,
    auroc: own.auroc,
    constantAuroc: constant.auroc,
    expectedCalibrationError: own.expectedCalibrationError,
    constantExpectedCalibrationError: constant.expectedCalibrationError,
    betterOfTwoAccuracy: pair?.accuracy,
    constantBetterOfTwoAccuracy: pair?.constantAccuracy,
  };
}

/** The readable table of one evaluation and protocol: a row for each router, and one for the constant predictor. */
export function predictorSummary(predictors: readonly NamedPredictor[]): Table {
  const three = (value: number | null): string | null => value === null ? null : value.toFixed(3).replace("-", "−");
  const { pooled: { constant }, betterOfTwo } = predictors[0].quality;
  const row = (
    name: string,
    { skill, meanSquaredError, auroc, expectedCalibrationError }: PredictionMeasures & {
      readonly skill: number | null;
    },
    accuracy: number | null,
  ): (string | null)[] => [name, ...[skill, meanSquaredError, auroc, expectedCalibrationError, accuracy].map(three)];
  return {
    columns: ["", "skill", "mean squared error", "AUROC", "calibration error", "better of two"],
    rows: [
      row("Constant", { ...constant, skill: null }, betterOfTwo.constantAccuracy),
      ...predictors.map(({ router, quality }) => row(router, quality.pooled, quality.betterOfTwo.accuracy)),
    ],
  };
}
