import assert from "node:assert/strict";
import { selectEmbeddings } from "../../lib/embeddings/embeddings.ts";
import { lexicalEncoder } from "../../lib/embeddings/lexical_encoder.ts";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { paperSplitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { knn } from "../../lib/evaluation/recipes.ts";
import { routerSystem } from "../../lib/evaluation/systems.ts";
import { loadOutcomes } from "../../lib/files/load_outcomes.ts";
import { rowsOfEvals, selectPrompts } from "../../lib/outcomes/outcome_table.ts";
import { PAPER_MODEL_ORDER } from "../../lib/outcomes/paper_table.ts";
import { textsToRead } from "../../lib/outcomes/texts_to_read.ts";
import { customRouter } from "../../lib/routers/custom.ts";
import { fitKnnRouters } from "../../lib/routers/knn.ts";
import reference from "../reference/reference_code_knn.json" with { type: "json" };
import { readPandasFrame } from "../files/pickle/_pandas_frame.ts";
import { tableOf, testOnRealRows } from "../_tables.ts";

const OPTIONS = { protocol: "paper", seed: 1, nResamples: 100 } as const;

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

const KS = [5, 10, 40] as const;

testOnRealRows(
  "the paper's protocol has the reference code's KNN on every evaluation, point by point",
  async (path) => {
    const all = await loadOutcomes(path);
    const vectors = await lexicalEncoder().encode(textsToRead(all).texts);
    for (const [evalName, cells] of Object.entries(reference.hashedWords)) {
      const rows = rowsOfEvals(all, [evalName]);
      const outcomes = selectPrompts(all, rows);
      const data = paperSplitForEvaluation(outcomes, selectEmbeddings(vectors, rows));
      assert.equal(data.test.outcomes.promptIds.length, reference.nTest[evalName as keyof typeof reference.nTest]);
      const { systems } = await evaluateRouters(data, KS.map((k) => knn({ k })), OPTIONS);
      const routers = await fitKnnRouters(data.train, { ks: KS });
      for (const [at, k] of KS.entries()) {
        const { aiq, points: expected } = cells[`${k}`];
        assert.ok(Math.abs(systems[at + 1].aiqReferenceCode - aiq) < 1e-9, `${evalName}, k = ${k}`);
        const predictions = new Map([[routers[at].name, await routers[at].predict(data.test.embeddings)]]);
        const points = routerSystem(routers[at], outcomes.models, { settings: "reference-code", family: "knn" })
          .points({ outcomes: data.test.outcomes, predictions });
        assert.equal(points.length, expected.length);
        points.forEach(({ costUsd, quality }, i) => {
          const [expectedCost, expectedQuality] = expected[i];
          assert.ok(Math.abs(costUsd - expectedCost) < 1e-12, `${evalName}, k = ${k}, cost ${i}`);
          assert.ok(Math.abs(quality - expectedQuality) < 1e-12, `${evalName}, k = ${k}, quality ${i}`);
        });
      }
    }
  },
);

testOnRealRows(
  "with MiniLM's five nearest the paper's protocol has the reference code's AIQ: .8211, .6570 and .6204",
  async (path) => {
    const all = await loadOutcomes(path);
    const found: string[] = [];
    for (const [evalName, { aiq, testRows, neighbours }] of Object.entries(reference.miniLm)) {
      const outcomes = selectPrompts(all, rowsOfEvals(all, [evalName]));
      const m = outcomes.models.length;
      // A vector is the number of its row, by which the router looks up the neighbours that scikit-learn found.
      const rows = { nPrompts: outcomes.promptIds.length, nDims: 1, encoder: "row numbers" };
      const data = paperSplitForEvaluation(outcomes, { ...rows, values: Float32Array.from(outcomes.promptIds.keys()) });
      const router = customRouter("Neighbours", ({ vector }) => {
        const nearest = neighbours[testRows.indexOf(vector[0])];
        const qualityOf = (row: number, j: number): number => outcomes.quality[row * m + j];
        const meanOf = (j: number): number => nearest.reduce((sum, row) => sum + qualityOf(row, j), 0) / nearest.length;
        return Object.fromEntries(outcomes.models.map((model, j) => [model, meanOf(j)]));
      });
      const { systems } = await evaluateRouters(data, [router], OPTIONS);
      assert.ok(Math.abs(systems[1].aiqReferenceCode - aiq) < 1e-9, evalName);
      found.push(systems[1].aiqReferenceCode.toFixed(4));
    }
    assert.deepEqual(found, ["0.8211", "0.6570", "0.6204"]);
  },
);
