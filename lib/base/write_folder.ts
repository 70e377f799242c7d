import { dirname, join } from "node:path";
import { uninterrupted } from "./interrupt.ts";
import { clearUnfinished } from "./unfinished.ts";
import { writeWhole } from "./write_whole.ts";

/** Files of a folder: contents by path below it. */
export type FolderContents = ReadonlyMap<string, string | Uint8Array>;

/**
 * Writes files into a folder, each beside its target first and renamed when it is whole, so that a run that is killed leaves no half file
 * under a final name. Ctrl-C waits until all are written: the folder holds all files of a run or none. What runs that were killed have left
 * unfinished in the same folders is removed.
 *
 * @throws Error where the folder cannot be written
 */
export function writeFolder(folder: string, files: FolderContents): Promise<void> {
  return uninterrupted(() => writeAll(folder, files));
}

async function writeAll(folder: string, files: FolderContents): Promise<void> {
  const cleared = new Set<string>();
  for (const [name, content] of files) {
    const path = join(folder, name);
    const place = dirname(path);
    try {
      await Deno.mkdir(place, { recursive: true });
      if (!cleared.has(place)) await clearUnfinished(place);
      cleared.add(place);
      await writeWhole(path, content);
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Cannot write "${path}" as the folder must be writable: ${found}; choose another with --out`, {
        cause,
      });
    }
  }
}
