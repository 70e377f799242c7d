import { join } from "node:path";
import { PACKAGED_OUTCOMES } from "../files/released/packaged_outcomes.ts";
import { RELEASED_FILES } from "../files/released/released_files.ts";
import type { CommandInput } from "./command_options.ts";

/** The data sets that a command takes by name, and where `deno task data` puts each below data/raw. */
const KNOWN_TABLES: ReadonlyMap<string, string> = new Map([
  ...PACKAGED_OUTCOMES.map(({ name }): [string, string] => [name, name]),
  ...RELEASED_FILES.map(({ name, file }): [string, string] => [name, file]),
]);

/** The name of the built-in outcomes. */
export const SIMULATED = "simulated";

/** The choices for a table, as the end of a sentence. */
export const WHAT_CAN_BE_HAD = "name a file or folder of yours, or a data set: " +
  `${[...KNOWN_TABLES.keys()].join(", ")} (deno task data NAME fetches it; ${
    PACKAGED_OUTCOMES[0].name
  } is the smallest, 0.7 MB)`;

/** The table that a command's word names. */
export interface NamedTable {
  /** Its path. */
  readonly path: string;
  /** Remarks on the choice, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * The table that the first word names: a file or folder, else a data set that was fetched.
 *
 * @throws Error where the word names a data set that was not fetched
 */
export function tableOf(input: Pick<CommandInput, "words">, raw: string): NamedTable {
  const [word] = input.words;
  const known = KNOWN_TABLES.get(word);
  if (known === undefined) return { path: word, notes: [] };
  if (isThere(word)) {
    const notes = [`"${word}" is a file or folder here, which is read; the data set of that name is not`];
    return { path: word, notes };
  }
  const path = join(raw, known);
  if (isThere(path)) return { path, notes: [] };
  throw new Error(
    `Cannot load the data set "${word}" as it must be in data/raw: it is not; fetch it by deno task data ${word}`,
  );
}

/** Paths that may be read to find and read that table. */
export function pathsOfTable(input: CommandInput, raw: string): string[] {
  return input.words.flatMap((word) => {
    const known = KNOWN_TABLES.get(word);
    return known === undefined ? [word] : [word, join(raw, known)];
  });
}

/** True where a file or folder of that name is there. */
export function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
