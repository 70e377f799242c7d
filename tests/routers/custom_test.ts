import assert from "node:assert/strict";
import { selectEmbeddings } from "../../lib/embeddings/embeddings.ts";
import { evaluateGroups } from "../../lib/experiments/group_evaluation.ts";
import { type EvaluatedRouter, evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { splitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { evaluationPanel } from "../../lib/figures/evaluation_panel.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { seededRandom } from "../../lib/base/random.ts";
import type { CustomRouter, PromptFunction } from "../../lib/routers/checked_router.ts";
import { customRouter, similarity } from "../../lib/routers/custom.ts";
import { sweepWillingnessToPay } from "../../lib/evaluation/policy.ts";

const OUTCOMES = simulateOutcomes({ nPromptsPerEval: 60, seed: 2 });
const { models } = OUTCOMES;
const m = models.length;
const random = seededRandom(5, "vectors");
const VECTORS = {
  nPrompts: OUTCOMES.promptIds.length,
  nDims: 3,
  values: Float32Array.from({ length: OUTCOMES.promptIds.length * 3 }, () => random.normal()),
  encoder: "made",
};
const DATA = splitForEvaluation(OUTCOMES, VECTORS, { seed: 1 });
const SEEDED = { seed: 1, nResamples: 100 };
const CHEAPEST = models.indexOf("mistralai/mistral-7b-chat");
const MEDIAN_LENGTH =
  OUTCOMES.prompts!.map((text) => text.length).sort((a, b) => a - b)[OUTCOMES.promptIds.length >> 1];
const byModel = (qualityOf: (j: number) => number): Record<string, number> =>
  Object.fromEntries(models.map((model, j) => [model, qualityOf(j)]));
const qualityByLength = (length: number): Record<string, number> =>
  byModel((j) => 0.5 + (j - 5) * (length - MEDIAN_LENGTH) / 5000);

Deno.test("a function of the text, an object and a recipe of one rule are one system in every table and figure", async () => {
  const byLength: PromptFunction = (prompt) => qualityByLength(prompt.length);
  const object: CustomRouter = {
    name: "object",
    predict: (_, prompts) => prompts!.map((text) => qualityByLength(text.length)),
  };
  const recipe = customRouter("recipe", ({ prompt }) => qualityByLength(prompt.length));
  const loose: EvaluatedRouter = { family: "linear", fit: () => ({ ...object, name: "loose" }) };
  const later: CustomRouter = {
    name: "later",
    predict: (_, prompts) => Promise.resolve(prompts!.map((text) => qualityByLength(text.length))),
  };
  const routers = [byLength, object, recipe, loose, later];
  const evaluation = await evaluateRouters(DATA, routers, SEEDED);
  const [, first, ...others] = evaluation.systems;
  assert.deepEqual(evaluation.systems.map(({ name }) => name), [
    "Zero",
    "byLength",
    "object",
    "recipe",
    "loose",
    "later",
  ]);
  assert.deepEqual(evaluation.systems.map(({ family }) => family), [
    "zero",
    "other",
    "other",
    "other",
    "linear",
    "other",
  ]);
  assert.ok(first.settings.length > 1, "the rule moves with λ");
  for (const { settings, aiqFormula, againstZero } of others) {
    assert.deepEqual({ settings, aiqFormula, againstZero }, {
      settings: first.settings,
      aiqFormula: first.aiqFormula,
      againstZero: first.againstZero,
    });
  }
  assert.ok(
    evaluationPanel(evaluation, { title: "Own" }).data.some(({ name }) => String(name).startsWith("byLength (")),
  );
  const [group] = await evaluateGroups(DATA, routers, { ...SEEDED, groups: { MMLU: ["mmlu"] }, leastTestPrompts: 5 });
  assert.equal(group.systems.filter(({ name }) => name === "byLength").length, 2);
});

Deno.test("a router that names models goes from the cheapest model to what it says, the less dear choices first", async () => {
  const dear = models.indexOf("gpt-4-1106-preview");
  const { test } = DATA;
  const wantsBest = (prompt: string): string => prompt.length > MEDIAN_LENGTH ? models[dear] : models[4];
  const router = customRouter("named", ({ prompt }) => wantsBest(prompt)).fit(DATA.fit);
  const curve = sweepWillingnessToPay(await router.predict(test.embeddings, test.outcomes.prompts), test.outcomes);
  const meanOf = (modelOf: (text: string) => number): number =>
    test.outcomes.prompts!.reduce((sum, text, i) => sum + test.outcomes.quality[i * m + modelOf(text)], 0) /
    test.outcomes.promptIds.length;
  // Three points: all to the cheapest, then those that want the less dear model, then all as the function says.
  assert.equal(curve.length, 3);
  assert.ok(Math.abs(curve[2].quality - meanOf((text) => models.indexOf(wantsBest(text)))) < 1e-12);
  assert.ok(Math.abs(curve[1].quality - meanOf((text) => wantsBest(text) === models[4] ? 4 : CHEAPEST)) < 1e-12);
});

/** What evaluating a router throws. */
function refused(router: unknown, message: RegExp, data = DATA): Promise<void> {
  return assert.rejects(() => evaluateRouters(data, [router as EvaluatedRouter], SEEDED), (error) => {
    assert.ok(error instanceof TypeError);
    assert.match(error.message, message);
    return true;
  });
}
const own = (predict: unknown): unknown => ({ name: "mine", predict });

Deno.test("evaluateRouters() refuses what is no router", async () => {
  await refused(
    7,
    /a function of the prompt, an object { name, predict } or a recipe such as knn\({ k: 40 }\): router 1 is 7$/,
  );
  await refused({ name: "mine", route: () => 1 }, /router 1 is an object of name, route$/);
  await refused(null, /router 1 is null$/);
});

Deno.test("evaluateRouters() refuses a router without a name", async () => {
  await refused(
    (() => (): number[] => [1])(),
    /it needs a name for tables and figures: it has none; write const mine = /,
  );
  await refused({ predict: () => [] }, /it needs a name/);
});

Deno.test("evaluateRouters() refuses a function of the text where there are no texts", async () => {
  const without = <P extends typeof DATA.fit>(part: P): P => ({
    ...part,
    outcomes: { ...part.outcomes, prompts: null },
  });
  const data = { ...DATA, fit: without(DATA.fit), validation: without(DATA.validation), test: without(DATA.test) };
  const mine: PromptFunction = () => models[0];
  await refused(
    mine,
    /"mine" as a function of the prompt needs the prompts' texts: there are none; pass customRouter/,
    data,
  );
});

Deno.test("evaluateRouters() refuses a wrong number of predictions", async () => {
  await refused(
    own(() => [byModel(() => 1)]),
    /"mine" as it must return one prediction a prompt: it returned 1 for \d+ prompts; return an array of rows/,
  );
  await refused(own(() => undefined), /it returned undefined for \d+ prompts/);
});

Deno.test("evaluateRouters() refuses predictions that are not one finite number by each model's name", async () => {
  const rule = /"mine" as it must return one finite quality by each model's name, or one model's name: it /;
  const mine = (prediction: unknown): unknown => ({ mine: () => prediction }).mine;
  await refused(mine([1, 2]), new RegExp(`${rule.source}returned an array of 2; return { "`));
  await refused(mine(byModel((j) => j / 0)), new RegExp(`${rule.source}gave ".*" NaN; check`));
  await refused(mine({ [models[0]]: 1 }), new RegExp(`${rule.source}gave ".*" undefined; check`));
  await refused(mine({ ...byModel(() => 1), gpt4: 1 }), /"mine" as it must name a model of the table: "gpt4" is none/);
  await refused(mine(0.5), new RegExp(`${rule.source}returned 0\\.5; return`));
  await refused(mine(undefined), new RegExp(`${rule.source}returned undefined; return`));
});

Deno.test("evaluateRouters() refuses a name that is no model's and says which are", async () => {
  const mine: PromptFunction = () => "gpt-4-1106-previev";
  await refused(
    mine,
    /"mine" as it must name a model of the table: "gpt-4-1106-previev" is none; did you mean "gpt-4-1106-preview"\?; there are /,
  );
});

Deno.test("evaluateRouters() refuses whole predictions of other models, shapes and values", async () => {
  const whole = (change: object): unknown =>
    own(({ nPrompts }: { nPrompts: number }) => ({
      nPrompts,
      models,
      quality: new Float64Array(nPrompts * m),
      costUsd: new Float64Array(m).fill(1),
      ...change,
    }));
  await evaluateRouters(DATA, [whole({}) as CustomRouter], SEEDED);
  await refused(
    whole({ models: models.toReversed() }),
    /must predict the table's models in their order: it predicts \d+ prompts and \[gpt-4/,
  );
  await refused(
    whole({ quality: new Float64Array(3) }),
    /quality must be prompts × models and costUsd one a model or one a cell: they are 3 and 11/,
  );
  await refused(whole({ costUsd: undefined }), /costUsd one a model or one a cell: they are \d+ and undefined/);
  await refused(whole({ costUsd: new Float64Array(m).fill(NaN) }), /qualities and costs must be finite: one is not/);
});

Deno.test("customRouter() of the vector alone works on a table without texts; reading the text is refused", async () => {
  const router = customRouter("first", ({ vector }) => byModel((j) => j === 0 ? vector[0] : 0)).fit(DATA.fit);
  const rows = [2, 0];
  const vectors = selectEmbeddings(DATA.test.embeddings, rows);
  const { quality, costUsd } = await router.predict(vectors);
  assert.deepEqual([quality[0], quality[m]], [vectors.values[0], vectors.values[3]]);
  assert.equal(costUsd.length, m);
  const reader = customRouter("reader", ({ prompt }) => prompt).fit(DATA.fit);
  await assert.rejects(reader.predict(vectors), /TypeError: .*"reader".* needs texts: the table has none/);
});

Deno.test("customRouter() gives each prompt all training prompts with what is known of them", async () => {
  const { outcomes, embeddings } = DATA.fit;
  const router = customRouter("nearest", ({ vector, train, models: names }) => {
    assert.equal(train.length, outcomes.promptIds.length);
    assert.deepEqual(names, models);
    return train.toSorted((a, b) => similarity(b.vector, vector) - similarity(a.vector, vector))[0].quality;
  }).fit(DATA.fit);
  const { quality } = await router.predict(selectEmbeddings(embeddings, [3, 8]));
  assert.deepEqual(quality.slice(0, m), outcomes.quality.slice(3 * m, 4 * m), "a training prompt is nearest to itself");
  assert.deepEqual(quality.slice(m), outcomes.quality.slice(8 * m, 9 * m));
  let seen: unknown = null;
  await customRouter("looks", ({ train }) => {
    seen = train[3];
    return models[0];
  }).fit(DATA.fit).predict(selectEmbeddings(embeddings, [0]));
  assert.deepEqual(seen, {
    prompt: outcomes.prompts![3],
    evalName: outcomes.evalNames[3],
    vector: embeddings.values.subarray(9, 12),
    quality: byModel((j) => outcomes.quality[3 * m + j]),
    costUsd: byModel((j) => outcomes.costUsd[3 * m + j]),
  });
});

Deno.test("similarity() is the cosine: 0 for a zero vector, independent of length", () => {
  assert.equal(similarity([0, 0], [1, 2]), 0);
  assert.ok(Math.abs(similarity([1, 2], [2, 4]) - 1) < 1e-15);
  assert.ok(Math.abs(similarity([1, 0], [1, 1]) - Math.SQRT1_2) < 1e-15);
  assert.equal(similarity([1, 0], [-3, 0]), -1);
});
