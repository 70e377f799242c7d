import assert from "node:assert/strict";
import type { Embeddings } from "../../lib/embeddings/embeddings.ts";
import { selectModels } from "../../lib/outcomes/what_if.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { fitKnnRouter } from "../../lib/routers/knn.ts";
import { fitWithNewModel } from "../../lib/routers/new_model.ts";
import type { EmbeddedOutcomes, Router } from "../../lib/routers/router.ts";
import { randomTable } from "../_tables.ts";

const TRAIN = { outcomes: randomTable(40, 3, 1), embeddings: vectors(40, 2) };
const NEW = vectors(9, 3);

function vectors(n: number, seed: number): Embeddings {
  const random = seededRandom(seed, "vectors");
  return {
    nPrompts: n,
    nDims: 6,
    values: Float32Array.from({ length: n * 6 }, () => random.normal()),
    encoder: "made",
  };
}

const knn = (train: EmbeddedOutcomes): Promise<Router> => fitKnnRouter(train, { k: 3 });
const column = (values: Float64Array, j: number): number[] => [...values].filter((_, at) => at % 3 === j);

Deno.test("fitWithNewModel() with every prompt labelled is the fit on the whole table, whichever model is new", async () => {
  const whole = await (await knn(TRAIN)).predict(NEW);
  for (const model of TRAIN.outcomes.models) {
    const router = await fitWithNewModel(TRAIN, { model, nLabelled: 40, fit: knn, seed: 1 });
    assert.deepEqual(await router.predict(NEW), whole);
    assert.equal(router.name, `KNN, k = 3, 40 labels of ${model}`);
  }
});

Deno.test("fitWithNewModel() knows the new model from the labelled prompts alone", async () => {
  const whole = await (await knn(TRAIN)).predict(NEW);
  const router = await fitWithNewModel(TRAIN, { model: "m1", nLabelled: 3, fit: knn, seed: 1 });
  const { quality, costUsd } = await router.predict(NEW);
  assert.deepEqual([column(quality, 0), column(quality, 2)], [column(whole.quality, 0), column(whole.quality, 2)]);
  // Three neighbours among three labelled prompts: their mean, everywhere the same.
  assert.equal(new Set(column(quality, 1)).size, 1);
  const seen = new Set<number>();
  const spy = (train: EmbeddedOutcomes): Promise<Router> => (seen.add(train.outcomes.promptIds.length), knn(train));
  await fitWithNewModel(TRAIN, { model: "m1", nLabelled: 7, fit: spy, seed: 2 });
  assert.deepEqual([...seen], [40, 7]);
  assert.deepEqual([costUsd[0], costUsd[2]], [whole.costUsd[0], whole.costUsd[2]]);
});

Deno.test("fitWithNewModel() joins expectations of costs that are one a model and one a cell", async () => {
  const { models } = selectModels(TRAIN.outcomes, ["m0", "m2"]);
  const fit = (train: EmbeddedOutcomes): Router => ({
    name: "costs",
    notes: [],
    predict: ({ nPrompts }) =>
      Promise.resolve(
        train.outcomes.models.length === 2
          ? {
            nPrompts,
            models,
            quality: new Float64Array(nPrompts * 2),
            costUsd: Float64Array.from({ length: nPrompts * 2 }, (_, at) => at),
          }
          : { nPrompts, models: ["m1"], quality: new Float64Array(nPrompts), costUsd: Float64Array.of(100) },
      ),
  });
  const router = await fitWithNewModel(TRAIN, { model: "m1", nLabelled: 3, fit, seed: 1 });
  assert.deepEqual([...(await router.predict(vectors(2, 1))).costUsd], [0, 100, 1, 2, 100, 3]);
});

Deno.test("fitWithNewModel() refuses a model that is not there and a number of labels that cannot be", async () => {
  const fit = (change: object): Promise<Router> =>
    fitWithNewModel(TRAIN, { model: "m1", nLabelled: 5, fit: knn, seed: 1, ...change });
  await assert.rejects(
    fit({ model: "m9" }),
    /RangeError: .* one of several models of the table: "m9" among \[m0,m1,m2\]/,
  );
  for (const nLabelled of [0, 41, 1.5]) {
    await assert.rejects(fit({ nLabelled }), /RangeError: .* must be 1 to 40, the training prompts: they are /);
  }
});
