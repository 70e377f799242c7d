import { createHash } from "node:crypto";
import { join } from "node:path";
import type { VectorMaker } from "./_cached_encoder.ts";
import { meanUnitVector } from "./_pooling.ts";
import { withTransformers } from "./_transformers.ts";
import { loadWordPieces, type WordPieces } from "./_word_pieces.ts";
import { type PoolJob, runOnWorkers } from "./_worker_pool.ts";

/** Raise it when the vectors of the same files and settings change: old caches are then left alone. */
const PROCEDURE = 1;
const MODEL_FILE = "onnx/model_quantized.onnx";
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
  /** Sessions beside each other; 1 runs in this thread, by transformers.js. */
  readonly nWorkers: number;
}

/**
 * Makes vectors by a sentence encoder: transformers.js's word pieces, the int8 network (`dtype: "q8"`), the mean over the pieces, length one.
 *
 * **One text a run, always.** Most int8 networks (the hub's among them) measure the range of their activations over the whole batch, so that a
 * vector would depend on the other texts: for batches of 8, measured on such a network, cosine down to .980 and single numbers off by .04. Then
 * neither a cache by text nor an interrupted run would give the same bytes. (The network from the Python package index stores int8 weights
 * but computes in float32; it gives the same bits in any batch.) The price is nothing: on two processors, two workers of one thread
 * run 295 / 70 texts a second of 29 / 128 word pieces one by one, one session of two threads runs 280 / 57 in batches of 8.
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
  const limit = Math.min(Number(tokenizerConfig.model_max_length ?? Infinity), Number(config.max_position_embeddings ?? Infinity));
  if (maxTokens > limit) {
    throw new RangeError(
      `Cannot open the encoder "${name}" as it reads at most ${limit} word pieces: maxTokens is ${maxTokens}; pass at most ${limit}`,
    );
  }
  const model = await sha256OfFile(join(folder, MODEL_FILE));
  const tokenizer = await sha256OfFile(join(folder, "tokenizer.json"));
  const network = new LazyNetwork(name, { folder, maxTokens, nDims });
  return {
    name: `${name} (q8 ${model.slice(0, 8)}+${tokenizer.slice(0, 8)}, ${maxTokens} word pieces, mean)`,
    nDims,
    key: JSON.stringify({ procedure: PROCEDURE, name, model, tokenizer, maxTokens, pooling: "mean", normalised: true }),
    make: async (texts, onVector) => {
      const jobs = new JobQueue(texts, { wordPieces: await network.wordPieces(), onVector });
      if (nWorkers > 1 && texts.length >= LEAST_TEXTS_FOR_WORKERS) {
        await runOnWorkers(() => jobs.next(), { nWorkers, modelPath: join(folder, MODEL_FILE), nDims });
      } else await runHere(jobs, await network.run());
    },
  };
}

/** Hands out one run for each different sequence of word pieces, in the order of the texts. */
class JobQueue {
  readonly #texts: readonly string[];
  readonly #wordPieces: WordPieces;
  readonly #onVector: (index: number, vector: Float32Array) => void;
  readonly #made = new Map<string, Float32Array>();
  readonly #waiting = new Map<string, number[]>(); // texts that wait for a run that is under way
  #at = 0;

  constructor(
    texts: readonly string[],
    { wordPieces, onVector }: { wordPieces: WordPieces; onVector: (index: number, vector: Float32Array) => void },
  ) {
    this.#texts = texts;
    this.#wordPieces = wordPieces;
    this.#onVector = onVector;
  }

  next(): PoolJob | null {
    while (this.#at < this.#texts.length) {
      const index = this.#at++;
      const ids = this.#wordPieces(this.#texts[index]);
      const key = ids.join();
      const vector = this.#made.get(key);
      const waiting = this.#waiting.get(key);
      if (vector !== undefined) this.#onVector(index, vector);
      else if (waiting !== undefined) waiting.push(index);
      else {
        this.#waiting.set(key, [index]);
        return { ids, done: (vector) => this.#done(key, vector) };
      }
    }
    return null;
  }

  #done(key: string, vector: Float32Array): void {
    this.#made.set(key, vector);
    for (const index of this.#waiting.get(key)!) this.#onVector(index, vector);
    this.#waiting.delete(key);
  }
}

type Run = (ids: readonly number[]) => Promise<Float32Array>;

async function runHere(jobs: JobQueue, run: Run): Promise<void> {
  let nRun = 0;
  for (let job = jobs.next(); job !== null; job = jobs.next()) {
    job.done(await run(job.ids));
    if (++nRun % TEXTS_A_BREATH === 0) await new Promise((resolve) => setTimeout(resolve));
  }
}

/** The tokenizer and the network of this thread, each loaded when first asked for. */
class LazyNetwork {
  readonly #name: string;
  readonly #folder: string;
  readonly #maxTokens: number;
  readonly #nDims: number;
  #wordPieces: Promise<WordPieces> | null = null;
  #run: Promise<Run> | null = null;

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

  run(): Promise<Run> {
    this.#run ??= this.#open().catch((cause) => this.#refuse(cause));
    return this.#run;
  }

  #open(): Promise<Run> {
    return withTransformers({ kind: "local" }, async ({ AutoModel, Tensor }) => {
      const model = await AutoModel.from_pretrained(this.#folder, {
        dtype: "q8",
        session_options: { intraOpNumThreads: THREADS_HERE, interOpNumThreads: 1 },
      });
      return async (ids) => {
        const dims = [1, ids.length];
        const { last_hidden_state } = await model({
          input_ids: new Tensor("int64", BigInt64Array.from(ids, BigInt), dims),
          attention_mask: new Tensor("int64", new BigInt64Array(ids.length).fill(1n), dims),
        });
        if (last_hidden_state === undefined) {
          throw new Error(`Cannot embed a text as "${this.#name}" must answer last_hidden_state: it does not; use another encoder`);
        }
        return meanUnitVector(last_hidden_state.data as Float32Array, this.#nDims);
      };
    });
  }

  #refuse(cause: unknown): never {
    const found = cause instanceof Error ? cause.message : String(cause);
    const isPermission = [cause, (cause as Error | undefined)?.cause].some((error) => error instanceof Deno.errors.NotCapable);
    const remedy = isPermission ? "grant the permission" : `delete "${this.#folder}" to fetch them again`;
    throw new Error(`Cannot load the encoder "${this.#name}" as its files must be readable and whole: ${found}; ${remedy}`, { cause });
  }
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  const text = await Deno.readTextFile(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`Cannot read "${path}" as it must be JSON: ${(cause as Error).message}; delete it to fetch it again`, { cause });
  }
}

async function sha256OfFile(path: string): Promise<string> {
  return createHash("sha256").update(await Deno.readFile(path)).digest("hex");
}
