import { join } from "node:path";
import type { ProgressBar } from "../base/progress.ts";
import type { Encoder } from "../embeddings/embeddings.ts";
import { openEncoder } from "../embeddings/open_encoder.ts";

/** What sentence-transformers reads with all-MiniLM-L6-v2; the paper's protocol reads 128. */
const MOST_WORD_PIECES = 256;

/** Where an encoder's files are, and who is told of its work. */
export interface EncoderPlaces {
  /** Folder of the weights. */
  readonly weights: string;
  /** The output folder, in which vectors are kept; `null`: nowhere. */
  readonly out: string | null;
  /** Takes what is to be said of the choice. */
  readonly notices: string[];
  /** Shows how far it is. */
  readonly progress: ProgressBar;
}

/** An encoder whose weights are on this machine: this command reaches no network. Vectors are kept in the output folder, the only one it may write. */
export function openLocalEncoder(name: string, { weights, out, notices, progress }: EncoderPlaces): Promise<Encoder> {
  return openEncoder(name, {
    weightsFolder: weights,
    cacheFolder: out === null ? null : join(out, "cache"),
    maxTokens: MOST_WORD_PIECES,
    fetchWeights: false,
    onNotice: (line) => notices.push(`${line} (deno task reproduce fetches the weights)`),
    onProgress: ({ done, total }) => progress.update(done, total),
  });
}
