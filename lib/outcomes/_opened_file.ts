import { createHash } from "node:crypto";
import type { ParquetSource } from "./_parquet_source.ts";

/** Bytes read at a time where a whole file goes by. */
const PIECE_BYTES = 2 ** 20;
/** Bytes that tell a format. */
const START_BYTES = 4100;

/** A file of which parts are read where they are needed. */
export class OpenedFile implements ParquetSource {
  /** The first bytes, which tell the format. */
  readonly start: Uint8Array;

  /** All reads go into this one. */
  private buffer = new Uint8Array(PIECE_BYTES);

  private constructor(private readonly file: Deno.FsFile, readonly byteLength: number) {
    this.start = this.read(0, Math.min(byteLength, START_BYTES)).slice();
  }

  /** Opens a file; `null` where the path is none that parts can be read of, but a pipe. */
  static async open(path: string): Promise<OpenedFile | null> {
    const { isFile, isDirectory, size } = await Deno.stat(path);
    if (!isFile && !isDirectory) return null;
    const file = await Deno.open(path);
    try {
      return new OpenedFile(file, size);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  read(start: number, end: number): Uint8Array<ArrayBuffer> {
    if (this.buffer.length < end - start) this.buffer = new Uint8Array(end - start);
    const bytes = this.buffer.subarray(0, end - start);
    this.file.seekSync(start, Deno.SeekMode.Start);
    for (let at = 0; at < bytes.length;) {
      const count = this.file.readSync(bytes.subarray(at));
      if (count === null) throw new Error("the file became shorter while it was read");
      at += count;
    }
    return bytes;
  }

  /** SHA-256 of all bytes, lower-case hex. */
  sha256(): string {
    const hash = createHash("sha256");
    for (let at = 0; at < this.byteLength; at += PIECE_BYTES) hash.update(this.read(at, Math.min(this.byteLength, at + PIECE_BYTES)));
    return hash.digest("hex");
  }

  [Symbol.dispose](): void {
    this.file.close();
  }
}
