import { bytesInFile } from "./_byte_source.ts";
import { sha256Beside } from "./_sha256.ts";
import type { Frame } from "./frame.ts";
import { readPandasFrame } from "./pandas_frame.ts";

/** The first byte of a pickle. */
const PROTO = 0x80;

/**
 * Reads the data frame in a pickled file and gives it to `take` while the file is open. The file never stands in memory; what `take` does not ask for is
 * never made.
 *
 * @returns what `take` made and the SHA-256 of the file, or `null` where it is no pickle
 * @throws SyntaxError as {@linkcode readPandasFrame}; Error where the file cannot be read, or is changed meanwhile
 */
export async function readPickleFile<T>(
  path: string,
  take: (frame: Frame) => T,
): Promise<{ readonly taken: T; readonly sha256: string } | null> {
  if (!(await Deno.stat(path)).isFile) return null;
  using file = await Deno.open(path);
  const first = new Uint8Array(1), before = await file.stat();
  if (await file.read(first) !== 1 || first[0] !== PROTO) return null;
  const hash = sha256Beside(path, before.size);
  let taken: T;
  try {
    taken = take(readPandasFrame(bytesInFile(file)));
  } finally {
    await hash.catch(() => {}); // the worker must end, whatever else is wrong
  }
  const sha256 = await hash, after = await Deno.stat(path);
  if (after.size !== before.size || after.ino !== before.ino || Number(after.mtime) !== Number(before.mtime)) {
    throw new Error("Cannot read the pickle as its file must stay as it is meanwhile: it was changed; load it again");
  }
  return { taken, sha256 };
}
