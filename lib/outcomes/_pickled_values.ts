/** Texts of at most so many bytes (ids, names) are kept once they are decoded: many cells share one, and are asked for more than once. */
const SHORT_BYTES = 64;

/** A text in the pickle, kept as the range of its UTF-8 bytes until someone asks for it. */
export class PickledText {
  private decoded: string | undefined = undefined;

  constructor(private readonly bytes: Uint8Array, readonly start: number, readonly end: number) {}

  toString(): string {
    if (this.decoded !== undefined) return this.decoded;
    const isShort = this.end - this.start <= SHORT_BYTES, text = (isShort ? this.ascii() : null) ?? this.utf8();
    if (isShort) this.decoded = text;
    return text;
  }

  /** The text if every byte is ASCII; for short ones this is several times faster than the decoder. */
  private ascii(): string | null {
    let text = "";
    for (let at = this.start; at < this.end; at++) {
      const byte = this.bytes[at];
      if (byte >= 0x80) return null;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  private utf8(): string {
    try {
      return UTF8.decode(this.bytes.subarray(this.start, this.end));
    } catch (cause) {
      throw new SyntaxError(
        `Cannot read the pickle as its texts must be UTF-8: the one at byte ${this.start} is not; fetch the file again`,
        { cause },
      );
    }
  }
}

/** What the pickle calls by name: `call` makes the object, `build` gives it its state. */
export interface PickledGlobal {
  /** Makes the object from the arguments that the pickle gives. */
  call(args: readonly unknown[]): unknown;
}

/** An object that takes a state after it was made (the BUILD opcode). */
export interface Buildable {
  /** Takes the state. */
  build(state: unknown): void;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/**
 * Memory that a reader may take: twice the file's size and this much for small files. What a table of outcomes needs is far below; a few bytes of
 * a hostile file can ask for any amount.
 */
export class Room {
  private left: number;
  private static readonly SMALL_FILE = 2 ** 26;

  constructor(private readonly fileBytes: number) {
    this.left = 2 * fileBytes + Room.SMALL_FILE;
  }

  /** Takes room. */
  take(bytes: number): void {
    this.left -= bytes;
    if (!(this.left >= 0)) {
      throw new SyntaxError(
        `Cannot read the pickle as its objects must fit into twice its size: they are larger than that of ${this.fileBytes} bytes; do not trust the file`,
      );
    }
  }
}

/** Whether a value may be called. */
export function isGlobal(value: unknown): value is PickledGlobal {
  return typeof value === "object" && value !== null && "call" in value && typeof value.call === "function";
}

/** Whether a value takes a state. */
export function isBuildable(value: unknown): value is Buildable {
  return typeof value === "object" && value !== null && "build" in value && typeof value.build === "function";
}
