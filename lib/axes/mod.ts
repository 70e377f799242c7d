/** Time beside cost and quality: latencies, the surface of two budgets. @module */

export { type TimedBudget, type TimedMix, type TimedPoint, timedSurface } from "./latency/surface.ts";
export { aiqWithin, type CostRange, curveWithin, type SurfaceAiq, surfaceAiq } from "./latency/timed_aiq.ts";
