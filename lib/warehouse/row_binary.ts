/**
 * Rows in ClickHouse's format RowBinary: numbers little-endian, texts as their length (LEB128) and their UTF-8 bytes.
 */
export class RowBinary {
  #bytes = new Uint8Array(2 ** 16);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  readonly #encoder = new TextEncoder();

  /** The bytes so far. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** A String. */
  text(value: string): void {
    // A sign of UTF-16 takes at most three bytes.
    this.#reserve(10 + 3 * value.length);
    const bytes = this.#encoder.encode(value);
    this.#count(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A Float64. */
  float64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** An Array(String). */
  texts(values: readonly string[]): void {
    this.#reserve(10);
    this.#count(values.length);
    for (const value of values) this.text(value);
  }

  /** An Array(Float64). */
  float64s(values: readonly number[]): void {
    this.#reserve(10);
    this.#count(values.length);
    for (const value of values) this.float64(value);
  }

  /** A UInt8. */
  uint8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A UInt16. */
  uint16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#length, value, true);
    this.#length += 2;
  }

  /** A UInt64. */
  uint64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.#length, value, true);
    this.#length += 8;
  }

  /** A Nullable(Float64). */
  nullableFloat64(value: number | null): void {
    this.uint8(value === null ? 1 : 0);
    if (value !== null) this.float64(value);
  }

  /** A length, as LEB128; ten bytes must have room. */
  #count(value: number): void {
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128)) this.#bytes[this.#length++] = left % 128 + 128;
    this.#bytes[this.#length++] = left;
  }

  #reserve(room: number): void {
    if (this.#length + room <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#bytes.length + room));
    larger.set(this.bytes());
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
