import { dirname, join } from "node:path";

/** A folder that this run may write into. */
export interface ClaimedFolder {
  /** Ends the claim, and removes the folder if this run made it and nothing was written. */
  release(): void;
}

/**
 * Makes a folder and sees that it can be written, so that a long run does not end at one that cannot. Until the claim
 * is released, or this process ends in whatever way, no other run may write there.
 *
 * @param options.isShared several runs may write there at the same time; default false
 * @throws Error where the path, or one above it, is a file, where the folder cannot be written, or where another run
 * has claimed it
 */
export async function claimFolder(
  folder: string,
  { isShared = false }: { readonly isShared?: boolean } = {},
): Promise<ClaimedFolder> {
  const made = await missingFolders(folder);
  const removeMade = (): void => made.forEach(removeIfPossible);
  let lock: Deno.FsFile | null | "none";
  try {
    lock = isShared ? "none" : lockOf(folder);
    await probe(folder);
  } catch (cause) {
    removeMade();
    const isFile = cause instanceof Deno.errors.NotADirectory || cause instanceof Deno.errors.AlreadyExists;
    const rule = isFile ? "the output must be a folder" : "the folder must be writable";
    const found = isFile ? "a file stands there" : cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot write to "${folder}" as ${rule}: ${found}; choose another with --out`, { cause });
  }
  if (lock === null) {
    throw new Error(
      `Cannot write to "${folder}" as one run at a time may: another run is about to write its results there; ` +
        "wait until it has ended, or choose another folder with --out",
    );
  }
  return {
    release: (): void => {
      removeMade();
      if (lock !== "none") lock.close();
    },
  };
}

/** Makes the folder where it is not there, and writes a file that it removes again. */
async function probe(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const path = join(folder, `.probe-${crypto.randomUUID().slice(0, 8)}`);
  await Deno.writeTextFile(path, "");
  await Deno.remove(path);
}

/** A lock on the folder itself, which leaves no file; `null` where another process has it. Windows locks none. */
function lockOf(folder: string): Deno.FsFile | null | "none" {
  if (Deno.build.os === "windows") return "none";
  while (true) {
    Deno.mkdirSync(folder, { recursive: true });
    const lock = Deno.openSync(folder);
    const isOurs = lock.tryLockSync(true);
    if (isOurs && isAt(folder, lock)) return lock;
    lock.close();
    // The run that had it may have removed it between our opening and our locking: then it is made anew.
    if (!isOurs) return null;
  }
}

function isAt(folder: string, lock: Deno.FsFile): boolean {
  try {
    return Deno.statSync(folder).ino === lock.statSync().ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The folders from this one upwards that are not there yet. */
async function missingFolders(folder: string): Promise<string[]> {
  const isThere = await Deno.stat(folder).then(() => true, (error) => !(error instanceof Deno.errors.NotFound));
  return isThere || dirname(folder) === folder ? [] : [folder, ...await missingFolders(dirname(folder))];
}

/** A file that is no longer there, or a folder that holds something, stays as it is. */
function removeIfPossible(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // see above
  }
}
