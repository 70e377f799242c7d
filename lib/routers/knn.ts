import { countCoincident } from "../compute/coincident_points.ts";
import { type NeighbourSearch, neighbourSearch } from "../compute/nearest_neighbours.ts";
import type { Matrix } from "../compute/matrix.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { sharedNeighbours } from "./_shared_search.ts";
import { checkedTrainingSet, checkEmbeddings, type EmbeddedOutcomes, type Router, vectorsOf } from "./router.ts";
import { type KnnState, type KnownPrompts, type RouterState, vectorKindOf } from "./router_state.ts";

/**
 * Fits the paper's KNN router: the predicted quality of a model is its mean quality on the k training prompts nearest by cosine.
 *
 * Neighbours at equal distance are taken in the training set's order. The mean is a sum divided by k, so that equal means stay equal: ties
 * are frequent and decide much of the curve. `notes` warns where training prompts share one vector.
 *
 * **Shapes**: n training prompts; predictions n′ × m. O(n′ · n · d) by one matrix product. **Source**: paper section 4, reference code.
 *
 * @param train the training prompts
 * @param options `k`: number of neighbours; the paper tries 5, 10 and 40
 * @throws RangeError where k is not a whole number from 1 to the number of training prompts
 * @example
 * ```ts
 * import { fitKnnRouter, openEncoder, simulateOutcomes } from "routerbench";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 10, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes.prompts!);
 * const router = await fitKnnRouter({ outcomes, embeddings }, { k: 1 });
 * assert.deepEqual((await router.predict(embeddings)).quality.slice(0, 11), outcomes.quality.slice(0, 11));
 * ```
 */
export function fitKnnRouter(train: EmbeddedOutcomes, { k }: { readonly k: number }): Promise<Router> {
  return fitKnnRouters(train, { ks: [k] }).then(([router]) => router);
}

/**
 * Fits KNN routers for several k that share one search. Each predicts exactly what {@linkcode fitKnnRouter} of its k predicts.
 *
 * The search is made when one of them, or any router of neighbours on the same training vectors, first predicts for some vectors, and kept as long
 * as those are; the means for every k come from one running sum over the sorted neighbours.
 *
 * **Shapes**: one router for each k, in the order given. O(n′ · (n · d + k · m)) for the largest k, whatever the number of ks.
 *
 * @param train the training prompts
 * @param options `ks`: numbers of neighbours, each once
 * @throws RangeError where there is no k, one stands twice, or one is not a whole number from 1 to the number of training prompts
 * @example
 * ```ts
 * import { openEncoder, simulateOutcomes } from "routerbench";
 * import { fitKnnRouters } from "./knn.ts";
 * import assert from "node:assert/strict";
 *
 * const outcomes = simulateOutcomes({ nPromptsPerEval: 10, seed: 1 });
 * const embeddings = await (await openEncoder("lexical")).encode(outcomes.prompts!);
 * const routers = await fitKnnRouters({ outcomes, embeddings }, { ks: [5, 10] });
 * assert.deepEqual(routers.map(({ name }) => name), ["KNN, k = 5", "KNN, k = 10"]);
 * ```
 */
export function fitKnnRouters(train: EmbeddedOutcomes, { ks }: { readonly ks: readonly number[] }): Promise<Router[]> {
  const { models, meanCostUsd } = checkedTrainingSet(train);
  checkNeighbourCounts(ks, train.outcomes.promptIds.length);
  const { nDims, values } = train.embeddings;
  const known: KnownPrompts = { vectors: values, quality: train.outcomes.quality, costUsd: meanCostUsd };
  const meansOf = rememberedMeans(known, { nDims, ks });
  const notes = notesOf(train);
  const reads = vectorKindOf(train.embeddings);
  return Promise.resolve(ks.map((k) => {
    const predictor: KnnState = { kind: "knn", k, ...known };
    return knnRouter({ name: `KNN, k = ${k}`, notes, models, reads, predictor, costs: null }, predictor, meansOf);
  }));
}

/** The router of a state. */
export function knnRouterOf(state: RouterState, predictor: KnnState): Router {
  const { nDims } = state.reads!;
  // A router from a file is asked for one prompt at a time.
  const search = neighbourSearch(pointsOf(predictor, nDims));
  return knnRouter(state, predictor, rememberedMeans(predictor, { nDims, ks: [predictor.k], search }));
}

/** For each k the mean quality of each model over the k nearest training prompts, [n′ · m]. */
type NeighbourMeans = (embeddings: Embeddings) => Promise<ReadonlyMap<number, Float64Array>>;

function knnRouter(state: RouterState, { k, costUsd }: KnnState, meansOf: NeighbourMeans): Router {
  const { name, notes, models, reads } = state;
  return {
    name,
    notes,
    state,
    predict: async (embeddings) => {
      checkEmbeddings(embeddings, reads!);
      // A copy, as later calls use the same means.
      const quality = (await meansOf(embeddings)).get(k)!.slice();
      return { nPrompts: embeddings.nPrompts, models, quality, costUsd };
    },
  };
}

interface MeansOptions {
  readonly nDims: number;
  readonly ks: readonly number[];
  /** Default: the search that all routers on these vectors share. */
  readonly search?: NeighbourSearch;
}

function pointsOf({ vectors }: KnownPrompts, nDims: number): Matrix {
  return { rows: vectors.length / nDims, cols: nDims, values: vectors };
}

function rememberedMeans(known: KnownPrompts, options: MeansOptions): NeighbourMeans {
  const searched = new WeakMap<Embeddings, ReturnType<NeighbourMeans>>();
  return (embeddings) => {
    const means = searched.get(embeddings) ?? neighbourMeans(known, embeddings, options);
    searched.set(embeddings, means);
    // A failed search is repeated by the next call.
    means.catch(() => searched.delete(embeddings));
    return means;
  };
}

async function neighbourMeans(
  known: KnownPrompts,
  embeddings: Embeddings,
  { nDims, ks, search }: MeansOptions,
): Promise<ReadonlyMap<number, Float64Array>> {
  const { quality, costUsd: { length: m } } = known;
  const n = embeddings.nPrompts;
  const ascending = ks.toSorted((a, b) => a - b), largest = ascending[ascending.length - 1];
  const { indices } =
    await (search === undefined
      ? sharedNeighbours(pointsOf(known, nDims), embeddings, largest)
      : search(vectorsOf(embeddings), { k: largest }));
  const means = ascending.map(() => new Float64Array(n * m)), sums = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    sums.fill(0);
    for (let neighbour = 0, next = 0; neighbour < largest; neighbour++) {
      const row = indices[i * largest + neighbour] * m;
      for (let j = 0; j < m; j++) sums[j] += quality[row + j];
      if (neighbour + 1 < ascending[next]) continue;
      for (let j = 0; j < m; j++) means[next][i * m + j] = sums[j] / ascending[next];
      next++;
    }
  }
  return new Map(ascending.map((k, at) => [k, means[at]]));
}

function notesOf({ embeddings }: EmbeddedOutcomes): string[] {
  const { nCoincidentPoints, largestGroup } = countCoincident(vectorsOf(embeddings));
  if (nCoincidentPoints === 0) return [];
  return [
    `${nCoincidentPoints} of ${embeddings.nPrompts} training prompts share their vector with another, up to ${largestGroup} one vector; the encoder may not read what differs`,
  ];
}

function checkNeighbourCounts(ks: readonly number[], nTrained: number): void {
  if (ks.length === 0 || new Set(ks).size < ks.length) {
    throw new RangeError(
      `Cannot fit KNN routers as ks must name at least one k, and each once: they are [${ks.join(", ")}]; correct them`,
    );
  }
  const wrong = ks.find((k) => !Number.isInteger(k) || k < 1 || k > nTrained);
  if (wrong === undefined) return;
  throw new RangeError(
    `Cannot fit a KNN router as k must be a whole number from 1 to the number of training prompts: k is ${wrong}, there are ${nTrained}`,
  );
}
