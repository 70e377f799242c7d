import assert from "node:assert/strict";
import { loadOutcomes } from "../../lib/outcomes/load_outcomes.ts";
import { sourceOf } from "../../lib/outcomes/_parquet_source.ts";
import { readParquetFrame } from "../../lib/outcomes/parquet_frame.ts";

const fixture = (name: string): string => new URL(`../fixtures/${name}.parquet`, import.meta.url).pathname;

for (const compression of ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]) {
  Deno.test(`loadOutcomes() reads Parquet of pandas packed by ${compression}`, async () => {
    const table = await loadOutcomes(fixture(`long_${compression}`));
    assert.deepEqual([table.models, table.promptIds], [["small", "large"], ["q0", "q1", "q2", "q3"]]);
    assert.deepEqual(table.evalNames, ["sums", "sums", "words", "words"]);
    assert.deepEqual([table.prompts![3], [...table.quality]], ["Wie groß ist 3? 😀", [1, 1, 0, 0, 1, 1, 0, 0]]);
    assert.deepEqual([...table.costUsd], [0, 1, 2, 3].flatMap((i) => [1e-5 * (i + 1), 1e-3 * (i + 1)]));
    assert.deepEqual([table.latencySeconds, table.source.notes.at(-1)], [null, "latencies left out because 2 of 8 are missing"]);
  });
}

Deno.test("loadOutcomes() reads Parquet with row groups, a dictionary and a struct of token counts; answers are not read", async () => {
  const priceList = { small: { prompt: 1, completion: 2 }, large: { prompt: 10, completion: 20 } };
  const table = await loadOutcomes(fixture("long_nested"), { priceList });
  assert.equal(table.costUsd[7], (8000 * 10 + 10 * 20) / 1e6);
  const { columns } = await readParquetFrame(sourceOf(await Deno.readFile(fixture("long_nested"))), () => {});
  assert.deepEqual([...columns.keys()], ["query_id", "query", "model", "correct", "usage.prompt_tokens", "usage.completion_tokens"]);
});

Deno.test("readParquetFrame() refuses every cut of a file with one clear line", async () => {
  const whole = await Deno.readFile(fixture("long_snappy"));
  for (let length = 0; length < whole.length; length += 7) {
    await assert.rejects(
      readParquetFrame(sourceOf(whole.slice(0, length)), () => {}),
      /^SyntaxError: Cannot read the Parquet file as it must be whole: [^\n]*; write it again$/,
      `cut at ${length}`,
    );
  }
});
