import { Buffer } from "node:buffer";

const BUFFER = Buffer.prototype;
/** Greatest distance of two successive texts: the opcodes of a memo entry, a frame and a length. */
const GAP = 32;

/** A source of bytes with random access: a buffer, or a file that is not held in memory. */
export interface ByteSource {
  /** Number of bytes. */
  readonly size: number;
  /** All bytes, where they are in memory. */
  readonly whole: Uint8Array | null;
  /** Fills `into` with the bytes from `at` on. */
  read(at: number, into: Uint8Array): void;
}

/** The bytes of a buffer. */
export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, whole: bytes, read: (at, into) => into.set(bytes.subarray(at, at + into.length)) };
}

/** The bytes of an open file. They are read on demand, so the file must stay open and unchanged. */
export function bytesInFile(file: Deno.FsFile): ByteSource {
  const read = (at: number, into: Uint8Array): void => {
    file.seekSync(at, Deno.SeekMode.Start);
    for (let done = 0; done < into.length;) {
      const n = file.readSync(into.subarray(done));
      if (n === null) {
        throw new Error(
          `Cannot read the file as it must stay as it is meanwhile: it ends at byte ${at + done}; load it again`,
        );
      }
      done += n;
    }
  };
  return { size: file.statSync().size, whole: null, read };
}

/** A window of a source that is in memory and can be moved. */
export class ByteWindow {
  bytes: Uint8Array;
  /** The bytes from `first` to `last` of the source stand at the front of `bytes`. */
  first = 0;
  last = 0;
  /** The window as a text, once it is needed. */
  private text: string | null = null;
  private lastTextEnd = 0;
  private second: ByteWindow | undefined = undefined;

  /**
   * @param source its bytes, if they are in memory, are themselves the window, which then never moves
   * @param length of the window; it grows for longer parts
   * @param moved is called at each move
   */
  constructor(
    readonly source: ByteSource,
    private readonly length: number,
    private readonly moved: () => void = () => {},
  ) {
    this.bytes = source.whole ?? new Uint8Array(Math.min(length, source.size));
    if (source.whole !== null) this.last = source.size;
  }

  /** Another window of the same source, for comparing distant parts. */
  get beside(): ByteWindow {
    return this.second ??= new ByteWindow(this.source, this.length, this.moved);
  }

  /** Brings `length` bytes, fewer at the source's end, into the window; returns where in `bytes` they begin. */
  at(from: number, length: number): number {
    if (from < this.first || (from + length > this.last && this.last < this.source.size)) this.move(from, length);
    return from - this.first;
  }

  /** Some bytes; they may be overwritten when the window moves. */
  part(from: number, to: number): Uint8Array {
    const at = this.at(from, to - from);
    return this.bytes.subarray(at, at + to - from);
  }

  /**
   * The bytes as characters of Latin-1. Parts that follow one another are cut out of one text of the whole window, which is much faster than
   * making each; others get a text of their own, so that a few that are kept do not keep all.
   */
  latin1(from: number, to: number): string {
    const follows = from >= this.lastTextEnd && from - this.lastTextEnd <= GAP && this.source.whole === null;
    const at = this.at(from, to - from);
    this.lastTextEnd = to;
    if (!follows) return BUFFER.latin1Slice.call(this.bytes, at, at + to - from);
    this.text ??= BUFFER.latin1Slice.call(this.bytes, 0, this.last - this.first);
    return this.text!.slice(at, at + to - from);
  }

  private move(from: number, length: number): void {
    const n = Math.min(Math.max(length, this.length), this.source.size - from);
    if (n > this.bytes.length) this.bytes = new Uint8Array(n);
    this.source.read(from, this.bytes.subarray(0, n));
    this.first = from;
    this.last = from + n;
    this.text = null;
    this.moved();
  }
}
