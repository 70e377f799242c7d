import assert from "node:assert/strict";
import { selectEmbeddings } from "../../lib/embeddings/embeddings.ts";
import { evaluateGroups } from "../../lib/experiments/group_evaluation.ts";
import { type EvaluatedRouter, evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { splitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { evaluationPanel } from "../../lib/figures/evaluation_panel.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { type CustomRouter, customRouter, type PromptFunction } from "../../lib/routers/custom.ts";
import { sweepWillingnessToPay } from "../../lib/evaluation/policy.ts";

const OUTCOMES = simulateOutcomes({ nPromptsPerEval: 60, seed: 2 }), { models } = OUTCOMES, m = models.length;
const random = seededRandom(5, "vectors");
const VECTORS = {
  nPrompts: OUTCOMES.promptIds.length,
  nDims: 3,
  values: Float32Array.from({ length: OUTCOMES.promptIds.length * 3 }, () => random.normal()),
  encoder: "made",
};
const DATA = splitForEvaluation(OUTCOMES, VECTORS, { seed: 1 }), SEEDED = { seed: 1, nResamples: 100 };
const CHEAPEST = models.indexOf("mistralai/mistral-7b-chat");
const MEDIAN_LENGTH =
  OUTCOMES.prompts!.map((text) => text.length).sort((a, b) => a - b)[OUTCOMES.promptIds.length >> 1];
const qualityByLength = (length: number): number[] =>
  models.map((_, j) => 0.5 + (j - 5) * (length - MEDIAN_LENGTH) / 5000);

Deno.test("a function of the text, an object and a recipe of one rule are one system in every table and figure", async () => {
  const byLength: PromptFunction = (prompt) => qualityByLength(prompt.length);
  const object: CustomRouter = {
    name: "object",
    predict: (_, prompts) => prompts!.map((text) => qualityByLength(text.length)),
  };
  const recipe: EvaluatedRouter = {
    fit: (train) => customRouter("recipe", train, (_, prompt) => qualityByLength(prompt!.length)),
  };
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
  const dear = models.indexOf("gpt-4-1106-preview"), { test } = DATA;
  const wantsBest = (prompt: string): string => prompt.length > MEDIAN_LENGTH ? models[dear] : models[4];
  const router = customRouter("named", DATA.fit, (_, prompt) => wantsBest(prompt!));
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
  await refused(7, /a function of the prompt, an object { name, predict } or a recipe { fit }: router 1 is 7$/);
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
    /"mine" as a function of the prompt needs the prompts' texts: there are none; pass { name, predict/,
    data,
  );
});

Deno.test("evaluateRouters() refuses a wrong number of predictions", async () => {
  await refused(
    own(() => [[1]]),
    /"mine" as it must return one prediction a prompt: it returned 1 for \d+ prompts; return an array of rows/,
  );
  await refused(own(() => undefined), /it returned undefined for \d+ prompts/);
});

Deno.test("evaluateRouters() refuses rows that are not one finite number a model", async () => {
  const rule = /"mine" as its function must return one finite quality a model, or a model's name: it returned /;
  const mine = (prediction: unknown): unknown => ({ mine: () => prediction }).mine;
  await refused(mine([1, 2]), new RegExp(`${rule.source}2 numbers \\[1,2…\\] for 11 models`));
  await refused(mine(models.map((_, j) => j / 0)), new RegExp(`${rule.source}11 numbers \\[NaN,Infinity,Infinity…\\]`));
  await refused(mine(0.5), new RegExp(`${rule.source}0\\.5 for 11 models; return an array of 11 numbers`));
  await refused(mine(undefined), new RegExp(`${rule.source}undefined for 11 models`));
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

Deno.test("customRouter() still takes a function of the vector alone", async () => {
  const router = customRouter("first", DATA.fit, (vector) => models.map((_, j) => j === 0 ? vector[0] : 0));
  const rows = [2, 0], vectors = selectEmbeddings(DATA.test.embeddings, rows);
  const { quality, costUsd } = await router.predict(vectors);
  assert.deepEqual([quality[0], quality[m]], [vectors.values[0], vectors.values[3]]);
  assert.equal(costUsd.length, m);
});
