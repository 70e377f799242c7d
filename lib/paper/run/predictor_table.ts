import type { Protocol } from "../../evaluation/evaluate.ts";
import type { FittedRecipe, SystemRecipe } from "../../evaluation/recipe.ts";
import type { EvaluationData } from "../../evaluation/evaluation_data.ts";
import { type PredictorQuality, predictorQuality } from "../../evaluation/predictor_quality.ts";
import { modelMeans } from "../../outcomes/outcome_table.ts";
import type { Table } from "../../base/table.ts";

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
  return {
    columns: [
      ...[
        "eval_name",
        "protocol",
        "router",
        "model",
        "n_test",
        "skill",
        "mean_squared_error",
        "constant_mean_squared_error",
      ],
      ...[
        "rank_correlation",
        "auroc",
        "constant_auroc",
        "expected_calibration_error",
        "constant_expected_calibration_error",
      ],
      ...["better_of_two_accuracy", "constant_better_of_two_accuracy"],
    ],
    rows: predictors.flatMap(({ evalName, protocol, router, nTest, quality: { pooled, models, betterOfTwo } }) =>
      [{ ...pooled, model: ALL_MODELS, pair: betterOfTwo }, ...models.map((model) => ({ ...model, pair: null }))].map((
        measures,
      ) => [
        ...[evalName, protocol, router, measures.model, nTest],
        ...[
          measures.skill,
          measures.meanSquaredError,
          measures.constant.meanSquaredError,
          measures.rankCorrelation,
          measures.auroc,
        ],
        ...[measures.constant.auroc, measures.expectedCalibrationError, measures.constant.expectedCalibrationError],
        ...[measures.pair?.accuracy ?? null, measures.pair?.constantAccuracy ?? null],
      ])
    ),
  };
}

/** The readable table of one evaluation and protocol: a row for each router, and one for the constant predictor. */
export function predictorSummary(predictors: readonly NamedPredictor[]): Table {
  const three = (value: number | null): string | null => value === null ? null : value.toFixed(3).replace("-", "−");
  const { pooled: { constant }, betterOfTwo } = predictors[0].quality;
  return {
    columns: ["", "skill", "mean squared error", "AUROC", "calibration error", "better of two"],
    rows: [
      [
        ...[
          "Constant",
          null,
          three(constant.meanSquaredError),
          three(constant.auroc),
          three(constant.expectedCalibrationError),
        ],
        three(betterOfTwo.constantAccuracy),
      ],
      ...predictors.map(({ router, quality: { pooled, betterOfTwo } }) => [
        ...[
          router,
          three(pooled.skill),
          three(pooled.meanSquaredError),
          three(pooled.auroc),
          three(pooled.expectedCalibrationError),
        ],
        three(betterOfTwo.accuracy),
      ]),
    ],
  };
}
