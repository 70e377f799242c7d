import { withTransformers } from "./_transformers.ts";

/** Turns a text into the numbers of its word pieces. */
export type WordPieces = (text: string) => number[];

/**
 * Loads the tokenizer of an encoder's folder.
 *
 * A text of more than `maxTokens` word pieces keeps the first ones and the closing piece ([SEP] or </s>), as in Python's tokenizers;
 * transformers.js itself would cut the closing piece off.
 */
export async function loadWordPieces(folder: string, maxTokens: number): Promise<WordPieces> {
  const tokenizer = await withTransformers({ kind: "local" }, ({ AutoTokenizer }) => AutoTokenizer.from_pretrained(folder));
  const idsOf = (text: string): number[] => tokenizer(text, { return_tensor: false, truncation: false, padding: false }).input_ids;
  const nClosing = closingPieces(idsOf("a"), new Set<number>(tokenizer.all_special_ids));
  return (text) => {
    const ids = idsOf(text);
    if (ids.length <= maxTokens) return ids;
    return [...ids.slice(0, maxTokens - nClosing), ...ids.slice(ids.length - nClosing)];
  };
}

function closingPieces(ids: readonly number[], special: ReadonlySet<number>): number {
  let count = 0;
  while (count < ids.length && special.has(ids[ids.length - 1 - count])) count++;
  return count;
}
