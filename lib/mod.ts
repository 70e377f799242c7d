/**
 * RouterBench for Deno: outcomes of several language models on the same prompts, routers that choose among them, and
 * how good they are.
 *
 * In the order of use: outcomes → embeddings → routers → evaluation → figures.
 *
 * @example Quick start
 * ```ts
 * import { cascade, customRouter, evaluate, evaluationPanel, knn, similarity, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 60, seed: 1 });
 * const mine = customRouter("Mine", ({ vector, train }) => {
 *   const [nearest] = train.toSorted((a, b) => similarity(b.vector, vector) - similarity(a.vector, vector));
 *   return nearest.quality;
 * });
 * const routers = [knn({ k: 40 }), cascade({ judgeError: 0.1 }), mine];
 * const evaluation = await evaluate(outcomes, routers, { seed: 1, encoder: "lexical", nResamples: 100 });
 * const figure = evaluationPanel(evaluation, { title: "All evaluations" });
 * assert.equal(evaluation.systems.length, 4);
 * assert.ok(figure.data.length > 4);
 * ```
 *
 * @module
 */

export {
  modelMeans,
  type OutcomeSource,
  type OutcomeTable,
  outcomeTable,
  selectEvals,
  selectPrompts,
} from "./outcomes/outcome_table.ts";
export { loadOutcomes } from "./files/load_outcomes.ts";
export type { LoadColumns } from "./files/column_names.ts";
export type { NearTwins } from "./files/near_twins.ts";
export type { PriceList } from "./outcomes/price_list.ts";
export type { LoadOptions, TableFormat } from "./files/load_options.ts";
export {
  type AuditFinding,
  type AuditOptions,
  auditOutcomes,
  type AuditRule,
  type AuditSeverity,
  type LoadCounts,
  type OutcomeAudit,
} from "./audit/audit_outcomes.ts";
export { addModel, type ModelOutcomes, type PriceChange, repriceOutcomes, selectModels } from "./outcomes/what_if.ts";
export { exportOutcomes } from "./files/export_outcomes.ts";
export { type SimulatedOutcomes, simulateOutcomes, type SimulationOptions } from "./outcomes/simulate_outcomes.ts";
export { type OutcomeSplit, type PaperOrder, splitOutcomes } from "./outcomes/split_outcomes.ts";
export { type OutcomeFrame, toDataFrame } from "./outcomes/data_frame.ts";
export { shortModelName } from "./outcomes/paper_table.ts";
export type { LastQuestions } from "./outcomes/prompt_text.ts";
export { type Embeddings, type Encoder, selectEmbeddings, type TextsToEncode } from "./embeddings/embeddings.ts";
export { type EncodingProgress, openEncoder, type OpenEncoderOptions } from "./embeddings/open_encoder.ts";
export type { OperatingPoint } from "./plane/operating_point.ts";
export { nonDecreasingHull } from "./plane/non_decreasing_hull.ts";
export { type Mix, mixAtCost, qualityAtCost } from "./plane/interpolation.ts";
export type { EmbeddedOutcomes, LadderStep, QualityPredictions, Router } from "./routers/router.ts";
export { type ConstantRouter, constantRouters } from "./routers/constant.ts";
export { type ZeroRouter, zeroRouter } from "./routers/zero.ts";
export { type Oracle, oracle } from "./routers/oracle.ts";
export { fitKnnRouter } from "./routers/knn.ts";
export { fitMlpRouter, type MlpRouterOptions } from "./routers/mlp.ts";
export { fitLinearRouter } from "./routers/linear.ts";
export type { CustomRouter, PromptFunction, PromptPrediction } from "./routers/checked_router.ts";
export { customRouter, type Prediction, type PromptToRoute, similarity, type TrainingRow } from "./routers/custom.ts";
export { fitWithNewModel, type NewModelOptions } from "./routers/new_model.ts";
export {
  acceptanceQuality,
  cascadeCurve,
  type CascadeExpectation,
  type CascadeOptions,
  cascadeOrder,
  type CascadePoint,
} from "./routers/cascade.ts";
export { type RerankExpectation, type RerankOptions, type RerankPoint, rerankPoint } from "./routers/rerank.ts";
export { type SweepOptions, type SweepPoint, sweepWillingnessToPay } from "./evaluation/policy.ts";
export { aiq, type AiqRule, referenceCodeMaxCost } from "./evaluation/aiq.ts";
export { type Saving, savings } from "./evaluation/savings.ts";
export {
  compareCurves,
  type ComparisonOptions,
  type CurveComparison,
  type ResampledDifference,
  type SettingSample,
} from "./evaluation/compare_curves.ts";
export { type Goal, recommend, type Recommendation, type RecommendOptions } from "./evaluation/recommend.ts";
export { saveRouter, type SaveRouterOptions } from "./evaluation/save_router.ts";
export {
  type LoadedRouter,
  loadRouter,
  type RouterFile,
  type RouterProvenance,
  type SavedEncoder,
  type SavedSetting,
} from "./evaluation/router_file.ts";
export type { Matrix, Matrix64 } from "./compute/matrix.ts";
export type { Mlp } from "./compute/mlp.ts";
export type { RidgeCoefficients } from "./compute/ridge.ts";
export type {
  GroupState,
  KernelState,
  KnnState,
  KnownPrompts,
  LinearState,
  LogCostState,
  MeansState,
  MlpState,
  PredictorState,
  RouterState,
  VectorKind,
} from "./routers/router_state.ts";
export type { RouterBounds } from "./evaluation/bounds.ts";
export {
  type EvaluationData,
  paperSplitForEvaluation,
  restrictToEvals,
  splitForEvaluation,
} from "./evaluation/evaluation_data.ts";
export {
  type CalibrationBin,
  type PairAccuracy,
  type PredictionMeasures,
  type PredictionsBesideConstant,
  type PredictorQuality,
  predictorQuality,
} from "./evaluation/predictor_quality.ts";
export type { BandPoint } from "./evaluation/curve_band.ts";
export {
  type EvaluatedRouter,
  evaluateRouters,
  type Evaluation,
  type EvaluationOptions,
  type MeasuredRerank,
  type MeasuredSetting,
  type MeasuredSystem,
  type Measurement,
  type Protocol,
  type RouterRecipe,
} from "./evaluation/evaluate.ts";
export { bestRouter, chosenKnn, chosenLinear, group, kernelAverage } from "./evaluation/chosen_recipes.ts";
export { cascade, knn, type KnnRecipe, linear, mlp, rerank } from "./evaluation/recipes.ts";
export type { RecipeContext, SystemRecipe } from "./evaluation/recipe.ts";
export { evaluate, type EvaluateOptions } from "./experiments/evaluate.ts";
export type { DeployedSystem, Family, Part, PromptResults, System, SystemSettings } from "./evaluation/systems.ts";
export type { PlotlyFigure } from "./figures/plotly_figure.ts";
export { costQualityPanel } from "./figures/cost_quality_panel.ts";
export type { CostQualityPanelInput, PanelBand, PanelCurve } from "./figures/panel_input.ts";
export { evaluationPanel, type EvaluationPanelOptions } from "./figures/evaluation_panel.ts";
export { exportFigure, type ExportOptions } from "./figures/export.ts";
export type { FigureWidth } from "./figures/figure_width.ts";
export { type Display, type FrameLike, show, type ShowOptions, type TableRows } from "./figures/show.ts";
export type { CurveFamily } from "./figures/curve_style.ts";
export type { Table } from "./base/table.ts";
