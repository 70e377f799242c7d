import type { OutcomeTable } from "../outcomes/outcome_table.ts";

/** One vector for each prompt. */
export interface Embeddings {
  /** Number of rows: one a prompt, in the order of the texts. */
  readonly nPrompts: number;
  /** Length of each vector. */
  readonly nDims: number;
  /** The vectors, row-major `[nPrompts · nDims]`. */
  readonly values: Float32Array;
  /** The encoder that made them, with the settings that change a vector. */
  readonly encoder: string;
}

/** What an encoder takes: texts, or a table with prompts. */
export type TextsToEncode = readonly string[] | Pick<OutcomeTable, "promptIds" | "prompts">;

/** Turns texts into vectors. */
export interface Encoder {
  /** The encoder's name with the settings that change a vector; two encoders of one name give the same vectors. */
  readonly name: string;
  /** Length of each vector. */
  readonly nDims: number;
  /** Word pieces that it reads of a text, the opening and the closing one among them; null where it reads the whole text. */
  readonly maxTokens: number | null;
  /**
   * Embeds the prompts of a table, or texts; row i belongs to the prompt or text i. Equal texts get equal vectors and are embedded once.
   *
   * @throws TypeError where the table has no prompts
   */
  encode(texts: TextsToEncode): Promise<Embeddings>;
}

/** How far the work is: distinct texts that have a vector, of all distinct texts. */
export interface EncodingProgress {
  /** Distinct texts that have their vector. */
  readonly done: number;
  /** Distinct texts in all. */
  readonly total: number;
}

/**
 * The vectors of some of the prompts, in the order of `rows`.
 *
 * @throws RangeError where an index is not a row's
 */
export function selectEmbeddings(embeddings: Embeddings, rows: ArrayLike<number>): Embeddings {
  const { nPrompts, nDims, encoder } = embeddings;
  const values = new Float32Array(rows.length * nDims);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (!Number.isInteger(row) || row < 0 || row >= nPrompts) {
      throw new RangeError(
        `Cannot select embeddings as each index must be one of the ${nPrompts} rows': ${row} is not`,
      );
    }
    values.set(embeddings.values.subarray(row * nDims, (row + 1) * nDims), i * nDims);
  }
  return { nPrompts: rows.length, nDims, values, encoder };
}

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
