import assert from "node:assert/strict";
import fc from "fast-check";
import { ByteTexts } from "../../lib/files/byte_texts.ts";
import { codedColumn, codesOf } from "../../lib/files/coded_column.ts";
import { readRuns } from "../../lib/files/parquet/_runs.ts";

function numbersOf(texts: ByteTexts, cells: readonly string[]): number[] {
  return cells.map((cell) => {
    const bytes = new TextEncoder().encode(`>${cell}<`);
    return texts.numberOf(new DataView(bytes.buffer), 1, bytes.length - 1);
  });
}

Deno.test("ByteTexts numbers texts as a map of strings does, empty and long ones too", () => {
  const cell = fc.oneof(
    fc.constantFrom("", "\uFEFF", "a", "aaaa", "aaaab", "ü", "x".repeat(5000), "😀".repeat(3000)),
    fc.string({ maxLength: 9 }),
  );
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 60 }), (cells) => {
      const known = new Map<string, number>();
      const texts = new ByteTexts();
      const wanted = cells.map((cell) => known.get(cell) ?? (known.set(cell, known.size), known.size - 1));
      assert.deepEqual(numbersOf(texts, cells), wanted);
      assert.deepEqual(texts.takeTexts(), [...known.keys()]);
    }),
    { seed: 3 },
  );
});

Deno.test("ByteTexts grows to many texts", () => {
  const texts = new ByteTexts();
  const cells = Array.from({ length: 60_000 }, (_, i) => `prompt ${i % 50_000}`);
  assert.deepEqual(numbersOf(texts, cells), cells.map((_, i) => i % 50_000));
  assert.deepEqual(texts.takeTexts(), cells.slice(0, 50_000));
});

Deno.test("ByteTexts refuses what is not UTF-8, also where two halves would make a whole", () => {
  const texts = new ByteTexts();
  const bytes = new DataView(Uint8Array.of(0xc3, 0xbc).buffer);
  texts.numberOf(bytes, 0, 1);
  texts.numberOf(bytes, 1, 2);
  assert.throws(() => texts.takeTexts(), /^SyntaxError: texts must be UTF-8: one is not$/);
});

Deno.test("codedColumn() reads like an array, codesOf() makes codes of any column", () => {
  const column = codedColumn({ codes: Int32Array.of(1, 0, 2, 1), cells: [null, "a", true] });
  assert.deepEqual([column.length, Array.from(column), Array.prototype.map.call(column, String)], [
    ...[4, ["a", null, true, "a"], ["a", "null", "true", "a"]],
  ]);
  assert.deepEqual(codesOf(column, 4), { codes: Int32Array.of(1, 0, 2, 1), texts: [null, "a", "true"] });
  assert.deepEqual(codesOf([1, "1", null, NaN, "b"], 5), {
    codes: Int32Array.of(0, 0, 1, 1, 2),
    texts: ["1", null, "b"],
  });
  assert.deepEqual(codesOf(Float64Array.of(0.5, -0, 0, NaN), 4), {
    codes: Int32Array.of(0, 1, 1, 2),
    texts: ["0.5", "0", null],
  });
});

Deno.test("readRuns() reads runs and groups of every width, and refuses what ends too soon", () => {
  for (let width = 1; width <= 24; width++) {
    const values = Array.from({ length: 24 }, (_, i) => (i * 2654435761) % 2 ** width);
    const bits = values.map((value) => [...value.toString(2).padStart(width, "0")].reverse().join("")).join("");
    const packed = Uint8Array.from(
      { length: 3 * width },
      (_, at) => parseInt([...bits.slice(8 * at, 8 * at + 8)].reverse().join(""), 2),
    );
    const run = Array.from({ length: Math.ceil(width / 8) }, (_, at) => Math.floor(values[1] / 2 ** (8 * at)) % 256);
    const bytes = Uint8Array.of(3 * 2 + 1, ...packed, 0x80 | (100 << 1 & 0x7f), 100 >> 6, ...run);
    const output = new Int32Array(80);
    readRuns(bytes, width, output);
    assert.deepEqual([...output], [...values, ...new Array(56).fill(values[1])], `${width} bits`);
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => readRuns(bytes.subarray(0, length), width, output), /end too soon/);
    }
  }
  assert.throws(
    () => readRuns(Uint8Array.of(2, 0, 0, 0, 0), 25, new Int32Array(1)),
    /must have at most 24 bits: they have 25/,
  );
});
