import assert from "node:assert/strict";
import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { splitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { knnRecipes } from "../../lib/evaluation/knn_recipes.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { fitKnnRouter } from "../../lib/routers/knn.ts";

const outcomes = simulateOutcomes({ nPromptsPerEval: 30, seed: 3 });
const embeddings = await (await openEncoder("lexical")).encode(outcomes.prompts!);
const data = splitForEvaluation(outcomes, embeddings, { seed: 3 });

Deno.test("knnRecipes() evaluate to what recipes of one k evaluate to", async () => {
  const ks = [10, 1, 40], options = { seed: 3, nResamples: 100 };
  const shared = await evaluateRouters(data, knnRecipes(ks), options);
  const single = await evaluateRouters(
    data,
    ks.map((k) => ({ family: "knn", fit: (train) => fitKnnRouter(train, { k }) })),
    options,
  );
  assert.deepEqual(shared, single);
});

Deno.test("knnRecipes() fit anew on another training set, and refuse a k beyond it", async () => {
  const [five, ten] = knnRecipes([5, 10]);
  const [onFit, onTrain] = [await five.fit(data.fit), await five.fit(data.train)];
  assert.notDeepEqual(
    (await onFit.predict(data.test.embeddings)).quality,
    (await onTrain.predict(data.test.embeddings)).quality,
  );
  assert.equal((await ten.fit(data.fit)).name, "KNN, k = 10");
  await assert.rejects(async () => await knnRecipes([100_000])[0].fit(data.fit), /RangeError: .* k is 100000/);
});
