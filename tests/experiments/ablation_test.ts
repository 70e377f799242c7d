import assert from "node:assert/strict";
import { join } from "node:path";
import { lexicalEncoder } from "../../lib/embeddings/lexical_encoder.ts";
import { findWeights } from "../../lib/embeddings/weights.ts";
import { evaluateRouters } from "../../lib/evaluation/evaluate.ts";
import { restrictToEvals, splitForEvaluation } from "../../lib/evaluation/evaluation_data.ts";
import { loadOutcomes } from "../../lib/files/load_outcomes.ts";
import { type OutcomeTable, selectEvals } from "../../lib/outcomes/outcome_table.ts";
import { PAPER_MODEL_ROWS } from "../../lib/outcomes/paper_table.ts";
import { simulateOutcomes } from "../../lib/outcomes/simulate_outcomes.ts";
import { learnFromShare } from "../../lib/experiments/_ablation_measure.ts";
import { planAblation } from "../../lib/experiments/_ablation_plan.ts";
import {
  ablation,
  ABLATION_FACTORS,
  ABLATION_GRID,
  type AblationOptions,
  type AblationRow,
} from "../../lib/experiments/ablation.ts";
import { ablationTable } from "../../lib/experiments/ablation_table.ts";
import { fitKnnRouter } from "../../lib/routers/knn.ts";
import { realRows, tableOf } from "../_tables.ts";
import { inNewFolder, writeToyWeights } from "../embeddings/_toy_weights.ts";

const OUTCOMES = simulateOutcomes({ nPromptsPerEval: 240, seed: 5 });
const QUICK = { encoders: ["lexical"], nResamples: 100, seed: 1 } as const;
const SMALL_GRID = { ks: [5, 20], hiddenSizes: [[8]], alphas: [1, 10], trainShares: [0.5] };

Deno.test("planAblation() changes one thing at a time", () => {
  const base = { text: "whole", encoder: "all-MiniLM-L6-v2", maxTokens: 128, k: 40, alpha: 1 } as const;
  const plan = planAblation(base, {
    factors: ABLATION_FACTORS,
    grid: ABLATION_GRID,
    encoders: ["all-MiniLM-L6-v2", "lexical"],
  });
  const counts = ABLATION_FACTORS.map((factor) => plan.filter((row) => row.factor === factor).length);
  assert.deepEqual(counts, [2 * 3 * 2, 10, 2 * 2, 3, 3, 5 * 2]);
  for (const { factor, reading, router, trainShare, isBase, setting } of plan) {
    const changed = [
      reading.text !== base.text || (reading.maxTokens !== base.maxTokens && reading.encoder === base.encoder)
        ? "text"
        : null,
      reading.encoder !== base.encoder ? "encoder" : null,
      router.family === "knn" && router.k !== base.k ? "k" : null,
      router.family === "linear" && router.alpha !== base.alpha ? "alpha" : null,
      router.family === "mlp" ? "mlp" : null,
      trainShare !== 1 ? "share" : null,
    ].filter((name) => name !== null);
    assert.deepEqual(changed, isBase ? [] : [factor], `${factor} ${setting}`);
  }
});

Deno.test("planAblation() puts a base outside of the grid into it, and knows no lengths of the lexical encoder", () => {
  const grid = { ...ABLATION_GRID, ...SMALL_GRID };
  const factors = ["k", "text", "encoder"] as const;
  const base = { text: "last question", encoder: "lexical", maxTokens: null, k: 7, alpha: 1 } as const;
  const plan = planAblation(base, { factors, grid, encoders: ["lexical", "all-MiniLM-L6-v2"] });
  const settings = [
    ...new Set(plan.map(({ factor, setting, isBase }) => `${factor}: ${setting}${isBase ? " (base)" : ""}`)),
  ];
  assert.deepEqual(settings, [
    "text: whole, all of it",
    "text: last question, all of it (base)",
    ...["k: 5", "k: 7 (base)", "k: 20"],
    ...["encoder: lexical (base)", "encoder: all-MiniLM-L6-v2"],
  ]);
  assert.equal(plan.at(-1)!.reading.maxTokens, 128);
});

Deno.test("ablation() measures what evaluateRouters() measures, pooled and per evaluation", async () => {
  const evalNames = ["mbpp", "winogrande"];
  const { rows, notes, base } = await ablation(OUTCOMES, { ...QUICK, evalNames, factors: ["k"], grid: SMALL_GRID });
  assert.deepEqual(base, { text: "whole", encoder: "lexical", maxTokens: null, k: 40, alpha: 1 });
  assert.deepEqual(notes, []);
  const places = ["pooled", ...evalNames].flatMap((evalName) => [5, 20, 40].map((k) => `${evalName} KNN, k = ${k}`));
  assert.deepEqual(rows.map(({ evalName, router }) => `${evalName} ${router}`), places);
  const data = splitForEvaluation(OUTCOMES, await lexicalEncoder().encode(OUTCOMES.prompts!), { seed: 1 });
  for (const row of rows) {
    const part = restrictToEvals(data, row.evalName === "pooled" ? evalNames : [row.evalName]);
    const k = Number(row.setting);
    const { systems, nPrompts } = await evaluateRouters(part, [{ fit: (train) => fitKnnRouter(train, { k }) }], {
      nResamples: 100,
      seed: 1,
    });
    assert.deepEqual(
      [row.nLearned, row.nTest, row.aiqFormula, row.difference, row.interval],
      [
        nPrompts.learned,
        nPrompts.test,
        systems[1].aiqFormula,
        systems[1].againstZero!.difference,
        systems[1].againstZero!.interval,
      ],
    );
    assert.equal(row.isBase, k === 40);
    assert.deepEqual([row.nPrompts, row.unreadShare], [row.evalName === "pooled" ? 480 : 240, 0]);
  }
});

Deno.test("ablation() is deterministic, measures all rows on the same prompts and tells how far it is", async () => {
  const stages: string[] = [];
  const options: AblationOptions = { ...QUICK, evalNames: ["mbpp"], grid: SMALL_GRID, base: { k: 20 } };
  const first = await ablation(OUTCOMES, {
    ...options,
    onProgress: ({ stage, done, total }) => stages.push(`${stage} ${done}/${total}`),
  });
  assert.deepEqual(await ablation(OUTCOMES, options), first);
  assert.deepEqual(new Set(first.rows.map(({ factor }) => factor)), new Set(ABLATION_FACTORS));
  assert.equal(new Set(first.rows.map(({ nTest }) => nTest)).size, 1);
  assert.equal(stages.at(-1), `Evaluating routers ${first.rows.length}/${first.rows.length}`);
  assert.ok(stages.some((stage) => stage.startsWith("Embedding (lexical, last question) ")));
  const { columns, rows } = ablationTable(first);
  assert.ok(rows.length === first.rows.length && rows.every((row) => row.length === columns.length));
  assert.deepEqual(rows[0].slice(0, 7), ["mbpp", "ours", "text", "whole, all of it", "yes", "whole", "lexical"]);
});

Deno.test("learnFromShare() keeps what is measured and takes nested parts of each evaluation", async () => {
  const data = splitForEvaluation(OUTCOMES, await lexicalEncoder().encode(OUTCOMES.prompts!), { seed: 1 });
  const [tenth, half] = [0.1, 0.5].map((share) => learnFromShare(data, share, 1));
  for (const part of ["train", "fit"] as const) {
    const small = new Set(tenth[part].outcomes.promptIds);
    const large = new Set(half[part].outcomes.promptIds);
    assert.ok(small.isSubsetOf(large) && large.isSubsetOf(new Set(data[part].outcomes.promptIds)));
    for (const [evalName, rows] of Map.groupBy(data[part].outcomes.evalNames, (name) => name)) {
      assert.equal(
        tenth[part].outcomes.evalNames.filter((name) => name === evalName).length,
        Math.ceil(0.1 * rows.length),
      );
    }
    const row = data[part].outcomes.promptIds.indexOf(half[part].outcomes.promptIds[3]);
    const { nDims, values } = data[part].embeddings;
    assert.deepEqual(
      half[part].embeddings.values.slice(3 * nDims, 4 * nDims),
      values.slice(row * nDims, (row + 1) * nDims),
    );
  }
  assert.ok(half.validation === data.validation && half.test === data.test);
  assert.equal(learnFromShare(data, 1, 1), data);
});

Deno.test("ablation() follows the paper's protocol with its split", async () => {
  const { rows, protocol } = await ablation(OUTCOMES, {
    ...QUICK,
    evalNames: ["mbpp"],
    factors: ["k"],
    grid: { ks: [40] },
    protocol: "paper",
  });
  assert.equal(protocol, "paper");
  assert.deepEqual(
    rows.map(({ nLearned, nTest }) => [nLearned, nTest]),
    [[168, 72]],
    "⌊.7 · 240⌋ and the rest; no validation part",
  );
});

Deno.test("ablation() says what it leaves out", async () => {
  const { rows, notes } = await ablation(OUTCOMES, {
    ...QUICK,
    evalNames: ["mtbench", "mbpp"],
    factors: ["share"],
    grid: { trainShares: [0.1] },
  });
  assert.deepEqual(notes, [
    "pooled: KNN with k = 40 left out, as it would learn from 16 prompts",
    "mtbench: left out, as there are 39 prompts to learn from and 100 are needed",
    "mbpp: KNN with k = 40 left out, as it would learn from 12 prompts",
  ]);
  assert.deepEqual(
    rows.filter(({ evalName }) => evalName === "mbpp").map(({ router, setting }) => `${router}, ${setting}`),
    [
      "Linear, α = 1, 10 %",
      "KNN, k = 40, 100 %",
      "Linear, α = 1, 100 %",
    ],
  );
});

/** Few-shot prompts of two colours: the cheap model is right on red ones only, the dear one on nearly all. */
function twoColours(): OutcomeTable {
  const rows = Array.from({ length: 300 }, (_, i) => ({ i, isRed: i % 2 === 0, isHard: i % 10 === 9 }));
  const examples = "blue ink blue ink blue ink blue ink: green\\n";
  return {
    ...tableOf({
      quality: rows.map(({ isRed, isHard }) => [Number(isRed), Number(!isHard)]),
      costUsd: rows.map(() => [0.001, 0.01]),
      prompts: rows.map(({ i, isRed }) => `['${examples}${isRed ? "red" : "green"} number${i}']`),
    }),
    models: PAPER_MODEL_ROWS.slice(0, 2).map(({ model }) => model),
  };
}

Deno.test("ablation() shows that an encoder which reads only the examples is the Zero router", () =>
  inNewFolder(async (weightsFolder) => {
    await writeToyWeights(join(weightsFolder, "all-MiniLM-L6-v2"));
    const { rows, base } = await ablation(twoColours(), {
      ...{ weightsFolder, cacheFolder: null, seed: 1, nResamples: 100 },
      ...{ factors: ["text"], base: { maxTokens: 8 }, grid: { lengths: [16] } },
    });
    assert.equal(base.encoder, "all-MiniLM-L6-v2", "the first that is there");
    const of = (setting: string): AblationRow[] => rows.filter((row) => row.setting === setting);
    for (const row of of("whole, 8")) {
      assert.deepEqual([row.difference, ...row.interval], [0, 0, 0], row.router);
      assert.deepEqual([row.nPrompts, row.nDistinctVectors, row.coincidentShare], [300, 1, 1]);
    }
    for (const row of of("last question, 8")) {
      assert.ok(row.interval[0] > 0.05, `${row.router} gains ${row.difference} where the colour is read`);
      assert.deepEqual([row.nDistinctVectors, row.coincidentShare, row.unreadShare], [2, 1, 0]);
    }
    // [ ' and eight words, : green \ nred number7 ' ] are 17 word pieces; of 8 that are read two are the opening and the closing one.
    assert.equal(of("whole, 8")[0].unreadShare, 11 / 17);
    assert.equal(of("whole, 16")[0].unreadShare, 3 / 17);
  }));

Deno.test("ablation() finds the linear router on 128 word pieces to be exactly Zero on the real Winogrande rows", async () => {
  const path = realRows();
  const weightsFolder = new URL("../../data/raw/weights", import.meta.url).pathname;
  const { folder } = await findWeights("all-MiniLM-L6-v2", { weightsFolder, fetchWeights: false });
  if (path === null || folder === null) {
    // deno-lint-ignore no-console
    console.log("Skipped: needs the real rows and the weights of all-MiniLM-L6-v2");
    return;
  }
  const outcomes = selectEvals(await loadOutcomes(path), ["winogrande"]);
  const { rows } = await ablation(outcomes, {
    ...{ weightsFolder, cacheFolder: null, encoders: ["all-MiniLM-L6-v2"], seed: 1, nResamples: 100 },
    ...{ factors: ["alpha"], grid: { alphas: [1] } },
  });
  const [{ difference, interval, nPrompts, nDistinctVectors, unreadShare }] = rows;
  assert.deepEqual([difference, ...interval, nPrompts, nDistinctVectors], [0, 0, 0, 1267, 1]);
  assert.ok(unreadShare > 0.65 && unreadShare < 0.75);
});

Deno.test("ablation() says what it cannot do", async () => {
  const run = (change: Partial<AblationOptions>): Promise<unknown> => ablation(OUTCOMES, { ...QUICK, ...change });
  await assert.rejects(
    ablation({ ...OUTCOMES, prompts: null }, QUICK),
    /TypeError: Cannot read prompts as the table must have /,
  );
  await assert.rejects(
    run({ factors: ["size" as "k"] }),
    /RangeError: .* its factors must be some of text, k, .*: "size" is not; /,
  );
  await assert.rejects(run({ factors: [] }), /RangeError: .*: there are none; /);
  await assert.rejects(
    run({ encoders: [] }),
    /RangeError: Cannot run an ablation as it needs an encoder: encoders is empty; /,
  );
  await assert.rejects(
    run({ base: { text: "first" as "whole" } }),
    /RangeError: .* must be "whole" or "last question": it is "first"/,
  );
  await assert.rejects(run({ evalNames: ["nowhere"] }), /RangeError: .* "nowhere" does not; /);
});
