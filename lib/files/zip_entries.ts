import { crc32, inflateRawSync, zstdDecompressSync } from "node:zlib";

/** Methods of packing by their numbers in a zip file. */
const STORED = 0;
const DEFLATED = 8;
const ZSTANDARD = 93;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
/** The value of a size that needs 64 bits. */
const BEYOND = 0xffffffff;

/** A file in a zip file. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes when unpacked. */
  readonly size: number;
  /** Unpacks it. */
  bytes(): Uint8Array;
}

/** True for bytes that begin as a zip file does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/**
 * The files in a zip file: stored, deflated, or packed by Zstandard, which packages for zip files in JavaScript do not unpack. Names and sizes are
 * those of the central directory; encrypted files and those beyond 4 GiB are refused.
 *
 * **Source**: PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16.
 *
 * @throws SyntaxError where the bytes are not a whole zip file; on unpacking, where a file is packed in another way or is not as long as it says
 */
export function zipEntries(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - END_BYTES;
  const first = Math.max(0, end - LONGEST_COMMENT);
  while (end >= first && view.getUint32(end, true) !== END) end--;
  if (end < first || end < 0) throw notWhole("it has no directory at its end");
  const count = view.getUint16(end + 10, true);
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let left = count; left > 0; left--) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) throw notWhole("its directory is cut");
    const nameLength = view.getUint16(at + 28, true);
    const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    entries.push(entryAt(view, bytes, { at, name }));
    at = next;
  }
  return entries;
}

function entryAt(
  view: DataView,
  bytes: Uint8Array,
  { at, name }: { readonly at: number; readonly name: string },
): ZipEntry {
  const isEncrypted = (view.getUint16(at + 8, true) & 1) === 1;
  const method = view.getUint16(at + 10, true);
  const packed = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const start = view.getUint32(at + 42, true);
  const checksum = view.getUint32(at + 16, true);
  if (packed === BEYOND || size === BEYOND || start === BEYOND) throw notWhole(`"${name}" lies beyond 4 GiB`);
  return {
    name,
    size,
    bytes: () => {
      if (start + 30 > bytes.length || view.getUint32(start, true) !== LOCAL) throw notWhole(`"${name}" is cut`);
      if (isEncrypted) throw notWhole(`"${name}" is encrypted`);
      const begin = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
      const unpacked = unpackedBytes(bytes.subarray(begin, begin + packed), { method, size, name });
      if (unpacked.length !== size) throw notWhole(`"${name}" has ${unpacked.length} of its ${size} bytes`);
      if (crc32(unpacked) !== checksum) throw notWhole(`"${name}" is damaged, as its CRC-32 says`);
      return unpacked;
    },
  };
}

function unpackedBytes(
  packed: Uint8Array,
  { method, size, name }: { readonly method: number; readonly size: number; readonly name: string },
): Uint8Array {
  const limit = { maxOutputLength: Math.max(size, 1) };
  try {
    if (method === STORED) return packed;
    if (method === DEFLATED) return inflateRawSync(packed, limit);
    if (method === ZSTANDARD) return zstdDecompressSync(packed, limit);
  } catch (cause) {
    throw notWhole(`"${name}" cannot be unpacked (${cause instanceof Error ? cause.message : cause})`);
  }
  throw notWhole(`"${name}" is packed by method ${method}`);
}

function notWhole(found: string): SyntaxError {
  return new SyntaxError(
    `Cannot unpack the zip file as its files must be whole and stored, deflated or packed by Zstandard: ${found}; fetch it again, or unpack it first`,
  );
}
