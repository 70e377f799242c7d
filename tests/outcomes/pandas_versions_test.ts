import assert from "node:assert/strict";
import { readPandasFrame } from "../../lib/outcomes/pandas_frame.ts";
import { loadOutcomes } from "../../lib/outcomes/load_outcomes.ts";

const fixture = (name: string): string => new URL(`../fixtures/${name}`, import.meta.url).pathname;

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
    assert.deepEqual([table.models, table.promptIds, table.evalNames], [["small", "large"], ["made.0", "made.1"], ["made", "made"]]);
    // of two rows of a cell the one with a quality counts, with its cost
    assert.deepEqual([[...table.quality], [...table.costUsd]], [[1, 0.25, 0, 0.75], [1e-5, 1e-3, 2e-5, 2e-3]]);
    assert.equal(table.source.notes.at(-1), "1 prompt had different texts for different models, the first is kept");
  });
}
