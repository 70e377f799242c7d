/** Time, retrieval and rare prompts beside cost and quality: latencies, the surface of two budgets. @module */

export { type TimedMix, timedSurface } from "./latency/surface.ts";
export type { TimedBudget, TimedPoint } from "./latency/timed_point.ts";
export {
  lateBeyond,
  type LatencySummary,
  latencySummary,
  modelLatencies,
  type ModelSpeed,
  PAPER_MODEL_SPEEDS,
  type SpeedOptions,
  withSpeeds,
} from "./latency/latencies.ts";
export { fitLatencyPredictor, type LatencyPredictor, type PredictedLatency } from "./latency/predicted_latency.ts";
export {
  evaluateLatency,
  type LatencyEvaluation,
  type LatencyEvaluationOptions,
  type TimedMeasurement,
  type TimedSystemResult,
  type WithinLatency,
} from "./latency/evaluate_latency.ts";
export { aiqWithin, type CostRange, curveWithin, type SurfaceAiq, surfaceAiq } from "./latency/timed_aiq.ts";
export { type LatencyFigureOptions, latencyPanels, timeColoredPanel } from "./latency/latency_figures.ts";
export { type SurfaceFigureOptions, surfacePanel } from "./latency/surface_figure.ts";
export { erlangC, meanWait, type Queue, utilisation, waitsLongerThan } from "./load/queue.ts";
export { largestLoad, type LatencyLimit, type Places, poolAt, type PoolLoad } from "./load/pool.ts";
export {
  fixedPolicy,
  loadPolicy,
  type PoolPolicy,
  type PoolSimulation,
  type SimulatedPool,
  simulatePool,
} from "./load/simulate_pool.ts";
export { type Arm, armName, armOf, NO_RETRIEVER } from "../outcomes/arm.ts";
export {
  cascadeAfterRetrieval,
  onlyRetrievers,
  type PairOutcomes,
  pairOutcomes,
  pairsOfRetriever,
} from "./retrieval/arms.ts";
export { twoStage } from "./retrieval/two_stage.ts";
export type { TwoStageOptions } from "./retrieval/two_stage_options.ts";
export { fixedRetriever, zeroWithoutRetrieval } from "./retrieval/retrieval_recipes.ts";
export { evaluateRetrieval, RETRIEVAL_SYSTEMS, type RetrievalEvaluation } from "./retrieval/evaluate_retrieval.ts";
export {
  bestPolicy,
  type PolicyWorth,
  type RetrievalWorld,
  type TwoStagePolicy,
  worthOf,
} from "./retrieval/retrieval_world.ts";
export { SIMULATED_WORLD, type SimulatedRetrieval, simulateRetrieval } from "./retrieval/simulate_retrieval.ts";
export { type Corpus, type CorpusQuestion, writeCorpus } from "./retrieval/measured/corpus.ts";
export { type MeasuredRetrieval, measureRetrieval, READERS } from "./retrieval/measured/measure_retrieval.ts";
export type { Reader } from "./retrieval/measured/reader.ts";
export { tfidfEmbeddings } from "./retrieval/tfidf.ts";
export {
  type LongTail,
  longTail,
  type LongTailOptions,
  type TailGain,
  type TailGroup,
  type TailSystem,
} from "./long_tail/long_tail.ts";
export { type ForestOptions, forestPanel, longTailTable, longTailText } from "./long_tail/long_tail_report.ts";
export { type MeasuredEffect, type PooledEffects, pooledEffects, type ShrunkEffect } from "./long_tail/shrinkage.ts";
export {
  LONG_TAIL_GROUPS,
  type SimulatedLongTail,
  simulateLongTail,
  type TailGroupSpec,
} from "./long_tail/simulate_long_tail.ts";
export {
  type DataSet,
  type DataSetGain,
  type DataSetsEvaluation,
  type DataSetsFigureOptions,
  type DataSetsOptions,
  dataSetsPanel,
  dataSetsTable,
  encoderGrid,
  encoderGridPanel,
  evaluateDataSets,
  type GridGain,
  pooledTable,
} from "./robustness/data_sets.ts";
