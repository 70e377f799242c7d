import type { OperatingPoint } from "../../plane/operating_point.ts";

/** A point of cost, quality and time: means per prompt. */
export interface TimedPoint extends OperatingPoint {
  /** Mean time to an answer, seconds. */
  readonly latencySeconds: number;
}

/** The most that a mix may spend a prompt on average. `Infinity` seconds: no limit. */
export interface TimedBudget {
  /** USD a prompt. */
  readonly costUsd: number;
  /** Seconds a prompt. */
  readonly latencySeconds: number;
}
