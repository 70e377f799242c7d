import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openEncoder } from "../../lib/embeddings/open_encoder.ts";
import { findWeights } from "../../lib/embeddings/weights.ts";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { paperSplitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { knn } from "../../lib/evaluation/recipes.ts";
import { routerSystem } from "../../lib/evaluation/systems.ts";
import { loadOutcomes } from "../../lib/files/load_outcomes.ts";
import { selectEvals } from "../../lib/outcomes/outcome_table.ts";
import { PAPER_MODEL_ORDER } from "../../lib/outcomes/paper_table.ts";
import { fitKnnRouters } from "../../lib/routers/knn.ts";
import reference from "../reference/reference_code_knn.json" with { type: "json" };
import { readPandasFrame } from "../files/pickle/_pandas_frame.ts";
import { realRows, tableOf, testOnRealRows } from "../_tables.ts";

const WEIGHTS_FOLDER = fileURLToPath(new URL("../../data/raw/weights", import.meta.url));
const WEIGHTS = (await findWeights("all-MiniLM-L6-v2", { weightsFolder: WEIGHTS_FOLDER, fetchWeights: false })).folder;

testOnRealRows("PAPER_MODEL_ORDER is that of the released columns of answers", async (path) => {
  const answers = [...readPandasFrame(await Deno.readFile(path)).columns.keys()].flatMap((column) =>
    column.endsWith("|model_response") ? [column.replace("|model_response", "")] : []
  );
  assert.deepEqual(answers, PAPER_MODEL_ORDER);
});

Deno.test("routerSystem() by the paper's protocol breaks ties by PAPER_MODEL_ORDER, and at the reference code's prices", () => {
  // In the order of the columns WizardLM comes before Mixtral, in the paper's after it.
  const models = ["WizardLM/WizardLM-13B-V1.2", "mistralai/mixtral-8x7b-chat", "gpt-4-1106-preview"];
  const outcomes = { ...tableOf({ quality: [[0.25, 0.75, 1]], costUsd: [[1, 2, 3]] }), models };
  const router = { name: "made", notes: [], predict: () => Promise.reject(new Error("not called")) };
  const pointsOf = (quality: readonly number[]): readonly number[] => {
    const predictions = { nPrompts: 1, models, quality: Float64Array.from(quality), costUsd: Float64Array.of(1, 2, 3) };
    return routerSystem(router, models, { settings: "reference-code", family: "other" })
      .points({ outcomes, predictions: new Map([["made", predictions]]) }).map(({ quality }) => quality);
  };
  // At λ = 1e9 double precision does not tell 6.0e-8 USD from 1.2e-7 any more: a tie. At 1e6 it does, and the cheaper wins.
  const tied = pointsOf([1, 1, 0.5]);
  assert.deepEqual([tied.at(-2), tied.at(-1)], [0.25, 0.75]);
  // By the reference code GPT-4 costs 4.0e-6 a token and WizardLM 6e-8: a gain of .75 pays at λ = 1e-5. At list prices it does not.
  const gpt4 = pointsOf([0.25, 0, 1]);
  assert.deepEqual([gpt4[4], gpt4[5]], [0.25, 1]);
});

Deno.test({
  name: "evaluateRouters() by the paper's protocol has the reference code's KNN, point by point",
  ignore: realRows() === null || WEIGHTS === null,
  fn: async () => {
    const outcomes = selectEvals(await loadOutcomes(realRows()!), [reference.evalName]);
    const encoder = await openEncoder("all-MiniLM-L6-v2", { cacheFolder: null, fetchWeights: false, maxTokens: 128 });
    const data = paperSplitForEvaluation(outcomes, await encoder.encode(outcomes.prompts!));
    const ks = [5, 10, 40] as const;
    const options = { protocol: "paper", seed: 1, nResamples: 100 } as const;
    const { systems } = await evaluateRouters(data, ks.map((k) => knn({ k })), options);
    assert.equal(data.test.outcomes.promptIds.length, reference.nTest);
    const routers = await fitKnnRouters(data.train, { ks });
    for (const [at, k] of ks.entries()) {
      assert.ok(Math.abs(systems[at + 1].aiqReferenceCode - reference.aiq[`${k}`]) < 1e-9, `k = ${k}`);
      const predictions = new Map([[routers[at].name, await routers[at].predict(data.test.embeddings)]]);
      const points = routerSystem(routers[at], outcomes.models, { settings: "reference-code", family: "knn" })
        .points({ outcomes: data.test.outcomes, predictions });
      const expected = reference.points[`${k}`];
      assert.equal(points.length, expected.length);
      points.forEach(({ costUsd, quality }, i) => {
        assert.ok(Math.abs(costUsd - expected[i].costUsd) < 1e-12, `k = ${k}, cost ${i}`);
        assert.ok(Math.abs(quality - expected[i].quality) < 1e-12, `k = ${k}, quality ${i}`);
      });
    }
  },
});
