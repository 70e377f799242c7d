import { toMatrix64 } from "../compute/matrix.ts";
import { type RidgeBasis, ridgeBasis } from "../compute/ridge_basis.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { vectorsOf } from "./router.ts";

const BASES = new WeakMap<Embeddings, Promise<RidgeBasis>>();

/** The basis of ridge regressions on some vectors. It is kept as long as the vectors are: all routers that learn from them share it. */
export function basisOf(embeddings: Embeddings): Promise<RidgeBasis> {
  const known = BASES.get(embeddings) ?? ridgeBasis(toMatrix64(vectorsOf(embeddings)));
  BASES.set(embeddings, known);
  return known;
}
