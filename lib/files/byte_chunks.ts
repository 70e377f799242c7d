import type { ByteSource } from "./byte_source.ts";

/** Bytes that come one part after another; a part may be overwritten when the next is asked for. */
export type ByteChunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

const CHUNK_BYTES = 2 ** 20;

/** The bytes of a source, from its start to its end. */
export function* chunksOf(source: ByteSource, chunkBytes: number = CHUNK_BYTES): Generator<Uint8Array> {
  const chunk = source.whole === null ? new Uint8Array(Math.min(chunkBytes, source.size)) : null;
  for (let at = 0; at < source.size; at += chunkBytes) {
    const end = Math.min(source.size, at + chunkBytes);
    const part = chunk?.subarray(0, end - at) ?? source.whole!.subarray(at, end);
    if (chunk !== null) source.read(at, part);
    yield part;
  }
}

/**
 * All parts as one.
 *
 * @param most what they may be together
 * @throws SyntaxError of `tooMany` where they are more
 */
export async function joinedChunks(chunks: ByteChunks, most: number, tooMany: () => SyntaxError): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > most) throw tooMany();
    parts.push(chunk.slice());
  }
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(length);
  let at = 0;
  for (let i = 0; i < parts.length; i++) {
    whole.set(parts[i], at);
    at += parts[i].length;
    parts[i] = new Uint8Array(0);
  }
  return whole;
}

/** Parts with the first bytes that they will give. */
export interface PeekedChunks {
  readonly start: Uint8Array;
  readonly chunks: ByteChunks;
}

/** Looks at the first `nBytes` of some parts, fewer where there are no more; the parts that are given back begin with them. */
export async function peeked(chunks: AsyncIterable<Uint8Array>, nBytes: number): Promise<PeekedChunks> {
  const parts = chunks[Symbol.asyncIterator]();
  const waiting = new GrowingBytes();
  let isDone = false;
  while (!isDone && waiting.bytes.length < nBytes) {
    const { done = false, value } = await parts.next();
    isDone = done;
    if (!done) waiting.add(value);
  }
  const start = waiting.bytes.slice();
  async function* all(): AsyncGenerator<Uint8Array> {
    yield start;
    if (!isDone) yield* { [Symbol.asyncIterator]: () => parts };
  }
  return { start, chunks: all() };
}

/** Bytes that are read a part at a time, of which what is not used up is kept for the next part. */
export class GrowingBytes {
  private buffer = new Uint8Array(0);
  private start = 0;
  private end = 0;

  /** What is there. */
  get bytes(): Uint8Array {
    return this.buffer.subarray(this.start, this.end);
  }

  /** Adds a part at the end. */
  add(part: Uint8Array): void {
    const rest = this.end - this.start;
    if (rest + part.length > this.buffer.length) {
      const larger = new Uint8Array(Math.max(2 * rest, rest + part.length));
      larger.set(this.bytes);
      this.buffer = larger;
    } else if (this.end + part.length > this.buffer.length) this.buffer.copyWithin(0, this.start, this.end);
    else {
      this.buffer.set(part, this.end);
      this.end += part.length;
      return;
    }
    this.buffer.set(part, rest);
    this.start = 0;
    this.end = rest + part.length;
  }

  /** Takes the first `length` bytes away. */
  use(length: number): void {
    this.start += length;
  }
}
