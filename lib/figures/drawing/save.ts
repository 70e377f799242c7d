import { dirname, extname } from "node:path";
import { writeWhole } from "../../base/write_whole.ts";

/**
 * Writes a file whole, or nothing.
 *
 * @throws Error with `cause` if it cannot be written
 */
export async function save(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeWhole(path, content);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new Error(
        `Cannot save "${path}" as its folder must exist: "${dirname(path)}" was not found; create it first`,
        { cause },
      );
    }
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot save "${path}" as the file must be writable: ${found}; choose another place`, { cause });
  }
}

/**
 * A path's extension, which must be a key of `writers`.
 *
 * @throws TypeError where it is none
 */
export function extensionAmong<Writers extends object>(writers: Writers, path: string): keyof Writers & string {
  const extension = extname(path).toLowerCase();
  if (Object.hasOwn(writers, extension)) return extension as keyof Writers & string;
  const known = Object.keys(writers).join(", ");
  const found = extension === "" ? "it has none" : `it is "${extension}"`;
  throw new TypeError(`Cannot save "${path}" as the extension must be one of ${known}: ${found}; rename the file`);
}
