import { hashOfNumber, type PromptHash } from "./_prompt_hash.ts";
import type { AuditedCell } from "./warehouse_findings.ts";
import { meanAndError, type WarehouseAudit } from "./warehouse_audit.ts";

/** Sums of hashes stay whole numbers. */
const MOST_HASH_SUM = 2 ** 52;

/** Sums of one model's outcomes in one evaluation. */
export class CellSums {
  #n = 0;
  #least = Infinity;
  #most = -Infinity;
  #quality = 0;
  #costUsd = 0;
  #nFree = 0;
  #qualityHash = 0;
  #costHash = 0;

  /** Adds an outcome. */
  add(prompt: PromptHash, quality: number, costUsd: number): void {
    this.#n++;
    this.#least = Math.min(this.#least, quality);
    this.#most = Math.max(this.#most, quality);
    this.#quality += quality;
    this.#costUsd += costUsd;
    if (costUsd === 0) this.#nFree++;
    this.#qualityHash = (this.#qualityHash + hashOfNumber(prompt, quality)) % MOST_HASH_SUM;
    this.#costHash = (this.#costHash + hashOfNumber(prompt, costUsd)) % MOST_HASH_SUM;
  }

  /** What was summed. */
  cell(evalName: string, j: number): AuditedCell {
    return {
      ...{ evalName, j, n: this.#n, least: this.#least, most: this.#most, nFree: this.#nFree },
      ...{ quality: this.#quality, costUsd: this.#costUsd },
      qualityHash: BigInt(this.#qualityHash),
      costHash: BigInt(this.#costHash),
    };
  }
}

/** Sums of one model's outcomes. */
export class ModelSums {
  /** Rows without an outcome. */
  nInvalid = 0;
  #n = 0;
  #quality = [0, 0];
  #costUsd = [0, 0];

  /** Adds an outcome. */
  add(quality: number, costUsd: number): void {
    this.#n++;
    this.#quality[0] += quality;
    this.#quality[1] += quality * quality;
    this.#costUsd[0] += costUsd;
    this.#costUsd[1] += costUsd * costUsd;
  }

  /** Adds other sums. */
  merge(other: ModelSums): void {
    this.nInvalid += other.nInvalid;
    this.#n += other.#n;
    for (const at of [0, 1]) {
      this.#quality[at] += other.#quality[at];
      this.#costUsd[at] += other.#costUsd[at];
    }
  }

  /** What was summed. */
  counts(model: string): WarehouseAudit["models"][number] {
    const quality = meanAndError(this.#n, this.#quality[0], this.#quality[1]);
    const cost = meanAndError(this.#n, this.#costUsd[0], this.#costUsd[1]);
    return {
      model,
      nOutcomes: this.#n,
      nInvalid: this.nInvalid,
      quality: quality.mean,
      qualityStandardError: quality.error,
      costUsd: cost.mean,
      costStandardErrorUsd: cost.error,
    };
  }
}
