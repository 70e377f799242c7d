import { sha256OfBytes } from "../base/sha256.ts";
import { join } from "node:path";
import type { VectorMaker } from "./_cached_encoder.ts";
import { JobQueue } from "./_job_queue.ts";
import { isBatchIndependent, type Network, openNetwork } from "./_network.ts";
import { loadWordPieces, type WordPieces } from "./word_pieces.ts";
import { runOnWorkers } from "./_worker_pool.ts";

/** To be raised when the same files and settings give other vectors, so that old caches are not used. */
const PROCEDURE = 2;
const NETWORK_FILE = "onnx/model_quantized.onnx";
/** From so many texts on, starting workers (.3 s) pays. */
const LEAST_TEXTS_FOR_WORKERS = 64;
/** A text alone is too little work for more threads; vectors do not depend on it. */
const THREADS_HERE = Math.min(2, navigator.hardwareConcurrency);
/** Lets a signal and the progress bar through. */
const TEXTS_A_BREATH = 8;

/** Options of {@linkcode transformersMaker}. */
export interface TransformersMakerOptions {
  /** The encoder's name. */
  readonly name: string;
  /** The folder with its files. */
  readonly folder: string;
  /** A text's first so many word pieces are read, counting the opening and closing ones. */
  readonly maxTokens: number;
  /** Sessions beside each other; 1 runs in this thread. */
  readonly nWorkers: number;
}

/**
 * Makes vectors by a sentence encoder: transformers.js's word pieces, the int8 network (`dtype: "q8"`), the mean over the pieces, length one.
 *
 * **A vector depends on its text alone**, or neither a cache by text nor an interrupted run would give the same bytes. Most int8 networks (the
 * hub's among them) measure the range of their activations over the whole batch: for batches of 8, measured on such a network, cosine down to
 * .980 and single numbers off by .04. Those run one text at a time. A network that computes in float32, as the one from the Python package index
 * with its int8 weights does, runs texts of equally many word pieces together, with the same bits (bench/README.md has what that gains).
 *
 * Texts whose word pieces are equal after the cut are run once: of 3,178 few-shot prompts, 427 differ in their first 128 pieces.
 * Nothing is loaded before the first text is made, so a run whose vectors are all on disk starts at once.
 *
 * @throws RangeError if `maxTokens` is more than the network can read
 * @throws SyntaxError if a configuration file cannot be parsed
 */
export async function transformersMaker(options: TransformersMakerOptions): Promise<VectorMaker> {
  const { name, folder, maxTokens, nWorkers } = options;
  const config = await readJson(join(folder, "config.json"));
  const tokenizerConfig = await readJson(join(folder, "tokenizer_config.json"));
  const nDims = Number(config.hidden_size ?? config.dim);
  if (!Number.isInteger(nDims) || nDims < 1) {
    throw new SyntaxError(
      `Cannot open the encoder "${name}" as its config.json must have hidden_size: found ${config.hidden_size}; fetch it again`,
    );
  }
  const limit = Math.min(
    Number(tokenizerConfig.model_max_length ?? Infinity),
    Number(config.max_position_embeddings ?? Infinity),
  );
  if (maxTokens > limit) {
    throw new RangeError(
      `Cannot open the encoder "${name}" as it reads at most ${limit} word pieces: maxTokens is ${maxTokens}; pass at most ${limit}`,
    );
  }
  const networkPath = join(folder, NETWORK_FILE);
  const networkBytes = await Deno.readFile(networkPath);
  const network = sha256OfBytes(networkBytes);
  const inBatches = isBatchIndependent(networkBytes);
  const tokenizer = sha256OfBytes(await Deno.readFile(join(folder, "tokenizer.json")));
  const encoder = new LazyEncoder(name, { folder, maxTokens, nDims });
  return {
    name: `${name} (q8 ${network.slice(0, 8)}+${tokenizer.slice(0, 8)}, ${maxTokens} word pieces, mean)`,
    nDims,
    maxTokens,
    key: JSON.stringify({
      procedure: PROCEDURE,
      name,
      model: network, // the files on disk have this name in their first lines
      tokenizer,
      maxTokens,
      pooling: "mean",
      normalised: true,
    }),
    make: async (texts, onVector) => {
      const jobs = new JobQueue(texts, { wordPieces: await encoder.wordPieces(), inBatches, onVector });
      if (nWorkers > 1 && texts.length >= LEAST_TEXTS_FOR_WORKERS) {
        await runOnWorkers(() => jobs.next(), { nWorkers, networkPath, nDims });
      } else await runHere(jobs, await encoder.network());
    },
  };
}

async function runHere(jobs: JobQueue, network: Network): Promise<void> {
  for (let job = jobs.next(), nTexts = 0; job !== null; job = jobs.next()) {
    job.done(await network(job.texts));
    nTexts += job.texts.length;
    if (nTexts < TEXTS_A_BREATH) continue;
    nTexts = 0;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** The tokenizer and the network of this thread, each loaded at its first use. */
class LazyEncoder {
  readonly #name: string;
  readonly #folder: string;
  readonly #maxTokens: number;
  readonly #nDims: number;
  #wordPieces: Promise<WordPieces> | null = null;
  #network: Promise<Network> | null = null;

  constructor(name: string, { folder, maxTokens, nDims }: { folder: string; maxTokens: number; nDims: number }) {
    this.#name = name;
    this.#folder = folder;
    this.#maxTokens = maxTokens;
    this.#nDims = nDims;
  }

  wordPieces(): Promise<WordPieces> {
    this.#wordPieces ??= loadWordPieces(this.#folder, this.#maxTokens).catch((cause) => this.#refuse(cause));
    return this.#wordPieces;
  }

  network(): Promise<Network> {
    this.#network ??= openNetwork(join(this.#folder, NETWORK_FILE), { nDims: this.#nDims, threads: THREADS_HERE })
      .catch((cause) => this.#refuse(cause));
    return this.#network;
  }

  #refuse(cause: unknown): never {
    const found = cause instanceof Error ? cause.message : String(cause);
    const isPermission = [cause, (cause as Error | undefined)?.cause].some((error) =>
      error instanceof Deno.errors.NotCapable
    );
    const remedy = isPermission ? "grant the permission" : `delete "${this.#folder}" to fetch them again`;
    throw new Error(
      `Cannot load the encoder "${this.#name}" as its files must be readable and whole: ${found}; ${remedy}`,
      { cause },
    );
  }
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  const text = await Deno.readTextFile(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read "${path}" as it must be JSON: ${(cause as Error).message}; delete it to fetch it again`,
      { cause },
    );
  }
}
