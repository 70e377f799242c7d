import { numberOfBytes } from "./decimal.ts";

/** So many numbers are kept together. */
const BLOCK_ROWS = 2 ** 16;
/** A text's length is kept in one byte. */
const LONGEST = 255;
const FIRST_BYTES = 2 ** 19;

/** Numbers with the texts that write them, one after another. Costs mostly differ, so that looking for equal texts would find none. */
export class Numerals {
  private readonly blocks: NumeralBlock[] = [];
  private current: NumeralBlock | null = null;

  /** Adds the text from `from` to `to` of some bytes; returns false where it is no number. */
  add(bytes: DataView<ArrayBufferLike>, from: number, to: number): boolean {
    const number = to - from > LONGEST ? undefined : numberOfBytes(bytes, from, to);
    if (number === undefined) return false;
    if (this.current === null || this.current.count === BLOCK_ROWS) {
      this.current = new NumeralBlock();
      this.blocks.push(this.current);
    }
    this.current.add(number, bytes, from, to);
    return true;
  }

  /** Bytes that they take. */
  get nBytes(): number {
    return this.blocks.reduce((sum, block) => sum + block.nBytes, 0);
  }

  /** Copies the numbers into an array, from one place on. */
  copyTo(cells: Float64Array, start: number): void {
    this.blocks.forEach(({ numbers, count }, at) => cells.set(numbers.subarray(0, count), start + at * BLOCK_ROWS));
  }

  /** Gives the bytes of each text in turn. */
  forEachText(take: (bytes: DataView<ArrayBufferLike>, from: number, to: number) => void): void {
    for (const { texts, lengths, count } of this.blocks) {
      for (let row = 0, at = 0; row < count; at += lengths[row++]) take(texts, at, at + lengths[row]);
    }
  }
}

class NumeralBlock {
  readonly numbers = new Float64Array(BLOCK_ROWS);
  readonly lengths = new Uint8Array(BLOCK_ROWS);
  texts = new DataView(new ArrayBuffer(FIRST_BYTES));
  count = 0;
  private end = 0;

  get nBytes(): number {
    return this.texts.byteLength + this.numbers.byteLength + this.lengths.byteLength;
  }

  add(number: number, bytes: DataView<ArrayBufferLike>, from: number, to: number): void {
    if (this.end + LONGEST > this.texts.byteLength) {
      const longer = new Uint8Array(2 * this.texts.byteLength);
      longer.set(new Uint8Array(this.texts.buffer));
      this.texts = new DataView(longer.buffer);
    }
    const { texts } = this;
    for (let at = from, end = this.end; at < to; at++, end++) texts.setUint8(end, bytes.getUint8(at));
    this.end += to - from;
    this.lengths[this.count] = to - from;
    this.numbers[this.count++] = number;
  }
}
