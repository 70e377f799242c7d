import { basename } from "node:path";
import type { AuditFinding } from "../audit/finding.ts";
import { named } from "../base/refusal.ts";
import type { LoadOptions } from "../files/load_options.ts";
import { openOutcomeBlocks } from "../files/outcome_blocks.ts";
import { promptsOfBucket, type RowLayout, type StreamedPrompts } from "./_bucket_prompts.ts";
import { N_PLACES, type PromptPart } from "./_prompt_query.ts";
import { RowDealer } from "./_row_dealer.ts";
import { usualColumn } from "./_warehouse_columns.ts";
import type { WarehouseAudit } from "./warehouse_audit.ts";

/** How a file is streamed. */
export interface StreamOptions {
  /** Decides which prompts are learned from, chosen on and measured. */
  readonly seed: number;
  /**
   * Where the rows' numbers are kept meanwhile: 28 bytes a row, 44 with predictions. The file has no name and leaves
   * nothing behind.
   */
  readonly folder: string;
  /** As of `loadOutcomes`; the table must be long. */
  readonly load?: LoadOptions;
  /** About so many rows are in memory at a time. Default 400,000. */
  readonly bucketRows?: number;
  /** Only rows of evaluations whose names begin with one of these. */
  readonly evalNames?: readonly string[] | null;
  /** Called after each block with the rows that were read, and about how many there are. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A file whose outcomes are on disk as numbers, of which only some are in memory at a time. */
export interface StreamedOutcomes extends RowLayout, Disposable {
  /** The file's name. */
  readonly name: string;
  /** SHA-256 of the file. */
  readonly sha256: string;
  /** The seed by which prompts are dealt to parts. */
  readonly seed: number;
  /** What was counted. */
  readonly audit: WarehouseAudit;
  /** What makes a comparison wrong, or may do so, as far as sums tell it. */
  readonly findings: readonly AuditFinding[];
  /** What was done beside reading, a sentence each. */
  readonly notes: readonly string[];
  /** Bytes that the rows take on disk. */
  readonly scratchBytes: number;
  /** The prompts of a part, a lot at a time. */
  lots(part: PromptPart): Generator<StreamedPrompts>;
}

const BUCKET_ROWS = 400_000;
const MOST_BUCKETS = 512;
/** Where the format does not tell the rows: about so many bytes are one. */
const BYTES_A_ROW = 40;

/**
 * Reads a file that may be larger than memory: its numbers are dealt to buckets of prompts on disk, by a hash of
 * evaluation and id, so that rows of one prompt may lie anywhere in the file. Of the file memory holds one group of
 * rows (Parquet) or 16 MiB (CSV, JSON Lines); of the outcomes one bucket, some 400,000 rows up to 200 million rows, in
 * proportion beyond.
 *
 * @throws SyntaxError where the file is of another format; TypeError where a column is missing or the table is not
 * long; RangeError where a number is out of range; Error where the file cannot be read, or the disk is full
 */
export async function streamOutcomes(path: string, options: StreamOptions): Promise<StreamedOutcomes> {
  try {
    return await streamed(path, options);
  } catch (cause) {
    throw cause instanceof Error ? named(cause, { action: "stream", what: `"${path}"`, path }) : cause;
  }
}

async function streamed(path: string, options: StreamOptions): Promise<StreamedOutcomes> {
  const { seed, folder, load = {}, bucketRows = BUCKET_ROWS, onProgress } = options;
  await using opened = await openOutcomeBlocks(path, load);
  const { file } = opened;
  const nRows = file.nRows ?? file.nBytes / BYTES_A_ROW;
  const nBuckets = Math.min(MOST_BUCKETS, Math.max(1, Math.ceil(nRows / bucketRows)));
  using kept = new DisposableStack();
  let dealer: RowDealer | null = null;
  let nRead = 0;
  for await (const block of opened.blocks()) {
    if (dealer === null) {
      const predicted = {
        quality: usualColumn(block.frame.columns.keys(), "predictedQuality"),
        costUsd: usualColumn(block.frame.columns.keys(), "predictedCostUsd"),
      };
      dealer = new RowDealer(folder, nBuckets, { predicted, seed, evalNames: options.evalNames ?? null });
      kept.use(dealer.rows);
    }
    dealer.take(block);
    nRead += block.nRows;
    onProgress?.(nRead, Math.max(nRead, Math.round(nRows)));
  }
  const sha256 = await file.sha256();
  const { layout, rows } = dealer!;
  const audit = dealer!.audit();
  kept.move();
  return {
    ...layout,
    name: basename(path),
    sha256,
    seed,
    audit,
    findings: dealer!.findings(audit),
    notes: opened.notes(layout.models),
    scratchBytes: rows.nBytes,
    lots: function* (part): Generator<StreamedPrompts> {
      const [from, to] = part.places;
      for (let bucket = 0; bucket < nBuckets; bucket++) {
        const isBeside = bucket * N_PLACES / nBuckets >= to || (bucket + 1) * N_PLACES / nBuckets <= from;
        if (isBeside) continue;
        const lot = promptsOfBucket(rows.read(bucket), layout, part);
        if (lot.groups.length > 0) yield lot;
      }
    },
    [Symbol.dispose]: () => rows[Symbol.dispose](),
  };
}
