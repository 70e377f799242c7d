import { normalCdf } from "../../lib/base/statistics.ts";
import assert from "node:assert/strict";
import { calibratedAnew, calibrationOf } from "../../lib/outcomes/_calibration.ts";
import { calibrate, N_SUBJECTS, QUARTER_OR_THREE, RIGHT_OR_WRONG } from "../../lib/outcomes/_item_response.ts";
import { evalNamesOf, modelMeans, selectEvals } from "../../lib/outcomes/outcome_table.ts";
import {
  PAPER_EVAL_NAMES,
  PAPER_MODEL_ROWS,
  PAPER_ORACLE_ROW,
  paperTestPrompts,
} from "../../lib/outcomes/paper_table.ts";
import { selectSimulated, simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { oracle } from "../../lib/routers/oracle.ts";

Deno.test("normalCdf() equals scipy's", () => {
  // scipy.stats.norm.cdf of these, scipy 1.17
  const reference: [number, number][] = [[-3, 0.0013498980316300933], [-1.5, 0.06680720126885807], [0, 0.5], [
    0.3,
    0.6179114221889526,
  ], [
    2.2,
    0.9860965524865014,
  ]];
  for (const [x, expected] of reference) assert.ok(Math.abs(normalCdf(x) - expected) < 1e-15, `${x}`);
});

Deno.test("data/paper/simulation.json is what is solved from Table 1; tests/reference/make_simulation.ts writes it", () => {
  for (const evalName of PAPER_EVAL_NAMES) {
    const [known, anew] = [calibrationOf(evalName), calibratedAnew(evalName)];
    assert.ok(Math.abs(known.shares.difficulty - anew.shares.difficulty) < 1e-12, evalName);
    assert.equal(known.locations.length, anew.locations.length);
    known.locations.forEach((location, j) => assert.ok(Math.abs(location - anew.locations[j]) < 1e-12, evalName));
  }
});

Deno.test("calibrate() finds the shares of difficulty that scipy finds", () => {
  const noSkill = PAPER_MODEL_ROWS.map(() => Array<number>(N_SUBJECTS).fill(0));
  // scipy 1.17.1: brentq over the same cells, Gauss–Hermite with 80 points for the hidden part. With a normal visible level instead of five
  // levels the shares are those of data/paper/README.md, "Simulation": .598, .608, .494, .743, .274.
  const found: [string, number][] = [
    ...[["mmlu", 0.6002298690779425], ["mbpp", 0.605407053324764], ["hellaswag", 0.5043932958446339]] as [
      string,
      number,
    ][],
    ...[["arc-challenge", 0.7507850498948951], ["grade-school-math", 0.27945963137238483], [
      "winogrande",
      0.11912196401759018,
    ]] as [
      string,
      number,
    ][],
  ];
  for (const [evalName, share] of found) {
    const scale = evalName === "grade-school-math" ? QUARTER_OR_THREE : RIGHT_OR_WRONG;
    const { shares } = calibrate(
      scale,
      { subject: 0, difficulty: 0, hiddenSkill: 0.2, visibleDifficulty: 0.3 },
      noSkill,
      {
        quality: PAPER_MODEL_ROWS.map((row) => row.quality[evalName]),
        oracleQuality: evalName === "winogrande" ? 0.9992 : PAPER_ORACLE_ROW.quality[evalName],
      },
    );
    assert.ok(Math.abs(shares.difficulty - share) < 1e-7, `${evalName}: ${shares.difficulty}`);
  }
});

Deno.test("simulateOutcomes() has Table 1's means, costs and oracle", () => {
  const outcomes = simulateOutcomes({ nPromptsPerEval: 20_000, seed: 11 });
  for (const evalName of PAPER_EVAL_NAMES.filter((name) => name !== "mtbench")) {
    const part = selectEvals(outcomes, [evalName]);
    const { quality, costUsd } = modelMeans(part);
    PAPER_MODEL_ROWS.forEach((row, j) => {
      // 4.5 standard errors of a mean of 20,000 answers, and of costs with a coefficient of variation of .38
      assert.ok(
        Math.abs(quality[j] - row.quality[evalName]) < 4.5 * 0.5 / Math.sqrt(20_000),
        `${row.model} on ${evalName}: ${quality[j]}`,
      );
      assert.ok(
        Math.abs(costUsd[j] / (row.totalCostUsd[evalName] / paperTestPrompts(evalName)) - 1) <
          4.5 * 0.38 / Math.sqrt(20_000),
      );
    });
    const target = evalName === "winogrande" ? 0.9992 : PAPER_ORACLE_ROW.quality[evalName];
    assert.ok(Math.abs(oracle(part).quality - target) < 0.005, `oracle on ${evalName}: ${oracle(part).quality}`);
  }
});

Deno.test("simulateOutcomes() knows the truth: draws average to it within groups", () => {
  const { quality, trueQuality, textQuality, costUsd, trueCostUsd } = simulateOutcomes({
    nPromptsPerEval: 5000,
    seed: 5,
  });
  for (const expected of [trueQuality, textQuality]) {
    for (const [low, high] of [[0, 0.3], [0.3, 0.6], [0.6, 0.8], [0.8, 1]]) {
      let sum = 0;
      let truth = 0;
      let n = 0;
      expected.forEach((p, at) => {
        if (p >= low && p < high) [sum, truth, n] = [sum + quality[at], truth + p, n + 1];
      });
      assert.ok(Math.abs(sum - truth) / n < 4.5 * 0.5 / Math.sqrt(n / 11), `${low}: ${sum / n} for ${truth / n}`);
    }
  }
  const ratio = costUsd.reduce((sum, cost) => sum + cost, 0) / trueCostUsd.reduce((sum, cost) => sum + cost, 0);
  assert.ok(Math.abs(ratio - 1) < 0.01);
});

Deno.test("simulateOutcomes() has 600 prompts an evaluation, MT-Bench 80, and texts of at most 24 words that differ", () => {
  const outcomes = simulateOutcomes({ seed: 1 });
  assert.deepEqual(evalNamesOf(outcomes), PAPER_EVAL_NAMES);
  assert.equal(outcomes.promptIds.length, 6 * 600 + 80);
  assert.ok(new Set(outcomes.prompts).size > 0.99 * 3680);
  for (const prompt of outcomes.prompts!) {
    assert.ok(prompt.split(/\s+/).length <= 24, prompt);
    assert.doesNotMatch(prompt, /[{}]|undefined/);
  }
});

Deno.test("simulateOutcomes() refuses a number of prompts that is none", () => {
  assert.throws(() => simulateOutcomes({ nPromptsPerEval: 0, seed: 1 }), /RangeError: Cannot simulate outcomes/);
  assert.throws(() => simulateOutcomes({ seed: 0.5 }), /RangeError: Cannot draw random numbers as the seed/);
});

Deno.test("selectSimulated() keeps truth and draws of a prompt together", () => {
  const all = simulateOutcomes({ nPromptsPerEval: 5, seed: 2 });
  const picked = selectSimulated(all, [7, 3]);
  assert.deepEqual(
    picked.trueQuality,
    Float64Array.from([...all.trueQuality.slice(77, 88), ...all.trueQuality.slice(33, 44)]),
  );
  assert.deepEqual(picked.trueCostUsd.slice(0, 11), all.trueCostUsd.slice(77, 88));
});

Deno.test("simulateOutcomes() of the released size has as many prompts of each evaluation as the released file", () => {
  const counts = Map.groupBy(simulateOutcomes({ nPromptsPerEval: "released", seed: 1 }).evalNames, (name) => name);
  assert.deepEqual(Object.fromEntries([...counts].map(([name, of]) => [name, of.length])), {
    ...{
      "mmlu": 14042,
      "mtbench": 80,
      "mbpp": 427,
      "hellaswag": 10042,
      "winogrande": 1267,
      "grade-school-math": 7450,
      "arc-challenge": 1470,
    },
  });
});
