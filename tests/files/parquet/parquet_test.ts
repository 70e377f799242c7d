import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import assert from "node:assert/strict";
import { bytesInMemory, type ByteSource } from "../../../lib/files/byte_source.ts";
import type { Frame } from "../../../lib/files/frame.ts";
import { readJsonLinesFrame } from "../../../lib/files/json_frame.ts";
import { loadOutcomes } from "../../../lib/files/load_outcomes.ts";
import { readParquetFrame } from "../../../lib/files/parquet/parquet_frame.ts";
import { inFolder } from "../_files.ts";

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

for (const version of ["1", "2"]) {
  Deno.test(`readParquetFrame() reads lists, pages of version ${version}, as the JSON that JSON Lines have there`, async () => {
    const { columns, nRows } = await frameOf(`lists_v${version}`);
    const lines = await readJsonLinesFrame([await Deno.readFile(fixture("lists").replace(".parquet", ".jsonl"))]);
    assert.equal(nRows, 60);
    for (const name of ["messages", "words", "numbers", "wholes", "required"]) {
      assert.deepEqual([...Array.from(columns.get(name)!)], [...Array.from(lines.columns.get(name)!)], name);
    }
  });
}

Deno.test("loadOutcomes() refuses lists in lists by their column's name where they are asked for", async () => {
  await assert.rejects(
    loadOutcomes(fixture("lists_v1"), { columns: { model: "parts", quality: "numbers", promptId: "wholes" } }),
    /^TypeError: Cannot load ".*" as the column "parts" must have one list for each row: it has lists in lists; save it as JSON Lines, or unfold it$/,
  );
});

Deno.test("loadOutcomes() gives a prompt of chat messages the same text from Parquet, JSON and JSON Lines", async () => {
  const lines = (await Deno.readTextFile(fixture("lists").replace(".parquet", ".jsonl"))).trimEnd().split("\n");
  const rows = lines.map((line, id) => ({
    id,
    model: "m",
    score: 1,
    cost: 1,
    messages: JSON.parse(line).messages ?? [],
  }));
  const columns = (["id", "model", "score", "cost"] as const).map((name): ColumnSource => ({
    name,
    data: rows.map((row) => row[name]),
  }));
  // Written by another program, so that lists are those that users have.
  const { columns: ofParquet } = await frameOf("lists_v2");
  const messages = Array.from(ofParquet.get("messages")!, (cell) => cell ?? "[]");
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.jsonl`, rows.map((row) => JSON.stringify(row)).join("\n"));
    await Deno.writeTextFile(`${folder}/a.json`, JSON.stringify(rows));
    const file = parquetWriteBuffer({ columnData: [...columns, { name: "messages", data: messages, type: "STRING" }] });
    await Deno.writeFile(`${folder}/a.parquet`, new Uint8Array(file));
    const { prompts } = await loadOutcomes(`${folder}/a.jsonl`);
    assert.equal(prompts![1], "system: Be brief – ü\n\nuser: Question 0?\n\nuser: Question 0?");
    assert.deepEqual((await loadOutcomes(`${folder}/a.json`)).prompts, prompts);
    assert.deepEqual((await loadOutcomes(`${folder}/a.parquet`)).prompts, prompts);
  });
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
