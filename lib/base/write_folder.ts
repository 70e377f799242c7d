import { dirname, join } from "node:path";
import { uninterrupted } from "./interrupt.ts";
import { inUnfinishedFolder } from "./unfinished.ts";

/** Files of a folder: contents by path below it. */
export type FolderContents = ReadonlyMap<string, string | Uint8Array>;

/**
 * Writes the files of a run into a folder. All are written into a hidden folder there first and get their final names
 * when the last one is whole: where the disk is full, what stood in the folder stays as it was. Ctrl-C waits until all
 * is done. What killed runs have left unfinished is removed.
 *
 * @throws Error where the folder cannot be written
 */
export function writeFolder(folder: string, files: FolderContents): Promise<void> {
  return uninterrupted(async () => {
    try {
      await inUnfinishedFolder(join(folder, "run"), async (partial) => {
        await writeAll(partial, files);
        for (const name of files.keys()) {
          await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
          await Deno.rename(join(partial, name), join(folder, name));
        }
      });
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause);
      throw new Error(
        `Cannot write to "${folder}" as it must take all files of the run: ${found}; make room, or choose another folder with --out`,
        { cause },
      );
    }
  });
}

async function writeAll(folder: string, files: FolderContents): Promise<void> {
  for (const [name, content] of files) {
    const path = join(folder, name);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
  }
}
