import type { WordPieces } from "./word_pieces.ts";

/** One run of the network. */
export interface Job {
  /** The word pieces of each of its texts, which all have equally many. */
  readonly texts: readonly (readonly number[])[];
  /** Takes their vectors. */
  readonly done: (vectors: readonly Float32Array[]) => void;
}

/** Activations of about so many word pieces stay in a processor's cache; measured: 256 and 320 beat 128 and 512. */
const PIECES_A_RUN = 256;

/**
 * Hands out the runs of the network, about in the order of the texts; word pieces are made as runs are asked for.
 *
 * Texts of equally many pieces make a batch: no piece is computed for padding, and a vector cannot depend on it. Texts whose pieces are equal
 * (after the cut) are run once.
 */
export class JobQueue {
  readonly #texts: readonly string[];
  readonly #wordPieces: WordPieces;
  readonly #inBatches: boolean;
  readonly #onVector: (index: number, vector: Float32Array) => void;
  readonly #made = new Map<string, Float32Array>();
  readonly #waiting = new Map<string, number[]>(); // texts that wait for a run
  readonly #batches = new Map<number, number[][]>(); // batches that are not yet full, by number of pieces
  #at = 0;

  constructor(texts: readonly string[], options: {
    readonly wordPieces: WordPieces;
    /** False runs each text alone. */
    readonly inBatches: boolean;
    readonly onVector: (index: number, vector: Float32Array) => void;
  }) {
    this.#texts = texts;
    this.#wordPieces = options.wordPieces;
    this.#inBatches = options.inBatches;
    this.#onVector = options.onVector;
  }

  /** The next run, or null when there is none left. */
  next(): Job | null {
    while (this.#at < this.#texts.length) {
      const full = this.#add(this.#at++);
      if (full !== null) return this.#jobOf(full);
    }
    for (const rest of this.#batches.values()) return this.#jobOf(rest);
    return null;
  }

  /** Adds a text to its batch; the batch, if that makes it full. */
  #add(index: number): number[][] | null {
    const ids = this.#wordPieces(this.#texts[index]);
    const key = ids.join();
    const vector = this.#made.get(key);
    const waiting = this.#waiting.get(key);
    if (vector !== undefined) this.#onVector(index, vector);
    else if (waiting !== undefined) waiting.push(index);
    else {
      this.#waiting.set(key, [index]);
      const batch = this.#batches.get(ids.length) ?? [];
      batch.push(ids);
      this.#batches.set(ids.length, batch);
      // A single piece alone would be multiplied by another kernel than several.
      if (!this.#inBatches || ids.length === 1 || (batch.length + 1) * ids.length > PIECES_A_RUN) return batch;
    }
    return null;
  }

  #jobOf(texts: readonly number[][]): Job {
    this.#batches.delete(texts[0].length);
    return {
      texts,
      done: (vectors) => {
        texts.forEach((ids, i) => {
          const key = ids.join();
          this.#made.set(key, vectors[i]);
          for (const index of this.#waiting.get(key)!) this.#onVector(index, vectors[i]);
          this.#waiting.delete(key);
        });
      },
    };
  }
}
