import { nearestNeighbours } from "../compute/nearest_neighbours.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import {
  checkedTrainingSet,
  checkEmbeddings,
  type EmbeddedOutcomes,
  type QualityPredictions,
  type Router,
  vectorsOf,
} from "./router.ts";

/** Training prompts that a kernel average looks at: of those further away the weights are next to nothing. */
const N_NEIGHBOURS = 200;

/** How steeply the weight of a training prompt falls with its distance. */
export interface KernelOptions {
  /** Weights are exp(sharpness · cosine similarity): 0 is the mean of the neighbours, ∞ the nearest neighbour. */
  readonly sharpness: number;
}

/**
 * Fits kernel-average routers that share one search: the predicted quality of a model is its mean over the 200 nearest training prompts,
 * each weighted by exp(sharpness · similarity).
 *
 * **Shapes**: one router for each sharpness. O(n′ · n · d) by one matrix product.
 *
 * **Source**: Nadaraya 1964 and Watson 1964, with a von Mises–Fisher kernel on the unit sphere.
 *
 * @throws RangeError where a sharpness is not 0 or more
 */
export function fitKernelRouters(train: EmbeddedOutcomes, sharpnesses: readonly number[]): Router[] {
  const { models, meanCostUsd } = checkedTrainingSet(train);
  const wrong = sharpnesses.find((sharpness) => !(sharpness >= 0 && sharpness < Infinity));
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot fit a kernel-average router as its sharpness must be 0 or more: it is ${wrong}; pass one such as 16`,
    );
  }
  const k = Math.min(N_NEIGHBOURS, train.outcomes.promptIds.length);
  const searched = new WeakMap<Embeddings, ReturnType<typeof nearestNeighbours>>();
  const neighboursOf = (embeddings: Embeddings): ReturnType<typeof nearestNeighbours> => {
    const known = searched.get(embeddings) ??
      nearestNeighbours(vectorsOf(embeddings), vectorsOf(train.embeddings), { k });
    searched.set(embeddings, known);
    known.catch(() => searched.delete(embeddings));
    return known;
  };
  return sharpnesses.map((sharpness) => ({
    name: `Kernel average, sharpness ${sharpness}`,
    notes: [],
    predict: async (embeddings: Embeddings): Promise<QualityPredictions> => {
      checkEmbeddings(embeddings, train.embeddings);
      const { indices, similarities } = await neighboursOf(embeddings);
      const quality = weightedMeans(train, { indices, similarities, k, sharpness });
      return { nPrompts: embeddings.nPrompts, models, quality, costUsd: meanCostUsd };
    },
  }));
}

/** Fits one kernel-average router: {@linkcode fitKernelRouters}. */
export function fitKernelRouter(train: EmbeddedOutcomes, { sharpness }: KernelOptions): Promise<Router> {
  return Promise.resolve(fitKernelRouters(train, [sharpness])[0]);
}

function weightedMeans(
  { outcomes: { quality, models } }: EmbeddedOutcomes,
  { indices, similarities, k, sharpness }: {
    readonly indices: Int32Array;
    readonly similarities: Float32Array;
    readonly k: number;
    readonly sharpness: number;
  },
): Float64Array {
  const m = models.length;
  const n = indices.length / k;
  const means = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let neighbour = i * k; neighbour < (i + 1) * k; neighbour++) {
      // Relative to the nearest, so that no weight overflows.
      const weight = Math.exp(sharpness * (similarities[neighbour] - similarities[i * k]));
      total += weight;
      for (let j = 0; j < m; j++) means[i * m + j] += weight * quality[indices[neighbour] * m + j];
    }
    for (let j = 0; j < m; j++) means[i * m + j] /= total;
  }
  return means;
}
