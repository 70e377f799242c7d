import { ByteTexts } from "../byte_texts.ts";
import { codedColumn } from "../coded_column.ts";
import { notUtf8 } from "../utf8.ts";
import { numberOfBytes } from "./decimal.ts";
import { Numerals } from "./_numerals.ts";

/** So many codes are kept together. */
const MOST_BLOCK_ROWS = 2 ** 16;
const FIRST_BLOCK_ROWS = 16;
/** A column's first blocks, of some four thousand rows, show whether its numbers mostly differ. */
const BLOCKS_LOOKED_AT = 8;
/** What a text takes beside its bytes, once as bytes and once as a text. */
const BYTES_OF_TEXT = 64;

/** A column that grows: codes of its different texts, and then numbers where the first ones mostly differ. */
export class CsvColumn {
  private readonly texts = new ByteTexts();
  private readonly blocks: Int32Array[] = [];
  private block = new Int32Array(FIRST_BLOCK_ROWS);
  private nInBlock = 0;
  /** The rows behind those that have codes. */
  private numerals: Numerals | null = null;
  private isTaken = false;

  constructor(readonly name: string) {}

  /** Adds the cell from `from` to `to` of some bytes. */
  add(bytes: DataView<ArrayBufferLike>, from: number, to: number): void {
    if (this.numerals !== null) {
      if (this.numerals.add(bytes, from, to)) return;
      this.encodeNumerals();
    }
    this.encode(bytes, from, to);
    if (this.blocks.length === BLOCKS_LOOKED_AT && this.nInBlock === 1 && this.numbersDiffer()) {
      this.numerals = new Numerals();
    }
  }

  /** True where no row has a text here. */
  get isEmpty(): boolean {
    return this.texts.length === 0 || (this.texts.length === 1 && this.texts.nBytes === 0);
  }

  /** Bytes that its texts take. */
  get nBytes(): number {
    return this.texts.nBytes + BYTES_OF_TEXT * this.texts.length + (this.numerals?.nBytes ?? 0);
  }

  /** The column as numbers, `null` where it has others, or its texts were asked for before. */
  numbers(nRows: number): Float64Array | null {
    const numbers = this.isTaken ? null : this.texts.numbers(numberOfBytes);
    if (numbers === null) return null;
    const codes = this.codes();
    const cells = new Float64Array(nRows);
    for (let row = 0; row < codes.length; row++) cells[row] = numbers[codes[row]];
    this.numerals?.copyTo(cells, codes.length);
    return cells;
  }

  /** The column as texts. */
  cells(): ArrayLike<unknown> {
    this.isTaken = true;
    this.encodeNumerals();
    try {
      return codedColumn({ codes: this.codes(), cells: this.texts.takeTexts() });
    } catch (cause) {
      throw notUtf8(`the column "${this.name.slice(0, 60)}" has other bytes`, cause);
    }
  }

  private encode(bytes: DataView<ArrayBufferLike>, from: number, to: number): void {
    if (this.nInBlock === this.block.length) {
      this.blocks.push(this.block);
      this.block = new Int32Array(Math.min(MOST_BLOCK_ROWS, 2 * this.block.length));
      this.nInBlock = 0;
    }
    this.block[this.nInBlock++] = this.texts.numberOf(bytes, from, to);
  }

  private encodeNumerals(): void {
    this.numerals?.forEachText((bytes, from, to) => this.encode(bytes, from, to));
    this.numerals = null;
  }

  private numbersDiffer(): boolean {
    return 2 * this.texts.length > this.nCodes && this.texts.numbers(numberOfBytes) !== null;
  }

  private get nCodes(): number {
    return this.blocks.reduce((sum, block) => sum + block.length, this.nInBlock);
  }

  private codes(): Int32Array {
    const codes = new Int32Array(this.nCodes);
    let at = 0;
    for (const block of this.blocks) {
      codes.set(block, at);
      at += block.length;
    }
    codes.set(this.block.subarray(0, this.nInBlock), at);
    return codes;
  }
}
