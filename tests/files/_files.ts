/** Runs a body in a folder of its own, which goes afterwards. */
export async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a body with the path of a file that holds these contents. */
export function withFile(
  name: string,
  contents: string | Uint8Array,
  body: (path: string) => Promise<void>,
): Promise<void> {
  return inFolder(async (folder) => {
    const path = `${folder}/${name}`;
    await Deno.writeFile(path, typeof contents === "string" ? new TextEncoder().encode(contents) : contents);
    await body(path);
  });
}
