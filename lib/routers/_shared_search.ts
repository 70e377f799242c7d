import { type NearestNeighbours, nearestNeighbours } from "../compute/nearest_neighbours.ts";
import type { Matrix } from "../compute/matrix.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { vectorsOf } from "./router.ts";

/** Neighbours that are found for all routers on the same prompts: as many as the greediest takes. */
export const MOST_NEIGHBOURS = 200;

interface Search {
  readonly k: number;
  readonly found: Promise<NearestNeighbours>;
}

const SEARCHES = new WeakMap<Float32Array, WeakMap<Embeddings, Search>>();

/**
 * The k nearest points of each query, cut from one search that all routers with these points share. It is kept as long as the points and the
 * queries are, which are known by identity.
 */
export async function sharedNeighbours(points: Matrix, queries: Embeddings, k: number): Promise<NearestNeighbours> {
  const searches = SEARCHES.get(points.values) ?? new WeakMap<Embeddings, Search>();
  SEARCHES.set(points.values, searches);
  const known = searches.get(queries);
  const search = known !== undefined && known.k >= k ? known : begin(points, queries, k);
  if (search !== known) {
    searches.set(queries, search);
    // A failed search is repeated by the next call.
    search.found.catch(() => searches.delete(queries));
  }
  return firstOfEach(await search.found, search.k, k);
}

function begin(points: Matrix, queries: Embeddings, asked: number): Search {
  const k = Math.max(asked, Math.min(MOST_NEIGHBOURS, points.rows));
  return { k, found: nearestNeighbours(vectorsOf(queries), points, { k }) };
}

/** The first k of the neighbours of each query, of which there are `width`. */
function firstOfEach(found: NearestNeighbours, width: number, k: number): NearestNeighbours {
  if (width === k) return found;
  const n = found.indices.length / width;
  const cut = { indices: new Int32Array(n * k), similarities: new Float32Array(n * k) };
  for (let i = 0; i < n; i++) {
    cut.indices.set(found.indices.subarray(i * width, i * width + k), i * k);
    cut.similarities.set(found.similarities.subarray(i * width, i * width + k), i * k);
  }
  return cut;
}
