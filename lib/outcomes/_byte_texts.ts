/** Texts decoded at a time. */
const BLOCK_BYTES = 2 ** 20;
/** What offsets of 32 bits reach. */
const MOST_BYTES = 2 ** 32 - 1;

/** Gives each different text a number, by its UTF-8 bytes: many rows share few texts, and no text is decoded twice. */
export class ByteTexts {
  private arena = new Uint8Array(2 ** 16);
  private words = new DataView(this.arena.buffer);
  /** Where each text starts in the arena, and where the last ends. */
  private starts = new Uint32Array(2 ** 10);
  private hashes = new Int32Array(2 ** 10);
  /** Open addressing: number + 1, or 0 where free. */
  private slots = new Int32Array(2 ** 11);
  private count = 0;
  private last = -1;

  /** The number of the text from `start` to `end` of some bytes. */
  numberOf(bytes: DataView, start: number, end: number): number {
    // Rows of one prompt mostly stand together.
    if (this.last >= 0 && this.isAt(this.last, bytes, start, end)) return this.last;
    const hash = hashOf(bytes, start, end), mask = this.slots.length - 1;
    let slot = hash & mask;
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const known = this.slots[slot] - 1;
      if (this.hashes[known] === hash && this.isAt(known, bytes, start, end)) return this.last = known;
    }
    this.slots[slot] = this.count + 1;
    return this.last = this.add(bytes, start, end, hash);
  }

  /**
   * All texts, in the order of their numbers.
   *
   * @throws TypeError where one is not UTF-8
   */
  texts(): string[] {
    const texts: string[] = [], decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    for (let first = 0; first < this.count;) {
      const start = this.starts[first];
      let after = first + 1;
      while (after < this.count && this.starts[after + 1] - start <= BLOCK_BYTES) after++;
      const block = new TextDecoder("latin1").decode(this.arena.subarray(start, this.starts[after]));
      // A call of the decoder costs more than a short text: a block of ASCII is decoded at once and cut.
      const isAscii = isOfAscii(this.arena, start, this.starts[after]);
      for (let i = first; i < after; i++) {
        const from = this.starts[i], to = this.starts[i + 1];
        texts.push(isAscii ? block.slice(from - start, to - start) : decoder.decode(this.arena.subarray(from, to)));
      }
      first = after;
    }
    return texts;
  }

  private isAt(known: number, bytes: DataView, start: number, end: number): boolean {
    const at = this.starts[known], length = end - start;
    if (this.starts[known + 1] - at !== length) return false;
    let i = 0;
    for (; i + 4 <= length; i += 4) if (this.words.getInt32(at + i, true) !== bytes.getInt32(start + i, true)) return false;
    for (; i < length; i++) if (this.words.getUint8(at + i) !== bytes.getUint8(start + i)) return false;
    return true;
  }

  private add(bytes: DataView, start: number, end: number, hash: number): number {
    const from = this.starts[this.count], to = from + end - start, number = this.count++;
    if (to > MOST_BYTES) throw new RangeError("the different texts of a column must be less than 4 GB: they are more");
    if (to > this.arena.length) {
      this.arena = grown(this.arena, Math.min(MOST_BYTES, Math.max(to, this.arena.length * 1.5)));
      this.words = new DataView(this.arena.buffer);
    }
    this.arena.set(new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start), from);
    if (this.count >= this.hashes.length) {
      this.starts = grown(this.starts, this.starts.length * 2);
      this.hashes = grown(this.hashes, this.hashes.length * 2);
    }
    this.starts[this.count] = to;
    this.hashes[number] = hash;
    if (this.count * 2 > this.slots.length) this.rehash();
    return number;
  }

  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let number = 0; number < this.count; number++) {
      let slot = this.hashes[number] & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = number + 1;
    }
  }
}

function grown<T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(values: T, length: number): T {
  const longer = new (values.constructor as new (length: number) => T)(Math.ceil(length));
  longer.set(values);
  return longer;
}

/** Four bytes at a time, mixed by an odd factor and shifts. */
function hashOf(bytes: DataView, start: number, end: number): number {
  let hash = end - start, at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ bytes.getInt32(at, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ bytes.getUint8(at), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

function isOfAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let any = 0;
  for (let at = start; at < end; at++) any |= bytes[at];
  return any < 0x80;
}
