import type { ByteSource } from "./byte_source.ts";

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const REPEATED = 1;
const RESERVED = 3;
/** What a dictionary's id and the length of the contents take, by their flags. */
const DICTIONARY_BYTES: readonly number[] = [0, 1, 2, 4];
const LENGTH_BYTES: readonly number[] = [0, 2, 4, 8];

/** A frame of a file that was packed by Zstandard. */
export interface ZstdFrame {
  readonly start: number;
  readonly end: number;
}

/**
 * The frames of a file, found by the heads of their blocks without unpacking: an unpacker takes a frame that is cut for a whole one.
 *
 * **Source**: RFC 8878, section 3.1.
 *
 * @throws SyntaxError where the last frame is not whole
 */
export function* zstdFrames(source: ByteSource): Generator<ZstdFrame> {
  const head = new DataView(new ArrayBuffer(8));
  const read = (at: number, length: number): number => {
    if (at + length > source.size) throw new SyntaxError("it ends too soon");
    source.read(at, new Uint8Array(head.buffer, 0, length));
    return head.getUint32(0, true) & (length === 4 ? 0xffffffff : 2 ** (8 * length) - 1);
  };
  for (let at = 0; at < source.size;) {
    const magic = read(at, 4) >>> 0;
    if ((magic & 0xfffffff0) === SKIPPABLE) {
      at += 8 + (read(at + 4, 4) >>> 0);
      continue;
    }
    if (magic !== MAGIC) throw new SyntaxError("other bytes follow it");
    const start = at;
    const flags = read(at + 4, 1);
    const isSingle = (flags >> 5 & 1) === 1;
    const lengthFlag = flags >> 6;
    at += 5 + (isSingle ? 0 : 1) + DICTIONARY_BYTES[flags & 3];
    at += isSingle && lengthFlag === 0 ? 1 : LENGTH_BYTES[lengthFlag];
    for (let isLast = false; !isLast;) {
      const block = read(at, 3);
      const kind = block >> 1 & 3;
      if (kind === RESERVED) throw new SyntaxError("a block is of no known kind");
      isLast = (block & 1) === 1;
      at += 3 + (kind === REPEATED ? 1 : block >> 3);
    }
    at += 4 * (flags >> 2 & 1);
    if (at > source.size) throw new SyntaxError("it ends too soon");
    yield { start, end: at };
  }
}
