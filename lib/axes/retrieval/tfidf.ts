import type { Embeddings } from "../../embeddings/embeddings.ts";

const WORD = /[\p{L}\p{N}]+/gu;
/** Terms of a vector: as many as the widest of the usual encoders has dimensions, so that regressions take as long. */
const N_TERMS = 512;

/**
 * TF-IDF vectors of some texts: the baseline that beats sentence encoders where tasks are told apart by their wording.
 *
 * The terms are the words that stand in most texts of `learnedFrom`, whose inverse document frequencies weigh them: (1 + ln count) · (1 + ln((1 + n) / (1 + texts
 * with the term))), scaled to length one. Nothing is learned from other texts than those, so a test split stays unseen.
 *
 * **Shapes**: one row of at most `nTerms` numbers a text; a text without known words is a row of zeros.
 * **Source**: Salton and Buckley 1988; scikit-learn's `TfidfVectorizer(sublinear_tf=True, max_features=…)`, which also keeps words of one letter only if asked to.
 *
 * @throws RangeError where there is no text to learn from
 * @example
 * ```ts
 * import { tfidfEmbeddings } from "routerbench/axes";
 * import assert from "node:assert/strict";
 *
 * const { nDims, values } = tfidfEmbeddings(["one two", "two three"], { learnedFrom: ["one two", "two three"] });
 * assert.equal(nDims, 3);
 * assert.ok(Math.abs(values.reduce((sum, value) => sum + value ** 2, 0) - 2) < 1e-6);
 * ```
 */
export function tfidfEmbeddings(
  texts: readonly string[],
  { learnedFrom, nTerms = N_TERMS }: { readonly learnedFrom: readonly string[]; readonly nTerms?: number },
): Embeddings {
  const n = learnedFrom.length;
  if (n === 0) throw new RangeError("Cannot weigh terms as there must be texts to learn from: there is none");
  const nTexts = new Map<string, number>();
  for (const text of learnedFrom) {
    for (const term of new Set(termsOf(text))) nTexts.set(term, (nTexts.get(term) ?? 0) + 1);
  }
  const terms = [...nTexts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, nTerms);
  const place = new Map(terms.map(([term], at) => [term, at]));
  const weights = terms.map(([, count]) => 1 + Math.log((1 + n) / (1 + count)));
  const values = new Float32Array(texts.length * terms.length);
  texts.forEach((text, i) => {
    const row = values.subarray(i * terms.length, (i + 1) * terms.length);
    for (const term of termsOf(text)) if (place.has(term)) row[place.get(term)!]++;
    let squares = 0;
    row.forEach((count, k) => {
      if (count === 0) return;
      row[k] = (1 + Math.log(count)) * weights[k];
      squares += row[k] ** 2;
    });
    if (squares > 0) row.forEach((value, k) => row[k] = value / Math.sqrt(squares));
  });
  return { nPrompts: texts.length, nDims: terms.length, values, encoder: `tfidf-${terms.length} of ${n} texts` };
}

function termsOf(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? [];
}
