import { trainedWithout } from "../_trained_without.ts";
import assert from "node:assert/strict";
import type { Embeddings } from "../../lib/embeddings/embeddings.ts";
import { aiq } from "../../lib/evaluation/aiq.ts";
import { evaluateRouters, type RouterRecipe } from "../../lib/evaluation/evaluate.ts";
import { cascade } from "../../lib/evaluation/recipes.ts";
import {
  type EvaluationData,
  restrictToEvals,
  selectParts,
  splitForEvaluation,
} from "../../lib/evaluation/evaluation_data.ts";
import { evaluateGroups, type GroupEvaluation, SMALLER_GROUPS } from "../../lib/experiments/group_evaluation.ts";
import { type OutcomeTable, selectPrompts } from "../../lib/outcomes/outcome_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { seededRandom } from "../../lib/base/random.ts";
import { fitKnnRouter } from "../../lib/routers/knn.ts";
import { fitLinearRouter } from "../../lib/routers/linear.ts";
import type { EmbeddedOutcomes } from "../../lib/routers/router.ts";
import { tableOf } from "../_tables.ts";

const OPTIONS = { seed: 1, nResamples: 100 } as const;
const KNN: RouterRecipe = { family: "knn", fit: (train) => fitKnnRouter(train, { k: 5 }) };
const LINEAR: RouterRecipe = { family: "linear", fit: (train) => fitLinearRouter(train, { alpha: 1 }) };

function noise(n: number, nDims: number): Embeddings {
  const random = seededRandom(3, "vectors");
  return {
    nPrompts: n,
    nDims,
    values: Float32Array.from({ length: n * nDims }, () => random.normal()),
    encoder: "made",
  };
}

/** Simulated outcomes; the evaluation names of MMLU and HellaSwag get a subject, so that one name begins others and some are small. */
function manyNames(): OutcomeTable {
  const table = simulateOutcomes({ nPromptsPerEval: 120, seed: 5 });
  const evalNames = table.evalNames.map((name, i) =>
    name === "mmlu" ? ["mmlu", "mmlu-law", "mmlu-physics"][i % 3] : name === "hellaswag" ? `hellaswag-${i % 20}` : name
  );
  return { ...table, evalNames };
}

const TABLE = manyNames();
const DATA: EvaluationData = splitForEvaluation(TABLE, noise(TABLE.promptIds.length, 4), { seed: 1 });

function systemOf({ systems }: GroupEvaluation, name: string, seen: string): GroupEvaluation["systems"][number] {
  return systems.find((system) => system.name === name && system.seen === seen)!;
}

Deno.test("trainedWithout() learns elsewhere and measures there", () => {
  const without = trainedWithout(DATA, ["mmlu"]);
  const inside = restrictToEvals(DATA, ["mmlu"]);
  for (const part of ["train", "fit", "validation"] as const) {
    assert.ok(without[part].outcomes.evalNames.every((name) => !name.startsWith("mmlu")));
    assert.equal(
      without[part].outcomes.promptIds.length + inside[part].outcomes.promptIds.length,
      DATA[part].outcomes.promptIds.length,
    );
    assert.equal(without[part].embeddings.nPrompts, without[part].outcomes.promptIds.length);
  }
  assert.deepEqual(without.test, inside.test);
  assert.deepEqual(without.testRows, inside.testRows);
  assert.throws(() => trainedWithout(DATA, ["nothing"]), /RangeError: .* "nothing" does not/);
  assert.throws(() => trainedWithout(restrictToEvals(DATA, ["mmlu"]), ["mmlu"]), /TypeError/);
});

Deno.test("evaluateGroups() takes each evaluation name as a group, to the letter, and puts small ones together", async () => {
  const groups = await evaluateGroups(DATA, [], { ...OPTIONS, leastTestPrompts: 10 });
  const names = [
    "mmlu",
    "mmlu-law",
    "mmlu-physics",
    "mtbench",
    "mbpp",
    "winogrande",
    "grade-school-math",
    "arc-challenge",
  ];
  assert.deepEqual(groups.map(({ name }) => name).toSorted(), [...names, SMALLER_GROUPS].toSorted());
  assert.equal(groups.at(-1)!.name, SMALLER_GROUPS);
  const mmlu = groups.find(({ name }) => name === "mmlu")!;
  assert.deepEqual([mmlu.evalNames, mmlu.nPrompts.train + mmlu.nPrompts.test], [["mmlu"], 40]);
  const small = groups.at(-1)!;
  assert.equal(small.evalNames.length, 20);
  assert.equal(small.nPrompts.train + small.nPrompts.test, 120);
  assert.match(small.notes[0], /^Groups of fewer than 10 test prompts, put together: hellaswag-\d+ \(\d\), /);
  assert.equal(groups.reduce((sum, { nPrompts }) => sum + nPrompts.test, 0), DATA.test.outcomes.promptIds.length);
});

Deno.test("evaluateGroups() by both protocols is evaluateRouters() on data cut by hand", async () => {
  for (const protocol of ["ours", "paper"] as const) {
    const options = { ...OPTIONS, protocol };
    const [group] = await evaluateGroups(DATA, [KNN, LINEAR], { ...options, groups: { MMLU: ["mmlu"] } });
    const inside = restrictToEvals(DATA, ["mmlu"]);
    const everything = await evaluateRouters(
      { ...DATA, test: inside.test, testRows: inside.testRows },
      [KNN, LINEAR],
      options,
    );
    const others = await evaluateRouters(trainedWithout(DATA, ["mmlu"]), [KNN, LINEAR], options);
    const own = await evaluateRouters(inside, [], options);
    assert.deepEqual(
      group.systems.map(({ name, seen, aiqFormula }) => [name, seen, aiqFormula]),
      [
        ...everything.systems.map(({ name, aiqFormula }) => [name, "everything", aiqFormula]),
        ...others.systems.map(({ name, aiqFormula }) => [name, "other groups", aiqFormula]),
        ["Zero", "this group", own.systems[0].aiqFormula],
      ],
    );
    assert.deepEqual(group.costRangeUsd, everything.costRangeUsd);
    assert.deepEqual(systemOf(group, "Linear", "everything").againstZero, everything.systems[2].againstZero);
    assert.deepEqual(systemOf(group, "Linear", "other groups").againstZero, others.systems[2].againstZero);
    assert.equal(systemOf(group, "Zero", "everything").againstZero, null);
    const ownZero = systemOf(group, "Zero", "this group");
    const gain = ownZero.aiqFormula - systemOf(group, "Zero", "everything").aiqFormula;
    assert.ok(Math.abs(ownZero.againstZero!.difference - gain) < 1e-12);
    if (protocol === "paper") assert.equal(gain, 0, "chosen on the group's test prompts, all Zero routers are one");
  }
});

Deno.test("evaluateGroups(): no system's AIQ is above that of the oracle's curve, and the oracle's point bounds every quality", async () => {
  const options = { ...OPTIONS, leastTestPrompts: 10 };
  for (const { oracle, oracleAiq, systems } of await evaluateGroups(DATA, [KNN, cascade({ judgeError: 0 })], options)) {
    assert.deepEqual(systems.map(({ name }) => name), [
      "Zero",
      "KNN, k = 5",
      "Cascade, ε = 0",
      "Zero",
      "KNN, k = 5",
      "Cascade, ε = 0",
      "Zero",
    ]);
    for (const { aiqFormula, hull } of systems) {
      assert.ok(aiqFormula <= oracleAiq + 1e-12);
      assert.ok(hull.at(-1)!.quality <= oracle.quality + 1e-12);
    }
  }
});

Deno.test("evaluateGroups() fits once on everything and once without each group, never on a group's own prompts", async () => {
  const learned: string[][] = [];
  let nPredicted = 0;
  const watched: RouterRecipe = {
    fit: async (train: EmbeddedOutcomes) => {
      learned.push([...new Set(train.outcomes.evalNames)]);
      const router = await LINEAR.fit(train);
      return { ...router, predict: (embeddings) => (nPredicted += embeddings.nPrompts, router.predict(embeddings)) };
    },
  };
  const names = ["mmlu", "mbpp", "arc-challenge"];
  const progress: number[] = [];
  await evaluateGroups(DATA, [watched], {
    ...OPTIONS,
    groups: Object.fromEntries(names.map((name) => [name, [name]])),
    onProgress: ({ done }) => progress.push(done),
  });
  assert.equal(learned.length, 4);
  names.forEach((name, g) => assert.ok(learned[g + 1].every((seen) => !seen.startsWith(name))));
  const validation = DATA.validation.outcomes.promptIds.length;
  const nTest = restrictToEvals(DATA, names).testRows.length;
  const nOutside = names.reduce(
    (sum, name) => sum + trainedWithout(DATA, [name]).validation.outcomes.promptIds.length,
    0,
  );
  assert.equal(
    nPredicted,
    validation + nOutside + 2 * nTest,
    "the validation prompts are predicted once for all groups",
  );
  assert.deepEqual(progress, [0, 1, 2, 3]);
});

/**
 * Two kinds of prompts on which opposite models are right, one visible axis for each kind: what is learned from one kind misleads on the
 * other.
 */
function oppositeKinds(): EvaluationData {
  const n = 400;
  const random = seededRandom(2, "kinds");
  const kinds = Array.from({ length: n }, (_, i) => i % 2);
  const signs = kinds.map(() => random.integer(2) * 2 - 1);
  const table = tableOf({
    quality: kinds.map((kind, i) => (signs[i] > 0) === (kind === 0) ? [1, 0] : [0, 1]),
    costUsd: kinds.map(() => [1, 1.5]),
    evalNames: kinds.map((kind) => `kind-${kind}`),
  });
  // The sign alone cannot be read without the kind; their product can.
  const values = Float32Array.from(kinds.flatMap((kind, i) => [signs[i], signs[i] * (kind === 0 ? 1 : -1)]));
  return splitForEvaluation(table, { nPrompts: n, nDims: 2, values, encoder: "made" }, { seed: 1 });
}

Deno.test("evaluateGroups() shows a router that fails on a group it has never seen", async () => {
  const onlySign: RouterRecipe = {
    fit: async (train) => {
      const router = await LINEAR.fit({ ...train, embeddings: firstDimension(train.embeddings) });
      return { name: "Sign alone", notes: [], predict: (embeddings) => router.predict(firstDimension(embeddings)) };
    },
  };
  const [group] = await evaluateGroups(oppositeKinds(), [LINEAR, onlySign], OPTIONS);
  const gain = (name: string, seen: string): number => systemOf(group, name, seen).againstZero!.difference;
  assert.ok(gain("Linear", "everything") > 0.3, "it reads the kind");
  assert.ok(gain("Sign alone", "other groups") < 0.05, "it takes the group for the other kind");
  const { settings, hull } = systemOf(group, "Sign alone", "other groups");
  assert.ok(settings.at(-1)!.quality < 0.05, "paying for its advice is worse than nothing, as the settings show");
  assert.equal(hull.length, 1, "which the hull leaves out");
});

function firstDimension({ nPrompts, nDims, values, encoder }: Embeddings): Embeddings {
  return { nPrompts, nDims: 1, values: Float32Array.from({ length: nPrompts }, (_, i) => values[i * nDims]), encoder };
}

Deno.test("evaluateGroups() says where there is nothing else to learn from, and where a group is on the test side alone", async () => {
  const [only] = await evaluateGroups(restrictToEvals(DATA, ["mbpp"]), [], OPTIONS);
  assert.deepEqual(only.systems.map(({ seen }) => seen), ["everything", "this group"]);
  assert.deepEqual(only.notes, ["There is no other group to learn from and to choose settings on."]);

  const rows = DATA.train.outcomes.evalNames.flatMap((name, i) => name === "mbpp" ? [] : [i]);
  assert.ok(rows.length < DATA.train.outcomes.promptIds.length);
  const elsewhere = trainedWithout(DATA, ["mbpp"]);
  assert.deepEqual(elsewhere.train.outcomes.promptIds, selectPrompts(DATA.train.outcomes, rows).promptIds);
  const [unseen] = await evaluateGroups({ ...elsewhere, test: DATA.test, testRows: DATA.testRows }, [], {
    ...OPTIONS,
    groups: { a: ["mbpp"] },
  });
  assert.deepEqual(unseen.systems.map(({ seen }) => seen), ["everything", "other groups"]);
  assert.deepEqual(unseen.nPrompts, { train: 0, test: 36 });
  assert.deepEqual(unseen.notes, ["The group has no prompts of its own to choose Zero's models on."]);
});

Deno.test("evaluateGroups() drops no group without a word: one without test prompts is named, or refused where it stands alone", async () => {
  const rows = DATA.test.outcomes.evalNames.flatMap((name, i) => name === "hellaswag-3" ? [] : [i]);
  const test = selectParts(DATA, { learn: null, test: () => rows });
  const [small] = (await evaluateGroups(test, [], { ...OPTIONS, leastTestPrompts: 10 })).slice(-1);
  assert.match(small.notes[0], /hellaswag-3 \(0\)/);
  const alone = evaluateGroups(test, [], { ...OPTIONS, groups: { a: ["hellaswag-3"] } });
  await assert.rejects(
    alone,
    /RangeError: Cannot evaluate group "a" as it needs test prompts: all of its 4 prompts are for training/,
  );
});

Deno.test("evaluateGroups(): the AIQ of the oracle is that of a right answer at the cheapest model's price", async () => {
  const [group] = await evaluateGroups(oppositeKinds(), [], OPTIONS);
  const { costUsd, quality } = group.oracle;
  assert.equal(quality, 1);
  assert.ok(group.oracleAiq >= aiq([{ costUsd, quality }], { rule: "formula", costRangeUsd: group.costRangeUsd }));
  assert.deepEqual(group.costRangeUsd, [1, 1.5]);
});

Deno.test("evaluateGroups() refuses names that begin no evaluation and too small a least number", async () => {
  const refused = (options: object, message: RegExp): Promise<void> =>
    assert.rejects(evaluateGroups(DATA, [], { ...OPTIONS, ...options }), message);
  await refused({ groups: { a: ["mbpp", "nothing"] } }, /RangeError: Cannot evaluate group "a" .* "nothing" does not/);
  await refused({ groups: { a: [] } }, /RangeError: .* it has none/);
  await refused({ groups: { a: [""] } }, /RangeError: .* "" does not/);
  await refused({ leastTestPrompts: 0 }, /RangeError: .* it is 0/);
});
