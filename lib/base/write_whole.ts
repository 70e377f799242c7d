import { uninterrupted } from "./interrupt.ts";
import { openUnfinished } from "./unfinished.ts";

/** How often a file is begun again after another run has removed it as abandoned. */
const MOST_BEGINNINGS = 5;

/**
 * Writes a file beside its target under another name, then renames it: the final name never holds half a file, and what
 * stood there before stays until the new one is whole.
 *
 * @throws whatever the file system answers; nothing is left behind
 */
export function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return uninterrupted(() => writeThenRename(path, bytes, MOST_BEGINNINGS));
}

async function writeThenRename(path: string, bytes: Uint8Array, nBeginnings: number): Promise<void> {
  const unfinished = await openUnfinished(path);
  try {
    for (let written = 0; written < bytes.length;) written += await unfinished.file.write(bytes.subarray(written));
    await Deno.rename(unfinished.path, path);
  } catch (cause) {
    await Deno.remove(unfinished.path).catch(() => {});
    // Another run may have removed it before it was locked.
    const isCleared = cause instanceof Deno.errors.NotFound && nBeginnings > 1;
    if (!isCleared) throw cause;
    await writeThenRename(path, bytes, nBeginnings - 1);
  } finally {
    unfinished.file.close();
  }
}
