import { join } from "node:path";

/** Ends a line. */
export const NEWLINE = 0x0a;
/** Files of a log of requests; the time is that at which one was begun. */
const FILE = /^requests-(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d\.\d{3}Z)-\d+\.jsonl$/;

/** The files of a spool, the oldest first. */
export async function spoolFiles(folder: string): Promise<string[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  return names.filter((name) => FILE.test(name)).sort();
}

/** The time at which a file was begun, milliseconds since 1970. */
export function timeOf(name: string): number {
  return Date.parse(name.replace(FILE, "$1:$2:$3"));
}

/** Lines of some files. */
export async function linesIn(folder: string, names: Iterable<string>): Promise<number> {
  let n = 0;
  for (const name of names) {
    for (const byte of await Deno.readFile(join(folder, name))) if (byte === NEWLINE) n++;
  }
  return n;
}

/** The name of a spool, which is made once. */
export async function spoolId(folder: string): Promise<string> {
  const path = join(folder, "spool-id");
  try {
    return (await Deno.readTextFile(path)).trim();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const id = crypto.randomUUID();
    await Deno.writeTextFile(path, `${id}\n`);
    return id;
  }
}
