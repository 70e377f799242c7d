import assert from "node:assert/strict";
import type { Embeddings } from "../../lib/embeddings/embeddings.ts";
import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { chosenLinear, group } from "../../lib/evaluation/chosen_recipes.ts";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { splitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { measureChoices, shareOfModels } from "../../lib/evaluation/policy.ts";
import { knn } from "../../lib/evaluation/recipes.ts";
import { recommend } from "../../lib/evaluation/recommend.ts";
import { loadRouter } from "../../lib/evaluation/router_file.ts";
import { saveRouter } from "../../lib/evaluation/save_router.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";

const outcomes = simulateOutcomes({ nPromptsPerEval: 120, seed: 1 });
const embeddings = await (await openEncoder("lexical")).encode(outcomes);
const data = splitForEvaluation(outcomes, embeddings, { seed: 1 });
const mine = { name: "Mine", predict: ({ nPrompts }: Embeddings) => Array<string>(nPrompts).fill(outcomes.models[0]) };
const evaluation = await evaluateRouters(data, [knn({ k: 40 }), chosenLinear(), group()], { seed: 1, nResamples: 100 });
const encoder = { opensAs: "lexical", maxTokens: null, leftOut: [] };
const options = { outcomes, encoder };

Deno.test("a saved router makes on every test prompt the choices that were measured, in each setting of each system", async () => {
  const recommendation = recommend(evaluation, { keep: 0.8, nResamples: 200 });
  for (const system of evaluation.systems) {
    const text = saveRouter(evaluation, { ...recommendation, system: system.name, place: 0 }, options);
    const loaded = loadRouter(text);
    assert.equal(loaded.settings.length, system.settings.length);
    const predictions = await loaded.predict(data.test.embeddings, data.test.outcomes.prompts);
    loaded.settings.forEach(({ willingnessToPay, costUsd, quality, modelShares }, s) => {
      const choices = loaded.choose(predictions, willingnessToPay);
      const measured = measureChoices(data.test.outcomes, choices);
      assert.ok(Math.abs(measured.costUsd - costUsd) < 1e-12 && Math.abs(measured.quality - quality) < 1e-12);
      assert.deepEqual(shareOfModels(choices, outcomes.models.length), system.settings[s].modelShares);
      assert.deepEqual(modelShares, [...system.settings[s].modelShares!]);
    });
    assert.equal(loaded.encoder === null, system.name === "Zero");
  }
});

Deno.test("saveRouter() names the promises that settings keep, the one that was asked for at the recommended place", () => {
  const recommendation = recommend(evaluation, { keep: 0.75 });
  const loaded = loadRouter(saveRouter(evaluation, recommendation, options));
  assert.ok(loaded.recommended.promises.includes("75"));
  assert.equal(loaded.recommended, loaded.settings[recommendation.place!]);
  assert.equal(loaded.reason, recommendation.reason);
  const named = loaded.settings.flatMap(({ promises, costUsd }) => promises.map((promise) => ({ promise, costUsd })));
  const ascending = named.toSorted((a, b) => Number(a.promise) - Number(b.promise)).map(({ costUsd }) => costUsd);
  assert.deepEqual(ascending, ascending.toSorted((a, b) => a - b));
  assert.equal(loaded.provenance.outcomesSha256, outcomes.source.sha256);
  assert.deepEqual(loaded.provenance.nPrompts, evaluation.nPrompts);
});

Deno.test("saveRouter() saves a single model as a router that always chooses it", async () => {
  const recommendation = recommend(evaluation, { keep: 1, confidence: 0.999 });
  assert.equal(recommendation.place, null);
  const loaded = loadRouter(saveRouter(evaluation, recommendation, options));
  const { promises, willingnessToPay } = loaded.recommended;
  const choices = loaded.choose(await loaded.predict(data.test.embeddings), willingnessToPay);
  const best = outcomes.models.indexOf(recommendation.bestModel.model);
  assert.deepEqual([[...new Set(choices)], promises, loaded.encoder], [[best], ["100"], null]);
});

Deno.test("saveRouter() refuses a router that is code", async () => {
  const withMine = await evaluateRouters(data, [mine], { seed: 1, nResamples: 100 });
  const recommendation = { ...recommend(withMine, { keep: 0.5, nResamples: 200 }), system: "Mine", place: 0 };
  assert.throws(
    () => saveRouter(withMine, recommendation, options),
    /Cannot save the router "Mine" as a router file holds no code/,
  );
});

Deno.test("loadRouter() gives texts as the encoder read them in training", () => {
  const recommendation = { ...recommend(evaluation, { keep: 0.5 }), system: "Group", place: 0 };
  const cut = { ...encoder, leftOut: ["Q: one. ", "Q: one. Q: two. "] };
  const loaded = loadRouter(saveRouter(evaluation, recommendation, { outcomes, encoder: cut }));
  assert.deepEqual(loaded.textsToRead(["Q: one. Q: two. Three?", "Q: one. Two?", "Q: one. ", "Three?"]), [
    "Three?",
    "Two?",
    "Q: one. ",
    "Three?",
  ]);
});
