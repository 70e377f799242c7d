import { basename, dirname, join } from "node:path";
import { uninterrupted } from "./interrupt.ts";

/**
 * Writes a file beside its target under another name, then renames it: the final name never holds half a file, and what stood there
 * before stays until the new one is whole.
 *
 * @throws whatever the file system answers; nothing is left behind
 */
export function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  return uninterrupted(() => writeThenRename(path, content));
}

async function writeThenRename(path: string, content: string | Uint8Array): Promise<void> {
  const unfinished = join(dirname(path), `.${basename(path)}.${crypto.randomUUID().slice(0, 8)}.unfinished`);
  try {
    await Deno.writeFile(unfinished, typeof content === "string" ? new TextEncoder().encode(content) : content, {
      createNew: true,
    });
    await Deno.rename(unfinished, path);
  } catch (cause) {
    await Deno.remove(unfinished).catch(() => {});
    throw cause;
  }
}
