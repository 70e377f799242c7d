/** A point of the cost–quality plane: means per prompt. A figure of totals multiplies the cost by the prompts. */
export interface OperatingPoint {
  /** Mean cost of a prompt, USD. */
  readonly costUsd: number;
  /** Mean quality, 0..1. */
  readonly quality: number;
}
