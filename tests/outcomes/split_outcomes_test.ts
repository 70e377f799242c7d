import assert from "node:assert/strict";
import { evalNamesOf, type OutcomeTable, selectEvals, selectPrompts } from "../../lib/outcomes/outcome_table.ts";
import { loadOutcomes } from "../../lib/files/load_outcomes.ts";
import { PAPER_MODEL_ROWS, PAPER_ORACLE_ROW } from "../../lib/outcomes/paper_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { numpyShuffle, paperSplit, splitOutcomes } from "../../lib/outcomes/split_outcomes.ts";
import { constantRouters } from "../../lib/routers/constant.ts";
import { oracle } from "../../lib/routers/oracle.ts";
import { tableOf, testOnRealRows } from "../_tables.ts";

Deno.test("numpyShuffle() gives numpy's order for seed 42", () => {
  // np.random.seed(42); a = np.arange(10); np.random.shuffle(a)
  assert.deepEqual(numpyShuffle([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 42), [8, 1, 5, 0, 7, 2, 9, 4, 3, 6]);
});

Deno.test("splitOutcomes() keeps equal texts together and every evaluation's share", () => {
  const n = 200;
  const cells = Array.from({ length: n }, () => [0]);
  const table = tableOf({
    quality: cells,
    costUsd: cells,
    prompts: Array.from({ length: n }, (_, i) => `text ${i % 150}`),
    evalNames: Array.from({ length: n }, (_, i) => i % 150 < 50 ? "a" : "b"),
  });
  const { train, test, trainRows, testRows, nCrossing } = splitOutcomes(table, { trainShare: 0.7, seed: 3 });
  assert.equal(nCrossing, 0);
  const trainTexts = new Set(train.prompts);
  assert.ok(test.prompts!.every((text) => !trainTexts.has(text)));
  assert.deepEqual([...trainRows, ...testRows].sort((a, b) => a - b), Array.from({ length: n }, (_, i) => i));
  assert.deepEqual(["a", "b"].map((name) => train.evalNames.filter((other) => other === name).length), [70, 70]);
});

Deno.test("splitOutcomes() takes a text that stands 150,000 times", () => {
  const prompts = Array.from({ length: 200_000 }, (_, i) => i < 150_000 ? "hello" : `text ${i}`);
  const cells = prompts.map(() => [0]);
  const { train, test } = splitOutcomes(tableOf({ quality: cells, costUsd: cells, prompts }), {
    trainShare: 0.7,
    seed: 1,
  });
  assert.equal(train.promptIds.length + test.promptIds.length, prompts.length);
});

Deno.test("splitOutcomes() depends on the seed alone", () => {
  const table = simulateOutcomes({ nPromptsPerEval: 20, seed: 1 });
  const rows = (seed: number): readonly number[] => splitOutcomes(table, { trainShare: 0.5, seed }).trainRows;
  assert.deepEqual(rows(1), rows(1));
  assert.notDeepEqual(rows(1), rows(2));
  assert.equal(evalNamesOf(table).length, 7);
});

Deno.test("splitOutcomes() cuts an evaluation alike with and without others", () => {
  const table = simulateOutcomes({ nPromptsPerEval: 60, seed: 4 });
  const alone = splitOutcomes(selectEvals(table, ["mbpp"]), { trainShare: 0.7, seed: 1 });
  assert.deepEqual(
    selectEvals(splitOutcomes(table, { trainShare: 0.7, seed: 1 }).train, ["mbpp"]).promptIds,
    alone.train.promptIds,
  );
});

Deno.test("splitOutcomes() refuses shares that leave a side empty", () => {
  const table = tableOf({ quality: [[1], [0]], costUsd: [[1], [1]] });
  assert.throws(
    () => splitOutcomes(table, { trainShare: 1, seed: 1 }),
    /RangeError: .* the training share must be between 0 and 1: it is 1/,
  );
  assert.throws(
    () => splitOutcomes(table, { trainShare: 0.2, seed: 1 }),
    /RangeError: .* both sides need prompts: 0 for training/,
  );
});

Deno.test("paperSplit() by id takes the last ids in the order of their texts, whatever the order of rows", () => {
  const table = tableOf({
    quality: Array.from({ length: 12 }, () => [1]),
    costUsd: Array.from({ length: 12 }, () => [1]),
  });
  const ids = (rows: OutcomeTable): string[] => [...paperSplit(rows, { order: "by id" }).test.promptIds].sort();
  const last = [...table.promptIds].sort().slice(Math.floor(0.7 * 12));
  assert.deepEqual(ids(table), last);
  assert.deepEqual(ids(selectPrompts(table, [...table.promptIds.keys()].reverse())), last);
});

testOnRealRows(
  "paperSplit() by id gives Table 1's means and total costs of all models on MBPP's and Winogrande's real rows",
  async (path) => {
    const outcomes = await loadOutcomes(path);
    for (const evalName of ["mbpp", "winogrande"]) {
      const { test } = paperSplit(selectEvals(outcomes, [evalName]), { order: "by id" });
      const models = constantRouters(test);
      for (const { model, quality, totalCostUsd } of PAPER_MODEL_ROWS) {
        const own = models.find((each) => each.model === model)!;
        const what = `${model} on ${evalName}`;
        // One value, Mixtral's .57364 on MBPP, is printed as .573.
        assert.ok(Math.abs(own.quality - quality[evalName]) < 7e-4, what);
        assert.ok(Math.abs(own.costUsd * test.promptIds.length - totalCostUsd[evalName]) < 5.1e-4, what);
      }
      assert.equal(oracle(test).quality.toFixed(3), PAPER_ORACLE_ROW.quality[evalName].toFixed(3));
    }
  },
);

testOnRealRows(
  "paperSplit() shuffled comes near GPT-4's published values on Winogrande's real test rows",
  async (path) => {
    const { test } = paperSplit(selectEvals(await loadOutcomes(path), ["winogrande"]));
    const gpt4 = constantRouters(test).find(({ model }) => model === "gpt-4-1106-preview")!;
    assert.equal(gpt4.quality.toFixed(3), "0.856");
    assert.equal((gpt4.costUsd * test.promptIds.length).toFixed(3), "1.345");
  },
);
