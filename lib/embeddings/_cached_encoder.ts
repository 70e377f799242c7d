import { CacheRefusal, openVectorCache, type VectorCache } from "./_vector_cache.ts";
import { checkedTexts, type Embeddings, type Encoder, type EncodingProgress } from "./embeddings.ts";

/** Makes vectors of texts that all differ. {@linkcode encoderOf} adds order, repeated texts and the cache on disk. */
export interface VectorMaker {
  /** The encoder's name, with the settings that change a vector. */
  readonly name: string;
  /** Length of each vector. */
  readonly nDims: number;
  /** Word pieces that are read of a text. */
  readonly maxTokens: number;
  /** Everything that changes a vector: the key of the cache. */
  readonly key: string;
  /** Makes each text's vector and hands it over at once, in any order. The vector depends on the text alone. */
  make(texts: readonly string[], onVector: (index: number, vector: Float32Array) => void): Promise<void>;
}

/**
 * Makes an encoder of a maker of vectors: each distinct text is embedded once, vectors on disk are used, new ones are written as they come.
 * Where the disk takes no more of them, the work goes on without, and a notice says so.
 *
 * @param options `cacheFolder`: null keeps nothing on disk
 */
export function cachedEncoder(
  maker: VectorMaker,
  options: {
    readonly cacheFolder: string | null;
    readonly onProgress?: (progress: EncodingProgress) => void;
    readonly onNotice?: (line: string) => void;
  },
): Encoder {
  const { name, nDims, maxTokens, key } = maker;
  const cache = options.cacheFolder === null
    ? null
    : untilRefused(openVectorCache(options.cacheFolder, { label: name, key, nDims }), options.onNotice);
  return {
    name,
    nDims,
    maxTokens,
    async encode(input): Promise<Embeddings> {
      const texts = checkedTexts(input);
      const distinct = [...new Set(texts)];
      const vectors = await vectorsOf(distinct, { maker, cache, onProgress: options.onProgress });
      const values = new Float32Array(texts.length * nDims); // [nPrompts · nDims]
      for (let i = 0; i < texts.length; i++) values.set(vectors.get(texts[i])!, i * nDims);
      return { nPrompts: texts.length, nDims, values, encoder: name };
    },
  };
}

/** A cache that is no longer written to once the disk has refused: the vectors are needed now, and keeping them is for later runs only. */
function untilRefused(cache: VectorCache, onNotice?: (line: string) => void): VectorCache {
  let isRefused = false;
  const unlessRefused = (write: () => void): void => {
    if (isRefused) return;
    try {
      write();
    } catch (error) {
      if (!(error instanceof CacheRefusal)) throw error;
      isRefused = true;
      onNotice?.(`Vectors are not kept for the next run: ${error.message}`);
    }
  };
  return {
    ...cache,
    append: (text, vector) => unlessRefused(() => cache.append(text, vector)),
    flush: () => unlessRefused(() => cache.flush()),
  };
}

async function vectorsOf(
  distinct: readonly string[],
  { maker, cache, onProgress }: {
    maker: VectorMaker;
    cache: VectorCache | null;
    onProgress?: (progress: EncodingProgress) => void;
  },
): Promise<Map<string, Float32Array>> {
  const total = distinct.length;
  const vectors = cache === null || total === 0 ? new Map<string, Float32Array>() : await cache.read(distinct);
  const missing = distinct.filter((text) => !vectors.has(text));
  onProgress?.({ done: vectors.size, total });
  if (missing.length === 0) return vectors;
  try {
    await maker.make(missing, (index, vector) => {
      vectors.set(missing[index], vector);
      cache?.append(missing[index], vector);
      onProgress?.({ done: vectors.size, total });
    });
  } finally {
    cache?.flush(); // what was made before an error is kept
  }
  return vectors;
}
