import assert from "node:assert/strict";
import neighbours from "../reference/neighbours.json" with { type: "json" };
import ridge from "../reference/ridge.json" with { type: "json" };
import type { Embeddings } from "../../lib/embeddings/embeddings.ts";
import { selectEmbeddings } from "../../lib/embeddings/embeddings.ts";
import { selectPrompts } from "../../lib/outcomes/outcome_table.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { constantRouters } from "../../lib/routers/constant.ts";
import { checkedRouter, type PromptFunction } from "../../lib/routers/checked_router.ts";
import { customRouter } from "../../lib/routers/custom.ts";
import { fitKnnRouter } from "../../lib/routers/knn.ts";
import { fitGroupRouter } from "../../lib/routers/group.ts";
import { fitKernelRouters } from "../../lib/routers/kernel.ts";
import { meanRouter } from "../../lib/routers/mean.ts";
import { fitCostPredictor, withPredictedCosts } from "../../lib/routers/predicted_cost.ts";
import { fitLinearRouter } from "../../lib/routers/linear.ts";
import { fitMlpRouter } from "../../lib/routers/mlp.ts";
import { oracle } from "../../lib/routers/oracle.ts";
import type { EmbeddedOutcomes, Router } from "../../lib/routers/router.ts";
import { single, WholeNumbers } from "../compute/_numbers.ts";
import { randomTable, tableOf } from "../_tables.ts";

/** Every router that predicts; each must keep the contract below. */
const ROUTERS: Record<string, (train: EmbeddedOutcomes) => Promise<Router>> = {
  "KNN": (train) => fitKnnRouter(train, { k: 5 }),
  "kernel average": (train) => Promise.resolve(fitKernelRouters(train, [8])[0]),
  "group": (train) => fitGroupRouter(grouped(train)),
  "group and residual": (train) => fitGroupRouter(grouped(train), { residualAlpha: 10 }),
  "means": (train) => Promise.resolve(meanRouter(train)),
  "KNN with predicted costs": async (train) => {
    const [router, costs] = await Promise.all([fitKnnRouter(train, { k: 5 }), fitCostPredictor(train)]);
    return withPredictedCosts(router, costs);
  },
  "linear": (train) => fitLinearRouter(train, { alpha: 0.5 }),
  "MLP, one network": (train) => fitMlpRouter(train, { hiddenSizes: [6], seed: 4 }),
  "MLP, one network a model": (train) => fitMlpRouter(train, { hiddenSizes: [6], seed: 4, networks: "per-model" }),
  "MLP, stopped early": (train) => fitMlpRouter(train, { hiddenSizes: [6], seed: 4, validationShare: 0.2 }),
  "custom": (train) =>
    Promise.resolve(
      customRouter("mine", ({ vector, models }) => byName(models, [vector[0], 0.5, vector[1]])).fit(train),
    ),
  "function of the text": (train) => {
    const lengths: PromptFunction = (prompt) => byName(train.outcomes.models, [prompt.length, 3, 10 / prompt.length]);
    return Promise.resolve(checkedRouter(lengths, train));
  },
  "object of rows": (train) =>
    Promise.resolve(
      checkedRouter({
        name: "rows",
        predict: (_, prompts) => prompts!.map((text) => text.length > 7 ? "m2" : "m0"),
      }, train),
    ),
};

/** These expect another cost of each prompt. */
const PREDICTS_COSTS: readonly string[] = ["group", "group and residual", "KNN with predicted costs"];

const N = 60;
const TRAIN = { outcomes: randomTable(N, 3, 1), embeddings: randomVectors(N, 8, 2) };
const NEW = randomVectors(25, 8, 3);
const TEXTS = Array.from({ length: 25 }, (_, i) => "text".padEnd(4 + i % 9, "."));

/** The same training set in two groups. */
function grouped(train: EmbeddedOutcomes): EmbeddedOutcomes {
  return { ...train, outcomes: { ...train.outcomes, evalNames: train.outcomes.evalNames.map((_, i) => `g${i % 2}`) } };
}

function byName(models: readonly string[], quality: readonly number[]): Record<string, number> {
  return Object.fromEntries(models.map((model, j) => [model, quality[j]]));
}

function randomVectors(n: number, d: number, seed: number): Embeddings {
  const random = seededRandom(seed, "vectors");
  return {
    nPrompts: n,
    nDims: d,
    values: Float32Array.from({ length: n * d }, () => random.normal()),
    encoder: "made",
  };
}

for (const [name, fit] of Object.entries(ROUTERS)) {
  Deno.test(`${name}: predictions are prompts × models, finite, with the training means or one expectation a prompt as costs`, async () => {
    const predictions = await (await fit(TRAIN)).predict(NEW, TEXTS);
    assert.equal(predictions.nPrompts, 25);
    assert.deepEqual(predictions.models, TRAIN.outcomes.models);
    assert.equal(predictions.quality.length, 75);
    assert.ok(predictions.quality.every(Number.isFinite));
    if (PREDICTS_COSTS.includes(name)) {
      assert.equal(predictions.costUsd.length, 75);
      assert.ok(predictions.costUsd.every((cost) => cost > 0 && cost < Infinity));
    } else {
      assert.deepEqual([...predictions.costUsd], constantRouters(TRAIN.outcomes).map((router) => router.costUsd));
    }
  });

  Deno.test(`${name}: fitting twice is fitting once, and leaves its input as it was`, async () => {
    const before = { quality: TRAIN.outcomes.quality.slice(), values: TRAIN.embeddings.values.slice() };
    const first = await (await fit(TRAIN)).predict(NEW, TEXTS);
    const second = await (await fit(TRAIN)).predict(NEW, TEXTS);
    assert.deepEqual(first.quality, second.quality);
    assert.deepEqual({ quality: TRAIN.outcomes.quality, values: TRAIN.embeddings.values }, before);
  });

  Deno.test(`${name}: predictions of a subset are the subset of the predictions`, async () => {
    const router = await fit(TRAIN);
    const all = await router.predict(NEW, TEXTS);
    const rows = [3, 17, 4];
    const some = await router.predict(selectEmbeddings(NEW, rows), rows.map((row) => TEXTS[row]));
    rows.forEach((row, i) => {
      for (let j = 0; j < 3; j++) assert.ok(Math.abs(some.quality[3 * i + j] - all.quality[3 * row + j]) < 1e-12);
    });
  });

  Deno.test(`${name}: rows that do not match, another length and another encoder are refused`, async () => {
    await assert.rejects(
      async () => await fit({ ...TRAIN, embeddings: NEW }),
      /TypeError: Cannot join embeddings to outcomes as both must have equal rows: embeddings are 25×8, outcomes are 60×3/,
    );
    const router = await fit(TRAIN);
    await assert.rejects(
      async () => await router.predict(randomVectors(2, 7, 1), TEXTS.slice(0, 2)),
      /TypeError: Cannot predict as prompts must be embedded like the training prompts/,
    );
    await assert.rejects(
      async () => await router.predict({ ...NEW, encoder: "another" }, TEXTS),
      /by "another", trained on 8 dimensions by "made"/,
    );
  });
}

Deno.test("fitKnnRouter() predicts means of the nearest by a full sort", async () => {
  const { models, quality } = TRAIN.outcomes;
  const d = 8;
  const similarity = (i: number, p: number): number => {
    let [dot, a, b] = [0, 0, 0];
    for (let c = 0; c < d; c++) {
      const [x, y] = [NEW.values[i * d + c], TRAIN.embeddings.values[p * d + c]];
      [dot, a, b] = [dot + x * y, a + x * x, b + y * y];
    }
    return dot / Math.sqrt(a * b);
  };
  const predictions = await (await fitKnnRouter(TRAIN, { k: 7 })).predict(NEW);
  for (let i = 0; i < NEW.nPrompts; i++) {
    const nearest = Array.from({ length: N }, (_, p) => p).sort((a, b) => similarity(i, b) - similarity(i, a)).slice(
      0,
      7,
    );
    models.forEach((_, j) =>
      assert.equal(predictions.quality[i * 3 + j], nearest.reduce((sum, p) => sum + quality[p * 3 + j], 0) / 7)
    );
  }
});

Deno.test("fitKnnRouter() predicts scikit-learn's means over cosine neighbours", async () => {
  const { nPoints, nQueries, nDims, k, inputSeed, indices, distances } = neighbours;
  const numbers = new WholeNumbers(inputSeed);
  const embedded = (rows: number): Embeddings => ({
    nPrompts: rows,
    nDims,
    values: single(numbers.matrix(rows, nDims)).values,
    encoder: "made",
  });
  const train = { embeddings: embedded(nPoints), outcomes: randomTable(nPoints, 3, 6) };
  const queries = embedded(nQueries);
  for (const nNearest of [5, 10, k - 1]) {
    const { quality } = await (await fitKnnRouter(train, { k: nNearest })).predict(queries);
    const isTied = (i: number): boolean => distances[i][nNearest] - distances[i][nNearest - 1] < 1e-5;
    for (let i = 0; i < nQueries; i++) {
      if (isTied(i)) continue;
      for (let j = 0; j < 3; j++) {
        const mean = indices[i].slice(0, nNearest).reduce((sum, p) => sum + train.outcomes.quality[p * 3 + j], 0) /
          nNearest;
        assert.ok(Math.abs(quality[i * 3 + j] - mean) < 1e-5);
      }
    }
    const nTied = Array.from({ length: nQueries }, (_, i) => i).filter(isTied).length;
    // deno-lint-ignore no-console
    console.log(`k = ${nNearest}: ${nTied} of ${nQueries} prompts left out as their distances tie`);
    assert.ok(nTied < nQueries / 10);
  }
});

Deno.test("fitLinearRouter() equals scikit-learn's Ridge to 1e-6", async () => {
  // Qualities lie in 0..1: the targets are moved and scaled, and with them the predictions, which is what ridge regression does.
  const low = Math.min(...ridge.y.flat());
  const scale = Math.max(...ridge.y.flat()) - low;
  const outcomes = tableOf({
    quality: ridge.y.map((row) => row.map((y) => (y - low) / scale)),
    costUsd: ridge.y.map((row) => row.map(() => 1)),
  });
  const embeddings = {
    nPrompts: ridge.x.length,
    nDims: ridge.x[0].length,
    values: Float32Array.from(ridge.x.flat()),
    encoder: "made",
  };
  for (const { alpha, predictions } of ridge.fits) {
    const { quality } = await (await fitLinearRouter({ outcomes, embeddings }, { alpha })).predict(embeddings);
    predictions.flat().forEach((expected, at) => assert.ok(Math.abs(quality[at] * scale + low - expected) < 1e-6));
  }
});

Deno.test("fitKnnRouter() warns of training prompts with one vector and refuses a k beyond the training set", async () => {
  const twins = selectEmbeddings(TRAIN.embeddings, Array.from({ length: N }, (_, i) => i < 3 ? 0 : i));
  assert.match(
    (await fitKnnRouter({ ...TRAIN, embeddings: twins }, { k: 5 })).notes[0],
    /^3 of 60 training prompts share their vector with another, up to 3 one vector/,
  );
  assert.deepEqual((await fitKnnRouter(TRAIN, { k: 5 })).notes, []);
  for (const k of [0, 61, 1.5]) {
    assert.throws(
      () => fitKnnRouter(TRAIN, { k }),
      /RangeError: .* k must be a whole number from 1 to the number of training prompts: k is /,
    );
  }
});

Deno.test("fitMlpRouter() says which networks did not converge, and refuses unknown values", async () => {
  const still = await fitMlpRouter({ ...TRAIN, outcomes: randomTable(N, 3, 1) }, {
    hiddenSizes: [6],
    seed: 4,
    networks: "per-model",
  });
  assert.match(still.notes[0], /^[1-3] of 3 networks stopped by the limit of 200 epochs, before they converged$/);
  await assert.rejects(
    fitMlpRouter(TRAIN, { hiddenSizes: [4], seed: 1, networks: "two" as "one" }),
    /TypeError: .* it is "two"/,
  );
});

Deno.test("fitMlpRouter() with a validation share stops early and says so in its name", async () => {
  for (const networks of ["one", "per-model"] as const) {
    const options = { hiddenSizes: [6], seed: 4, networks };
    const whole = await fitMlpRouter(TRAIN, options);
    const stopped = await fitMlpRouter(TRAIN, { ...options, validationShare: 0.2 });
    assert.equal(stopped.name, `${whole.name}, stopped early`);
    assert.notDeepEqual((await stopped.predict(NEW)).quality, (await whole.predict(NEW)).quality);
  }
  await assert.rejects(
    fitMlpRouter(TRAIN, { hiddenSizes: [6], seed: 4, validationShare: 1 }),
    /RangeError: .* it has a share of 1/,
  );
});

Deno.test("fitLinearRouter() refuses an alpha that is not above 0", async () => {
  await assert.rejects(fitLinearRouter(TRAIN, { alpha: 0 }), /RangeError: .* each alpha must be above 0: one is 0/);
});

Deno.test("oracle() takes the cheapest of the best, then the first, and none where nothing is right", () => {
  const table = tableOf({
    quality: [[1, 1, 0], [0.5, 1, 1], [0, 0, 0], [1, 1, 1]],
    costUsd: [[2, 1, 0], [0, 3, 3], [1, 1, 1], [1, 1, 1]],
  });
  const { choices, costUsd, quality } = oracle(table);
  assert.deepEqual([...choices], [1, 1, -1, 0]);
  assert.deepEqual([costUsd, quality], [5 / 4, 3 / 4]);
  assert.equal(oracle(selectPrompts(table, [2])).costUsd, 0);
});
