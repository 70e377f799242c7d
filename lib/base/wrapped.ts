/** Columns of a text for a terminal. */
const WIDTH = 100;

/**
 * Breaks a text into lines of a terminal's width; a word that is longer stays whole.
 *
 * @example
 * ```ts
 * import { wrapped } from "./wrapped.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(wrapped("a b", { indent: "  ", first: "- " }), ["- a b"]);
 * assert.equal(wrapped("word ".repeat(30)).length, 2);
 * ```
 */
export function wrapped(
  text: string,
  { indent = "", first = indent }: { readonly indent?: string; readonly first?: string } = {},
): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(" ")) {
    if (!isEmpty && line.length + word.length > WIDTH) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}

/** A text for a terminal as one string, whose second and later lines are set in by two more columns. */
export function paragraph(text: string, indent = ""): string {
  return wrapped(text, { indent: `${indent}  `, first: indent }).join("\n");
}
