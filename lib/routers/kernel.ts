import { type NearestNeighbours, type NeighbourSearch, neighbourSearch } from "../compute/nearest_neighbours.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { MOST_NEIGHBOURS, sharedNeighbours } from "./_shared_search.ts";
import { checkedTrainingSet, checkEmbeddings, type EmbeddedOutcomes, type Router, vectorsOf } from "./router.ts";
import { type KernelState, type KnownPrompts, type RouterState, vectorKindOf } from "./router_state.ts";

/** Number of nearest training prompts in a kernel average; the weights of others are negligible. */
const N_NEIGHBOURS = MOST_NEIGHBOURS;

/**
 * Fits a kernel-average router for each sharpness, which share one search: the predicted quality of a model is its mean over the 200 nearest training prompts,
 * each weighted by exp(sharpness · similarity).
 *
 * **Shapes**: one router for each sharpness. O(n′ · n · d) by one matrix product.
 *
 * **Source**: Nadaraya 1964 and Watson 1964, with a von Mises–Fisher kernel on the unit sphere.
 *
 * @param sharpnesses weights are exp(sharpness · cosine similarity): 0 gives the mean of the neighbours, ∞ the nearest neighbour
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
  const { nDims, values } = train.embeddings;
  const known: KnownPrompts = { vectors: values, quality: train.outcomes.quality, costUsd: meanCostUsd };
  const neighboursOf = neighboursBy(known, { nDims, k });
  const reads = vectorKindOf(train.embeddings);
  return sharpnesses.map((sharpness) => {
    const predictor: KernelState = { kind: "kernel", k, sharpness, ...known };
    const name = `Kernel average, sharpness ${sharpness}`;
    return kernelRouter({ name, notes: [], models, reads, predictor, costs: null }, predictor, neighboursOf);
  });
}

/** The router of a state. */
export function kernelRouterOf(state: RouterState, predictor: KernelState): Router {
  const { nDims } = state.reads!;
  // A router from a file is asked for one prompt at a time.
  const search = neighbourSearch({ rows: predictor.vectors.length / nDims, cols: nDims, values: predictor.vectors });
  const neighboursOf = neighboursBy(predictor, { nDims, k: predictor.k, search });
  return kernelRouter(state, predictor, neighboursOf);
}

type Neighbours = (embeddings: Embeddings) => Promise<NearestNeighbours>;

function neighboursBy(
  { vectors }: KnownPrompts,
  { nDims, k, search }: {
    readonly nDims: number;
    readonly k: number;
    /** Default: the search that all routers on these vectors share. */
    readonly search?: NeighbourSearch;
  },
): Neighbours {
  const points = { rows: vectors.length / nDims, cols: nDims, values: vectors };
  return (embeddings) =>
    search === undefined ? sharedNeighbours(points, embeddings, k) : search(vectorsOf(embeddings), { k });
}

function kernelRouter(state: RouterState, predictor: KernelState, neighboursOf: Neighbours): Router {
  const { name, notes, models, reads } = state;
  return {
    name,
    notes,
    state,
    predict: async (embeddings) => {
      checkEmbeddings(embeddings, reads!);
      const quality = weightedMeans(predictor, await neighboursOf(embeddings));
      return { nPrompts: embeddings.nPrompts, models, quality, costUsd: predictor.costUsd };
    },
  };
}

function weightedMeans(
  { k, sharpness, quality, costUsd: { length: m } }: KernelState,
  { indices, similarities }: NearestNeighbours,
): Float64Array {
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
