import { join } from "node:path";

/** Rows of a bucket. */
export interface BucketRows {
  /** Number of rows. */
  readonly nRows: number;
  /** `[nRows · nNumbers]`. */
  readonly numbers: Float64Array;
  /** `[nRows · nWords]`. */
  readonly words: Uint32Array;
}

/** So many rows of a bucket are written at once. */
const ROWS_A_BLOCK = 1024;

/** Rows that wait for their block to be full. */
interface OpenBlock {
  readonly bytes: Uint8Array;
  readonly numbers: Float64Array;
  readonly words: Uint32Array;
  nRows: number;
}

/**
 * Rows of a few numbers, dealt to buckets and kept in one file on disk. A bucket is read as a whole; memory holds a
 * block of 1,024 rows of each bucket.
 *
 * The file has no name while it is used, so that nothing is left of it whatever ends the process. On Windows, where an
 * open file keeps its name, it is removed at the end.
 */
export class ScratchRows implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #path: string;
  readonly #nNumbers: number;
  readonly #nWords: number;
  readonly #blocks: (OpenBlock | null)[];
  /** Where the full blocks of each bucket begin. */
  readonly #places: number[][];
  #end = 0;

  private constructor(
    file: Deno.FsFile,
    path: string,
    { nBuckets, nNumbers, nWords }: { readonly nBuckets: number; readonly nNumbers: number; readonly nWords: number },
  ) {
    this.#file = file;
    this.#path = path;
    this.#nNumbers = nNumbers;
    this.#nWords = nWords;
    this.#blocks = new Array<OpenBlock | null>(nBuckets).fill(null);
    this.#places = Array.from({ length: nBuckets }, () => []);
  }

  /**
   * Makes the file.
   *
   * @param folder where it is made
   * @throws Error where it cannot be made
   */
  static open(
    folder: string,
    shape: { readonly nBuckets: number; readonly nNumbers: number; readonly nWords: number },
  ): ScratchRows {
    const path = join(folder, `.rows.${crypto.randomUUID().slice(0, 8)}.unfinished`);
    try {
      Deno.mkdirSync(folder, { recursive: true });
      const file = Deno.openSync(path, { read: true, write: true, createNew: true });
      if (Deno.build.os !== "windows") Deno.removeSync(path);
      return new ScratchRows(file, path, shape);
    } catch (cause) {
      throw refused(folder, 0, cause);
    }
  }

  /** Bytes on disk. */
  get nBytes(): number {
    return this.#end;
  }

  /** Number of buckets. */
  get nBuckets(): number {
    return this.#blocks.length;
  }

  /**
   * Adds a row to a bucket.
   *
   * @throws Error where the disk takes no more
   */
  add(bucket: number, numbers: ArrayLike<number>, words: ArrayLike<number>): void {
    const block = this.#blocks[bucket] ??= this.#newBlock();
    const { nRows } = block;
    for (let at = 0; at < this.#nNumbers; at++) block.numbers[nRows * this.#nNumbers + at] = numbers[at];
    for (let at = 0; at < this.#nWords; at++) block.words[nRows * this.#nWords + at] = words[at];
    if (++block.nRows === ROWS_A_BLOCK) this.#write(bucket, block);
  }

  /** All rows of a bucket. */
  read(bucket: number): BucketRows {
    const places = this.#places[bucket];
    const open = this.#blocks[bucket];
    const nRows = places.length * ROWS_A_BLOCK + (open?.nRows ?? 0);
    const numbers = new Float64Array(nRows * this.#nNumbers);
    const words = new Uint32Array(nRows * this.#nWords);
    const block = this.#newBlock();
    places.forEach((place, at) => {
      this.#file.seekSync(place, Deno.SeekMode.Start);
      for (let done = 0; done < block.bytes.length;) {
        const n = this.#file.readSync(block.bytes.subarray(done));
        if (n === null) throw new Error("Cannot read rows as their file on disk must be whole: it ends too soon");
        done += n;
      }
      numbers.set(block.numbers, at * ROWS_A_BLOCK * this.#nNumbers);
      words.set(block.words, at * ROWS_A_BLOCK * this.#nWords);
    });
    if (open !== null) {
      const at = places.length * ROWS_A_BLOCK;
      numbers.set(open.numbers.subarray(0, open.nRows * this.#nNumbers), at * this.#nNumbers);
      words.set(open.words.subarray(0, open.nRows * this.#nWords), at * this.#nWords);
    }
    return { nRows, numbers, words };
  }

  #newBlock(): OpenBlock {
    const nNumbers = ROWS_A_BLOCK * this.#nNumbers, nWords = ROWS_A_BLOCK * this.#nWords;
    const bytes = new Uint8Array(8 * nNumbers + 4 * nWords);
    return {
      bytes,
      numbers: new Float64Array(bytes.buffer, 0, nNumbers),
      words: new Uint32Array(bytes.buffer, 8 * nNumbers, nWords),
      nRows: 0,
    };
  }

  #write(bucket: number, block: OpenBlock): void {
    try {
      this.#file.seekSync(this.#end, Deno.SeekMode.Start);
      for (let done = 0; done < block.bytes.length;) done += this.#file.writeSync(block.bytes.subarray(done));
    } catch (cause) {
      throw refused(this.#path, this.#end, cause);
    }
    this.#places[bucket].push(this.#end);
    this.#end += block.bytes.length;
    block.nRows = 0;
  }

  [Symbol.dispose](): void {
    this.#file.close();
    if (Deno.build.os === "windows") Deno.removeSync(this.#path);
  }
}

function refused(path: string, nBytes: number, cause: unknown): Error {
  const found = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `Cannot keep rows on disk as their file must have room: "${path}" takes no more than ${nBytes} bytes (${found}); choose a folder on a larger disk by --out`,
    { cause },
  );
}
