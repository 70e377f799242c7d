import { Buffer } from "node:buffer";
import { fontSubset } from "./_font_subset.ts";
import { FONT_BYTES, FONT_FAMILY, type FontFace } from "./fonts.ts";

/** How CSS names the faces. */
const DESCRIPTORS: Readonly<Record<FontFace, string>> = {
  regular: "font-weight:400;font-style:normal",
  bold: "font-weight:700;font-style:normal",
  italic: "font-weight:400;font-style:italic",
};
const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
};

/**
 * The SVG with the glyphs that it shows embedded, so that it looks the same where the typeface is not installed.
 *
 * Each face lists its characters, so that several figures in one page do not replace each other's.
 */
export async function withFonts(svg: string): Promise<string> {
  const rules: string[] = [];
  for (const [face, characters] of charactersOf(svg)) {
    const codePoints = [...characters].map((character) => character.codePointAt(0)!).sort((a, b) => a - b);
    const bytes = await fontSubset(FONT_BYTES[face], codePoints);
    const range = codePoints.map((code) => `U+${code.toString(16)}`).join(",");
    const source = `url(data:font/ttf;base64,${Buffer.from(bytes).toString("base64")}) format('truetype')`;
    rules.push(`@font-face{font-family:'${FONT_FAMILY}';${DESCRIPTORS[face]};unicode-range:${range};src:${source}}`);
  }
  return rules.length === 0
    ? svg
    : svg.replace(/^<svg[^>]*>/, (opening) => `${opening}<style>${rules.join("")}</style>`);
}

/** The characters of an SVG's texts by the face that draws them. */
function charactersOf(svg: string): Map<FontFace, Set<string>> {
  const found = new Map<FontFace, Set<string>>();
  const stack: FontFace[] = [];
  for (const [part, closing, tag, attributes] of svg.matchAll(/<(\/?)(text|tspan)\b([^>]*)>|<[^>]*>|[^<]+/g)) {
    if (closing === "/") stack.pop();
    else if (tag !== undefined) {
      const bold = /font-weight:\s*(bold|[6-9]00)/.test(attributes);
      const italic = /font-style:\s*italic/.test(attributes);
      stack.push(bold ? "bold" : italic ? "italic" : stack.at(-1) ?? "regular");
    } else if (part[0] !== "<" && stack.length > 0) {
      const face = stack.at(-1)!;
      const characters = found.get(face) ?? new Set();
      for (const character of part.replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity)) characters.add(character);
      found.set(face, characters);
    }
  }
  return found;
}
