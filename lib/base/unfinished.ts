import { basename, dirname, join } from "node:path";

/** Names that {@linkcode openUnfinished} gives, and no user does. */
const UNFINISHED = /^\..+\.[0-9a-f]{8}\.unfinished$/;

/** A file that gets its final name when it is whole. */
export interface UnfinishedFile {
  readonly path: string;
  /** Locked until it is closed or the process ends, which tells other runs that it is still being written. */
  readonly file: Deno.FsFile;
}

/** Makes a file beside its target, under a hidden name that no other run uses. */
export async function openUnfinished(target: string): Promise<UnfinishedFile> {
  const path = join(dirname(target), `.${basename(target)}.${crypto.randomUUID().slice(0, 8)}.unfinished`);
  const file = await Deno.open(path, { write: true, createNew: true });
  file.lockSync(true);
  return { path, file };
}

/**
 * Removes the unfinished files that earlier runs left in a folder, but not in its subfolders. Files that a process is
 * writing stay: it holds their lock.
 *
 * @returns how many files were removed
 */
export async function clearUnfinished(folder: string): Promise<number> {
  let nRemoved = 0;
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && UNFINISHED.test(name) && await removeIfNobodyWrites(join(folder, name))) nRemoved++;
  }
  return nRemoved;
}

/**
 * Collects files in a folder beside their target; the work moves them to it when all are right. The folder is removed
 * at the end, and so are those that earlier runs left behind.
 *
 * @param work gets the folder
 */
export async function inUnfinishedFolder<T>(target: string, work: (folder: string) => Promise<T>): Promise<T> {
  await Deno.mkdir(dirname(target), { recursive: true });
  await clearUnfinished(dirname(target));
  const { path, file } = await openUnfinished(target);
  const folder = folderOf(path);
  try {
    await Deno.mkdir(folder);
    return await work(folder);
  } finally {
    await removeIfThere(folder);
    await removeIfThere(path);
    file.close();
  }
}

/** The folder whose lock an unfinished file is. */
function folderOf(path: string): string {
  return `${path}.folder`;
}

/** Removes a file, or a folder with all that is in it. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function removeIfNobodyWrites(path: string): Promise<boolean> {
  try {
    using file = await Deno.open(path, { read: true, write: true });
    if (!file.tryLockSync(true)) return false;
    await removeIfThere(folderOf(path));
    await Deno.remove(path);
    return true;
  } catch (error) {
    // Another run has removed or renamed it in the meantime, or it belongs to another user.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) return false;
    throw error;
  }
}
