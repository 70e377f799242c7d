import { type ByteSource, ByteWindow } from "../byte_source.ts";
import { u32 } from "./_pickled_literals.ts";
import { PickledText } from "./pickled_text.ts";

const WINDOW_BYTES = 2 ** 18;
/** Greatest length of a name; decoding a long one repeatedly would take very long. */
const MOST_NAME_BYTES = 1000;

/** A pickle as it is read from its start to its end. */
export class PickleInput {
  /** Offset of the next byte. */
  at = 0;
  readonly window: ByteWindow;

  constructor(readonly source: ByteSource) {
    this.window = new ByteWindow(source, WINDOW_BYTES);
  }

  /** Moves over `length` bytes and returns where they start. */
  take(length: number): number {
    const start = this.at;
    if (length > this.source.size - start) {
      throw new SyntaxError(
        `Cannot read the pickle as it must be whole: it ends at byte ${this.source.size} where ${length} more are needed from ${start}; fetch the file again`,
      );
    }
    this.at += length;
    return start;
  }

  u8 = (): number => this.window.bytes[this.window.at(this.take(1), 1)];
  u16 = (): number => this.u8() + 256 * this.u8();
  u32(): number {
    const at = this.window.at(this.take(4), 4);
    return u32(this.window.bytes, at);
  }

  u64(): number {
    const value = this.u32() + 2 ** 32 * this.u32();
    if (value > this.source.size) this.take(Infinity);
    return value;
  }

  /** Some bytes, in memory of their own where the source is a file. */
  bytes(length: number): Uint8Array {
    const start = this.take(length);
    const { whole } = this.source;
    if (whole !== null) return whole.subarray(start, start + length);
    const bytes = new Uint8Array(length);
    this.source.read(start, bytes);
    return bytes;
  }

  /** A name up to the next line feed, as the oldest opcodes write it. */
  line(): string {
    const start = this.at;
    while (this.u8() !== 0x0a) if (this.at - start > MOST_NAME_BYTES) this.malformed("a global's name has no end");
    return this.name(new PickledText(this.window, start, this.at - 1));
  }

  /** A short text: a name or a key. */
  name(text: PickledText): string {
    if (text.length > MOST_NAME_BYTES) this.malformed(`a name has ${text.end - text.start} bytes`);
    return String(text);
  }

  malformed(found: string): never {
    throw new SyntaxError(
      `Cannot read the pickle as it must be well-formed: ${found} before byte ${this.at}; fetch the file again`,
    );
  }
}
