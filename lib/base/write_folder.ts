import { dirname, join } from "node:path";
import { uninterrupted } from "./interrupt.ts";
import { writeWhole } from "./write_whole.ts";

/** Files of a folder: contents by path below it. */
export type FolderContents = ReadonlyMap<string, string | Uint8Array>;

/**
 * Sees early that a folder can be one: a long run shall not end at a file that stands in its place.
 *
 * @throws Error where the path, or the nearest above it that is there, is no folder
 */
export async function needFolder(folder: string): Promise<void> {
  const found = await Deno.stat(folder).catch((cause) => {
    if (cause instanceof Deno.errors.NotADirectory) return { isDirectory: false };
    return null; // not there yet, or not to be looked at: whether it can be made is seen when it is made
  });
  if (found?.isDirectory === false) {
    throw new Error(
      `Cannot write to "${folder}" as the output must be a folder: a file stands there; choose another with --out`,
    );
  }
}

/**
 * Writes files into a folder, each beside its target first and renamed when it is whole, so that a run that is killed leaves no half file
 * under a final name. Ctrl-C waits until all are written: the folder holds all files of a run or none.
 *
 * @throws Error where the folder cannot be written
 */
export function writeFolder(folder: string, files: FolderContents): Promise<void> {
  return uninterrupted(() => writeAll(folder, files));
}

async function writeAll(folder: string, files: FolderContents): Promise<void> {
  for (const [name, content] of files) {
    const path = join(folder, name);
    try {
      await Deno.mkdir(dirname(path), { recursive: true });
      await writeWhole(path, content);
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Cannot write "${path}" as the folder must be writable: ${found}; choose another with --out`, {
        cause,
      });
    }
  }
}
