import { createHash } from "node:crypto";

/** SHA-256 of a file, read in pieces. */
export async function checkedSha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await Deno.open(path); // its stream closes it
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}

/** Size of a file; `null` where there is none. */
export async function fileSize(path: string): Promise<number | null> {
  return await Deno.stat(path).then(({ size }) => size, (error) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  });
}

/** Removes a file if there is one. */
export async function removeIfThere(path: string): Promise<void> {
  await Deno.remove(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
