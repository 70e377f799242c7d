import { counted } from "../base/words.ts";
import { nearestNeighbours } from "../compute/nearest_neighbours.ts";
import type { Embeddings } from "../embeddings/embeddings.ts";
import { FIT_SHARE } from "../evaluation/evaluation_data.ts";

/** Pairs of prompts that are compared to learn how fast this machine is: some hundredths of a second. */
const TRIED_QUERIES = 256;
const TRIED_POINTS = 4096;
/** Fewer pairs take seconds, and nothing is said. */
const LEAST_PAIRS = 5e8;
/** The families whose routers search for neighbours. */
const SEARCHING: readonly string[] = ["knn", "kernel", "best"];
/** As many neighbours as the routers share. */
const K = 200;

/**
 * What searches of neighbours will take where prompts are many, before they start: by a small search on this machine, made three times, the fastest of which
 * counts. `null` where they are few.
 *
 * @param embeddings the vectors of all prompts
 * @param options `trainShare`: share of the prompts for fitting and validation together; `routers`: the families that are evaluated
 */
export async function longSearchNotice(
  embeddings: Embeddings,
  { trainShare, routers }: { readonly trainShare: number; readonly routers: readonly string[] },
): Promise<string | null> {
  if (!SEARCHING.some((family) => routers.includes(family))) return null;
  const { nPrompts, nDims: cols, values } = embeddings;
  const nKnown = Math.round(nPrompts * trainShare * FIT_SHARE);
  const nAsked = nPrompts - nKnown;
  const pairs = nKnown * nAsked;
  if (pairs < LEAST_PAIRS) return null;
  const rowsOf = (rows: number): { rows: number; cols: number; values: Float32Array } => ({
    rows,
    cols,
    values: values.subarray(0, rows * cols),
  });
  let fastest = Infinity;
  for (let time = 0; time < 3; time++) {
    const start = performance.now();
    await nearestNeighbours(rowsOf(TRIED_QUERIES), rowsOf(TRIED_POINTS), { k: K });
    fastest = Math.min(fastest, performance.now() - start);
  }
  const seconds = fastest / 1000 * pairs / (TRIED_QUERIES * TRIED_POINTS);
  const time = seconds < 90 ? counted(Math.ceil(seconds), "second") : counted(Math.ceil(seconds / 60), "minute");
  return `Routers of neighbours compare each of ${counted(nAsked, "prompt")} with each of ${
    nKnown.toLocaleString("en")
  } learned ones, in blocks: about ${time} here for all prompts together, as much again for their evaluations one by one at most. This is quadratic: twice the prompts take four times as long; --routers without knn, kernel and best leaves it out.`;
}
