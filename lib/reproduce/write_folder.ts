import { dirname, join } from "node:path";
import { writeWhole } from "../write_whole.ts";

/** Files of a folder: contents by path below it. */
export type FolderContents = ReadonlyMap<string, string | Uint8Array>;

/**
 * Writes files into a folder, each beside its target first and renamed when it is whole, so that a run that is killed leaves no half file
 * under a final name.
 *
 * @throws Error where the folder cannot be written
 */
export async function writeFolder(folder: string, files: FolderContents): Promise<void> {
  for (const [name, content] of files) {
    const path = join(folder, name);
    try {
      await Deno.mkdir(dirname(path), { recursive: true });
      await writeWhole(path, content);
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Cannot write "${path}" as the folder must be writable: ${found}; choose another with --out`, { cause });
    }
  }
}
