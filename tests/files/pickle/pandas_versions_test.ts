import assert from "node:assert/strict";
import { readPandasFrame } from "./_pandas_frame.ts";
import { loadOutcomes } from "../../../lib/files/load_outcomes.ts";
import { inFolder } from "../_files.ts";

const fixture = (name: string): string => new URL(`../../fixtures/${name}`, import.meta.url).pathname;

for (const version of ["pandas15", "pandas2", "pandas3", "pandas3n"]) {
  for (const protocol of [2, 3, 4, 5]) {
    Deno.test(`readPandasFrame() reads what ${version} writes by protocol ${protocol}`, () => {
      const { nRows, columns } = readPandasFrame(Deno.readFileSync(fixture(`${version}_protocol${protocol}.pkl`)));
      const cells = (name: string): unknown[] =>
        Array.from(
          columns.get(name)!,
          (cell) => cell !== null && typeof cell === "object" ? String(cell) : Number.isNaN(cell) ? null : cell,
        );
      assert.equal(nRows, 3);
      assert.deepEqual([...columns.keys()], [
        ...["sample_id", "prompt", "eval_name", "small", "large", "middle"],
        ...["small", "large", "middle"].map((model) => `${model}|model_response`),
        ...["small", "large", "middle"].map((model) => `${model}|total_cost`),
      ]);
      assert.deepEqual(cells("prompt"), ["['Zero?']", "['One – größer?']", "['Two 😀?']"]);
      assert.deepEqual(cells("small"), [1, 0.5, null]);
      assert.deepEqual(cells("large").map(Number), [1, 0, 1]);
      assert.deepEqual(cells("middle"), [1, 0, 1]);
      assert.deepEqual(cells("small|model_response"), ["a", null, "c"]);
      assert.deepEqual(cells("small|total_cost"), [1e-5, 2e-5, 3e-5]);
      assert.deepEqual(cells("large|total_cost"), [0.5, 0.25, 0.125]);
      assert.deepEqual(cells("middle|total_cost"), [1, 2, 3]);
    });
  }
  Deno.test(`loadOutcomes() reads the long layout of routerbench_raw as ${version} writes it, twins and all`, async () => {
    const table = await loadOutcomes(fixture(`${version}_raw.pkl`));
    assert.deepEqual([table.models, table.promptIds, table.evalNames], [["small", "large"], ["made.0", "made.1"], [
      "made",
      "made",
    ]]);
    // of two rows of a cell the one with a quality counts, with its cost
    assert.deepEqual([[...table.quality], [...table.costUsd]], [[1, 0.25, 0, 0.75], [1e-5, 1e-3, 2e-5, 2e-3]]);
    assert.equal(table.source.notes.at(-1), "1 prompt had different texts for different models, the first is kept");
  });
}

Deno.test("readPandasFrame() reads numpy's own numbers and texts among objects", () => {
  const { columns } = readPandasFrame(Deno.readFileSync(fixture("numpy_scalars.pkl")));
  assert.deepEqual(Array.from(columns.get("sample_id")!), ["made.0", "größer", "made.2"]);
  assert.deepEqual(Array.from(columns.get("small")!), [0.5, 1, 0.25]);
  assert.deepEqual(Array.from(columns.get("small|total_cost")!), [3, 2, 1e-5]);
  assert.deepEqual(Array.from(columns.get("mixed")!), [3, "two", null]);
});

Deno.test("loadOutcomes() reads a folder of pickles and other files as one table, and says which file is wrong", () =>
  inFolder(async (folder) => {
    for (const name of ["pandas2_raw.pkl", "pandas3_raw.pkl"]) await Deno.copyFile(fixture(name), `${folder}/${name}`);
    const prompt = "Long: " + "x".repeat(80);
    const row = `made.2,"${prompt}",made`;
    await Deno.writeTextFile(
      `${folder}/third.csv`,
      `sample_id,prompt,eval_name,model_name,performance,cost\n${row},small,1,1e-5\n${row},large,0,1e-3\n`,
    );
    const one = await loadOutcomes(fixture("pandas2_raw.pkl"));
    const all = await loadOutcomes(folder, { missing: "drop" });
    assert.deepEqual([all.promptIds, all.prompts], [[...one.promptIds, "made.2"], [...one.prompts!, prompt]]);
    assert.deepEqual([[...all.quality], [...all.costUsd]], [[...one.quality, 1, 0], [...one.costUsd, 1e-5, 1e-3]]);
    await Deno.writeFile(`${folder}/cut.pkl`, Deno.readFileSync(fixture("pandas2_raw.pkl")).subarray(0, 500));
    await assert.rejects(
      loadOutcomes(folder),
      /^SyntaxError: Cannot read the pickle as it must be whole: .* \(in "cut.pkl"\) \(file "/,
    );
  }));
