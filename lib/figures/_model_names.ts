import { plainMarkup } from "./markup.ts";
import { hasGlyph, textWidth } from "./text_width.ts";

/** The sign that stands for characters that the typeface does not have. */
const MISSING = "□";
/** Widest name beside a point and in a legend, em: about 26 letters. */
const MOST_EM = 13;
const LEGEND_MOST_EM = 19;
const ELLIPSIS = "…";

/** A name as a figure shows it. */
export interface FigureName {
  /** Plotly's markup that shows it. */
  readonly markup: string;
  /** Whether something stands for characters that the typeface does not have. */
  readonly isStandIn: boolean;
}

/**
 * The name of a model beside its point: a long one without its middle, one in characters that the typeface does not
 * have with its place among the models, counted from 1, by which it is found in the tables.
 */
export function figureNameOf(name: string, place: number): FigureName {
  const text = visible(name);
  const drawn = withBoxes(text);
  if (drawn === text) return { markup: plainMarkup(withoutMiddle(text, MOST_EM)), isStandIn: false };
  const standIn = `model ${place}`;
  const isReadable = /[\p{L}\p{N}]/u.test(drawn);
  const shown = isReadable ? `${withoutMiddle(drawn, MOST_EM - textWidth(` (${standIn})`, 1))} (${standIn})` : standIn;
  return { markup: plainMarkup(shown), isStandIn: true };
}

/** A name in a legend as Plotly's markup. */
export function legendNameOf(name: string): string {
  return plainMarkup(withoutMiddle(withBoxes(visible(name)), LEGEND_MOST_EM));
}

/** A name without invisible characters: control and format characters, and runs of white space. */
function visible(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
}

/** Each run of characters without a glyph as one box. */
function withBoxes(text: string): string {
  let shown = "";
  let wasMissing = false;
  for (const character of text.normalize("NFC")) {
    const isMissing = !hasGlyph(character);
    if (!isMissing) shown += character;
    else if (!wasMissing) shown += MISSING;
    wasMissing = isMissing;
  }
  return shown;
}

/** A text with an ellipsis in its middle where it is wider than `mostEm`; both ends stay. */
function withoutMiddle(text: string, mostEm: number): string {
  if (textWidth(plainMarkup(text), 1) <= mostEm) return text;
  const characters = [...text];
  for (let kept = characters.length - 1; kept > 2; kept--) {
    const head = characters.slice(0, Math.ceil(kept / 2)).join("").trimEnd();
    const tail = characters.slice(characters.length - Math.floor(kept / 2)).join("").trimStart();
    const shorter = head + ELLIPSIS + tail;
    if (textWidth(plainMarkup(shorter), 1) <= mostEm) return shorter;
  }
  return characters[0] + ELLIPSIS;
}
