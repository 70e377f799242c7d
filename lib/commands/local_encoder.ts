import { join } from "node:path";
import type { ProgressBar } from "../base/progress.ts";
import type { Encoder } from "../embeddings/embeddings.ts";
import { openEncoder } from "../embeddings/open_encoder.ts";

/** The number of word pieces that sentence-transformers reads with all-MiniLM-L6-v2; the paper's protocol reads 128. */
const MOST_WORD_PIECES = 256;

/** Options of {@linkcode openLocalEncoder}. */
export interface EncoderPlaces {
  /** Folder of the weights. */
  readonly weights: string;
  /** The output folder, in which vectors are kept; `null`: nowhere. */
  readonly out: string | null;
  /** Receives remarks on the choice. */
  readonly notices: string[];
  /** The progress display. */
  readonly progress: ProgressBar;
}

/**
 * Opens an encoder whose weights are on this machine, as the command has no network. Vectors are kept in the output
 * folder, the only one that it may write.
 */
export async function openLocalEncoder(
  name: string,
  { weights, out, notices, progress }: EncoderPlaces,
): Promise<Encoder> {
  const nBefore = notices.length;
  const encoder = await openEncoder(name, {
    weightsFolder: weights,
    cacheFolder: out === null ? null : join(out, "cache"),
    maxTokens: MOST_WORD_PIECES,
    fetchWeights: false,
    onNotice: (line) => notices.push(line),
    onProgress: ({ done, total }) => progress.update(done, total),
  });
  // What is said while an encoder is opened without the network is that its weights are not there.
  for (let at = nBefore; at < notices.length; at++) notices[at] += " (deno task reproduce fetches the weights)";
  return encoder;
}
