import assert from "node:assert/strict";
import { bytesInMemory, type ByteSource } from "../../../lib/files/byte_source.ts";
import type { Frame } from "../../../lib/files/frame.ts";
import { loadOutcomes } from "../../../lib/files/load_outcomes.ts";
import { readParquetFrame } from "../../../lib/files/parquet/parquet_frame.ts";

const fixture = (name: string): string => new URL(`../../fixtures/${name}.parquet`, import.meta.url).pathname;
const frameOf = async (name: string): Promise<Frame> =>
  readParquetFrame(bytesInMemory(await Deno.readFile(fixture(name))));

for (const compression of ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]) {
  Deno.test(`loadOutcomes() reads Parquet of pandas packed by ${compression}`, async () => {
    const table = await loadOutcomes(fixture(`long_${compression}`));
    assert.deepEqual([table.models, table.promptIds], [["small", "large"], ["q0", "q1", "q2", "q3"]]);
    assert.deepEqual(table.evalNames, ["sums", "sums", "words", "words"]);
    assert.deepEqual([table.prompts![3], [...table.quality]], ["Wie groß ist 3? 😀", [1, 1, 0, 0, 1, 1, 0, 0]]);
    assert.deepEqual([...table.costUsd], [0, 1, 2, 3].flatMap((i) => [1e-5 * (i + 1), 1e-3 * (i + 1)]));
    assert.deepEqual([table.latencySeconds, table.source.notes.at(-1)], [
      null,
      "latencies left out because 2 of 8 are missing",
    ]);
  });
}

Deno.test("loadOutcomes() reads Parquet with row groups, a dictionary and a struct of token counts; answers are not read", async () => {
  const priceList = { small: { prompt: 1, completion: 2 }, large: { prompt: 10, completion: 20 } };
  const table = await loadOutcomes(fixture("long_nested"), { priceList });
  assert.equal(table.costUsd[7], (8000 * 10 + 10 * 20) / 1e6);
  const { columns } = await frameOf("long_nested");
  assert.deepEqual([...columns.keys()], [
    ...["query_id", "query", "model", "correct", "usage.prompt_tokens", "usage.completion_tokens", "choices"],
  ]);
});

Deno.test("loadOutcomes() refuses a list by its column's name where it is asked for", async () => {
  await assert.rejects(
    loadOutcomes(fixture("long_nested"), { columns: { evalName: "choices" }, responseCostUsd: { small: 1, large: 2 } }),
    /^TypeError: Cannot load ".*" as the column "choices" must have one cell for each row: it is a list or map; unfold it$/,
  );
});

for (const version of ["1", "2"]) {
  Deno.test(`readParquetFrame() reads every encoding and type, pages of version ${version}, missing cells among them`, async () => {
    const { nRows, columns } = await frameOf(`encodings_v${version}`);
    const rows = Array.from({ length: 40 }, (_, i) => i);
    assert.equal(nRows, 40);
    const text = (i: number): string | null => i % 7 === 3 ? null : `text ${Math.floor(i / 4)} ü`;
    const unless = <T, U>(value: (i: number) => T, missing: U) => (i: number): T | U =>
      i % 5 === 1 ? missing : value(i);
    const wanted: Record<string, (i: number) => unknown> = {
      ...{ delta_text: text, shared_text: text, plain_text: text, coded_text: text, required: (i) => `r${i}` },
      ...{ double: unless((i) => i / 3, NaN), split: unless((i) => i / 3, NaN), small: unless((i) => i - 20, NaN) },
      ...{
        delta_integer: unless((i) => (i - 20) * 1e11, NaN),
        long_integer: unless((i) => `${2n ** 60n + BigInt(i)}`, null),
      },
      ...{
        truth: unless((i) => i % 3 === 0, null),
        nothing: () => NaN,
        decimal: (i) => i / 10,
        half: (i) => i / 4,
        float: (i) => i / 8,
      },
      ...{ byte: (i) => i, time: (i) => `2024-05-01T12:30:${String(i).padStart(2, "0")}.000Z` },
    };
    assert.deepEqual([...columns.keys()], Object.keys(wanted));
    for (const [name, column] of columns) assert.deepEqual(Array.from(column), rows.map(wanted[name]), name);
  });
}

Deno.test("readParquetFrame() reads the columns that are asked for and no other", async () => {
  const bytes = await Deno.readFile(fixture("encodings_v1"));
  const ranges: [number, number][] = [];
  const source: ByteSource = {
    size: bytes.length,
    whole: null,
    read: (at, into) => {
      ranges.push([at, at + into.length]);
      into.set(bytes.subarray(at, at + into.length));
    },
  };
  const { columns } = await readParquetFrame(source);
  assert.equal(ranges.length, 1, "the file's description alone");
  assert.equal(columns.get("small")![39], 19);
  assert.equal(ranges.length, 3, "one piece for each of two row groups");
  assert.equal(columns.get("small")![0], -20);
  assert.equal(ranges.length, 3, "a column is read once");
});
