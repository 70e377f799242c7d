/** Replacements of characters that Plotly would read as markup or as a formula. */
const IN_MARKUP: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;" };

const IN_TEXT: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#36;": "$",
  "&#39;": "'",
  "&nbsp;": " ",
  "&amp;": "&",
};

/**
 * Text for a Plotly figure that is shown literally: tags and entities as they are written, `$…$` not as a formula, line
 * breaks and control characters as spaces.
 *
 * @example
 * ```ts
 * import { plainMarkup } from "./markup.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(plainMarkup("<b>R&D</b> $x$"), "&lt;b&gt;R&amp;D&lt;/b&gt; &#36;x&#36;");
 * ```
 */
export function plainMarkup(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").replace(/[&<>$]/g, (character) => IN_MARKUP[character]);
}

/** Plotly's markup removed: `<br>` becomes a space, other tags nothing, the character entities their characters. */
export function withoutMarkup(markup: string): string {
  return decodedEntities(markup.replace(/<br\s*\/?>/gi, " ").replace(/<\/?[a-z][^>]*>/gi, ""));
}

/** The character entities of Plotly's markup as their characters. */
export function decodedEntities(markup: string): string {
  return markup.replace(/&(?:lt|gt|quot|#36|#39|nbsp|amp);/g, (entity) => IN_TEXT[entity]);
}
