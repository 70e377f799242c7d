import { Buffer } from "node:buffer";
import { join } from "node:path";
import { sha256Digest, sha256OfBytes } from "../base/sha256.ts";

/** Vectors on disk, of texts that were embedded before. */
export interface VectorCache {
  /** The file that holds them. */
  readonly path: string;
  /** Reads the vectors of those of the texts that have one; only these are kept in memory. */
  read(texts: Iterable<string>): Promise<Map<string, Float32Array>>;
  /** Takes a vector; it is written with the next few. */
  append(text: string, vector: Float32Array): void;
  /** Writes the vectors that are still to be written. */
  flush(): void;
}

/** The file's first bytes, which also name the layout: change them when it changes. */
const MAGIC = "RBVECT01";
const HASH_BYTES = 16;
const CHECKSUM_BYTES = 4;
/** A run that is killed loses at most so many vectors. */
const VECTORS_A_WRITE = 32;
const RECORDS_A_READ = 512;

/**
 * Opens the vectors of one encoder: an append-only file of a header, which names the encoder, and records of one size: the first 16 bytes of the
 * text's SHA-256, the vector as float32, and the first 4 bytes of the SHA-256 of both. A run that is stopped at any moment continues where it
 * was: an incomplete last record is cut off at the next write, a record whose checksum is wrong counts as absent and is made again.
 * Several processes may share a file: each write is one append under an exclusive lock.
 *
 * **Shapes.** Vectors of `nDims` numbers. **Units.** A record takes 20 + 4 · nDims bytes (1,556 for 384 dims).
 *
 * @param folder made at the first write if it is absent
 * @param options `label` begins the file's name; `key` holds all that changes a vector
 * @throws Error at reading or writing, if the file belongs to something else or the disk refuses
 */
export function openVectorCache(
  folder: string,
  options: { readonly label: string; readonly key: string; readonly nDims: number },
): VectorCache {
  const { label, key, nDims } = options;
  const path = join(
    folder,
    `${label.replaceAll(/[^\w.-]+/g, "_")}-${sha256OfBytes(key).slice(0, 12)}.vectors`,
  );
  const layout: Layout = {
    path,
    header: headerOf(key, nDims),
    nDims,
    recordBytes: HASH_BYTES + 4 * nDims + CHECKSUM_BYTES,
  };
  let waiting: Uint8Array[] = [];
  const flush = (): void => {
    if (waiting.length > 0) appendRecords(folder, layout, waiting);
    waiting = [];
  };
  return {
    path,
    flush,
    read: (texts) => readRecords(layout, texts),
    append: (text, vector) => {
      waiting.push(recordOf(text, vector));
      if (waiting.length >= VECTORS_A_WRITE) flush();
    },
  };
}

interface Layout {
  readonly path: string;
  readonly header: Uint8Array;
  readonly nDims: number;
  readonly recordBytes: number;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A short string with the same bits, to be a Map's key. */
function textKey(text: string): string {
  return sha256Digest([text]).toString("latin1").slice(0, HASH_BYTES);
}

function headerOf(key: string, nDims: number): Uint8Array {
  const body = utf8(`${MAGIC}\n${nDims}\n${key}\n`);
  return Uint8Array.from([...body, ...sha256Digest([body]).subarray(0, CHECKSUM_BYTES)]);
}

function recordOf(text: string, vector: Float32Array): Uint8Array {
  const record = new Uint8Array(HASH_BYTES + vector.byteLength + CHECKSUM_BYTES);
  record.set(sha256Digest([text]).subarray(0, HASH_BYTES));
  record.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), HASH_BYTES);
  const body = record.subarray(0, -CHECKSUM_BYTES);
  record.set(sha256Digest([body]).subarray(0, CHECKSUM_BYTES), body.length);
  return record;
}

async function readRecords(layout: Layout, texts: Iterable<string>): Promise<Map<string, Float32Array>> {
  const textOf = new Map<string, string>();
  for (const text of texts) textOf.set(textKey(text), text);
  const found = new Map<string, Float32Array>();
  let file: Deno.FsFile;
  try {
    file = await Deno.open(layout.path, { read: true });
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return found;
    throw refused("read", layout.path, cause);
  }
  try {
    const head = new Uint8Array(layout.header.length);
    checkHeader(layout, head.subarray(0, await fill(file, head)));
    const chunk = new Uint8Array(RECORDS_A_READ * layout.recordBytes);
    for (let bytes = await fill(file, chunk); bytes > 0; bytes = await fill(file, chunk)) {
      for (let at = 0; at + layout.recordBytes <= bytes; at += layout.recordBytes) {
        const record = chunk.subarray(at, at + layout.recordBytes);
        const text = textOf.get(String.fromCharCode(...record.subarray(0, HASH_BYTES)));
        if (text !== undefined && isWhole(record)) {
          // A copy: the chunk is used again, and float32 must begin at a multiple of four.
          found.set(text, new Float32Array(record.slice(HASH_BYTES, -CHECKSUM_BYTES).buffer));
        }
      }
    }
  } finally {
    file.close();
  }
  return found;
}

/** Reads until `bytes` is full or the file ends; returns how many were read. */
async function fill(file: Deno.FsFile, bytes: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < bytes.length) {
    const read = await file.read(bytes.subarray(filled));
    if (read === null) break;
    filled += read;
  }
  return filled;
}

function isWhole(record: Uint8Array): boolean {
  const sum = sha256Digest([record.subarray(0, -CHECKSUM_BYTES)]);
  for (let i = 0; i < CHECKSUM_BYTES; i++) if (record[record.length - CHECKSUM_BYTES + i] !== sum[i]) return false;
  return true;
}

/** The disk does not take vectors. */
export class CacheRefusal extends Error {}

/** The file under the cache's name holds something else. */
class ForeignCache extends Error {}

/** A file that ends within its header is ours too; it is begun again at the next write. */
function checkHeader({ path, header }: Layout, found: Uint8Array): void {
  for (let i = 0; i < found.length; i++) {
    if (found[i] !== header[i]) {
      throw new ForeignCache(
        `Cannot use the vector cache "${path}" as its first ${header.length} bytes must name this encoder: byte ${i} differs; ` +
          "delete the file (its vectors are made again) or pass another cacheFolder",
      );
    }
  }
}

function appendRecords(folder: string, layout: Layout, records: readonly Uint8Array[]): void {
  const { path, header, recordBytes } = layout;
  try {
    Deno.mkdirSync(folder, { recursive: true });
    using file = Deno.openSync(path, { read: true, write: true, create: true });
    file.lockSync(true); // until the file is closed
    const size = file.statSync().size;
    const head = new Uint8Array(Math.min(size, header.length));
    for (let filled = 0; filled < head.length;) filled += file.readSync(head.subarray(filled)) ?? head.length;
    checkHeader(layout, head);
    const isNew = size < header.length;
    const end = isNew ? 0 : size - (size - header.length) % recordBytes;
    file.truncateSync(end);
    file.seekSync(end, Deno.SeekMode.Start);
    const bytes = Buffer.concat(isNew ? [header, ...records] : records);
    for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
  } catch (cause) {
    if (cause instanceof ForeignCache) throw cause;
    throw refused("write", path, cause);
  }
}

function refused(verb: "read" | "write", path: string, cause: unknown): Error {
  const found = cause instanceof Error ? cause.message : String(cause);
  const text = `Cannot ${verb} the vector cache "${path}" as the file must be readable and writable: ${found}; ` +
    "free the path, pass another cacheFolder, or cacheFolder: null to keep no vectors";
  return verb === "write" ? new CacheRefusal(text, { cause }) : new Error(text, { cause });
}
