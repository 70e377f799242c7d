import { Readable } from "node:stream";
import { createGunzip, zstdDecompressSync } from "node:zlib";
import { type ByteChunks, chunksOf } from "./byte_chunks.ts";
import type { ByteSource } from "./byte_source.ts";
import { zstdFrames } from "./_zstd_frames.ts";

/** How a file is packed, or written otherwise than in UTF-8. */
export type Packing = "gzip" | "bzip2" | "xz" | "Zstandard" | "UTF-16LE" | "UTF-16BE";

const CHUNK_BYTES = 2 ** 20;
/** What each packing begins with. */
const STARTS: readonly (readonly [Packing, readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b]],
  ["bzip2", [0x42, 0x5a, 0x68]], // "BZh"
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["Zstandard", [0x28, 0xb5, 0x2f, 0xfd]],
  ["UTF-16LE", [0xff, 0xfe]],
  ["UTF-16BE", [0xfe, 0xff]],
];

/** How bytes are packed, by the first of them; `null` where they are not. */
export function packingOf(start: Uint8Array): Packing | null {
  const found = STARTS.find(([packing, bytes]) =>
    bytes.every((byte, at) => start[at] === byte) && beginsABlock(packing, start)
  );
  return found?.[0] ?? null;
}

/** A text may begin with "BZh", but then no digit and no block follow; a pickle or Arrow file may begin as UTF-16 does. */
function beginsABlock(packing: Packing, start: Uint8Array): boolean {
  if (packing === "UTF-16LE" || packing === "UTF-16BE") return start[packing === "UTF-16LE" ? 3 : 2] === 0;
  return packing !== "bzip2" || (start[3] >= 0x31 && start[3] <= 0x39 && (start[4] === 0x31 || start[4] === 0x17));
}

/**
 * Unpacks a file, a part at a time, of one member or several.
 *
 * @throws SyntaxError where it is not whole
 */
export async function* unpacked(source: ByteSource, packing: Packing): AsyncGenerator<Uint8Array> {
  try {
    yield* await UNPACKERS[packing](source);
  } catch (cause) {
    const found = String(cause instanceof Error ? cause.message : cause).replaceAll(/\s+/g, " ").slice(0, 200);
    throw new SyntaxError(`Cannot unpack the file as it must be a whole ${packing} file: ${found}; fetch it again`, {
      cause,
    });
  }
}

type Unpacker = (source: ByteSource) => ByteChunks | Promise<ByteChunks>;

/** The modules of rare packings are loaded where such a file is read. */
const UNPACKERS: Readonly<Record<Packing, Unpacker>> = {
  gzip: (source) => bytesOf(source).pipe(createGunzip({ chunkSize: CHUNK_BYTES })),
  bzip2: async (source) => {
    const { default: { decode } } = await import("seek-bzip");
    return unpackBzip2(decode, source);
  },
  xz: async (source) => {
    const { default: { XzReadableStream } } = await import("xz-decompress");
    return new XzReadableStream(ReadableStream.from(chunksOf(source)));
  },
  "Zstandard": unpackZstd,
  "UTF-16LE": (source) => utf8Of(source, "utf-16le"),
  "UTF-16BE": (source) => utf8Of(source, "utf-16be"),
};

/** A frame is unpacked in one go: the stream of Deno's zlib ends the program at a damaged one. */
const MOST_FRAME_BYTES = 2 ** 28;

function* unpackZstd(source: ByteSource): Generator<Uint8Array> {
  // All frames are seen to be whole first, as the unpacker takes one that is cut for a whole one.
  for (const _ of zstdFrames(source));
  for (const { start, end } of zstdFrames(source)) {
    if (end - start > MOST_FRAME_BYTES) throw tooLongFrame();
    const packed = new Uint8Array(end - start);
    source.read(start, packed);
    try {
      yield zstdDecompressSync(packed, { maxOutputLength: MOST_FRAME_BYTES });
    } catch (cause) {
      throw cause instanceof RangeError ? tooLongFrame() : cause;
    }
  }
}

function tooLongFrame(): SyntaxError {
  return new SyntaxError(`a frame of it has more than ${MOST_FRAME_BYTES} bytes; unpack it by zstd -d`);
}

function* utf8Of(source: ByteSource, encoding: "utf-16le" | "utf-16be"): Generator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const encoder = new TextEncoder();
  for (const chunk of chunksOf(source)) yield encoder.encode(decoder.decode(chunk, { stream: true }));
  yield encoder.encode(decoder.decode());
}

function bytesOf(source: ByteSource): Readable {
  // A part is overwritten by the next, which the stream asks for before it has passed the first on.
  return Readable.from(copies(chunksOf(source)), { objectMode: false });
}

function* copies(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const chunk of chunks) yield chunk.slice();
}

/** What seek-bzip's `decode` is called with. */
type DecodeBzip2 = (
  input: { readByte(): number; read(into: Uint8Array, at: number, length: number): number; eof(): boolean },
  output: { writeByte(byte: number): void },
  hasSeveralMembers: boolean,
) => void;

/** bzip2 is unpacked in one go, so that there is a limit. */
const MOST_BZIP2_BYTES = 2 ** 28;

function* unpackBzip2(decode: DecodeBzip2, source: ByteSource): Generator<Uint8Array> {
  const packed = new Uint8Array(source.size);
  source.read(0, packed);
  const parts: Uint8Array[] = [];
  let part = new Uint8Array(0);
  let next = 0;
  let at = 0;
  const writeByte = (byte: number): void => {
    if (next === part.length) {
      if (parts.length * CHUNK_BYTES >= MOST_BZIP2_BYTES) {
        throw new SyntaxError(`it unpacks to more than ${MOST_BZIP2_BYTES} bytes; unpack it by bunzip2`);
      }
      parts.push(part = new Uint8Array(CHUNK_BYTES));
      next = 0;
    }
    part[next++] = byte;
  };
  const readByte = (): number => {
    if (at >= packed.length) throw new SyntaxError("it ends too soon");
    return packed[at++];
  };
  const read = (into: Uint8Array, first: number, length: number): number => {
    for (let i = 0; i < length; i++) into[first + i] = readByte();
    return length;
  };
  decode({ readByte, read, eof: () => at >= packed.length }, { writeByte }, true);
  for (let i = 0; i < parts.length; i++) yield i === parts.length - 1 ? parts[i].subarray(0, next) : parts[i];
}
