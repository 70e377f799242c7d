import assert from "node:assert/strict";
import { lexicalEncoder } from "../../lib/embeddings/lexical_encoder.ts";
import { SMALLER_GROUPS } from "../../lib/experiments/group_evaluation.ts";
import type { OutcomeTable } from "../../lib/outcomes/outcome_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { groupTable } from "../../lib/paper/run/group_table.ts";
import { embedPrompts, reproducePaper } from "../../lib/paper/run/reproduce.ts";

const SUBJECTS = ["mmlu-anatomy", "mmlu-astronomy", "mmlu-virology"];
const RARE = "mmlu-world-religions";
const TASK = "abstract2title";

/** Outcomes whose MMLU has subjects, and with a task that the paper does not report: half of what was MBPP. */
function withTasks(): OutcomeTable {
  const { models, promptIds, prompts, quality, costUsd, latencySeconds, source, evalNames } = simulateOutcomes({
    nPromptsPerEval: 300,
    seed: 1,
  });
  const renamed = evalNames.map((evalName, i) => {
    if (evalName === "mbpp") return i % 2 === 0 ? TASK : evalName;
    return evalName === "mmlu" ? i % 30 === 0 ? RARE : SUBJECTS[i % SUBJECTS.length] : evalName;
  });
  return { models, promptIds, prompts, quality, costUsd, latencySeconds, source, evalNames: renamed };
}

Deno.test("reproducePaper() with `whole` measures subjects and unreported tasks as groups, seen and never seen", async () => {
  const outcomes = withTasks();
  const evalNames = ["mmlu"];
  const run = await reproducePaper(outcomes, await embedPrompts(outcomes, lexicalEncoder()), {
    ...{ seed: 1, protocol: "ours", evalNames, whole: true },
  });
  assert.deepEqual(run.evaluations.map(({ evalName }) => evalName), ["mmlu"]);
  const { columns, rows } = groupTable(run.groups);
  const records = rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
  const tasks = records.filter(({ kind }) => kind === "task");
  const names = [...new Set(tasks.map(({ group }) => String(group)))];
  for (const name of [...SUBJECTS, TASK, "mbpp", "winogrande"]) assert.ok(names.includes(name), name);

  // Ten prompts have three for the test: too few to stand alone, named where they went.
  assert.ok(!names.includes(RARE) && names.includes(SMALLER_GROUPS));
  const [small] = tasks.filter(({ group }) => group === SMALLER_GROUPS);
  assert.match(String(small.notes), new RegExp(`put together: .*${RARE} \\(\\d+\\)`));

  // Every prompt of the table is in one group, once.
  const nPrompts = (name: string): number => {
    const [row] = tasks.filter(({ group }) => group === name);
    return Number(row.n_train) + Number(row.n_test);
  };
  assert.equal(names.reduce((sum, name) => sum + nPrompts(name), 0), outcomes.promptIds.length);
  assert.equal(nPrompts(TASK), outcomes.evalNames.filter((name) => name === TASK).length);

  // Each with Zero and routers that have seen the group and that have not, and the oracle above them.
  for (const name of names) {
    const ofTask = tasks.filter(({ group }) => group === name);
    assert.deepEqual(
      new Set(ofTask.map(({ seen }) => seen)),
      new Set(["everything", "other groups", "this group"]),
      name,
    );
    assert.deepEqual(new Set(ofTask.map(({ system }) => system)), new Set(["Zero", "KNN, k = 40", "Linear"]), name);
    for (const { aiq_formula, oracle_curve_aiq_formula } of ofTask) {
      assert.ok(Number(aiq_formula) <= Number(oracle_curve_aiq_formula) + 1e-12);
    }
  }
});
