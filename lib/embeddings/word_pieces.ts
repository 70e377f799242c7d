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
  const tokenizer = await withTransformers(
    { kind: "local" },
    ({ AutoTokenizer }) => AutoTokenizer.from_pretrained(folder),
  );
  const idsOf = (text: string, add_special_tokens = true): number[] =>
    tokenizer(text, { return_tensor: false, truncation: false, padding: false, add_special_tokens }).input_ids;
  const nClosing = closingPieces(idsOf("a"), idsOf("a", false));
  return (text) => {
    const ids = idsOf(text);
    if (ids.length <= maxTokens) return ids;
    return [...ids.slice(0, maxTokens - nClosing), ...ids.slice(ids.length - nClosing)];
  };
}

/** Number of closing pieces after the text's own. */
function closingPieces(all: readonly number[], own: readonly number[]): number {
  const opening = all.findIndex((_, at) => own.every((id, i) => all[at + i] === id));
  return all.length - own.length - opening;
}
