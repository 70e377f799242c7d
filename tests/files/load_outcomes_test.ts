import assert from "node:assert/strict";
import { loadOutcomes } from "../../lib/files/load_outcomes.ts";
import { modelMeans, selectEvals } from "../../lib/outcomes/outcome_table.ts";
import { oracle } from "../../lib/routers/oracle.ts";
import { testOnRealRows } from "../_tables.ts";
import { inFolder } from "./_files.ts";

const fixture = (name: string): string => new URL(`../fixtures/${name}`, import.meta.url).pathname;

for (const name of ["wide_pandas2.pkl", "wide_pandas2_protocol4.pkl"]) {
  Deno.test(`loadOutcomes() merges twins, leaves incomplete prompts out and says so: ${name}`, async () => {
    const table = await loadOutcomes(fixture(name));
    assert.deepEqual(table.models, ["small", "large", "middle"]);
    assert.deepEqual(table.promptIds, ["made.test.0", "made.test.1"]);
    // the twin with two qualities gives the prompt, and each cell comes from the row that has its quality
    assert.deepEqual(table.prompts, ["['Zero?']", "['One?']"]);
    assert.deepEqual([...table.quality], [1, 0.5, 0, 0.25, 0.75, 1]);
    assert.deepEqual([...table.costUsd], [1e-5, 1e-3, 1e-4, 3e-5, 2e-3, 3e-4]);
    assert.deepEqual(table.source.notes, [
      "1 row merged into another row with the same sample_id",
      "1 prompt left out because a model's quality is missing",
    ]);
  });
}

Deno.test("loadOutcomes() says which file is missing, is no pickle, or is an empty folder", async () => {
  await assert.rejects(
    loadOutcomes("nowhere.pkl"),
    /^Error: Cannot load "nowhere.pkl" as the file must be readable: there is no such file; check the path$/,
  );
  await assert.rejects(
    loadOutcomes(fixture("make_wide_pickle.py")),
    /^SyntaxError: Cannot load ".*" as it must be a pickle/,
  );
  await inFolder((folder) =>
    assert.rejects(
      loadOutcomes(folder),
      /^SyntaxError: Cannot load ".*" as a folder must hold tables, .csv, .*: it holds none$/,
    )
  );
});

Deno.test("loadOutcomes() names the file of a truncated pickle", async () => {
  const path = await Deno.makeTempFile({ suffix: ".pkl" });
  try {
    await Deno.writeFile(path, (await Deno.readFile(fixture("wide_pandas2.pkl"))).slice(0, 900));
    await assert.rejects(
      loadOutcomes(path),
      /^SyntaxError: Cannot read the pickle as it must be whole: .* \(file ".*\.pkl"\)$/,
    );
  } finally {
    await Deno.remove(path);
  }
});

/** Mean qualities and oracles of the real rows as data/paper/README.md, "Data" prints them. */
const REAL = [
  {
    evalName: "winogrande",
    n: 1267,
    means: { "gpt-4-1106-preview": "0.8587", "zero-one-ai/Yi-34B-Chat": "0.7537" },
    oracle: "0.9992",
  },
  {
    evalName: "mbpp",
    n: 427,
    means: { "gpt-4-1106-preview": "0.6862", "gpt-3.5-turbo-1106": "0.6534" },
    oracle: "0.8665",
  },
  {
    evalName: "arc-challenge",
    n: 1470,
    means: { "gpt-4-1106-preview": "0.9544", "zero-one-ai/Yi-34B-Chat": "0.9034" },
    oracle: "0.9871",
  },
];

testOnRealRows("loadOutcomes() gives the published means and oracles on the real rows", async (path) => {
  const table = await loadOutcomes(path);
  assert.deepEqual(table.source.notes, ["14 rows merged into another row with the same sample_id"]);
  for (const { evalName, n, means, oracle: best } of REAL) {
    const part = selectEvals(table, [evalName]);
    const { quality } = modelMeans(part);
    assert.equal(part.promptIds.length, n);
    for (const [model, mean] of Object.entries(means)) {
      assert.equal(quality[part.models.indexOf(model)].toFixed(4), mean, `${model} on ${evalName}`);
    }
    assert.equal(oracle(part).quality.toFixed(4), best);
  }
});
