import assert from "node:assert/strict";
import type { Embeddings } from "../../lib/embeddings/embeddings.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { fitKnnRouter, fitKnnRouters } from "../../lib/routers/knn.ts";
import { randomTable } from "../_tables.ts";

/** Vectors of few different numbers, so that distances tie often. */
function vectors(n: number, seed: number): Embeddings {
  const random = seededRandom(seed, "vectors");
  return {
    nPrompts: n,
    nDims: 3,
    values: Float32Array.from({ length: 3 * n }, () => random.integer(3) - 0.5),
    encoder: "made",
  };
}

const TRAIN = { outcomes: randomTable(50, 4, 1), embeddings: vectors(50, 2) };
const NEW = vectors(33, 3);

Deno.test("fitKnnRouters() predicts number for number what routers of one k predict, in any order of ks and of calls", async () => {
  const ks = [10, 1, 50, 7];
  const routers = await fitKnnRouters(TRAIN, { ks });
  assert.deepEqual(routers.map(({ name }) => name), ["KNN, k = 10", "KNN, k = 1", "KNN, k = 50", "KNN, k = 7"]);
  for (const at of [2, 0, 3, 1]) {
    const alone = await fitKnnRouter(TRAIN, { k: ks[at] });
    for (const embeddings of [NEW, TRAIN.embeddings, NEW]) {
      assert.deepEqual(await routers[at].predict(embeddings), await alone.predict(embeddings));
    }
  }
});

Deno.test("fitKnnRouters() shares one search between predictions for the same vectors, and gives each caller its own numbers", async () => {
  const routers = await fitKnnRouters(TRAIN, { ks: [3, 4] });
  let nReads = 0;
  const watched: Embeddings = Object.defineProperty({ ...NEW }, "values", { get: () => (nReads++, NEW.values) });
  const reads = async (router: number): Promise<number> => {
    nReads = 0;
    await routers[router].predict(watched);
    return nReads;
  };
  const first = await reads(0);
  // What is left are the reads of the checks, which the search comes on top of.
  assert.ok(await reads(1) < first && await reads(0) < first);
  const { quality } = await routers[0].predict(NEW);
  const before = quality.slice();
  quality.fill(9);
  assert.deepEqual((await routers[0].predict(NEW)).quality, before);
});

Deno.test("fitKnnRouters() refuses no k, one k twice, and a k beyond the training set", () => {
  for (const ks of [[], [5, 5]]) {
    assert.throws(() => fitKnnRouters(TRAIN, { ks }), {
      name: "RangeError",
      message: `Cannot fit KNN routers as ks must name at least one k, and each once: they are [${
        ks.join(", ")
      }]; correct them`,
    });
  }
  assert.throws(() => fitKnnRouters(TRAIN, { ks: [5, 51] }), {
    name: "RangeError",
    message:
      "Cannot fit a KNN router as k must be a whole number from 1 to the number of training prompts: k is 51, there are 50",
  });
});
