import { Buffer, isAscii } from "node:buffer";
import type { ByteWindow } from "../byte_source.ts";
import type { ByteTexts } from "../byte_texts.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Texts of at most so many bytes are names and ids. */
export const SHORT_BYTES = 64;

/** A text, kept as the range of its UTF-8 bytes until it is used. */
export class PickledText {
  /** @param window through which the bytes are read */
  constructor(private readonly window: ByteWindow, readonly start: number, readonly end: number) {}

  toString(): string {
    const bytes = this.window.part(this.start, this.end);
    return (bytes.length <= SHORT_BYTES ? isShortAscii(bytes) : isAscii(bytes))
      ? this.window.latin1(this.start, this.end)
      : this.utf8(bytes);
  }

  /** Whether another text has the same bytes: neither is decoded. */
  equals(other: PickledText): boolean {
    if (this.length !== other.length) return false;
    if (this.window === other.window && this.start === other.start) return true;
    return Buffer.compare(this.window.part(this.start, this.end), other.window.beside.part(other.start, other.end)) ===
      0;
  }

  /** Number of bytes. */
  get length(): number {
    return this.end - this.start;
  }

  /** Its number among different texts. */
  numberIn(texts: ByteTexts): number {
    const { buffer, byteOffset, length } = this.window.part(this.start, this.end);
    return texts.numberOf(new DataView(buffer, byteOffset, length), 0, length);
  }

  private utf8(bytes: Uint8Array): string {
    try {
      return UTF8.decode(bytes);
    } catch (cause) {
      throw new SyntaxError(
        `Cannot read the pickle as its texts must be UTF-8: the one at byte ${this.start} is not; fetch the file again`,
        { cause },
      );
    }
  }
}

/** As `isAscii`, whose call alone takes longer where there are few bytes. */
function isShortAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] >= 0x80) return false;
  return true;
}
