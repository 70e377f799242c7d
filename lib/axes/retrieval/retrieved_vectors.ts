import { meanOf } from "../../base/statistics.ts";
import type { Embeddings } from "../../embeddings/embeddings.ts";
import type { RetrievedRecords } from "../../files/retrieved_records.ts";
import { besideEmbeddings } from "./_stages.ts";

/**
 * What each retriever found as numbers that the second look of {@linkcode twoStage} reads: the vector of its text, and its score less the mean of all its
 * scores, in standard deviations. A prompt without a text has the vector of an empty one, a prompt without a score the mean.
 *
 * **Shapes**: for each retriever of `records` `[n · d]`, d the encoder's numbers and one more where there are scores.
 *
 * @param records texts and scores by retriever and prompt's id
 * @returns vectors by retriever; a retriever that has neither texts nor scores is left out
 */
export async function retrievedVectors(
  records: RetrievedRecords,
  { promptIds, encode }: {
    readonly promptIds: readonly string[];
    readonly encode: (texts: readonly string[]) => Promise<Embeddings>;
  },
): Promise<Record<string, Embeddings>> {
  const found: Record<string, Embeddings> = {};
  for (const [retriever, byPrompt] of records) {
    const rows = promptIds.map((id) => byPrompt.get(id) ?? { text: null, score: null });
    const texts = rows.some(({ text }) => text !== null) ? await encode(rows.map(({ text }) => text ?? "")) : null;
    const scores = scoreVectors(rows.map(({ score }) => score));
    const vectors = texts !== null && scores !== null ? besideEmbeddings(texts, scores) : texts ?? scores;
    if (vectors !== null) found[retriever] = vectors;
  }
  return found;
}

function scoreVectors(scores: readonly (number | null)[]): Embeddings | null {
  const known = Float64Array.from(scores.filter((score) => score !== null));
  if (known.length === 0) return null;
  const mean = meanOf(known);
  const deviation = Math.sqrt(meanOf(known.map((score) => (score - mean) ** 2))) || 1;
  const values = Float32Array.from(scores, (score) => score === null ? 0 : (score - mean) / deviation);
  return { nPrompts: scores.length, nDims: 1, values, encoder: "score" };
}
