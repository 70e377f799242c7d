import { GrowingBytes } from "./byte_chunks.ts";
import { MOST_TEXT_BYTES } from "./utf8.ts";

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c;
const OPEN_ARRAY = 0x5b, CLOSE_ARRAY = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;

/** Cuts a JSON array into its items as its bytes come, so that never more than one of them is held as a text. */
export class JsonItems {
  private readonly waiting = new GrowingBytes();
  /** The next byte to look at, and where the item begins, behind those that are used up. */
  private at = 0;
  private start = -1;
  private depth = 0;
  private isText = false;
  private isEscaped = false;
  private isDone = false;

  /** The bytes of the items that end in this part; they hold until the next is asked for. */
  *add(part: Uint8Array): Generator<Uint8Array> {
    this.waiting.add(part);
    const { bytes } = this.waiting;
    while (this.at < bytes.length) {
      if (this.isText) this.passText(bytes);
      else {
        const byte = bytes[this.at];
        if (!isSpace(byte) && this.endsItem(byte)) {
          if (this.start >= 0) yield bytes.subarray(this.start, this.at);
          else if (byte === COMMA) throw new SyntaxError("an item is empty");
          this.start = -1;
        }
        this.at++;
      }
    }
    const nUsed = this.start >= 0 ? this.start : this.at;
    this.waiting.use(nUsed);
    this.at -= nUsed;
    if (this.start >= 0) this.start = 0;
    if (this.at > MOST_TEXT_BYTES) throw new SyntaxError(`an item has more than ${MOST_TEXT_BYTES} bytes`);
  }

  /**
   * Ends the array.
   *
   * @throws SyntaxError where it is not whole
   */
  end(): void {
    if (!this.isDone) throw new SyntaxError("it ends too soon");
  }

  /** Goes on behind the quote that ends the text, or to the end of the bytes. */
  private passText(bytes: Uint8Array): void {
    let { at, isEscaped } = this;
    for (; at < bytes.length; at++) {
      if (isEscaped) isEscaped = false;
      else if (bytes[at] === BACKSLASH) isEscaped = true;
      else if (bytes[at] === QUOTE) break;
    }
    this.isText = at === bytes.length;
    this.isEscaped = isEscaped;
    this.at = this.isText ? at : at + 1;
  }

  /** Takes a byte outside of texts; true where an item ends before it. */
  private endsItem(byte: number): boolean {
    if (this.isDone) throw new SyntaxError("text follows the array");
    if (byte === COMMA && this.depth === 1) return true;
    if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      this.depth--;
      this.isDone = this.depth === 0;
      if (this.isDone && byte === CLOSE_OBJECT) throw new SyntaxError("a brace closes the array");
      return this.isDone;
    }
    if (this.depth === 1 && this.start < 0) this.start = this.at;
    if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) this.depth++;
    else if (byte === QUOTE) this.isText = true;
    return false;
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d && byte !== 0x0b && byte !== 0x0c);
}
