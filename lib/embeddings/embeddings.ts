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
