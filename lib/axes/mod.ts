/** Time beside cost and quality: latencies, the surface of two budgets. @module */

export { type TimedBudget, type TimedMix, type TimedPoint, timedSurface } from "./latency/surface.ts";
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
