import { isAscii } from "node:buffer";

/** Texts lie one after another in blocks, each twice as large as the one before, up to the greatest; a longer text has a block of its own. */
const LEAST_BLOCK_BYTES = 2 ** 8;
const GREATEST_BLOCK_BYTES = 2 ** 20;
const SHORT_BYTES = 32;
/** The fields of a text's entry: its block, start, length and hash. */
const FIELDS = 4;

/** Gives each different text a number, by its UTF-8 bytes: many rows share few texts, and no text is decoded twice. */
export class ByteTexts {
  private readonly blocks: DataView<ArrayBuffer>[] = [];
  private places = new Int32Array(FIELDS * 2 ** 4);
  /** Open addressing: number + 1, or 0 where free, and the hash. */
  private slots = new Int32Array(2 * 2 ** 5);
  private count = 0;
  private total = 0;
  private free = 0;
  private last = -1;

  /** How many texts there are. */
  get length(): number {
    return this.count;
  }

  /** How many bytes they have. */
  get nBytes(): number {
    return this.total;
  }

  /** The number of the text from `start` to `end` of some bytes. */
  numberOf(bytes: DataView<ArrayBufferLike>, start: number, end: number): number {
    // Rows of one prompt mostly stand together.
    if (this.last >= 0 && this.isAt(this.last, bytes, start, end)) return this.last;
    const hash = hashOf(bytes, start, end);
    const mask = this.slots.length / 2 - 1;
    let slot = hash & mask;
    for (; this.slots[2 * slot] !== 0; slot = (slot + 1) & mask) {
      const known = this.slots[2 * slot] - 1;
      if (this.slots[2 * slot + 1] === hash && this.isAt(known, bytes, start, end)) return this.last = known;
    }
    this.slots[2 * slot] = this.count + 1;
    this.slots[2 * slot + 1] = hash;
    return this.last = this.add(bytes, start, end, hash);
  }

  /**
   * All texts, in the order of their numbers. It empties the blocks and must be the last call.
   *
   * @throws SyntaxError where one is not UTF-8
   */
  takeTexts(): string[] {
    const texts: string[] = [];
    const latin1 = new TextDecoder("latin1");
    for (let block = 0; block < this.blocks.length; block++) {
      const bytes = new Uint8Array(this.blocks[block].buffer);
      // A call of the decoder costs more than a short text: a block of ASCII is decoded at once and cut.
      const whole = isAscii(bytes) ? latin1.decode(bytes) : null;
      for (; texts.length < this.count && this.places[FIELDS * texts.length] === block;) {
        const start = this.places[FIELDS * texts.length + 1];
        const end = start + this.places[FIELDS * texts.length + 2];
        texts.push(whole !== null ? whole.slice(start, end) : utf8(bytes.subarray(start, end)));
      }
      this.blocks[block] = new DataView(new ArrayBuffer(0));
    }
    return texts;
  }

  /** What `parse` says of each text, in the order of their numbers; `null` as soon as it says nothing of one. */
  numbers(parse: (bytes: DataView, start: number, end: number) => number | undefined): Float64Array | null {
    const numbers = new Float64Array(this.count);
    for (let number = 0; number < this.count; number++) {
      const start = this.places[FIELDS * number + 1];
      const end = start + this.places[FIELDS * number + 2];
      const value = parse(this.blocks[this.places[FIELDS * number]], start, end);
      if (value === undefined) return null;
      numbers[number] = value;
    }
    return numbers;
  }

  private isAt(known: number, bytes: DataView, start: number, end: number): boolean {
    const length = end - start;
    if (this.places[FIELDS * known + 2] !== length) return false;
    const block = this.blocks[this.places[FIELDS * known]];
    const at = this.places[FIELDS * known + 1];
    let i = 0;
    for (; i + 4 <= length; i += 4) if (block.getInt32(at + i, true) !== bytes.getInt32(start + i, true)) return false;
    for (; i < length; i++) if (block.getUint8(at + i) !== bytes.getUint8(start + i)) return false;
    return true;
  }

  private add(bytes: DataView, start: number, end: number, hash: number): number {
    const length = end - start;
    const number = this.count++;
    const current = this.blocks.at(-1);
    if (current === undefined || this.free + length > current.byteLength) {
      this.blocks.push(
        new DataView(
          new ArrayBuffer(
            Math.max(length, Math.min(GREATEST_BLOCK_BYTES, LEAST_BLOCK_BYTES * 2 ** this.blocks.length)),
          ),
        ),
      );
      this.free = 0;
    }
    const block = this.blocks.length - 1;
    this.copy(bytes, start, length);
    const at = FIELDS * number;
    if (at + FIELDS > this.places.length) {
      const longer = new Int32Array(2 * this.places.length);
      longer.set(this.places);
      this.places = longer;
    }
    const { places } = this;
    places[at] = block;
    places[at + 1] = this.free;
    places[at + 2] = length;
    places[at + 3] = hash;
    this.free += length;
    this.total += length;
    if (this.count * 4 > this.slots.length) this.rehash();
    return number;
  }

  /** Copies a text to the end of the last block. */
  private copy(bytes: DataView, start: number, length: number): void {
    const block = this.blocks[this.blocks.length - 1];
    if (length > SHORT_BYTES) {
      new Uint8Array(block.buffer).set(new Uint8Array(bytes.buffer, bytes.byteOffset + start, length), this.free);
      return;
    }
    // The two views of a long copy take longer than a few bytes one by one.
    for (let at = 0; at < length; at++) block.setUint8(this.free + at, bytes.getUint8(start + at));
  }

  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    const mask = this.slots.length / 2 - 1;
    for (let number = 0; number < this.count; number++) {
      const hash = this.places[FIELDS * number + 3];
      let slot = hash & mask;
      while (this.slots[2 * slot] !== 0) slot = (slot + 1) & mask;
      this.slots[2 * slot] = number + 1;
      this.slots[2 * slot + 1] = hash;
    }
  }
}

/** Four bytes at a time, mixed by odd factors and shifts. */
function hashOf(bytes: DataView, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ bytes.getInt32(at, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ bytes.getUint8(at), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function utf8(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw new SyntaxError("texts must be UTF-8: one is not", { cause });
  }
}
