/** Outcomes that are being collected for a table: n prompts × m models, row-major, `NaN` for an empty cell. */
export class Cells {
  readonly quality: Float64Array;
  readonly costUsd: Float64Array;
  readonly latencySeconds: Float64Array | null;
  /** Outcomes added to each cell, where they are averaged. */
  private readonly counts: Uint32Array | null;
  /** Number of rows that repeat another row. */
  nMerged = 0;
  /** Number of rows that were averaged into another. */
  nAveraged = 0;

  constructor(
    readonly nPrompts: number,
    readonly nModels: number,
    options: { readonly hasLatency: boolean; readonly repeats: "error" | "mean" },
  ) {
    const size = nPrompts * nModels;
    this.quality = new Float64Array(size).fill(NaN);
    this.costUsd = new Float64Array(size).fill(NaN);
    this.latencySeconds = options.hasLatency ? new Float64Array(size).fill(NaN) : null;
    this.counts = options.repeats === "mean" ? new Uint32Array(size) : null;
  }
  /**
   * Puts an outcome into its cell. One without a quality is ignored; of two outcomes of a cell the complete one stays.
   *
   * @returns false where the cell has another outcome already and repeats are errors
   */
  put(at: number, quality: number, costUsd: number, latencySeconds: number): boolean {
    if (Number.isNaN(quality)) return true;
    const isFree = Number.isNaN(this.quality[at]);
    const isSame = Object.is(this.quality[at], quality);
    const wasHalf = !isFree && Number.isNaN(this.costUsd[at]);
    if (isFree || (isSame && wasHalf && !Number.isNaN(costUsd))) {
      this.replace(at, quality, costUsd, latencySeconds);
      if (!isFree) this.nMerged++;
      return true;
    }
    const isHalf = Number.isNaN(costUsd);
    if (this.counts !== null && wasHalf !== isHalf) {
      if (wasHalf) this.replace(at, quality, costUsd, latencySeconds);
      this.nMerged++;
      return true;
    }
    if (this.counts !== null) {
      const count = this.counts[at]++;
      const mean = (before: number, now: number): number => (before * count + now) / (count + 1);
      this.quality[at] = mean(this.quality[at], quality);
      this.costUsd[at] = mean(this.costUsd[at], costUsd);
      if (this.latencySeconds !== null) this.latencySeconds[at] = mean(this.latencySeconds[at], latencySeconds);
      this.nAveraged++;
      return true;
    }
    this.nMerged++;
    return isSame && (Object.is(this.costUsd[at], costUsd) || Number.isNaN(costUsd));
  }

  private replace(at: number, quality: number, costUsd: number, latencySeconds: number): void {
    this.quality[at] = quality;
    this.costUsd[at] = costUsd;
    if (this.latencySeconds !== null) this.latencySeconds[at] = latencySeconds;
    if (this.counts !== null) this.counts[at] = 1;
  }

  /** True where a quality or a cost is missing. */
  isHole(at: number): boolean {
    return Number.isNaN(this.quality[at]) || Number.isNaN(this.costUsd[at]);
  }
}
