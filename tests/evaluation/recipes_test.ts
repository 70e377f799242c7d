import assert from "node:assert/strict";
import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { evaluate } from "../../lib/experiments/evaluate.ts";
import { splitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { cascade, knn, linear, mlp, rerank } from "../../lib/evaluation/recipes.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { fitKnnRouter } from "../../lib/routers/knn.ts";

const outcomes = simulateOutcomes({ nPromptsPerEval: 30, seed: 3 });
const embeddings = await (await openEncoder("lexical")).encode(outcomes.prompts!);
const data = splitForEvaluation(outcomes, embeddings, { seed: 3 });

Deno.test("knn() beside others evaluates to what it evaluates to alone", async () => {
  const ks = [10, 1, 40];
  const options = { seed: 3, nResamples: 100 };
  const shared = await evaluateRouters(data, ks.map((k) => knn({ k })), options);
  const single = await evaluateRouters(
    data,
    ks.map((k) => ({ family: "knn", fit: (train) => fitKnnRouter(train, { k }) })),
    options,
  );
  assert.deepEqual(shared, single);
});

Deno.test("knn() fits anew on another training set, and refuses a k beyond it", async () => {
  const [five, ten] = [knn({ k: 5 }), knn({ k: 10 })];
  const [onFit, onTrain] = [await five.fit(data.fit), await five.fit(data.train)];
  assert.notDeepEqual(
    (await onFit.predict(data.test.embeddings)).quality,
    (await onTrain.predict(data.test.embeddings)).quality,
  );
  assert.equal((await ten.fit(data.fit)).name, "KNN, k = 10");
  await assert.rejects(async () => await knn({ k: 100_000 }).fit(data.fit), /RangeError: .* k is 100000/);
});

Deno.test("knn() shares one search with the others of its evaluation", async () => {
  const alongside = [knn({ k: 5 }), knn({ k: 10 })];
  const [five, ten] = await Promise.all(alongside.map(({ fit }) => fit(data.fit, { seed: 1, alongside })));
  assert.notEqual(five, ten);
  assert.equal(await alongside[0].fit(data.fit, { seed: 2, alongside }), five, "one fit for one training set");
});

Deno.test("evaluateRouters() takes recipes in any order and keeps reranking apart", async () => {
  const routers = [rerank({ rewardNoise: 0.5 }), cascade({ judgeError: 0.1 }), linear({ alpha: 10 })];
  const { systems, reranks } = await evaluateRouters(data, routers, { seed: 1, nResamples: 100 });
  assert.deepEqual(systems.map(({ name }) => name), ["Zero", "Cascade, ε = 0.1", "Linear"]);
  assert.deepEqual(reranks.map(({ name }) => name), ["Rerank, σ = 0.5"]);
  const { maxCostUsd } = await evaluateRouters(data, routers.slice(1), { seed: 1, nResamples: 100 });
  assert.equal(maxCostUsd, Math.max(...systems.map(({ ownMaxCostUsd }) => ownMaxCostUsd)));
});

Deno.test("mlp() takes the evaluation's seed unless it has its own, and refuses to have none", async () => {
  const predicted = async (own: number | undefined, seed: number): Promise<Float64Array> =>
    (await (await mlp({ hiddenSizes: [4], seed: own }).fit(data.fit, { seed })).predict(data.test.embeddings)).quality;
  assert.deepEqual(await predicted(undefined, 1), await predicted(1, 2));
  assert.notDeepEqual(await predicted(undefined, 1), await predicted(undefined, 2));
  assert.throws(() => mlp({ hiddenSizes: [4] }).fit(data.fit), /TypeError: .* need a seed: there is none/);
});

Deno.test("evaluate() is an encoder, a split and evaluateRouters()", async () => {
  const options = { seed: 3, nResamples: 100 };
  const inOne = await evaluate(outcomes, [linear()], { ...options, encoder: "lexical" });
  assert.deepEqual(inOne, await evaluateRouters(data, [linear()], options));
  await assert.rejects(
    evaluate({ ...outcomes, prompts: null }, [], { ...options, encoder: "lexical" }),
    /TypeError: Cannot read prompts as the table must have their texts: .* has none/,
  );
});
