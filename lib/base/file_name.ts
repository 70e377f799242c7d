/** Names that Windows keeps for devices, with any ending. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
/** Longest name without its ending, characters: with any script and an ending it stays below 255 bytes. */
const MOST_CHARACTERS = 60;

/** Whether Windows keeps a name for a device (`con`, `nul.csv`), so that no file can have it there. */
export function isReservedFileName(name: string): boolean {
  return RESERVED.test(name);
}

/**
 * Makes a file's name of any text: every file system accepts it, and no program reads it as an option.
 *
 * Characters other than letters, digits, ".", "_" and "-" become "_"; a name that would begin with "." or "-", or that
 * Windows reserves, gets a "_" in front.
 *
 * @param used the names given so far, in lower case; this one is added. No two names differ in case alone
 * @example
 * ```ts
 * import { fileNameOf } from "./file_name.ts";
 * import assert from "node:assert/strict";
 *
 * const used = new Set<string>();
 * const names = ["a/b", "A b", "-rf", "nul"].map((text) => fileNameOf(text, used));
 * assert.deepEqual(names, ["a_b", "A_b_2", "_-rf", "_nul"]);
 * ```
 */
export function fileNameOf(text: string, used: Set<string>): string {
  const cut = [...text.normalize("NFC").replace(/[^\p{L}\p{N}._-]+/gu, "_")].slice(0, MOST_CHARACTERS).join("");
  const ended = cut.replace(/\.+$/, "_");
  const first = ended === "" || /^[.-]/.test(ended) || isReservedFileName(ended)
    ? `_${ended.replace(/^\.+/, "")}`
    : ended;
  let name = first;
  for (let n = 2; used.has(name.toLowerCase()); n++) name = `${first}_${n}`;
  used.add(name.toLowerCase());
  return name;
}

/** Names that are safe in file systems, in LaTeX and in the links of a page. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Whether every file system, LaTeX and the links of a page take a name as it is. */
export function isFileName(name: string): boolean {
  return FILE_NAME.test(name) && !isReservedFileName(name);
}

/**
 * Refuses names of evaluations that cannot name files: they come from the user's table.
 *
 * @throws TypeError for the first such name
 */
export function needFileNames(evalNames: readonly string[]): void {
  const odd = evalNames.find((name) => !isFileName(name));
  if (odd === undefined) return;
  throw new TypeError(
    `Cannot reproduce an evaluation as its name must be of letters, digits, ".", "_" and "-" and none that Windows reserves: "${odd}" is not; rename it, or run deno task evaluate`,
  );
}
