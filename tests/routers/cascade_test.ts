import assert from "node:assert/strict";
import { loadOutcomes } from "../../lib/files/load_outcomes.ts";
import type { OutcomeTable } from "../../lib/outcomes/outcome_table.ts";
import { PAPER_MODEL_ROWS } from "../../lib/outcomes/paper_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { seededRandom } from "../../lib/base/random.ts";
import {
  acceptanceQuality,
  affordableCalls,
  budgetGrid,
  cascadeCurve,
  cascadeOrder,
  expectCascade,
  PAPER_BUDGETS_USD,
} from "../../lib/routers/cascade.ts";
import { randomTable, tableOf, testOnRealRows } from "../_tables.ts";

/** Expectation by enumeration: every pattern of the judge's decisions with its probability, the published loop run on each. */
function enumerated(
  table: OutcomeTable,
  row: number,
  budget: number,
  rates: { falseAccept: number; falseReject: number; from: number },
): [number, number] {
  const m = table.models.length;
  let cost = 0;
  let quality = 0;
  for (let pattern = 0; pattern < 2 ** m; pattern++) {
    let probability = 1;
    const accepts = Array.from({ length: m }, (_, k) => {
      const accept = (pattern >> k & 1) === 1;
      const chance = table.quality[row * m + k] >= rates.from ? 1 - rates.falseReject : rates.falseAccept;
      probability *= accept ? chance : 1 - chance;
      return accept;
    });
    const [paid, answer] = published(table, row, budget, (k) => accepts[k]);
    cost += probability * paid;
    quality += probability * answer;
  }
  return [cost, quality];
}

/** The published loop on one prompt, models in the table's order. */
function published(
  table: OutcomeTable,
  row: number,
  budget: number,
  accepts: (k: number) => boolean,
): [number, number] {
  const m = table.models.length;
  let left = budget;
  let paid = 0;
  let answer = 0;
  for (let k = 0; k < m; k++) {
    const cost = table.costUsd[row * m + k];
    if (paid > 0 && cost >= left) break;
    paid += cost;
    left -= cost;
    answer = table.quality[row * m + k];
    if (accepts(k)) break;
  }
  return [paid, answer];
}

Deno.test("affordableCalls(): a budget of 2 with costs .1, .5, 1 allows 3 calls", () => {
  assert.equal(affordableCalls([0.1, 0.5, 1], 2), 3);
  assert.equal(affordableCalls([0.1, 0.5, 1], 0.01), 1, "the first call is always made");
  assert.equal(affordableCalls([1, 1], 2), 1, "a call that costs all that is left is not made");
  assert.equal(affordableCalls([0, 5, 1], 2), 2, "while nothing is spent the next call is made");
});

Deno.test("expectCascade() equals the enumeration of the judge's outcomes to 1e-12", () => {
  const table = randomTable(200, 5, 7);
  const order = [0, 1, 2, 3, 4];
  for (const [falseAccept, falseReject] of [[0, 0], [0.01, 0.01], [0.1, 0.3], [0.8, 0.8], [1, 0]]) {
    for (const budget of [0, 0.004, 0.01, 0.03, 1]) {
      const from = 0.75;
      const { costUsd, quality } = expectCascade(table, budget, {
        order,
        falseAccept,
        falseReject,
        acceptFromQuality: from,
      });
      for (let row = 0; row < 200; row++) {
        const [cost, good] = enumerated(table, row, budget, { falseAccept, falseReject, from });
        assert.ok(Math.abs(costUsd[row] - cost) < 1e-12 && Math.abs(quality[row] - good) < 1e-12);
      }
    }
  }
});

Deno.test("expectCascade() with a judge without errors is the published algorithm exactly", () => {
  const table = randomTable(300, 6, 3);
  const order = [0, 1, 2, 3, 4, 5];
  const { costUsd, quality } = expectCascade(table, 0.02, { order, judgeError: 0, acceptFromQuality: 1 });
  for (let row = 0; row < 300; row++) {
    assert.deepEqual([costUsd[row], quality[row]], published(table, row, 0.02, (k) => table.quality[row * 6 + k] >= 1));
  }
});

Deno.test("cascadeCurve() agrees with 200 runs of the published algorithm in every cell", () => {
  const table = simulateOutcomes({ nPromptsPerEval: 60, seed: 2 });
  const n = table.promptIds.length;
  const nRuns = 200;
  const ordered = tableOf({
    quality: Array.from({ length: n }, (_, i) => cascadeOrder(table).map((j) => table.quality[i * 11 + j])),
    costUsd: Array.from({ length: n }, (_, i) => cascadeOrder(table).map((j) => table.costUsd[i * 11 + j])),
  });
  const order = ordered.models.map((_, j) => j);
  const from = acceptanceQuality(table);
  const random = seededRandom(20, "judge");
  for (const judgeError of [0.01, 0.1, 0.4]) {
    for (
      const point of cascadeCurve(ordered, {
        order,
        judgeError,
        acceptFromQuality: from,
        budgetsUsd: [0.001, 0.005, 0.05, 1],
      })
    ) {
      const runs = Array.from({ length: nRuns }, () => {
        let cost = 0;
        let quality = 0;
        for (let row = 0; row < n; row++) {
          const [paid, answer] = published(
            ordered,
            row,
            point.budgetUsd,
            (k) => (ordered.quality[row * 11 + k] >= from) !== (random.uniform() < judgeError),
          );
          cost += paid / n;
          quality += answer / n;
        }
        return [cost, quality];
      });
      [point.costUsd, point.quality].forEach((expected, at) => {
        const mean = runs.reduce((sum, run) => sum + run[at], 0) / nRuns;
        const deviation = Math.sqrt(runs.reduce((sum, run) => sum + (run[at] - mean) ** 2, 0) / (nRuns - 1));
        assert.ok(
          Math.abs(mean - expected) <= 4.5 * deviation / Math.sqrt(nRuns) + 1e-12,
          `ε ${judgeError}, T ${point.budgetUsd}: ${mean} for ${expected}`,
        );
      });
    }
  }
});

Deno.test("cascadeOrder() is the paper's, by list price", () => {
  const names = cascadeOrder(simulateOutcomes({ nPromptsPerEval: 2, seed: 1 })).map((j) =>
    PAPER_MODEL_ROWS[j].paperName
  );
  assert.deepEqual(names.slice(0, 8), [
    "Mistral 7B",
    "WizardLM 13B",
    "Mixtral 8x7B",
    "Code Llama 34B",
    "Yi 34B",
    "Llama 70B",
    "GPT-3.5",
    "Claude Instant V1",
  ]);
  assert.deepEqual(names.slice(8), ["Claude V1", "Claude V2", "GPT-4"]);
  assert.deepEqual(
    cascadeOrder(tableOf({ quality: [[1, 1]], costUsd: [[3, 2]] })),
    [1, 0],
    "without list prices: by mean cost",
  );
});

Deno.test("acceptanceQuality() is numpy's .95 quantile", () => {
  // np.quantile([0, .1, .2, .3, .9, 1], .95) = 0.975
  assert.ok(
    Math.abs(
      acceptanceQuality(tableOf({ quality: [[0.9, 0, 0.1], [1, 0.3, 0.2]], costUsd: [[1, 1, 1], [1, 1, 1]] })) - 0.975,
    ) < 1e-15,
  );
});

Deno.test("budgetGrid() reaches from one call to all calls", () => {
  const table = randomTable(50, 4, 9);
  const order = [0, 1, 2, 3];
  const budgets = budgetGrid(table, order, 30);
  assert.deepEqual(budgets, budgets.toSorted((a, b) => a - b));
  const calls = (budget: number): number[] =>
    table.promptIds.map((_, i) => affordableCalls([...table.costUsd.slice(4 * i, 4 * i + 4)], budget));
  assert.ok(calls(budgets.at(-1)!).every((count) => count === 4));
});

Deno.test("expectCascade() refuses rates, budgets and orders that are none", () => {
  const table = randomTable(3, 2, 1);
  const good = { order: [0, 1], judgeError: 0.1, acceptFromQuality: 1 };
  assert.throws(
    () => expectCascade(table, 1, { ...good, judgeError: 1.2 }),
    /RangeError: .* error rates must be in 0..1: one is 1.2/,
  );
  assert.throws(
    () => expectCascade(table, 1, { order: [0], acceptFromQuality: 1 }),
    /TypeError: .* either judgeError or both/,
  );
  assert.throws(
    () => expectCascade(table, 1, { ...good, falseAccept: 0, falseReject: 0 }),
    /TypeError: .* either judgeError or both/,
  );
  assert.throws(() => expectCascade(table, -1, good), /RangeError: .* budget/);
  assert.throws(
    () => expectCascade(table, 1, { ...good, order: [0, 2] }),
    /RangeError: .* order must name some of the 2 models once each: it is \[0,2\]/,
  );
});

testOnRealRows("cascadeCurve() rises with the judge on the real rows", async (path) => {
  const table = await loadOutcomes(path);
  const order = cascadeOrder(table);
  const acceptFromQuality = acceptanceQuality(table);
  const best = (judgeError: number): number =>
    Math.max(
      ...cascadeCurve(table, { order, judgeError, acceptFromQuality, budgetsUsd: PAPER_BUDGETS_USD }).map((point) =>
        point.quality
      ),
    );
  assert.ok(best(0) > best(0.1) && best(0.1) > best(0.4));
});
