import assert from "node:assert/strict";
import { type Embeddings, selectEmbeddings } from "../../lib/embeddings/embeddings.ts";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { cascade } from "../../lib/evaluation/recipes.ts";
import { splitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { negativeControl } from "../../lib/experiments/negative_control.ts";
import { BEST_ROUTER, selectionOptimism } from "../../lib/experiments/selection_optimism.ts";
import { evalNamesOf, selectPrompts } from "../../lib/outcomes/outcome_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { splitOutcomes } from "../../lib/outcomes/split_outcomes.ts";
import { seededRandom } from "../../lib/base/random.ts";
import type { CustomRouter, PromptPrediction } from "../../lib/routers/checked_router.ts";
import { fitLinearRouter } from "../../lib/routers/linear.ts";
import type { EmbeddedOutcomes } from "../../lib/routers/router.ts";

const OUTCOMES = simulateOutcomes({ nPromptsPerEval: 150, seed: 3 });
const m = OUTCOMES.models.length;
const NAMES = evalNamesOf(OUTCOMES);
const COLUMNS = [1, 2, 5, 10];

/** Vectors that show what the text shows, the evaluation's number, and the row. */
function tellingVectors(): Embeddings {
  const n = OUTCOMES.promptIds.length;
  const nDims = COLUMNS.length + 2;
  const values = new Float32Array(n * nDims);
  for (let i = 0; i < n; i++) {
    values.set(
      [...COLUMNS.map((j) => OUTCOMES.textQuality[i * m + j]), NAMES.indexOf(OUTCOMES.evalNames[i]), i],
      i * nDims,
    );
  }
  return { nPrompts: n, nDims, values, encoder: "made" };
}

const DATA = splitForEvaluation(OUTCOMES, tellingVectors(), { seed: 1 });
const named = (quality: ArrayLike<number>): PromptPrediction =>
  Object.fromEntries(OUTCOMES.models.map((model, j) => [model, quality[j]]));
/** Predicts what the vectors tell, and .4 of all other models. */
const knowing: CustomRouter = {
  name: "knowing",
  predict: ({ nPrompts, nDims, values }) =>
    Array.from({ length: nPrompts }, (_, i) => {
      const quality = new Float64Array(m).fill(0.4);
      COLUMNS.forEach((j, at) => quality[j] = values[i * nDims + at]);
      return named(quality);
    }),
};
const column = ({ embeddings: { values, nDims } }: EmbeddedOutcomes, at: number): number[] =>
  [...values].filter((_, cell) => cell % nDims === at);
const noise = (seed: number): CustomRouter => ({
  name: `noise ${seed}`,
  predict: ({ nPrompts, values, nDims }) =>
    Array.from({ length: nPrompts }, (_, i) => {
      const random = seededRandom(seed, String(values[(i + 1) * nDims - 1]));
      return named(Float64Array.from({ length: m }, (_, j) => 0.5 + j / 50 + 0.3 * random.normal()));
    }),
});

Deno.test("negativeControl() moves vectors and texts together and leaves outcomes where they are", () => {
  for (const within of ["part", "evaluation"] as const) {
    const control = negativeControl(DATA, { within, seed: 4 });
    for (const part of ["train", "fit", "validation", "test"] as const) {
      const before = DATA[part];
      const after = control[part];
      const last = before.embeddings.nDims - 1;
      const rows = column(after, last);
      assert.deepEqual(
        rows.toSorted((a, b) => a - b),
        column(before, last).toSorted((a, b) => a - b),
        "the same vectors",
      );
      assert.notDeepEqual(rows, column(before, last), "in another order");
      assert.deepEqual(after.outcomes.prompts, rows.map((row) => OUTCOMES.prompts![row]));
      assert.deepEqual({ ...after.outcomes, prompts: null }, { ...before.outcomes, prompts: null });
      const isSame = column(after, last - 1).every((name, i) => NAMES[name] === before.outcomes.evalNames[i]);
      assert.equal(isSame, within === "evaluation");
    }
  }
  assert.deepEqual(negativeControl(DATA, { seed: 4 }), negativeControl(DATA, { within: "part", seed: 4 }));
  assert.throws(
    () => negativeControl(DATA, { within: "task" as "part", seed: 4 }),
    /TypeError: .* must be "part" or "evaluation": it is "task"/,
  );
});

Deno.test("negativeControl() takes a router's gain away, and within evaluations leaves what the evaluation tells", async () => {
  const learns = { fit: (train: EmbeddedOutcomes) => fitLinearRouter(train, { alpha: 1 }) };
  const gain = async (data: typeof DATA): Promise<number> => {
    const { systems } = await evaluateRouters(data, [knowing, learns], { seed: 1, nResamples: 100 });
    return systems[1].againstZero!.difference;
  };
  const real = await gain(DATA);
  const within = await gain(negativeControl(DATA, { within: "evaluation", seed: 1 }));
  const none = await gain(negativeControl(DATA, { seed: 1 }));
  assert.ok(real > 0.02 && none < 0.005 && within > none && within < real, `${real} ${within} ${none}`);
});

Deno.test("selectionOptimism() is evaluateRouters on both halves, twice", async () => {
  const seed = 11;
  const routers = [noise(1), knowing, noise(2)];
  const rows = await selectionOptimism(DATA, [...routers, cascade({ judgeError: 0.2 })], { nCuts: 1, seed });
  const cut = splitOutcomes(DATA.test.outcomes, { trainShare: 0.5, seed: seededRandom(seed, "cuts").integer(2 ** 31) });
  const half = (at: readonly number[]): EmbeddedOutcomes => ({
    outcomes: selectPrompts(DATA.test.outcomes, at),
    embeddings: selectEmbeddings(DATA.test.embeddings, at),
  });
  const halves = [half(cut.trainRows), half(cut.testRows)];
  const gains = async (validation: EmbeddedOutcomes, test: EmbeddedOutcomes): Promise<number[]> =>
    (await evaluateRouters({ ...DATA, validation, test }, [...routers, cascade({ judgeError: 0.2 })], {
      seed: 1,
      nResamples: 100,
    }))
      .systems.slice(1)
      .map(({ againstZero }) => againstZero!.difference);
  const [aa, bb] = [await gains(halves[0], halves[0]), await gains(halves[1], halves[1])];
  const [ab, ba] = [await gains(halves[0], halves[1]), await gains(halves[1], halves[0])];
  const best = (gains: number[]): number => gains.indexOf(Math.max(...gains));
  const expected = [...aa.keys()].map((s) => ({ apparent: (aa[s] + bb[s]) / 2, honest: (ab[s] + ba[s]) / 2 }));
  expected.push({ apparent: (Math.max(...aa) + Math.max(...bb)) / 2, honest: (ba[best(bb)] + ab[best(aa)]) / 2 });
  assert.deepEqual(rows.map(({ name }) => name), ["noise 1", "knowing", "noise 2", "Cascade, ε = 0.2", BEST_ROUTER]);
  rows.forEach(({ apparent, honest, optimism }, s) => {
    assert.ok(Math.abs(apparent.mean - expected[s].apparent) < 1e-12);
    assert.ok(Math.abs(honest.mean - expected[s].honest) < 1e-12);
    assert.ok(Math.abs(optimism.mean - apparent.mean + honest.mean) < 1e-12);
    assert.ok(apparent.interval[0] <= apparent.mean && apparent.mean <= apparent.interval[1]);
  });
});

Deno.test("selectionOptimism() finds that the best of several routers of noise owes its lead to the choice", async () => {
  const routers = Array.from({ length: 8 }, (_, at) => noise(at));
  const rows = await selectionOptimism(DATA, routers, { nCuts: 8, seed: 1 });
  const best = rows.at(-1)!;
  const single = rows.slice(0, -1).reduce((sum, { optimism }) => sum + optimism.mean, 0) / routers.length;
  assert.ok(best.optimism.mean > 0.005 && best.optimism.mean > 2 * single, `${best.optimism.mean} ${single}`);
  // A router that says the same of every prompt can only be set to models, as Zero is.
  const [constant] = await selectionOptimism(DATA, [
    {
      name: "constant",
      predict: ({ nPrompts }) => Array.from({ length: nPrompts }, () => named(OUTCOMES.models.map((_, j) => j / 10))),
    },
  ], { nCuts: 2, seed: 1 });
  assert.ok(constant.apparent.mean <= 0);
});

Deno.test("selectionOptimism() refuses a number of cuts that is none", async () => {
  await assert.rejects(
    selectionOptimism(DATA, [knowing], { nCuts: 0, seed: 1 }),
    /RangeError: .* whole number above 0: it is 0; pass 20/,
  );
});
