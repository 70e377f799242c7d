/** A point of the cost–quality plane: means per prompt. A figure that shows totals multiplies the cost by the number of prompts. */
export interface OperatingPoint {
  /** Mean cost of a prompt, USD. */
  readonly costUsd: number;
  /** Mean quality, 0..1. */
  readonly quality: number;
}
