import type { TextsToEncode } from "./embeddings.ts";

/**
 * The texts themselves, or those of a table.
 *
 * @throws TypeError where they are neither an array of strings nor a table with prompts
 */
export function checkedTexts(input: TextsToEncode): readonly string[] {
  if (typeof input === "object" && input !== null && "promptIds" in input && input.prompts === null) {
    throw new TypeError(
      "Cannot embed the outcomes as an encoder reads the prompts' texts: the table has none; load a file with a column of prompts",
    );
  }
  const texts = typeof input === "object" && input !== null && "promptIds" in input ? input.prompts! : input;
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
