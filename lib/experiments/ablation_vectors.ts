import { sha256OfBytes } from "../base/sha256.ts";
import { defaultWeightsFolder } from "../embeddings/folders.ts";
import { loadWordPieces } from "../embeddings/word_pieces.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { type EncodingProgress, openEncoder } from "../embeddings/open_encoder.ts";
import { ENCODER_NAMES, findWeights } from "../embeddings/weights.ts";
import { type AblationReading, LEXICAL } from "./_ablation_plan.ts";

/** The folders of weights and vectors. */
export interface VectorPlaces {
  /** Holds the weights, one folder an encoder. Default: the project's. */
  readonly weightsFolder?: string;
  /** Keeps vectors between runs; `null` keeps none. Default: the project's. */
  readonly cacheFolder?: string | null;
}

/** A report on the vectors of some prompts. */
export interface ReadingReport {
  /** Number of the prompts. */
  readonly nPrompts: number;
  /** Number of different vectors among theirs. */
  readonly nDistinctVectors: number;
  /** Share of the prompts whose vector is also that of another one of them. */
  readonly coincidentShare: number;
  /** Share of the texts' word pieces that the encoder never reads. */
  readonly unreadShare: number;
}

/** The vectors of all prompts by one reading. */
export interface ReadVectors {
  readonly embeddings: Embeddings;
  /** Reports on some of the prompts, given by their rows. */
  report(rows: readonly number[]): ReadingReport;
}

/** The known encoders whose weights are there already, and the lexical one; nothing is fetched. */
export async function encodersAtHand({ weightsFolder = defaultWeightsFolder() }: VectorPlaces): Promise<string[]> {
  const found: string[] = [];
  for (const name of ENCODER_NAMES) {
    if ((await findWeights(name, { weightsFolder, fetchWeights: false })).folder !== null) found.push(name);
  }
  return [...found, LEXICAL];
}

/** Embeds texts as a reading says. */
export async function readVectors(
  texts: readonly string[],
  { encoder: name, maxTokens }: AblationReading,
  options: VectorPlaces & { readonly onProgress?: (progress: EncodingProgress) => void },
): Promise<ReadVectors> {
  const encoder = await openEncoder(name, {
    ...options,
    ...(maxTokens === null ? {} : { maxTokens }),
    fetchWeights: false,
  });
  const embeddings = await encoder.encode(texts);
  const { nTotal, nUnread } = maxTokens === null
    ? { nTotal: new Float64Array(texts.length), nUnread: new Float64Array(texts.length) }
    : await countWordPieces(texts, { name, maxTokens, weightsFolder: options.weightsFolder ?? defaultWeightsFolder() });
  const identities = vectorIdentities(embeddings);
  const sumOver = (rows: readonly number[], counts: Float64Array): number =>
    rows.reduce((sum, row) => sum + counts[row], 0);
  return {
    embeddings,
    report: (rows) => {
      const groups = [...Map.groupBy(rows, (row) => identities[row]).values()];
      const nCoincident = groups.reduce((sum, { length }) => sum + (length > 1 ? length : 0), 0);
      return {
        nPrompts: rows.length,
        nDistinctVectors: groups.length,
        coincidentShare: nCoincident / rows.length,
        unreadShare: sumOver(rows, nUnread) / Math.max(1, sumOver(rows, nTotal)),
      };
    },
  };
}

/** Word pieces of each text, and how many of them lie beyond what the encoder reads. */
async function countWordPieces(
  texts: readonly string[],
  { name, maxTokens, weightsFolder }: {
    readonly name: string;
    readonly maxTokens: number;
    readonly weightsFolder: string;
  },
): Promise<{ readonly nTotal: Float64Array; readonly nUnread: Float64Array }> {
  const { folder } = await findWeights(name, { weightsFolder, fetchWeights: false });
  const wordPieces = await loadWordPieces(folder!, Infinity);
  const nSpecial = wordPieces("").length;
  const counts = new Map<string, number>();
  const nTotal = Float64Array.from(texts, (text) => {
    const known = counts.get(text);
    if (known !== undefined) return known;
    const count = wordPieces(text).length - nSpecial;
    counts.set(text, count);
    return count;
  });
  return { nTotal, nUnread: nTotal.map((count) => Math.max(0, count - (maxTokens - nSpecial))) };
}

/** A short text for each row, equal where the vectors are equal in every number. */
export function vectorIdentities({ nPrompts, nDims, values }: Embeddings): string[] {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const rowBytes = nDims * values.BYTES_PER_ELEMENT;
  return Array.from(
    { length: nPrompts },
    (_, i) => sha256OfBytes(bytes.subarray(i * rowBytes, (i + 1) * rowBytes)),
  );
}
