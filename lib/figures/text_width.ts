import { FONT_BYTES, type FontFace } from "./drawing/fonts.ts";
import { decodedEntities } from "./markup.ts";

/** Subscripts and superscripts are drawn at this share of the size around them (Plotly's own rule). */
const SCRIPT_SCALE = 0.7;

interface FaceWidths {
  readonly unitsPerEm: number;
  /** Advance width of a character, font units. */
  advance(codePoint: number): number;
  /** Whether the face has a glyph for a character. */
  has(codePoint: number): boolean;
}

const faces = new Map<FontFace, FaceWidths>();

/**
 * The width of one line of text in the figures' typeface, in the unit of `size`.
 *
 * Reads the advance widths from the font file without a layout engine, so that the layout of a figure is synchronous
 * and loads nothing. Kerning is left out: the result is right to about one per cent and mostly on the safe side.
 * Honours Plotly's `<b>`, `<i>`, `<sub>`, `<sup>`.
 */
export function textWidth(markup: string, size: number): number {
  const state = { b: 0, i: 0, script: 0 };
  let width = 0;
  for (const [part, closing, tag] of markup.matchAll(/<(\/?)(\w+)[^>]*>|[^<]+|</g)) {
    const step = closing ? -1 : 1;
    if (tag === "b" || tag === "i") state[tag] += step;
    else if (tag === "sub" || tag === "sup") state.script += step;
    else if (tag === undefined) {
      const face = state.b > 0 ? "bold" : state.i > 0 ? "italic" : "regular";
      width += runWidth(decodedEntities(part), face) * SCRIPT_SCALE ** state.script;
    }
  }
  return width * size;
}

/** Breaks text at spaces into lines of at most `maxWidth`; a word that is wider stands alone. */
export function wrapText(text: string, options: { readonly size: number; readonly maxWidth: number }): string[] {
  const lines: string[] = [];
  for (const word of text.split(/ +/)) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, options.size) <= options.maxWidth) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Advance width of one run of text, em. */
function runWidth(text: string, face: FontFace): number {
  const widths = widthsOf(face);
  let sum = 0;
  for (const character of text) sum += widths.advance(character.codePointAt(0)!);
  return sum / widths.unitsPerEm;
}

function widthsOf(face: FontFace): FaceWidths {
  let widths = faces.get(face);
  if (widths === undefined) faces.set(face, widths = readWidths(FONT_BYTES[face]));
  return widths;
}

/** Whether the figures' typeface has a glyph for a character. */
export function hasGlyph(character: string): boolean {
  return widthsOf("regular").has(character.codePointAt(0)!);
}

/** Reads `head`, `hhea`, `hmtx` and the Unicode table of `cmap` (OpenType 1.9, format 4). */
function readWidths(bytes: Uint8Array<ArrayBuffer>): FaceWidths {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<string, number>();
  for (let i = 0; i < view.getUint16(4); i++) {
    const at = 12 + 16 * i;
    tables.set(String.fromCharCode(...bytes.subarray(at, at + 4)), view.getUint32(at + 8));
  }
  const hmtx = tables.get("hmtx")!;
  const nMetrics = view.getUint16(tables.get("hhea")! + 34);
  const glyphOf = unicodeMap(view, tables.get("cmap")!);
  return {
    unitsPerEm: view.getUint16(tables.get("head")! + 18),
    has: (codePoint) => glyphOf(codePoint) !== 0,
    advance: (codePoint) => view.getUint16(hmtx + 4 * Math.min(glyphOf(codePoint), nMetrics - 1)),
  };
}

/** From code point to glyph index, 0 where the font has none. */
function unicodeMap(view: DataView, cmap: number): (codePoint: number) => number {
  let table = -1;
  for (let i = 0; i < view.getUint16(cmap + 2); i++) {
    const at = cmap + view.getUint32(cmap + 4 + 8 * i + 4);
    if (view.getUint16(at) === 4) table = at;
  }
  if (table < 0) {
    throw new SyntaxError(
      "Cannot read the font as a cmap table of format 4 must be in it: none was found; pass a TrueType font",
    );
  }
  const nSegments = view.getUint16(table + 6) / 2;
  const ends = table + 14;
  const starts = ends + 2 * nSegments + 2;
  return (codePoint) => {
    for (let i = 0; i < nSegments; i++) {
      if (codePoint > view.getUint16(ends + 2 * i)) continue;
      const start = view.getUint16(starts + 2 * i);
      if (codePoint < start) return 0;
      const delta = view.getUint16(starts + 2 * (nSegments + i));
      const offsetAt = starts + 2 * (2 * nSegments + i);
      const offset = view.getUint16(offsetAt);
      if (offset === 0) return (codePoint + delta) & 0xffff;
      const glyph = view.getUint16(offsetAt + offset + 2 * (codePoint - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}
