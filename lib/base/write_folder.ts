import { dirname, join } from "node:path";
import { uninterrupted } from "./interrupt.ts";
import { writeWhole } from "./write_whole.ts";

/** Files of a folder: contents by path below it. */
export type FolderContents = ReadonlyMap<string, string | Uint8Array>;

/**
 * Checks that a folder can be written, so that a long run does not end at one that cannot: makes it, writes a file, and removes both again.
 *
 * @throws Error where the path, or one above it, is a file, or where the folder cannot be written
 */
export async function needFolder(folder: string): Promise<void> {
  const made = await missingFolders(folder);
  const probe = join(folder, `.probe-${crypto.randomUUID().slice(0, 8)}.unfinished`);
  try {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(probe, "");
    await Deno.remove(probe);
  } catch (cause) {
    const isFile = cause instanceof Deno.errors.NotADirectory || cause instanceof Deno.errors.AlreadyExists;
    const rule = isFile ? "the output must be a folder" : "the folder must be writable";
    const found = isFile ? "a file stands there" : cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot write to "${folder}" as ${rule}: ${found}; choose another with --out`, { cause });
  } finally {
    for (const path of made) await Deno.remove(path).catch(() => undefined); // it was not made, or another program uses it
  }
}

/** The folders from this one upwards that are not there yet. */
async function missingFolders(folder: string): Promise<string[]> {
  const isThere = await Deno.stat(folder).then(() => true, (error) => !(error instanceof Deno.errors.NotFound));
  return isThere || dirname(folder) === folder ? [] : [folder, ...await missingFolders(dirname(folder))];
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
