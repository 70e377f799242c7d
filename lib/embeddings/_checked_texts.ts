/**
 * Returns the texts unchanged, if texts they are.
 *
 * @throws TypeError if it is not an array, or an item is not a string
 */
export function checkedTexts(texts: readonly string[]): readonly string[] {
  if (!Array.isArray(texts)) {
    throw new TypeError(
      `Cannot embed the texts as they must be an array of strings: found ${typeof texts}; pass [text] for one text`,
    );
  }
  // A loop by index: a hole in the array must be found too.
  for (let i = 0; i < texts.length; i++) {
    if (typeof texts[i] !== "string") {
      throw new TypeError(
        `Cannot embed the texts as each must be a string: texts[${i}] is ${
          texts[i] === null ? "null" : typeof texts[i]
        }; leave it out or pass ""`,
      );
    }
  }
  return texts;
}

/** How far the work is: distinct texts that have a vector, of all distinct texts. */
export interface EncodingProgress {
  /** Distinct texts that have their vector. */
  readonly done: number;
  /** Distinct texts in all. */
  readonly total: number;
}
