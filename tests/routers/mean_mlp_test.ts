import assert from "node:assert/strict";
import { seededRandom } from "../../lib/base/random.ts";
import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { splitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { mlp } from "../../lib/evaluation/recipes.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { fitMlpRouter, MEANED_MLP } from "../../lib/routers/mlp.ts";

const outcomes = simulateOutcomes({ nPromptsPerEval: 30, seed: 3 });
const embeddings = await (await openEncoder("lexical")).encode(outcomes);
const train = { outcomes, embeddings };
const SMALL = { hiddenSizes: [8], validationShare: 0.1 } as const;

Deno.test("fitMlpRouter(): a mean of networks predicts the mean of what each predicts, each with a seed of its own", async () => {
  const meaned = await fitMlpRouter(train, { ...SMALL, meanOf: 3, seed: 7 });
  const random = seededRandom(7, "networks");
  const singles: Float64Array[] = [];
  for (let net = 0; net < 3; net++) {
    const router = await fitMlpRouter(train, { ...SMALL, seed: random.integer(2 ** 31) });
    singles.push((await router.predict(embeddings)).quality);
  }
  const { quality } = await meaned.predict(embeddings);
  quality.forEach((value, at) => {
    assert.ok(Math.abs(value - singles.reduce((sum, single) => sum + single[at] / 3, 0)) < 1e-12);
  });
  assert.notDeepEqual(singles[0], singles[1]);
  assert.equal(meaned.name, "MLP, mean of 3");
  assert.equal(meaned.notes[0], "Mean of 3 networks of 8 units, stopped early");
});

Deno.test("fitMlpRouter(): a mean needs a whole number of networks that share their outputs", async () => {
  for (const wrong of [{ meanOf: 0 }, { meanOf: 1.5 }, { meanOf: 2, networks: "per-model" } as const]) {
    await assert.rejects(
      fitMlpRouter(train, { ...SMALL, seed: 1, ...wrong }),
      /^RangeError: .* meanOf must be a whole/,
    );
  }
});

Deno.test("the mean of ten networks keeps its third digit where vectors differ in their last bits, as on another processor", async () => {
  const aiqOf = async (scaleOf: () => number): Promise<number> => {
    const vectors = { ...embeddings, values: embeddings.values.map((value) => value * scaleOf()) };
    const data = splitForEvaluation(outcomes, vectors, { seed: 1 });
    return (await evaluateRouters(data, [mlp(MEANED_MLP)], { seed: 1, nResamples: 100 })).systems[1].aiqFormula;
  };
  const random = seededRandom(1, "last bits");
  const moved = Math.abs(await aiqOf(() => 1) - await aiqOf(() => 1 + 1e-7 * random.normal()));
  assert.ok(moved < 0.001, `${moved}`);
});
